"""Where the money of every order is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import Connection, Integer, and_, column, func, select, values

from lyria_studio.library._committed import committed_now
from lyria_studio.library._store import Store
from lyria_studio.library.tables import generations
from lyria_studio.library.types import UtcDateTime
from lyria_studio.model.states import ACTIVE, State
from lyria_studio.money import (
    Budget,
    Committed,
    Entry,
    Spending,
    column_of,
    local_day,
    start_of_day,
    summarise,
)

__all__ = ["Accounts"]

# A MAYBE in these states may still be decided by itself or by looking again.
_PENDING = ACTIVE | {State.STALLED}

_DAYS_AT_ONCE = 300


class Accounts(Store):
    """The part of the library that adds up."""

    def spending(
        self, gateway: str = "live", zone: tzinfo = UTC, *, since: datetime | None = None
    ) -> Spending:
        """Where the money of every order is, by local day and model.

        Args:
            gateway: "live" for real money, "sandbox" for play money: never both in one sum.
            zone: whose days.
            since: leave out the days before the one that holds this instant.
        """
        with self._database.read() as connection:
            first = self._end(connection, gateway, func.min)
            last = self._end(connection, gateway, func.max)
            if first is None or last is None:
                return summarise(gateway, ())
            if since is not None:
                first = max(first, since)
            entries = [
                entry
                for days in _days(local_day(first, zone), local_day(last, zone))
                for entry in self._entries(connection, gateway, days, zone)
            ]
        return summarise(gateway, entries)

    def committed(self, gateway: str, budget: Budget, session_id: str | None = None) -> Committed:
        """Return what counts against each limit of a budget now, to show what is left of it.

        A limit that does not exist is not summed up (0).

        Args:
            gateway: "live" or "sandbox"; only its orders count.
            budget: the limits, and whose days they mean.
            session_id: the browser session, for the limit of a session.
        """
        with self._database.read() as connection:
            return committed_now(connection, gateway, session_id, budget, self._clock())

    def _end(
        self, connection: Connection, gateway: str, which: Callable[..., Any]
    ) -> datetime | None:
        """The first or last order; one at a time, each is a single step in the index."""
        statement = select(which(generations.c.created_at)).where(generations.c.gateway == gateway)
        found: datetime | None = connection.execute(statement).scalar_one()
        return found

    def _entries(
        self, connection: Connection, gateway: str, days: list[date], zone: tzinfo
    ) -> Iterator[Entry]:
        """What was ordered on some days, added up by the database.

        Databases do not know the zones of people, so each day's bounds go along as a table.
        """
        bounds = (
            values(
                column("day", Integer),
                column("begins", UtcDateTime),
                column("ends", UtcDateTime),
                name="bounds",
            )
            .data(
                [
                    (
                        day.toordinal(),
                        start_of_day(day, zone),
                        start_of_day(day + timedelta(days=1), zone),
                    )
                    for day in days
                ]
            )
            .cte("bounds")
        )
        alike = (
            bounds.c.day,
            generations.c.model_id,
            generations.c.charge,
            generations.c.state,
        )
        statement = (
            select(*alike, func.count(), func.sum(generations.c.price_usd))
            .join_from(
                bounds,
                generations,
                and_(
                    generations.c.gateway == gateway,
                    generations.c.created_at >= bounds.c.begins,
                    generations.c.created_at < bounds.c.ends,
                ),
            )
            .group_by(*alike)
        )
        for day, model_id, charge, state, count, amount in connection.execute(statement):
            where = column_of(charge, pending=state in _PENDING)
            yield Entry(date.fromordinal(day), model_id, where, count, amount)


def _days(first: date, last: date) -> Iterator[list[date]]:
    """Every day from the first to the last, in parts that one statement can carry."""
    count = (last - first).days + 1
    for start in range(0, count, _DAYS_AT_ONCE):
        yield [
            first + timedelta(days=day) for day in range(start, min(start + _DAYS_AT_ONCE, count))
        ]
