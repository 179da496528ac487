"""Comparing texts word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Literal

Op = Literal["equal", "insert", "delete"]

_PIECES = re.compile(r"\s+|\w+|[^\w\s]")


def word_diff(a: str, b: str) -> list[tuple[Op, str]]:
    """How `a` becomes `b`, in words: pieces that are equal, deleted or inserted, in order.

    The equal and deleted pieces joined give `a`, the equal and inserted ones give `b`.
    """
    first, second = _PIECES.findall(a), _PIECES.findall(b)
    result: list[tuple[Op, str]] = []
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    for op, i, j, k, m in matcher.get_opcodes():
        if op == "equal":
            result.append(("equal", "".join(first[i:j])))
            continue
        if i < j:
            result.append(("delete", "".join(first[i:j])))
        if k < m:
            result.append(("insert", "".join(second[k:m])))
    return result
