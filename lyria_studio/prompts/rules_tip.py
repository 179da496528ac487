"""What would make a prompt better.

The vocabulary is English, so nothing is said to be missing in a prompt in another language.
"""

from __future__ import annotations

from lyria_core import MODELS
from lyria_studio.prompts.advice import Change, Finding
from lyria_studio.prompts.blueprint import INSTRUMENTAL, Blueprint
from lyria_studio.prompts.grammar import clock
from lyria_studio.prompts.lengths import asked_length_s
from lyria_studio.prompts.merging import say
from lyria_studio.prompts.negatives import is_sentence, nouns
from lyria_studio.prompts.prompt_facts import PromptFacts, negated_instruments

_SONG_MODEL, _CLIP_MODEL = "lyria-3-pro", "lyria-3"
_NEARLY_A_CLIP_S = 35.0
_TOO_SHORT_S = 20.0


def no_genre(facts: PromptFacts) -> Finding | None:
    """Find a prompt without a genre."""
    if facts.blueprint.genre or facts.genre or facts.fields.images or not facts.english:
        return None
    return Finding("Say a genre first, with an era or a region: “1970s soul”, “Irish folk”.")


def no_tempo(facts: PromptFacts) -> Finding | None:
    """Find a prompt without a tempo."""
    if facts.tempo or not facts.english:
        return None
    message = "Nothing is said of the tempo: add beats a minute, or a word such as “slow”."
    if facts.genre is None:
        return Finding(message)
    bpm = round(sum(facts.genre.bpm) / 2)
    prompt = say(facts.fields.prompt, "tempo", Blueprint(tempo=bpm))
    return Finding(message, f"Add “{bpm} BPM”, usual for {facts.genre.name}", Change(prompt=prompt))


def no_mood(facts: PromptFacts) -> Finding | None:
    """Find a prompt without a mood; images carry one."""
    if facts.mood or facts.fields.images or not facts.english:
        return None
    return Finding("Nothing is said of the mood: add a word or two, such as “warm, hopeful”.")


def no_instruments(facts: PromptFacts) -> Finding | None:
    """Find a prompt without instruments."""
    if facts.instruments or not facts.english:
        return None
    message = "Nothing is said of the instruments: name two to four, with their texture."
    if facts.genre is None:
        return Finding(message)
    prompt = say(facts.fields.prompt, "instruments", Blueprint(instruments=facts.genre.instruments))
    return Finding(message, f"Add what usually plays {facts.genre.name}", Change(prompt=prompt))


def no_voice(facts: PromptFacts) -> Finding | None:
    """Lyria 3 sings unless it is told otherwise."""
    if not facts.model.vocals or facts.voice or facts.instrumental or not facts.english:
        return None
    prompt = say(facts.fields.prompt, "voice", Blueprint(voice=INSTRUMENTAL))
    return Finding(
        f"{facts.model.name} will sing, as nothing is said of the voice.",
        "Add “Instrumental only, no vocals.”",
        Change(prompt=prompt),
    )


def negative_sentence(facts: PromptFacts) -> Finding | None:
    """Find a negative prompt that is not a list of nouns."""
    negative = facts.fields.negative_prompt
    if not facts.model.supports_negative_prompt or not is_sentence(negative):
        return None
    listed = nouns(negative)
    if not listed:
        return Finding("Leave out by naming things: “drums, vocals”, without “no”.")
    return Finding(
        "What to leave out is read as a list of things: without “no” and “please”.",
        f"Write “{_short(listed)}”",
        Change(negative_prompt=listed),
    )


def negation_in_prompt(facts: PromptFacts) -> Finding | None:
    """Find an instrument refused in the prompt, where the model has a field for it."""
    prompt, negative = facts.fields.prompt, facts.fields.negative_prompt.strip()
    first = next(negated_instruments(prompt), None)
    if first is None or not facts.model.supports_negative_prompt:
        return None
    start, end, what = first
    return Finding(
        f"{facts.model.name} has a field for what to leave out; “no {what}” may be overheard.",
        f"Move “{what}” there",
        Change(
            prompt=(prompt[:start] + prompt[end:]).strip(" ,"),
            negative_prompt=", ".join(part for part in (negative, what) if part),
        ),
    )


def short(facts: PromptFacts) -> Finding | None:
    """Find a length that a cheaper model makes, or that has to be cut."""
    asked = asked_length_s(facts.whole)
    if asked is None:
        return None
    clip = MODELS[_CLIP_MODEL]
    if facts.model.id == _SONG_MODEL and asked <= _NEARLY_A_CLIP_S:
        return Finding(
            f"{clip.name} makes clips of {clock(clip.typical_duration_s[1])} for "
            f"${clip.price_usd}, {facts.model.name} whole songs for ${facts.model.price_usd}.",
            f"Switch to {clip.name}",
            Change(model_id=_CLIP_MODEL),
        )
    if asked < _TOO_SHORT_S:
        made = round(facts.model.typical_duration_s[1])
        return Finding(f"{facts.model.name} makes about {clock(made)}; cut it afterwards.")
    return None


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39].rstrip(' ,')}…"
