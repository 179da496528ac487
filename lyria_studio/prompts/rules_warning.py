"""What will likely be refused or not be heard, although it can be sent."""

from __future__ import annotations

import re

from lyria_core import MODELS, Model
from lyria_studio.prompts.advice import Change, Finding
from lyria_studio.prompts.grammar import clock
from lyria_studio.prompts.lengths import asked_length_s
from lyria_studio.prompts.negatives import nouns
from lyria_studio.prompts.prompt_facts import PromptFacts, other_script
from lyria_studio.prompts.section_timeline import check_sections, longest_s
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


def name(facts: PromptFacts) -> Finding | None:
    """Find an artist or a well-known song."""
    if not facts.names:
        return None
    first = facts.names[0]
    others = len({found.text for found in facts.names}) - 1
    more = f" and {others} more" if others else ""
    blocked = {
        "artist": "Artist names are blocked",
        "song": "Titles of well-known songs are blocked",
        "unknown": "Artist names are blocked, and this looks like one",
    }
    return Finding(
        f"{blocked[first.kind]}: {first.text}{more}.",
        "Describe the sound instead",
        Change(prompt=describe_names(facts.fields.prompt).prompt),
    )


def unsafe(facts: PromptFacts) -> Finding | None:
    """Explicit or violent words."""
    words = unsafe_words(facts.fields.prompt)
    if not words:
        return None
    return Finding(
        f"The safety filter may refuse “{words[0]}”.",
        "Use milder words",
        Change(prompt=soften(facts.fields.prompt).prompt),
    )


def lyrics_instrumental(facts: PromptFacts) -> Finding | None:
    """Words to sing, and no voice to sing them."""
    if not facts.model.vocals or not facts.lyrics or not facts.instrumental:
        return None
    prompt = facts.fields.prompt
    body = _INSTRUMENTAL_SENTENCE.sub("", prompt[: len(prompt) - len(_from_lyrics(facts))])
    sung = re.sub(r"\n{3,}", "\n\n", body.lstrip("\n")) + _from_lyrics(facts)
    fixed = Change(prompt=sung) if sung != prompt else None
    return Finding(
        "The prompt has lyrics and says “instrumental”.",
        "Remove “instrumental”" if fixed else None,
        fixed,
    )


def _from_lyrics(facts: PromptFacts) -> str:
    """Return the prompt from its first lyrics on."""
    prompt = facts.fields.prompt
    first = facts.lyrics.split("\n", 1)[0]
    return prompt[prompt.index(first) :] if first in prompt else ""


def vocals_unsupported(facts: PromptFacts) -> Finding | None:
    """Find a voice asked of a model that has none."""
    if facts.model.vocals or not facts.voice:
        return None
    return Finding(
        f"{facts.model.name} is instrumental only: no voice.",
        f"Switch to {MODELS[_CLIP_MODEL].name}",
        Change(model_id=_CLIP_MODEL),
    )


def sections_unsupported(facts: PromptFacts) -> Finding | None:
    """Tags or timestamps for a model that does not read them."""
    if facts.model.vocals or not any(section.name for section in facts.blueprint.sections):
        return None
    return Finding(
        f"{facts.model.name} ignores tags and timestamps.",
        f"Switch to {MODELS[_CLIP_MODEL].name}",
        Change(model_id=_CLIP_MODEL),
    )


def language(facts: PromptFacts) -> Finding | None:
    """Find a language that Lyria 3 does not sing."""
    if not facts.model.vocals or facts.instrumental:
        return None
    asked = facts.other_language
    if asked:
        wish = re.compile(rf"\b{asked}\b", re.IGNORECASE)
        return Finding(
            f"Lyria can't sing in {asked}. It sings in {_LANGUAGES}.",
            "Sing in English",
            Change(prompt=wish.sub("English", facts.fields.prompt)),
        )
    script = other_script(facts.lyrics or facts.whole)
    if script:
        return Finding(f"Lyria can't sing in {script} script.")
    return None


def english_only(facts: PromptFacts) -> Finding | None:
    """Find a prompt in another language for a model that reads US English only."""
    if facts.model.vocals or facts.english:
        return None
    return Finding(f"{facts.model.name} reads US English only.")


def length(facts: PromptFacts) -> Finding | None:
    """Find a length that the model does not make."""
    asked = asked_length_s(facts.whole)
    if asked is None or asked <= longest_s(facts.model.id) * _TOLERANCE:
        return None
    message = f"{facts.model.name} makes {_makes(facts.model)}, not {clock(asked)}."
    if facts.model.id != _SONG_MODEL and asked <= longest_s(_SONG_MODEL) * _TOLERANCE:
        song = MODELS[_SONG_MODEL].name
        return Finding(message, f"Switch to {song}", Change(model_id=_SONG_MODEL))
    return Finding(message)


def _makes(model: Model) -> str:
    low, high = model.typical_duration_s
    return f"about {clock(round(high))}" if low == high else f"up to about {clock(high)}"


def timing(facts: PromptFacts) -> Finding | None:
    """Sections that overlap, run backwards or go beyond the model's length."""
    if not facts.model.vocals:
        return None
    for problem in check_sections(facts.blueprint.sections, facts.model.id):
        if problem.kind in ("overlap", "backwards"):
            return Finding(problem.message)
        if problem.kind == "too long":
            longer = facts.model.id != _SONG_MODEL and (problem.end_s or 0) <= longest_s(
                _SONG_MODEL
            )
            song = MODELS[_SONG_MODEL].name
            change = Change(model_id=_SONG_MODEL) if longer else None
            return Finding(problem.message, f"Switch to {song}" if longer else None, change)
    return None


def contradiction(facts: PromptFacts) -> Finding | None:
    """Find something that is both asked for and left out."""
    if not facts.model.supports_negative_prompt:
        return None
    listed = [noun for noun in nouns(facts.fields.negative_prompt).split(", ") if noun]
    both = [noun for noun in listed if folded(noun) in facts.words and _is_musical(folded(noun))]
    if not both:
        return None
    kept = ", ".join(noun for noun in listed if noun not in both)
    return Finding(
        f"“{both[0]}” is in the prompt and in the negative prompt.",
        "Remove it from the negative prompt",
        Change(negative_prompt=kept),
    )


def _is_musical(word: str) -> bool:
    return word in INSTRUMENT_WORDS or word in MOOD_WORDS or word in MOODS
