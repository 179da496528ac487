"""A text that remembers which of its letters have been understood."""

import re
from collections.abc import Iterator


class Reader:
    """A prompt being read: look for patterns, and see afterwards what nobody looked for.

    Attributes:
        text: The text in lower case with typographic signs made plain; what has been withdrawn by
            `withdraw` is blank.
    """

    def __init__(self, text: str) -> None:
        self.original = plain(text)
        self.text = self.original.lower()
        # Lower-casing may change the length of exotic letters; spans must keep their meaning.
        if len(self.text) != len(self.original):
            self.original = self.text
        self._known = bytearray(len(self.text))

    def find(self, pattern: str) -> re.Match[str] | None:
        """Search for the first match and mark it as understood."""
        match = re.search(pattern, self.text)
        if match:
            self.mark(match)
        return match

    def find_all(self, pattern: str) -> Iterator[re.Match[str]]:
        """Search for all matches and mark each as understood."""
        for match in re.finditer(pattern, self.text):
            self.mark(match)
            yield match

    def find_in_original(self, pattern: str) -> re.Match[str] | None:
        """Search with regard to upper and lower case, and mark the match as understood."""
        match = re.search(pattern, self.original)
        if match and self.text[match.start() : match.end()].strip():
            self.mark(match)
            return match
        return None

    def mark(self, match: re.Match[str]) -> None:
        """Mark a match as understood."""
        start, end = match.span()
        self._known[start:end] = b"\x01" * (end - start)

    def withdraw(self, start: int, end: int) -> str:
        """Blank a stretch out, so that later searches do not see it, and return it."""
        taken = self.text[start:end]
        blank = re.sub(r"[^\n]", " ", taken)
        self.text = self.text[:start] + blank + self.text[end:]
        return taken

    def unknown(self) -> str:
        """Return what is left: the text without all that was understood or withdrawn."""
        return "".join(
            " " if known else letter for letter, known in zip(self.text, self._known, strict=True)
        )


def plain(text: str) -> str:
    """Replace typographic signs by the plain ones that the patterns know."""
    table = str.maketrans(
        {"♯": "#", "♭": "b", "–": "-", "—": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "\r": "\n"}
    )
    return text.translate(table)
