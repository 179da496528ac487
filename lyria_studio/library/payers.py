"""Who pays: the gateway and key that a browser session has seen and agreed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, exists, select

from lyria_studio.library._rows import put
from lyria_studio.library._store import Store
from lyria_studio.library.tables import generations, preferences

__all__ = ["Consent", "Payer", "Payers"]

_PREFIX = "payer:"
_KEPT = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Payer:
    """A gateway and a key that pay for orders.

    Attributes:
        gateway: "live" or "sandbox".
        base_url: of a live gateway; empty for the sandbox, which may move to another port.
        fingerprint: of the key.
    """

    gateway: str
    base_url: str
    fingerprint: str

    @classmethod
    def of(cls, gateway: str, base_url: str, fingerprint: str) -> Payer:
        """Return the payer of an order.

        Args:
            gateway: "live" or "sandbox".
            base_url: of the gateway.
            fingerprint: salted hash of the key.
        """
        return cls(gateway, "" if gateway == "sandbox" else base_url, fingerprint)


@dataclass(frozen=True, slots=True)
class Consent:
    """What a browser session knows of who pays.

    Attributes:
        seen: the payer that its screens have shown and that it was told of.
        agreed: the payer of its last order.
    """

    seen: Payer
    agreed: Payer


class Payers:
    """Remembers who pays, so that a change is never silent."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def consent(self, session_id: str) -> Consent | None:
        """Return what a browser session knows of who pays.

        A session that is new knows the payer of the last order of the library; None if nothing
        was ordered yet.
        """
        newest = (
            select(generations.c.gateway, generations.c.base_url, generations.c.key_fingerprint)
            .order_by(generations.c.created_at.desc(), generations.c.id.desc())
            .limit(1)
        )
        with self._store.read() as connection:
            stored = connection.execute(
                select(preferences.c.value).where(preferences.c.name == _PREFIX + session_id)
            ).scalar_one_or_none()
            if isinstance(stored, Mapping):
                return Consent(Payer(**stored["seen"]), Payer(**stored["agreed"]))
            row = connection.execute(newest).one_or_none()
        if row is None:
            return None
        last = Payer.of(*row)
        return Consent(last, last)

    def remember(self, session_id: str, consent: Consent) -> None:
        """Store what a browser session knows, and forget what was stored long ago."""
        now = self._store.clock()
        values: dict[str, Any] = asdict(consent)
        with self._store.write() as connection:
            put(
                connection,
                preferences.c.name,
                _PREFIX + session_id,
                value=values,
                updated_at=now,
            )
            connection.execute(
                delete(preferences).where(
                    preferences.c.name.startswith(_PREFIX, autoescape=True),
                    preferences.c.updated_at < now - _KEPT,
                )
            )

    def others(self, fingerprint: str) -> bool:
        """Return whether orders for real money with another key are in this library."""
        found = exists().where(
            generations.c.gateway == "live", generations.c.key_fingerprint != fingerprint
        )
        with self._store.read() as connection:
            return bool(connection.execute(select(found)).scalar_one())
