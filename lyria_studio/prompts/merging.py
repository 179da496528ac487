"""Keeping what was edited by hand when the form changes.

The rule, as people are told it: a change in the form is made where the prompt says that thing, in
the words that said it; if the prompt does not say it, a line is added. Everything else stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from lyria_studio.prompts.blueprint import INSTRUMENTAL, Blueprint, Section, tidy
from lyria_studio.prompts.grammar import FIELD_OF_LABEL, LABEL, LABELS, LYRICS, NO_VOCALS_SAID
from lyria_studio.prompts.reading import is_lyrics_heading, read_prompt, section_head
from lyria_studio.prompts.writing import block_of, compose_prompt, head_of, line_of, written

_LISTS = ("moods", "instruments")


def merge_edited(previous_generated: str, edited: str, new: Blueprint, model_id: str) -> str:
    """Carry a change of the form into a prompt that was edited by hand.

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
    head = _change_extra(head, old.extra, wanted.extra)
    if old.sections != wanted.sections:
        blocks = _change_sections(blocks, old.sections, wanted.sections)
    return "\n\n".join(part for part in ("\n".join(head).strip("\n"), *blocks) if part)


def _split(text: str) -> tuple[list[str], list[str]]:
    """The lines before the sections, and a block of text for each section."""
    head: list[str] = []
    blocks: list[list[str]] = []
    for line in text.splitlines():
        if section_head(line) or (not blocks and is_lyrics_heading(line)):
            blocks.append([line])
        else:
            (blocks[-1] if blocks else head).append(line)
    return head, ["\n".join(block).strip("\n") for block in blocks]


def _change_field(head: list[str], field: str, old: Blueprint, new: Blueprint) -> list[str]:
    """Change what a field says where the text says it, or else add its line in its place."""
    for index, line in enumerate(head):
        if _says(line, field, old):
            by_hand = line != line_of(old, field)
            reworded = _reworded(line, field, old, new) if by_hand else None
            return _with_line(head, index, reworded or line_of(new, field))
    for index, line in enumerate(head):
        reworded = None if LABEL.match(line) else _reworded(line, field, old, new)
        if reworded is not None:
            return _with_line(head, index, reworded)
    added = line_of(new, field)
    place = _place(head, field)
    return [*head[:place], added, *head[place:]] if added else head


def _with_line(head: list[str], index: int, line: str) -> list[str]:
    return [*head[:index], *([line] if line else []), *head[index + 1 :]]


def _says(line: str, field: str, old: Blueprint) -> bool:
    """Whether a line is the one that says a field."""
    if field == "voice" and old.voice == INSTRUMENTAL and NO_VOCALS_SAID.fullmatch(line.strip()):
        return True
    labelled = LABEL.match(line)
    return labelled is not None and FIELD_OF_LABEL[labelled[1].lower()] == field


def _reworded(line: str, field: str, old: Blueprint, new: Blueprint) -> str | None:
    """The line with the old words of a field replaced; None where it does not hold them."""
    if not getattr(new, field):
        return None
    if field in _LISTS:
        return _relisted(line, getattr(old, field), getattr(new, field))
    before, after = _words_of(old, field), _words_of(new, field)
    if not before or not after:
        return None
    found = _whole(before).search(line)
    return line[: found.start()] + after + line[found.end() :] if found else None


def _words_of(blueprint: Blueprint, field: str) -> str:
    """The words that say a field, without its label; empty for "no vocals", a sentence."""
    if field == "voice" and blueprint.instrumental:
        return ""
    return line_of(blueprint, field).partition(": ")[2]


def _relisted(line: str, old: Sequence[str], new: Sequence[str]) -> str | None:
    """The line with items removed and others put behind the last one that stays."""
    kept = [item for item in old if item in new]
    if not kept:
        before = ", ".join(old)
        found = _whole(before).search(line) if before else None
        return line[: found.start()] + ", ".join(new) + line[found.end() :] if found else None
    if not all(_whole(item).search(line) for item in old):
        return None
    for item in old:
        if item not in new:
            line = re.sub(rf"(?<!\w){re.escape(item)}(?!\w)(?:, ?)?", "", line, count=1)
    line = re.sub(r",\s*(?=[.;]|$)", "", line)
    added = "".join(f", {item}" for item in new if item not in old)
    last = _whole(kept[-1]).search(line)
    return line[: last.end()] + added + line[last.end() :] if last else None


