"""How long texts of the owner and of listeners may be, however they are stored."""

from typing import Final

from lyria_core import Charge, LyriaError

__all__ = ["LONGEST", "TextTooLong", "within_limit"]

LONGEST: Final = {
    "name of a template": 80,
    "name of a comparison": 120,
    "question": 200,
    "name of who invites": 60,
    "public address": 2_000,
    "search": 500,
    "name": 60,
    "remark": 1_000,
    "reason": 200,
}
"""Largest number of characters, by what the text is."""


class TextTooLong(LyriaError, ValueError):  # noqa: N818 - says what it is
    """A text is longer than what is stored of its kind; nothing was changed."""

    default_charge = Charge.NO
    default_advice = ""


def within_limit(text: str, what: str) -> str:
    """Return a text that is short enough to be stored as it is: it is never cut.

    Args:
        text: the text.
        what: what it is; a key of `LONGEST`.

    Raises:
        TextTooLong: it has more characters than that.
    """
    if len(text) > LONGEST[what]:
        raise TextTooLong(
            f"The {what} has {len(text):,} characters, and the limit is {LONGEST[what]:,}. "
            "Nothing was changed.",
            advice="Shorten it and try again.",
        )
    return text
