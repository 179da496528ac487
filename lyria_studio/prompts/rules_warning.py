"""What will likely be refused or not be heard, although it can be sent."""

from __future__ import annotations

import re

from lyria_core import MODELS, Model
from lyria_studio.prompts.advice import Change, Finding
from lyria_studio.prompts.grammar import clock
from lyria_studio.prompts.lengths import asked_length_s
from lyria_studio.prompts.negatives import nouns
from lyria_studio.prompts.said import Said, other_script
from lyria_studio.prompts.sections import check_sections, longest_s
from lyria_studio.prompts.soften import describe_names, soften, unsafe_words
from lyria_studio.prompts.tokens import folded
from lyria_studio.prompts.vocabulary import INSTRUMENT_WORDS, LANGUAGES, MOOD_WORDS, MOODS

_SONG_MODEL, _CLIP_MODEL = "lyria-3-pro", "lyria-3"
_TOLERANCE = 1.15  # a "30-second" piece may have 32.8 s, and three minutes are "about"

_LANGUAGES = ", ".join(known.name for known in LANGUAGES)
_INSTRUMENTAL_SENTENCE = re.compile(
    r"[ \t]*\b(?:instrumental(?: only| version| track| music| piece)?"
    r"(?:[ \t]*[,(-][ \t]*(?:no|without) (?:vocals?|voices?|singing|lyrics)\)?)?"
    r"|(?:no|without) (?:vocals?|voices?|singing|lyrics))\b[.!]?",
    re.IGNORECASE,
)


def name(said: Said) -> Finding | None:
    """An artist or a well-known song."""
    if not said.names:
        return None
    first = said.names[0]
    others = len({found.text for found in said.names}) - 1
    more = f" and {others} more" if others else ""
    what = {"artist": "an artist", "song": "a well-known song", "unknown": "an artist, it seems"}
    return Finding(
        f"“{first.text}”{more}: the safety filter refuses prompts that name {what[first.kind]}.",
        "Describe the sound instead",
        Change(prompt=describe_names(said.fields.prompt).prompt),
    )


def unsafe(said: Said) -> Finding | None:
    """Explicit or violent words."""
    words = unsafe_words(said.fields.prompt)
    if not words:
        return None
    return Finding(
        f"“{words[0]}” may be refused by the safety filter.",
        "Use milder words",
        Change(prompt=soften(said.fields.prompt).prompt),
    )


def lyrics_instrumental(said: Said) -> Finding | None:
    """Words to sing, and no voice to sing them."""
    if not said.model.vocals or not said.lyrics or not said.instrumental:
        return None
    prompt = said.fields.prompt
    body = _INSTRUMENTAL_SENTENCE.sub("", prompt[: len(prompt) - len(_from_lyrics(said))])
    sung = re.sub(r"\n{3,}", "\n\n", body.lstrip("\n")) + _from_lyrics(said)
    fixed = Change(prompt=sung) if sung != prompt else None
    return Finding(
        "There are lyrics, but the prompt says that nobody sings.",
        "Let it sing" if fixed else None,
        fixed,
    )


def _from_lyrics(said: Said) -> str:
    """The prompt from its first lyrics on."""
    prompt = said.fields.prompt
    first = said.lyrics.split("\n", 1)[0]
    return prompt[prompt.index(first) :] if first in prompt else ""


def vocals_unsupported(said: Said) -> Finding | None:
    """A voice from a model that has none."""
    if said.model.vocals or not said.voice:
        return None
    return Finding(
        f"{said.model.name} makes instrumental music only: nobody will sing.",
        f"Switch to {MODELS[_CLIP_MODEL].name}",
        Change(model_id=_CLIP_MODEL),
    )


def sections_unsupported(said: Said) -> Finding | None:
    """Tags or timestamps for a model that does not read them."""
    if said.model.vocals or not any(section.name for section in said.blueprint.sections):
        return None
    return Finding(
        f"{said.model.name} reads no tags and no timestamps, only a description.",
        f"Switch to {MODELS[_CLIP_MODEL].name}",
        Change(model_id=_CLIP_MODEL),
    )


def language(said: Said) -> Finding | None:
    """A language that Lyria 3 does not sing."""
    if not said.model.vocals or said.instrumental:
        return None
    asked = said.other_language
    if asked:
        wish = re.compile(rf"\b{asked}\b", re.IGNORECASE)
        return Finding(
            f"Lyria sings no {asked}, only {_LANGUAGES}.",
            "Sing in English",
            Change(prompt=wish.sub("English", said.fields.prompt)),
        )
    script = other_script(said.lyrics or said.whole)
    if script:
        return Finding(f"Lyria sings no language that is written in {script} letters.")
    return None


def english_only(said: Said) -> Finding | None:
    """A model that reads US English only."""
    if said.model.vocals or said.english:
        return None
    return Finding(f"{said.model.name} reads US English only; write the prompt in English.")


def length(said: Said) -> Finding | None:
    """A length that the model does not make."""
    asked = asked_length_s(said.whole)
    if asked is None or asked <= longest_s(said.model.id) * _TOLERANCE:
        return None
    message = f"{said.model.name} makes {_makes(said.model)}, not {clock(asked)}."
    if said.model.id != _SONG_MODEL and asked <= longest_s(_SONG_MODEL) * _TOLERANCE:
        song = MODELS[_SONG_MODEL].name
        return Finding(message, f"Switch to {song}", Change(model_id=_SONG_MODEL))
    return Finding(message)


def _makes(model: Model) -> str:
    low, high = model.typical_duration_s
    return f"about {clock(round(high))}" if low == high else f"up to about {clock(high)}"


def timing(said: Said) -> Finding | None:
    """Sections that overlap, run backwards or go beyond the model's length."""
    if not said.model.vocals:
        return None
    for problem in check_sections(said.blueprint.sections, said.model.id):
        if problem.kind in ("overlap", "backwards"):
            return Finding(problem.message)
        if problem.kind == "too long":
            longer = said.model.id != _SONG_MODEL and (problem.end_s or 0) <= longest_s(_SONG_MODEL)
            song = MODELS[_SONG_MODEL].name
            change = Change(model_id=_SONG_MODEL) if longer else None
            return Finding(problem.message, f"Switch to {song}" if longer else None, change)
    return None


def contradiction(said: Said) -> Finding | None:
    """The same thing asked for and left out."""
    if not said.model.supports_negative_prompt:
        return None
    listed = [noun for noun in nouns(said.fields.negative_prompt).split(", ") if noun]
    both = [noun for noun in listed if folded(noun) in said.words and _is_sound(folded(noun))]
    if not both:
        return None
    kept = ", ".join(noun for noun in listed if noun not in both)
    return Finding(
        f"“{both[0]}” is asked for in the prompt and left out at the same time.",
        "Keep it in the prompt only",
        Change(negative_prompt=kept),
    )


def _is_sound(word: str) -> bool:
    return word in INSTRUMENT_WORDS or word in MOOD_WORDS or word in MOODS