def _whole(words: str) -> re.Pattern[str]:
    """These words, not within longer ones."""
    return re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")


def _place(head: list[str], field: str) -> int:
    """Behind the last line of a field that Lyria reads earlier; else at the top."""
    earlier = list(LABELS)[: list(LABELS).index(field)]
    place = 0
    for index, line in enumerate(head):
        labelled = LABEL.match(line)
        if labelled and FIELD_OF_LABEL[labelled[1].lower()] in earlier:
            place = index + 1
    return place


def _change_extra(head: list[str], old: str, new: str) -> list[str]:
    if old == new:
        return head
    before, after = old.split("\n"), new.split("\n") if new else []
    for index in range(len(head) - len(before) + 1) if old else ():
        if head[index : index + len(before)] == before:
            return [*head[:index], *after, *head[index + len(before) :]]
    missing = [line for line in after if line not in head]
    return [*head, "", *missing] if missing else head


def _change_sections(
    blocks: list[str], old: tuple[Section, ...], new: tuple[Section, ...]
) -> list[str]:
    heading = [block for block in blocks if block.strip().lower() == LYRICS.lower()]
    edited = _edited_blocks([block for block in blocks if block not in heading], old)
    unused = dict(enumerate(old))
    result: list[str] = []
    matcher = SequenceMatcher(None, [head_of(s) for s in old], [head_of(s) for s in new], False)
    partner = {
        k + step: i + step
        for op, i, j, k, m in matcher.get_opcodes()
        if op in ("equal", "replace")
        for step in range(min(j - i, m - k))
    }
    # A section that only moved is itself, wherever it went; the others are partners by place.
    same = {k: i for k, s in enumerate(new) for i, t in reversed(unused.items()) if s == t}
    for index, section in enumerate(new):
        before = same.get(index, partner.get(index))
        if before is None or before not in unused:
            result.append(block_of(section))
            continue
        result.append(_change_block(edited.get(before, ""), unused.pop(before), section))
    sung = any(section.lyrics for section in new) and bool(new[0].name)
    return [LYRICS, *result] if sung else [*(heading if new else []), *result]


def _edited_blocks(blocks: list[str], old: tuple[Section, ...]) -> dict[int, str]:
    """The edited block of each old section, by its index."""
    if len(blocks) == len(old):
        return dict(enumerate(blocks))
    first_lines = [block.split("\n", 1)[0] for block in blocks]
    matcher = SequenceMatcher(None, [head_of(s) for s in old], first_lines, False)
    return {
        match.a + step: blocks[match.b + step]
        for match in matcher.get_matching_blocks()
        for step in range(match.size)
    }


def _change_block(block: str, old: Section, new: Section) -> str:
    """Change the head or the lyrics of a block, whichever the form changed."""
    if not block or old == new:
        return block or block_of(new)
    head, _, lyrics = block.partition("\n")
    if head_of(old) != head_of(new):
        head = head_of(new)
    if old.lyrics != new.lyrics:
        lyrics = new.lyrics
    return "\n".join(part for part in (head, lyrics) if part)


def say(prompt: str, field: str, blueprint: Blueprint) -> str:
    """Add the line that says one field of a blueprint to a prompt that does not say it.

    Among other labelled lines it takes its place in the order; else it ends the description.
    """
    head, blocks = _split(prompt)
    line = line_of(tidy(blueprint), field)
    if any(LABEL.match(other) for other in head):
        place = _place(head, field)
        head = [*head[:place], line, *head[place:]]
    else:
        head = [*"\n".join(head).rstrip().split("\n"), line]
    return "\n\n".join(part for part in ("\n".join(head).strip("\n"), *blocks) if part)
