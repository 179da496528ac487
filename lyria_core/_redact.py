"""Keeps the API key and the prompt out of what is shown, stored or raised."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from lyria_core._reading import WORD_FIELDS

_MARK = "[hidden]"
# A run of this many characters shared with the prompt counts as an echo of it.
_ECHO = 24
_LONG_KEY = 8
# So much of a key at the end of a text that was cut is a part of the key.
_KEY_PART = 4


class Redactor:
    """Hides secrets in text that came from elsewhere, in time linear in its length.

    A gateway may echo what it was sent ("invalid key abc…", "bad prompt: …").

    Args:
        key: The API key.
        texts: What the person wrote: prompt, negative prompt, image addresses.
    """

    def __init__(self, key: str, texts: Iterable[str] = ()) -> None:
        # A very short key (of a test) is a part of many words.
        whole = "" if len(key) >= _LONG_KEY else r"\b"
        self._key = re.compile(whole + re.escape(key) + whole, re.IGNORECASE)
        self._parts = tuple(key[:n].lower() for n in range(len(key) - 1, _KEY_PART - 1, -1))
        self._texts = [_squeezed(text).lower() for text in texts if text.strip()]

    def __repr__(self) -> str:
        return "<Redactor>"

    def text(self, words: str) -> str:
        """Return the words with every secret hidden, on one line."""
        words = _squeezed(self._without_key(words))
        for secret in self._texts:
            words = _without(words, secret)
        low = words.lower()
        runs = self._runs
        if runs and any(low[i : i + _ECHO] in runs for i in range(len(low) - _ECHO + 1)):
            return _MARK
        return words

    def payload(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Return an answer of the gateway with the secrets hidden.

        The key is hidden everywhere but in the request id, which is never altered; the prompt in
        the words of an error, where it may be echoed. File addresses keep all but a key.
        """
        return {
            name: value if name == "request_id" else self.value(value, name in WORD_FIELDS)
            for name, value in payload.items()
        }

    def value(self, value: Any, words: bool) -> Any:
        """Return a part of an answer with the secrets hidden; ``words`` are for people."""
        if isinstance(value, str):
            return self._in_text(value) if words else self._without_key(value)
        if isinstance(value, list):
            return [self.value(item, words) for item in value]
        if isinstance(value, dict):
            return {
                self._without_key(name): self.value(item, words or name in WORD_FIELDS)
                for name, item in value.items()
            }
        return value

    @cached_property
    def _runs(self) -> frozenset[str]:
        return frozenset(
            text[i : i + _ECHO] for text in self._texts for i in range(len(text) - _ECHO + 1)
        )

    def _in_text(self, text: str) -> str:
        """Hide secrets in words, also where they are JSON in a text and so are escaped."""
        if text.lstrip()[:1] in ("{", "["):
            try:
                inner = self.value(json.loads(text), words=True)
            except (ValueError, RecursionError):
                return self.text(text)
            return self.text(json.dumps(inner, ensure_ascii=False))
        return self.text(text)

    def _without_key(self, text: str) -> str:
        text = self._key.sub(_MARK, text)
        if len(self._parts) < _LONG_KEY - _KEY_PART:
            return text
        end = text.rstrip("…")
        low = end[-len(self._parts) - _KEY_PART :].lower()
        for part in self._parts:
            if low.endswith(part):
                return end[: len(end) - len(part)] + _MARK + text[len(end) :]
        return text


def phrase(words: str) -> str:
    """Return somebody's words so that they can stand inside a sentence: without a full stop."""
    return words.rstrip(". ") or words


def _squeezed(text: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(printable.split())


def _without(words: str, secret: str) -> str:
    """Hide a secret where it stands as words of its own; ``str.find`` is linear, ``re`` is not."""
    low = words.lower()
    if len(low) != len(words):
        return _MARK if secret in low else words  # "İ" has two letters in lower case
    kept, start, at = [], 0, low.find(secret)
    while at >= 0:
        end = at + len(secret)
        if _in_a_word(low, at - 1) or _in_a_word(low, end):
            if len(secret) >= _ECHO:
                return _MARK
            end = at + 1
        else:
            kept += [words[start:at], _MARK]
            start = end
        at = low.find(secret, end)
    return "".join([*kept, words[start:]])


def _in_a_word(text: str, at: int) -> bool:
    return 0 <= at < len(text) and (text[at].isalnum() or text[at] == "_")
