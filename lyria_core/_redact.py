"""Keeps the API key and the prompt out of what is shown, stored or raised."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_MARK = "[hidden]"
# A run of this many characters shared with the prompt counts as an echo of it.
_ECHO = 24
_LONG_KEY = 8
# The fields of an answer that hold words for people.
_WORDS = frozenset({"error", "message", "detail", "title"})


class Redactor:
    """Hides secrets in text that came from elsewhere.

    A gateway may echo what it was sent ("invalid key abc…", "bad prompt: …").

    Args:
        key: The API key.
        texts: What the person wrote: prompt, negative prompt, image addresses.
    """

    def __init__(self, key: str, texts: Iterable[str] = ()) -> None:
        # A very short key (of a test) is a part of many words.
        whole = "" if len(key) >= _LONG_KEY else r"\b"
        self._key = re.compile(whole + re.escape(key) + whole, re.IGNORECASE)
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

    def payload(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Return an answer of the gateway with the secrets hidden.

        The key is hidden everywhere but in the request id, which is never altered; the prompt in
        the words of an error, where it may be echoed. File addresses keep all but a key.
        """
        return {
            name: value if name == "request_id" else self._value(value, name in _WORDS)
            for name, value in payload.items()
        }

    def _value(self, value: Any, words: bool) -> Any:
        if isinstance(value, str):
            return self.text(value) if words else self._key.sub(_MARK, value)
        if isinstance(value, list):
            return [self._value(item, words) for item in value]
        if isinstance(value, dict):
            return {name: self._value(item, words) for name, item in value.items()}
        return value


def phrase(words: str) -> str:
    """Return somebody's words so that they can stand inside a sentence: without a full stop."""
    return words.rstrip(". ") or words


def _squeezed(text: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(printable.split())


def _shares_a_run(words: str, secret: str) -> bool:
    return any(words[i : i + _ECHO] in secret for i in range(len(words) - _ECHO + 1))
