"""Keeping what was edited by hand when the form changes.

The rule, as people are told it: a change in the form is made where the prompt says that thing, in
the words that said it; if the prompt does not say it, a line is added. Everything else stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lyria_studio.prompts.blueprint import Blueprint, tidy
from lyria_studio.prompts.grammar import FIELD_OF_LABEL, LABEL, LABELS, NO_VOCALS_SAID
from lyria_studio.prompts.merging_sections import change_sections
from lyria_studio.prompts.reading import is_lyrics_heading, lines_of, read_prompt, section_head
from lyria_studio.prompts.writing import compose_prompt, line_of, written

_LISTS = ("moods", "instruments")
_NO_VOCALS = re.compile(rf"(?<!\w)(?:{NO_VOCALS_SAID.pattern})(?!\w)", re.IGNORECASE)


def merge_edited(previous_generated: str, edited: str, new: Blueprint, model_id: str) -> str:
    """Carry a change of the form into a prompt that was edited, or wholly written, by hand.

    Fields of the form that did not change leave the prompt alone, so what was edited there by
    hand stays. Sections that did not change stay as they were edited, also when they move.

    Args:
        previous_generated: What `compose_prompt` wrote for the form before its change.
        edited: What stands in the visible prompt.
        new: The form after its change.
        model_id: A key of `lyria_core.MODELS`.

    Returns:
        The prompt to show: `compose_prompt(new, model_id)` if nothing was edited by hand, and
        `edited` if nothing changed in the form.

    Raises:
        KeyError: There is no such model.
    """
    generated = compose_prompt(new, model_id)
    if edited == previous_generated or not edited.strip():
        return generated
    if generated == previous_generated:
        return edited
    old, wanted = read_prompt(previous_generated), written(new, model_id)
    head, blocks = _split(edited)
    for field in LABELS:
        if getattr(old, field) != getattr(wanted, field):
            head = _change_field(head, field, old, wanted)
    if old.extra != wanted.extra:
        head = _change_extra(head, old.extra, wanted.extra)
    if old.sections != wanted.sections:
        blocks = change_sections(blocks, old.sections, wanted.sections)
    return _together(head, blocks)


def say(prompt: str, field: str, blueprint: Blueprint) -> str:
    """Add the line of a blueprint's field to a prompt that lacks it.

    Among other labelled lines it takes its place in the order; else it ends the description.

    Args:
        prompt: what was written so far.
        field: name of the field.
        blueprint: the fields of the form.
    """
    head, blocks = _split(prompt)
    return _together(_with_added(head, field, line_of(tidy(blueprint), field)), blocks)


def _split(text: str) -> tuple[list[str], list[str]]:
    """Return the lines before the sections, and a block of text for each section."""
    head: list[str] = []
    blocks: list[list[str]] = []
    for line in lines_of(text):
        if section_head(line) or (not blocks and is_lyrics_heading(line)):
            blocks.append([line])
        else:
            (blocks[-1] if blocks else head).append(line)
    return head, ["\n".join(block).strip("\n") for block in blocks]


def _together(head: list[str], blocks: list[str]) -> str:
    return "\n\n".join(part for part in ("\n".join(head).strip("\n"), *blocks) if part)


def _change_field(head: list[str], field: str, old: Blueprint, new: Blueprint) -> list[str]:
    """Change a field's words where they are in the text, or else add its line."""
    added = line_of(new, field)
    for index, line in enumerate(head):
        if _says(line, field, old):
            by_hand = line != line_of(old, field) and LABEL.match(added)
            reworded = _reworded(line, field, old, new) if by_hand else None
            return _with_line(head, index, reworded or added)
    for index, line in enumerate(head):
        reworded = None if LABEL.match(line) else _reworded(line, field, old, new)
        if reworded is not None:
            return _with_line(head, index, reworded)
    if field == "voice" and old.instrumental:
        head = [line if LABEL.match(line) else _without_no_vocals(line) for line in head]
    return _with_added(head, field, added)


def _with_line(head: list[str], index: int, line: str) -> list[str]:
    return [*head[:index], *([line] if line else []), *head[index + 1 :]]


