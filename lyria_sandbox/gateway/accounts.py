"""Whom a subscription key stands for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lyria_sandbox.gateway import cards, replies

if TYPE_CHECKING:
    from starlette.requests import Request

HEADER = "Ocp-Apim-Subscription-Key"

LIMITED_RETRY_S = 2


@dataclass(frozen=True)
class Account:
    """The holder of a key.

    Attributes:
        owner: Digest of the key: the key itself is stored nowhere.
        opening_cents: What the wallet starts with, in US cents; None when it never empties.
    """

    owner: str
    opening_cents: int | None


def account(request: Request, opening_cents: int) -> Account:
    """Return the account of a request's key.

    Args:
        request: The request.
        opening_cents: What a new wallet starts with, in US cents.

    Raises:
        RefusalError: 401, no key or a wrong one; 403 or 429, the test cards for these.
    """
    key = request.headers.get(HEADER, "")
    if not key.startswith(cards.KEY_PREFIX) or key == cards.KEY_PREFIX:
        raise replies.no_key(present=bool(key))
    if key == cards.KEY_FORBIDDEN:
        raise replies.forbidden()
    if key == cards.KEY_LIMITED:
        raise replies.limited(LIMITED_RETRY_S)
    if key == cards.KEY_SOLVENT:
        return Account(owner_of(key), None)
    return Account(owner_of(key), 0 if key == cards.KEY_EMPTY else opening_cents)


def owner_of(key: str) -> str:
    """Return the digest under which a key's jobs and wallet are stored."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]
