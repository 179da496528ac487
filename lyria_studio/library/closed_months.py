"""Sums of months that are over, kept in memory until one of their orders changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from lyria_studio.library._rows import VERSION_OF_OLD
from lyria_studio.library.tables import preferences
from lyria_studio.money import Entry

__all__ = ["ClosedMonths"]

_CLOSED_AFTER = timedelta(days=6)


class ClosedMonths:
    """Keeps sums as long as no process has changed an old order. Safe for many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version: str | None = None
        self._kept: dict[tuple[str, datetime, datetime], list[Entry]] = {}

    def version(self, connection: Connection) -> str | None:
        """Return what tells whether old orders have changed, as this transaction sees it."""
        name = preferences.c.name == VERSION_OF_OLD
        found = connection.execute(select(preferences.c.value).where(name)).scalar_one_or_none()
        version = None if found is None else str(found)
        with self._lock:
            if version != self._version:
                self._kept.clear()
                self._version = version
        return version

    def entries(
        self,
        key: tuple[str, datetime, datetime],
        now: datetime,
        version: str | None,
        read: Callable[[], list[Entry]],
    ) -> list[Entry]:
        """Return the sums of a span of time.

        Args:
            key: the gateway, the begin of the span and the instant after it.
            now: the present.
            version: of the transaction that `read` uses.
            read: asks the database.
        """
        if key[2] > now - _CLOSED_AFTER:
            return read()
        with self._lock:
            kept = self._kept.get(key) if version == self._version else None
        if kept is None:
            kept = read()
            with self._lock:
                if version == self._version:
                    self._kept[key] = kept
        return kept
