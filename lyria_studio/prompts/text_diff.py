"""Comparing texts word by word."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Literal

Op = Literal["equal", "insert", "delete"]

# A word, or a sign, with the blanks behind it: so two texts have no blanks alone in common.
_PIECES = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")
_IN_WORD = re.compile(r"\w\w")
_MOST_PAIRS = 200_000  # of equal words to choose among; a change beyond is shown as a whole
_POPULAR = 200  # SequenceMatcher passes over words that are everywhere, in texts from this length


def word_diff(a: str, b: str) -> list[tuple[Op, str]]:
    """Return how `a` becomes `b`: pieces that are equal, deleted or inserted, in order.

    The equal and deleted pieces joined give `a`, the equal and inserted ones give `b`.
    """
    first, second = _PIECES.findall(a), _PIECES.findall(b)
    head = _common(first, second)
    tail = _common(first[head:][::-1], second[head:][::-1])
    stop, other_stop = len(first) - tail, len(second) - tail
    pieces: list[tuple[Op, str]] = [("equal", "".join(first[:head]))]
    pieces += _middle(first[head:stop], second[head:other_stop])
    pieces.append(("equal", "".join(first[stop:])))
    return _joined(_closer(_joined(pieces)))


def _common(first: list[str], second: list[str]) -> int:
    """Return how many pieces two lists begin with in common."""
    pairs = zip(first, second, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _middle(first: list[str], second: list[str]) -> list[tuple[Op, str]]:
    if _pairs(first, second) > _MOST_PAIRS:
        return [("delete", "".join(first)), ("insert", "".join(second))]
    pieces: list[tuple[Op, str]] = []
    for op, i, j, k, m in SequenceMatcher(None, first, second).get_opcodes():
        if op == "equal":
            pieces.append(("equal", "".join(first[i:j])))
        else:
            pieces += [("delete", "".join(first[i:j])), ("insert", "".join(second[k:m]))]
    return pieces


def _pairs(first: list[str], second: list[str]) -> int:
    """Return the number of pairs of equal pieces, which the search time grows with."""
    counts, others = Counter(first), Counter(second)
    most = len(second) // 100 + 1 if len(second) >= _POPULAR else len(second)
    return sum(count * others[word] for word, count in counts.items() if others[word] <= most)


def _closer(pieces: list[tuple[Op, str]]) -> list[tuple[Op, str]]:
    """Return a deletion and an insertion without the words that both begin with.

    The last word of a text has no blank behind it, and gets one where words are added to it.
    """
    result: list[tuple[Op, str]] = []
    for op, text in pieces:
        if op == "insert" and result and result[-1][0] == "delete":
            _, gone = result.pop()
            same = _same_beginning(gone, text)
            result += [("equal", text[:same]), ("delete", gone[same:]), ("insert", text[same:])]
        else:
            result.append((op, text))
    return result


def _same_beginning(one: str, other: str) -> int:
    """Return the length of the common beginning of two texts, up to the end of a word."""
    pairs = zip(one, other, strict=False)
    length = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    while length and (_within_a_word(one, length) or _within_a_word(other, length)):
        length -= 1
    return length


def _within_a_word(text: str, at: int) -> bool:
    return at < len(text) and bool(_IN_WORD.fullmatch(text[at - 1 : at + 1]))


def _joined(pieces: list[tuple[Op, str]]) -> list[tuple[Op, str]]:
    """Without empty pieces, and neighbours of one kind as one."""
    result: list[tuple[Op, str]] = []
    for op, text in pieces:
        if result and text and result[-1][0] == op:
            result[-1] = (op, result[-1][1] + text)
        elif text:
            result.append((op, text))
    return result
