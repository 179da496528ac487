"""What templates are for, and what their prompts say in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lyria_studio.prompts.reading import read_prompt
from lyria_studio.prompts.templates import Template

PURPOSES: Mapping[str, frozenset[str]] = {
    "Ads and video": frozenset(
        {"advert", "product launch", "explainer video", "video", "social media", "background music"}
    ),
    "Podcast and voice": frozenset({"podcast intro", "podcast background", "news", "hold music"}),
    "Film and games": frozenset({"film cue", "trailer", "documentary", "game", "game loop"}),
    "Songs and parties": frozenset(
        {"song", "birthday song", "wedding", "holiday", "children", "instrumental"}
    ),
    "Calm and sport": frozenset({"meditation", "focus", "sleep", "workout"}),
}
"""Groups of the uses that templates name, in the order in which they are offered."""


def for_purpose(purpose: str | None, templates: Sequence[Template]) -> list[Template]:
    """Return the templates of a group; all of them for None."""
    if purpose is None:
        return list(templates)
    return [one for one in templates if one.use in PURPOSES[purpose]]


def in_a_sentence(prompt: str) -> str:
    """Return what a prompt asks for as plain sentences, without its labels and timestamps.

    `Genre: funk`, `Mood: cool` and `Instruments: slap bass` become "Cool funk. Slap bass."
    """
    parts = read_prompt(prompt)
    tempo = f"{parts.tempo} BPM" if isinstance(parts.tempo, int) else parts.tempo or ""
    kind = " ".join(filter(None, (", ".join(parts.moods), parts.era_or_region, parts.genre)))
    sung = "Instrumental" if parts.instrumental else parts.voice or ""
    names = [section.name for section in parts.sections if section.name]
    said = [
        kind,
        ", ".join(parts.instruments),
        ", ".join(filter(None, (tempo, parts.key))),
        sung,
        " ".join(parts.extra.split()),
        " – ".join(dict.fromkeys(names)),
    ]
    return " ".join(_sentence(one) for one in said if one.strip())


def _sentence(text: str) -> str:
    text = text.strip().rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."
