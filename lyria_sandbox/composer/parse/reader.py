"""A text that remembers which of its letters have been understood."""

import re
from collections.abc import Iterator

_PLAIN = str.maketrans(
    {
        "♯": "#",
        "♭": "b",
        "–": "-",
        "—": "-",
        "−": "-",
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "\r": "\n",
        "、": ",",
        "，": ",",
        "。": ".",
        "：": ":",
        "；": ";",
        "（": "(",
        "）": ")",
        "【": "[",
        "】": "]",
        "［": "[",
        "］": "]",
        "「": '"',
        "」": '"',
        "\u3000": " ",
        "～": "-",
        "〜": "-",
        "／": "/",
        "＃": "#",
        "।": ".",
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
    }
)


class Reader:
    """A prompt being read: look for patterns, and see afterwards what nobody looked for.

    Attributes:
        text: The text in lower case with typographic signs made plain; what has been withdrawn or
            hidden is blank.
    """

    def __init__(self, text: str) -> None:
        self.original = plain(text)
        self.text = self.original.lower()
        # Lower-casing may change the length of exotic letters; spans must keep their meaning.
        if len(self.text) != len(self.original):
            self.original = self.text
        self._left = self.text
        self._known = bytearray(len(self.text))

    def find(self, pattern: str) -> re.Match[str] | None:
        """Search for the first match and mark it as understood."""
        match = re.search(pattern, self.text)
        if match:
            self.mark(*match.span())
        return match

    def find_all(self, pattern: str) -> Iterator[re.Match[str]]:
        """Search for all matches and mark each as understood."""
        for match in re.finditer(pattern, self.text):
            self.mark(*match.span())
            yield match

    def take(self, pattern: str) -> re.Match[str] | None:
        """Search for the first match and take it out of the text: its words mean nothing else."""
        match = re.search(pattern, self.text)
        if match:
            self.withdraw(*match.span())
        return match

    def find_in_original(self, pattern: str) -> re.Match[str] | None:
        """Search with regard to upper and lower case, and mark the match as understood."""
        match = re.search(pattern, self.original)
        if match and self.text[match.start() : match.end()].strip():
            self.mark(*match.span())
            return match
        return None

    def mark(self, start: int, end: int) -> None:
        """Mark a stretch as understood."""
        self._known[start:end] = b"\x01" * (end - start)

    def withdraw(self, start: int, end: int) -> str:
        """Blank a stretch out, so that later searches do not see it, and return it."""
        self._left = _blanked(self._left, start, end)
        return self.hide(start, end)

    def hide(self, start: int, end: int) -> str:
        """Blank a stretch out for later searches, though nobody has understood it."""
        taken = self.text[start:end]
        self.text = _blanked(self.text, start, end)
        return taken

    def unknown(self) -> str:
        """Return what is left: the text without all that was understood or withdrawn."""
        return "".join(
            " " if known else letter for letter, known in zip(self._left, self._known, strict=True)
        )


def _blanked(text: str, start: int, end: int) -> str:
    return text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]


def plain(text: str) -> str:
    """Replace typographic signs by the plain ones that the patterns know."""
    return text.translate(_PLAIN)
