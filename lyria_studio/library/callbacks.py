"""Callbacks of the gateway, and whether they arrive at all."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select

from lyria_studio.library._steps import store_callback
from lyria_studio.library._store import Store
from lyria_studio.library.tables import generations
from lyria_studio.model.generation import Generation

__all__ = ["Callbacks"]

_LATE = timedelta(seconds=60)
_KNOWN_FOR = timedelta(days=30)


class Callbacks:
    """What the gateway reports by itself. A callback is a hint to poll and no more."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def received(self, generation_id: str, request_id: str) -> Generation | None:
        """Take in a callback with a valid token: a hint to poll now; None: nothing to poll.

        It settles an UNKNOWN (its lost id is found), is remembered while the POST is still on
        its way, and wakes what is being made, was given up on, or counts as never taken.
        """
        with self._store.writing() as rows:
            return store_callback(rows, generation_id, request_id)

    def arrive(self, since: datetime | None = None) -> bool | None:
        """Return whether the newest finished job that asked for a callback got one.

        Args:
            since: only jobs that were ordered later count.

        Returns:
            None where there is no such job yet: nothing is known.
        """
        columns, now = generations.c, self._store.clock()
        begin = now - _KNOWN_FOR
        statement = (
            select(columns.called_back_at)
            .where(columns.created_at > (begin if since is None else max(begin, since)))
            .where(columns.webhook, columns.request_id.is_not(None))
            .where(or_(columns.called_back_at.is_not(None), columns.completed_at < now - _LATE))
            .order_by(columns.created_at.desc())
            .limit(1)
        )
        with self._store.read() as connection:
            newest = connection.execute(statement).first()
        return None if newest is None else newest[0] is not None
