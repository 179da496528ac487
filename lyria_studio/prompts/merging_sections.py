"""Carrying a change of the section rows into sections that were edited by hand."""

from __future__ import annotations

from difflib import SequenceMatcher

from lyria_studio.prompts.blueprint import Section
from lyria_studio.prompts.grammar import LYRICS
from lyria_studio.prompts.writing import block_of, head_of


def change_sections(
    blocks: list[str], old: tuple[Section, ...], new: tuple[Section, ...]
) -> list[str]:
    """Change the blocks of text of sections as the rows changed.

    Args:
        blocks: The blocks as they stand in the edited prompt, with the heading of the lyrics.
        old: The rows before their change, tidy.
        new: The rows after it, tidy.
    """
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
    """Return the edited block of each old section, by its index."""
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
