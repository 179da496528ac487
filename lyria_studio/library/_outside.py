"""Makes answers from outside storable: an odd answer must never stop the bookkeeping."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

__all__ = ["storable", "storable_text"]

_NOT_STORED = {"not_stored": "The gateway's answer could not be kept as JSON."}


def storable_text(text: str | None) -> str | None:
    """Text without what databases refuse: halves of surrogate pairs, and NUL (PostgreSQL)."""
    if text is None:
        return None
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def storable(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer as plain JSON, or a note if it cannot be stored (NaN, deep nesting)."""
    try:
        return dict(json.loads(json.dumps(dict(raw), allow_nan=False)))
    except (TypeError, ValueError, RecursionError):
        return dict(_NOT_STORED)
