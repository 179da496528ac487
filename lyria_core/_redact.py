"""Keeps the API key and the prompt out of what is shown, stored or raised."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_MARK = "[hidden]"
# A run of this many characters shared with the prompt counts as an echo of it.
_ECHO = 24


class Redactor:
    """Hides secrets in text that came from elsewhere.

    A gateway may echo what it was sent ("invalid key abc…", "bad prompt: …").

    Args:
        key: The API key.
        texts: What the person wrote: prompt, negative prompt, image addresses.
    """

    def __init__(self, key: str, texts: Iterable[str] = ()) -> None:
        self._key = re.compile(re.escape(key), re.IGNORECASE)
        self._texts = [_squeezed(text) for text in texts if text.strip()]

    def __repr__(self) -> str:
        return "<Redactor>"

    def text(self, words: str) -> str:
        """Return the words with every secret hidden, on one line."""
        words = _squeezed(self._key.sub(_MARK, words))
        for secret in self._texts:
            whole = rf"(?<!\w){re.escape(secret)}(?!\w)"
            words = re.sub(whole, _MARK, words, flags=re.IGNORECASE)
            if _shares_a_run(words.lower(), secret.lower()):
                return _MARK
        return words

    def value(self, value: Any) -> Any:
        """Return a JSON value with the key hidden in every text of it.

        Only the key: a job is stored beside its own prompt, but never beside a key.
        """
        if isinstance(value, str):
            return self._key.sub(_MARK, value)
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if isinstance(value, dict):
            return {self._key.sub(_MARK, name): self.value(item) for name, item in value.items()}
        return value


def _squeezed(text: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(printable.split())


def _shares_a_run(words: str, secret: str) -> bool:
    return any(words[i : i + _ECHO] in secret for i in range(len(words) - _ECHO + 1))
