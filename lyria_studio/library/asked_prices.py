"""Prices of a gateway that differ from the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from sqlalchemy import delete, select

from lyria_studio.library._rows import put
from lyria_studio.library._store import Store
from lyria_studio.library.tables import preferences

__all__ = ["AskedPrices"]

_PREFIX = "asked_price:"


class AskedPrices:
    """Keeps the last amount that a refusal (402) named for each model.

    Attributes:
        changed: called after every change, in the thread that made it.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.changed: Callable[[], None] = lambda: None

    def note(self, model_id: str, base_url: str, amount_usd: Decimal) -> None:
        """Store the price in US dollars that a gateway charges for one generation.

        Args:
            model_id: which model.
            base_url: which gateway.
            amount_usd: for one generation.
        """
        value = {"base_url": base_url, "usd": str(amount_usd)}
        now = self._store.clock()
        with self._store.write() as connection:
            put(connection, preferences.c.name, _PREFIX + model_id, value=value, updated_at=now)
        self.changed()

    def forget(self, model_id: str) -> None:
        """Forget the amount of a model: it was accepted, or is not believed."""
        with self._store.write() as connection:
            connection.execute(delete(preferences).where(preferences.c.name == _PREFIX + model_id))
        self.changed()

    def at(self, base_url: str) -> dict[str, Decimal]:
        """Return the prices of one gateway in US dollars, by model id."""
        asked = preferences.c.name.startswith(_PREFIX, autoescape=True)
        statement = select(preferences.c.name, preferences.c.value).where(asked)
        with self._store.read() as connection:
            rows = connection.execute(statement).all()
        return {
            name.removeprefix(_PREFIX): Decimal(value["usd"])
            for name, value in rows
            if value["base_url"] == base_url
        }