def _with_added(head: list[str], field: str, line: str) -> list[str]:
    """Add a line among the labelled ones in the order in which Lyria reads, or at the end."""
    if not line:
        return head
    order = list(LABELS)
    labels = list(_labelled(head))
    if not labels:
        return [*"\n".join(head).rstrip().split("\n"), line] if any(head) else [line]
    earlier = [index for index, name in labels if order.index(name) < order.index(field)]
    place = earlier[-1] + 1 if earlier else labels[0][0]
    return [*head[:place], line, *head[place:]]


def _labelled(head: list[str]) -> Iterator[tuple[int, str]]:
    """Return the labelled lines and their fields."""
    for index, line in enumerate(head):
        labelled = LABEL.match(line)
        if labelled:
            yield index, FIELD_OF_LABEL[labelled[1].lower()]


def _says(line: str, field: str, old: Blueprint) -> bool:
    """Return whether a line states a field."""
    if field == "voice" and old.instrumental and NO_VOCALS_SAID.fullmatch(line.strip()):
        return True
    labelled = LABEL.match(line)
    return labelled is not None and FIELD_OF_LABEL[labelled[1].lower()] == field


def _reworded(line: str, field: str, old: Blueprint, new: Blueprint) -> str | None:
    """Return the line with the old words of a field replaced; None if it has none of them."""
    if field in _LISTS:
        return _relisted(line, getattr(old, field), getattr(new, field))
    before, after = _words_of(old, field), _words_of(new, field)
    found = _whole(before).search(line) if before else None
    if field == "voice" and old.instrumental:
        return None  # what takes the place of "no vocals" is a line of its own
    if found is None:
        return None
    if not after:
        return _cut(line, found.start(), found.end())
    return line[: found.start()] + after + line[found.end() :]


def _words_of(blueprint: Blueprint, field: str) -> str:
    """Return the words of a field, without its label."""
    if field == "voice" and blueprint.instrumental:
        return "no vocals"
    return line_of(blueprint, field).partition(": ")[2]


def _relisted(line: str, old: Sequence[str], new: Sequence[str]) -> str | None:
    """Return the line without the removed items, the new ones after the last that stays."""
    if not old or not all(_whole(item).search(line) for item in old):
        return None
    kept = [item for item in old if item in new]
    anchor, added = (kept[-1], [kept[-1]]) if kept else (old[0], [])
    added += [item for item in new if item not in old]
    for item in old:
        found = _whole(item).search(line)
        if found and item not in kept and (item != anchor or not added):
            line = _cut(line, found.start(), found.end())
    place = _whole(anchor).search(line)
    if place and added:
        line = line[: place.start()] + ", ".join(added) + line[place.end() :]
    return line


def _without_no_vocals(line: str) -> str:
    found = _NO_VOCALS.search(line)
    return _cut(line, found.start(), found.end()) if found else line


def _cut(line: str, start: int, end: int) -> str:
    """Take words out of a line, with the comma that joined them, or the stop that ended them."""
    before, after = line[:start].rstrip(" "), line[end:].lstrip(" ")
    if before.endswith(",") and not before[:-1].endswith(","):
        before = before[:-1]
    elif not before or before[-1] in ".!?;:":
        after = after[1:].lstrip(" ") if after[:1] in (",", ".", ";", "!") else after
    blank = " " if before and after and after[0] not in ",.;:!?" else ""
    return f"{before}{blank}{after}"


def _whole(words: str) -> re.Pattern[str]:
    """Return a pattern for these words as whole words."""
    return re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")


def _change_extra(head: list[str], old: str, new: str) -> list[str]:
    """Put the new free text where the old one stands, or else behind the rest."""
    before, after = old.split("\n"), new.split("\n") if new else []
    for index in range(len(head) - len(before) + 1) if old else ():
        if head[index : index + len(before)] == before:
            return [*head[:index], *after, *head[index + len(before) :]]
    if old and len(before) == 1:
        for index, line in enumerate(head):
            place = -1 if LABEL.match(line) else line.find(old)
            if place >= 0:
                end = place + len(old)
                changed = line[:place] + new + line[end:] if new else _cut(line, place, end)
                return [*head[:index], *changed.split("\n"), *head[index + 1 :]]
    missing = [line for line in after if line not in head]
    return [*head, "", *missing] if missing else head
