"""Writing a blueprint out as the prompt that is sent."""

from __future__ import annotations

from dataclasses import replace

from lyria_core import MODELS
from lyria_studio.prompts.blueprint import Blueprint, Section, tidy
from lyria_studio.prompts.grammar import LABELS, LYRICS, NO_VOCALS, clock


def compose_prompt(blueprint: Blueprint, model_id: str) -> str:
    """Write the prompt in the order in which Lyria reads it.

    One labelled line for each thing that was said (genre, style, mood, instruments, tempo, key,
    voice, language), then the free text, then the sections: `[0:00 - 0:10] Intro: what happens`
    where times are given, `[Intro: what happens]` where the model may decide, the words to be
    sung under each. A model that does not sing gets neither voice nor language nor sections.

    Args:
        blueprint: What the form holds.
        model_id: A key of `lyria_core.MODELS`.

    Raises:
        KeyError: There is no such model.
    """
    blueprint = written(blueprint, model_id)
    blocks = [
        "\n".join(line_of(blueprint, field) for field in LABELS if line_of(blueprint, field)),
        blueprint.extra,
        *section_blocks(blueprint.sections),
    ]
    return "\n\n".join(block for block in blocks if block)


def written(blueprint: Blueprint, model_id: str) -> Blueprint:
    """Return the tidied part of a blueprint that the model reads.

    Raises:
        KeyError: There is no such model.
    """
    blueprint = tidy(blueprint)
    if MODELS[model_id].vocals:
        return blueprint
    return replace(blueprint, voice=None, language="", sections=())


def parked(blueprint: Blueprint, model_id: str) -> tuple[str, ...]:
    """Names of the filled fields that the model does not read, as people call them.

    Raises:
        KeyError: There is no such model.
    """
    blueprint = tidy(blueprint)
    kept = written(blueprint, model_id)
    names = {"voice": "voice", "language": "language", "sections": "sections"}
    return tuple(
        name for field, name in names.items() if getattr(blueprint, field) != getattr(kept, field)
    )


def line_of(blueprint: Blueprint, field: str) -> str:
    """Return the line of one field of a tidy blueprint, or an empty text."""
    value = getattr(blueprint, field)
    if field == "voice" and blueprint.instrumental:
        return NO_VOCALS
    if field == "tempo" and isinstance(value, int):
        value = f"{value} BPM"
    if isinstance(value, tuple):
        value = ", ".join(value)
    return f"{LABELS[field]}: {value}" if value else ""


def section_blocks(sections: tuple[Section, ...]) -> list[str]:
    """Return the text blocks of tidy sections, with `Lyrics:` before what is sung."""
    blocks = [block_of(section) for section in sections]
    if sections and not sections[0].name:
        return [f"{LYRICS}\n{blocks[0]}", *blocks[1:]]
    return [LYRICS, *blocks] if any(section.lyrics for section in sections) else blocks


def block_of(section: Section) -> str:
    """Return the lines of one tidy section: its head, then its lyrics."""
    return "\n".join(part for part in (head_of(section), section.lyrics) if part)


def head_of(section: Section) -> str:
    """Return the line that begins a tidy section; an empty text for lyrics without a name."""
    if not section.name:
        return ""
    span = _span(section)
    if span:
        return f"{span} {section.name}: {section.what}".rstrip()
    return f"[{section.name}: {section.what}]" if section.what else f"[{section.name}]"


def _span(section: Section) -> str:
    start, end = section.start_s, section.end_s
    if start is not None and end is not None:
        return f"[{clock(start)} - {clock(end)}]"
    if start is not None:
        return f"[{clock(start)}]"
    return f"[until {clock(end)}]" if end is not None else ""
