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
    return Finding("Add a genre, such as “1970s soul” or “Irish folk”.")


def no_tempo(facts: PromptFacts) -> Finding | None:
    """Find a prompt without a tempo."""
    if facts.tempo or not facts.english:
        return None
    message = "Add a tempo, such as “90 BPM” or “slow”."
    if facts.genre is None:
        return Finding(message)
    bpm = round(sum(facts.genre.bpm) / 2)
    prompt = say(facts.fields.prompt, "tempo", Blueprint(tempo=bpm))
    return Finding(message, f"Add {bpm} BPM", Change(prompt=prompt))


def no_mood(facts: PromptFacts) -> Finding | None:
    """Find a prompt without a mood; images carry one."""
    if facts.mood or facts.fields.images or not facts.english:
        return None
    return Finding("Add a mood, such as “warm, hopeful”.")


def no_instruments(facts: PromptFacts) -> Finding | None:
    """Find a prompt without instruments."""
    if facts.instruments or not facts.english:
        return None
    message = "Add instruments: two to four, such as “muted trumpet”."
    if facts.genre is None:
        return Finding(message)
    prompt = say(facts.fields.prompt, "instruments", Blueprint(instruments=facts.genre.instruments))
    return Finding(
        message, f"Add {_short(', '.join(facts.genre.instruments))}", Change(prompt=prompt)
    )


def no_voice(facts: PromptFacts) -> Finding | None:
    """Lyria 3 sings unless it is told otherwise."""
    if not facts.model.vocals or facts.voice or facts.instrumental or not facts.english:
        return None
    prompt = say(facts.fields.prompt, "voice", Blueprint(voice=INSTRUMENTAL))
    return Finding(
        f"No voice mentioned: {facts.model.name} may add vocals.",
        "Make it instrumental",
        Change(prompt=prompt),
    )


def negative_sentence(facts: PromptFacts) -> Finding | None:
    """Find a negative prompt that is not a list of nouns."""
    negative = facts.fields.negative_prompt
    if not facts.model.supports_negative_prompt or not is_sentence(negative):
        return None
    listed = nouns(negative)
    if not listed:
        return Finding("List what to avoid, such as “drums, vocals”.")
    return Finding(
        "The negative prompt takes nouns, without “no” or “please”.",
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
        f"{facts.model.name} may ignore “no {what}” here. Use the negative prompt.",
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
