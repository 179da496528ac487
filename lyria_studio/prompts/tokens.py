"""Words of a text with their places, folded for comparison."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class Token(NamedTuple):
    """A word of a text.

    Attributes:
        start: Where it begins.
        end: Where it ends.
        text: As written.
        folded: In lower case, without accents and apostrophes.
    """

    start: int
    end: int
    text: str
    folded: str

    @property
    def capitalised(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()

    @property
    def base(self) -> str:
        """Folded, without a possessive 's."""
        return self.folded[:-1] if self.text[-2:] in ("'s", "’s") else self.folded


def folded(text: str) -> str:
    """Lower case without accents."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def tokens(text: str) -> list[Token]:
    """Return the words of a text in order; hyphens separate them, apostrophes within do not."""
    return [Token(m.start(), m.end(), m[0], _bare(folded(m[0]))) for m in _WORD.finditer(text)]


def _bare(word: str) -> str:
    return word if word.isalnum() else word.replace("'", "").replace("’", "")
