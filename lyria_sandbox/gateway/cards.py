"""Test cards: keys, and marks in the prompt, that cause each failure on demand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Card:
    """One row of the table of test cards.

    Attributes:
        kind: ``key`` (sent as the subscription key) or ``mark`` (written in the prompt).
        value: The key, or the mark as it is written; N stands for a number of seconds.
        effect: What happens.
        charge: What it costs the wallet of the sandbox.
    """

    kind: str
    value: str
    effect: str
    charge: str


KEY_SOLVENT: Final = "sandbox-demo"
KEY_EMPTY: Final = "sandbox-empty"
KEY_FORBIDDEN: Final = "sandbox-forbidden"
KEY_LIMITED: Final = "sandbox-limited"
KEY_PREFIX: Final = "sandbox-"

LONGEST_S: Final = 3600.0
"""Upper bound of a number of seconds in a mark."""

_CHARGED = "the price"
_FREE = "nothing"
_REFUNDED = "nothing: the price is refunded"

CARDS: Final[tuple[Card, ...]] = (
    Card("key", KEY_SOLVENT, "Always solvent.", "nothing: the wallet never empties"),
    Card("key", KEY_EMPTY, "402 Insufficient Balance.", _FREE),
    Card("key", KEY_FORBIDDEN, "403 Forbidden.", _FREE),
    Card("key", KEY_LIMITED, "429 Too Many Requests, with Retry-After.", _FREE),
    Card("key", "sandbox-…", "Any other such key has a wallet of its own with $5.00.", _CHARGED),
    Card("key", "any other key", "401 Unauthorized, as without a key.", _FREE),
    Card("mark", "[[fail]]", "The job ends as FAILED.", _CHARGED),
    Card("mark", "[[error]]", "The job ends as ERROR.", _REFUNDED),
    Card("mark", "[[blocked]]", "The job ends as FAILED: a filter blocked the prompt.", _CHARGED),
    Card("mark", "[[recitation]]", "FAILED: the song was too close to a known one.", _CHARGED),
    Card("mark", "[[slow N]]", "The job takes at least N seconds.", _CHARGED),
    Card("mark", "[[stuck]]", "The job stays in PROCESSING for a day, then ERROR.", _REFUNDED),
    Card("mark", "[[429]]", "429 Too Many Requests, with Retry-After; no job.", _FREE),
    Card("mark", "[[500]]", "500 Internal Server Error; no job.", _FREE),
    Card("mark", "[[502]]", "502 Bad Gateway with an HTML page; no job.", _FREE),
    Card("mark", "[[500-taken]]", "500, although the job was taken and is made.", _CHARGED),
    Card("mark", "[[drop]]", "The connection drops after the job was taken.", _CHARGED),
    Card("mark", "[[cut]]", "The 202 breaks off after the request id.", _CHARGED),
    Card("mark", "[[late N]]", "The 202 comes N seconds late (at most 60).", _CHARGED),
    Card("mark", "[[long-id]]", "The request id has 170 characters and a dot.", _CHARGED),
    Card("mark", "[[status-500]]", "The first three polls answer 500.", _CHARGED),
    Card("mark", "[[new-status]]", "The first three polls tell an unknown status.", _CHARGED),
    Card("mark", "[[status-words]]", "Polls tell synonyms, such as in-progress.", _CHARGED),
    Card("mark", "[[output-shapes]]", "The media URL stands elsewhere in the answer.", _CHARGED),
    Card("mark", "[[no-media]]", "COMPLETED with an empty media_url.", _CHARGED),
    Card("mark", "[[two-files]]", "COMPLETED with two entries in media_url.", _CHARGED),
    Card("mark", "[[octet-stream]]", "A media URL and type that do not tell the format.", _CHARGED),
    Card("mark", "[[silent]]", "The output is silence.", _CHARGED),
    Card("mark", "[[expiring-media]]", "The first media URL answers 403; poll anew.", _CHARGED),
    Card("mark", "[[lost-media]]", "The media URL answers 404.", _CHARGED),
    Card("mark", "[[html-media]]", "The media URL answers 200 with an HTML page.", _CHARGED),
    Card("mark", "[[broken-download]]", "The first two downloads break off half way.", _CHARGED),
    Card("mark", "[[webhook-twice]]", "Every callback is delivered twice.", _CHARGED),
)

_MARKS = {card.value.strip("[]") for card in CARDS if card.kind == "mark"}
_WRITTEN = re.compile(r"\[\[ *([a-z0-9-]+)(?: +([0-9]{1,6}(?:\.[0-9]{1,3})?))? *\]\]", re.I)


def take_marks(prompt: str) -> tuple[str, dict[str, float]]:
    """Return a prompt without its marks, and the marks.

    Double brackets around anything that is not in the table stay in the prompt.

    Returns:
        The prompt without its marks, and the marks with their numbers (0.0 where none is written).
    """
    marks: dict[str, float] = {}

    def take(written: re.Match[str]) -> str:
        name, number = written[1].lower(), written[2]
        if (f"{name} N" if number else name) not in _MARKS:
            return written[0]
        marks[name] = min(float(number or 0.0), LONGEST_S)
        return ""

    stripped = _WRITTEN.sub(take, prompt)
    return (stripped.strip() if marks else prompt), marks
