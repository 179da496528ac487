"""What differs between prompts, short enough for one page."""

from __future__ import annotations

import re
from typing import Literal

from lyria_studio.prompts import word_diff

Op = Literal["equal", "insert", "delete"]

_NEAR = 6  # words kept on each side of a change
_WORDS = re.compile(r"\S+\s*|\s+")


def changes(old: str, new: str) -> list[tuple[Op, str]]:
    """Return how `old` becomes `new` in words; long equal parts are cut in the middle."""
    pieces = word_diff(old, new)
    last = len(pieces) - 1
    found: list[tuple[Op, str]] = []
    for number, (op, text) in enumerate(pieces):
        if op == "equal":
            found.append((op, _cut(text, first=number == 0, last=number == last)))
            continue
        # Blanks at the end are not marked, and what goes and what comes do not touch.
        word = text.rstrip()
        blank = text[len(word) :]
        if op == "delete" and not blank and number < last and pieces[number + 1][0] == "insert":
            blank = " "
        found += [one for one in ((op, word), ("equal", blank)) if one[1]]
    return found


def _cut(text: str, *, first: bool, last: bool) -> str:
    words = _WORDS.findall(text)
    before = 0 if first else _NEAR
    after = 0 if last else _NEAR
    if len(words) <= before + after + _NEAR:
        return text
    return f"{''.join(words[:before])}… {''.join(words[len(words) - after :])}"
