"""Request ids in the reference's form: the model, an underscore, a UUID of version 7."""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid
from typing import Final

REQUEST_ID: Final = re.compile(r"[a-z0-9-]{1,40}_[0-9a-f-]{36}(\.[0-9a-f]{120})?")

_LONG_BYTES: Final = 60


def new_request_id(model: str, now_ms: int, *, long: bool = False) -> str:
    """Return an id that sorts by time.

    Args:
        model: The model's id.
        now_ms: Milliseconds since 1970, UTC.
        long: Whether to make it much longer than the reference's, and of another form.
    """
    # RFC 9562, section 5.7: 48 bits of time, version 7, 12 random bits, variant 2, 62 random bits.
    value = (now_ms & (1 << 48) - 1) << 80
    value |= 0x7 << 76 | secrets.randbits(12) << 64
    value |= 0x2 << 62 | secrets.randbits(62)
    tail = f".{secrets.token_hex(_LONG_BYTES)}" if long else ""
    return f"{model}_{uuid.UUID(int=value)}{tail}"


def seed_of(request_id: str) -> int:
    """Return the seed (0 to 2**32 - 1) of a job that asked for none, so that repeats differ."""
    return int.from_bytes(hashlib.sha256(request_id.encode()).digest()[:4], "big")
