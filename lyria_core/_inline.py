"""Files that stand inside an answer, and what is left of an answer for the record."""

from __future__ import annotations

import base64
import hashlib
import itertools
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

LARGEST_INLINE = 64 * 1024 * 1024
"""Bytes of a file that may stand in a ``data:`` address (RFC 2397)."""

_LONGEST_TEXT = 4_000
_MOST_TEXT = 200_000
_DEEPEST = 16


def split_data_url(url: str) -> tuple[str, bytes | None]:
    """Take the file out of a ``data:`` address.

    Returns:
        A short address that stands for it, and its bytes; ``None`` if it is too large or broken.
    """
    head, _, body = url.partition(",")
    kind = head[5:].partition(";")[0].strip().lower()[:60] or "text/plain"
    data = _decoded(body, head.lower().endswith(";base64"))
    if data is None:
        return f"data:{kind};unusable,", None
    digest = hashlib.sha256(data).hexdigest()
    return f"data:{kind};bytes={len(data)};sha256={digest},", data


def without_files(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer without files and within bounds: depth, length of a text, text in all."""
    left = [_MOST_TEXT]
    kept = _bounded(payload, 0, left)
    return kept if isinstance(kept, dict) else {}


def _bounded(value: Any, depth: int, left: list[int]) -> Any:
    """Return a value within bounds; ``left`` counts down what may still be kept."""
    left[0] -= 1
    too_deep = depth >= _DEEPEST and isinstance(value, Mapping | list)
    too_long = isinstance(value, int) and value.bit_length() > _LONGEST_TEXT
    if left[0] < 0 or too_deep or too_long:
        return "…"
    if isinstance(value, str):
        text = split_data_url(value)[0] if value[:5].lower() == "data:" else value
        kept = text[: min(_LONGEST_TEXT, left[0])]
        left[0] -= len(kept)
        return kept if len(kept) == len(text) else kept + "…"
    if isinstance(value, Mapping):
        fields: dict[str, Any] = {}
        for name in itertools.takewhile(lambda _: left[0] > 0, value):
            left[0] -= len(name)
            fields[name[:_LONGEST_TEXT]] = _bounded(value[name], depth + 1, left)
        return fields
    if isinstance(value, list):
        return [
            _bounded(item, depth + 1, left)
            for item in itertools.takewhile(lambda _: left[0] > 0, value)
        ]
    return value


def _decoded(body: str, is_base64: bool) -> bytes | None:
    if len(body) > LARGEST_INLINE * (4 if is_base64 else 9) // 3 + 1024:
        return None
    try:
        if is_base64:
            # It may have lost its padding, use the alphabet for addresses or be folded.
            plain = "".join(body.split()).rstrip("=").replace("-", "+").replace("_", "/")
            data = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
        else:
            data = unquote_to_bytes(body)
    except ValueError:
        return None
    return data if 0 < len(data) <= LARGEST_INLINE else None
