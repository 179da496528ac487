"""When a vote of a listener counts, and what is kept of the words that come with it."""

from __future__ import annotations

import math
import unicodedata

from lyria_studio.phrases import count

__all__ = [
    "HEARD_S",
    "LONGEST_S",
    "NEW_LISTENERS_A_DAY",
    "clean_text",
    "comment_time_s",
    "must_hear_s",
    "not_heard",
    "one_line",
]

HEARD_S = 5.0
"""How many seconds of either side have to be heard before a vote counts."""

CLOCK_SLACK_S = 0.5
"""How far the page's count of seconds may run ahead of the server's clock."""

NEW_LISTENERS_A_DAY = 40
"""How many listeners one network address may bring to one test within 24 hours: an office, not a
machine that votes a thousand times."""

LONGEST_S = 3600.0
"""No track and no listening is longer, in seconds."""


def must_hear_s(copy_s: float | None) -> float:
    """Return the seconds that must be heard of each side: `HEARD_S`, less if it is short.

    Args:
        copy_s: how long the blind copies are, in seconds; None where that is not known.
    """
    if copy_s is None:
        return HEARD_S
    # A page that counts in steps never quite counts the last of a recording.
    return max(0.0, min(HEARD_S, 0.9 * copy_s))


def not_heard(
    heard_first_s: float, heard_second_s: float, elapsed_s: float | None, must_s: float
) -> str | None:
    """Why a vote does not count yet, in a sentence for the listener; None if it counts.

    The page says what it played; the server knows when it handed out the first sound, and one
    cannot hear two sides for five seconds each in less than ten.

    Args:
        heard_first_s: seconds of the first side that were heard, as the page says.
        heard_second_s: the same of the second side.
        elapsed_s: seconds since the first sound was handed out; None: none was.
        must_s: see `must_hear_s`.
    """
    # Written so that NaN counts as too short.
    if not (heard_first_s >= must_s and heard_second_s >= must_s):
        return f"Listen to both for at least {_seconds(must_s)} before you vote."
    if elapsed_s is None or elapsed_s + CLOCK_SLACK_S < 2 * must_s:
        return f"That was very quick; listen to both for at least {_seconds(must_s)}."
    return None


def one_line(text: str | None) -> str | None:
    """Text as one line without control characters; None if nothing is left."""
    return None if text is None else _spaced(text).strip() or None


def clean_text(text: str | None) -> str | None:
    """Return a visitor's text with its line breaks and without control characters."""
    if text is None:
        return None
    return "\n".join(_spaced(line) for line in text.splitlines()).strip() or None


def comment_time_s(seconds: float | None) -> float | None:
    """Return the time in the track that a comment is about, in seconds; None if invalid."""
    if seconds is None or not math.isfinite(seconds) or not 0 <= seconds <= LONGEST_S:
        return None
    return float(seconds)


def _spaced(text: str) -> str:
    # Twice: where a sign between two blanks goes, both of them are left.
    return " ".join(_visible(" ".join(text.split())).split())


def _visible(text: str) -> str:
    # The marks that turn the direction of what follows go; the joiners inside emoji and Indic
    # words are of the same category (Cf) and stay.
    return "".join(
        sign
        for sign in text
        if unicodedata.category(sign) != "Cc"
        and not ("\u202a" <= sign <= "\u202e" or "\u2066" <= sign <= "\u2069")
    )


def _seconds(seconds: float) -> str:
    return count(math.ceil(seconds), "second")
