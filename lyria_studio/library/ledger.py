"""Where the money of every order is, and the limits and choices of the Settings screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import Connection, bindparam, func, select

from lyria_studio.library._committed import committed_now
from lyria_studio.library._rows import put
from lyria_studio.library._store import Store
from lyria_studio.library.asked_prices import AskedPrices
from lyria_studio.library.closed_months import ClosedMonths
from lyria_studio.library.errors import LibraryError
from lyria_studio.library.payers import Payers
from lyria_studio.library.tables import generations, preferences
from lyria_studio.model.states import ACTIVE, State, StateGroup, group_of
from lyria_studio.money import (
    Budget,
    Committed,
    Entry,
    InvalidAmount,
    Line,
    Spending,
    column_of,
    local_day,
    start_of_day,
    summarise,
)
from lyria_studio.settings import public_https_url

__all__ = ["Ledger", "Preferences"]

# A MAYBE in these states may still be decided by itself or by another poll.
_PENDING = ACTIVE | {State.STALLED}

_MOST_LINES = 20_000
_TITLE = 200


@dataclass(frozen=True, slots=True)
class Preferences:
    """The choices of the Settings screen.

    Attributes:
        daily_budget_usd: hard limit a day at the live gateway; None is no limit.
        session_budget_usd: hard limit a browser session at the live gateway.
        total_budget_usd: hard limit for all orders ever at the live gateway.
        confirm_above_usd: ask once more before a click that costs more than this; None: never.
        public_url: https URL under which the gateway and listeners can reach this app; None: no
            webhooks.
        timezone: IANA name of the zone whose midnight ends the day of a budget, one for the whole
            library; None: the one of the first browser is taken as soon as there is one.
    """

    daily_budget_usd: Decimal | None = None
    session_budget_usd: Decimal | None = None
    total_budget_usd: Decimal | None = None
    confirm_above_usd: Decimal | None = Decimal("1.00")
    public_url: str | None = None
    timezone: str | None = None


_TEXTS = ("public_url", "timezone")
_NAMES = tuple(field.name for field in fields(Preferences))


class Ledger:
    """Adds up the money, and keeps the limits that a person set.

    Attributes:
        payers: who pays, as browser sessions know it.
        asked_prices: prices that a gateway asks and the catalogue does not know.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._closed = ClosedMonths()
        self.payers = Payers(store)
        self.asked_prices = AskedPrices(store)

    def spending(
        self,
        gateway: str = "live",
        zone: tzinfo = UTC,
        *,
        since: datetime | None = None,
        months: bool = False,
    ) -> Spending:
        """Return where the money of every order is, by local day or month and by model.

        Args:
            gateway: "live" for real money, "sandbox" for play money: never both in one sum.
            zone: whose days.
            since: leave out the days, or months, before the one that holds this instant.
            months: add up whole months, each under its first day.
        """
        with self._store.read() as connection:
            first = _end(connection, gateway, func.min)
            last = _end(connection, gateway, func.max)
            if first is None or last is None:
                return summarise(gateway, ())
            if since is not None:
                first = max(first, since)
            entries: list[Entry] = []
            version, now = self._closed.version(connection), self._store.clock()
            for day, end in _spans(local_day(first, zone), local_day(last, zone), months):
                key = (gateway, start_of_day(day, zone), start_of_day(end, zone))
                read = partial(_entries, connection, day, *key)
                entries += self._closed.entries(key, now, version, read) if months else read()
        return summarise(gateway, entries)

    def has_orders(self, gateway: str) -> bool:
        """Return whether anything was ever ordered at a gateway ("live" or "sandbox")."""
        with self._store.read() as connection:
            return _end(connection, gateway, func.min) is not None

    def orders(self, since: datetime, base_url: str | None = None) -> list[Line]:
        """List what was sent for real money, newest first, to compare it with a gateway's list.

        Args:
            since: when the oldest was ordered.
            base_url: of one gateway; None: of all.
        """
        columns = generations.c
        statement = (
            select(
                *(columns.id, columns.request_id, columns.model_id, columns.prompt),
                *(columns.price_usd, columns.charge),
                *(columns.state, columns.waiting_for_key, columns.http_status),
            )
            .where(columns.gateway == "live", columns.created_at >= since, columns.submits > 0)
            .order_by(columns.created_at.desc())
            .limit(_MOST_LINES)
        )
        if base_url is not None:
            statement = statement.where(columns.base_url == base_url)
        with self._store.read() as connection:
            rows = connection.execute(statement).all()
        return [
            Line(
                *(id_, request_id, model_id, prompt[:_TITLE], usd, charge),
                pending=group_of(state, charge, waiting_for_key=waits, http_status=status)
                is StateGroup.IN_PROGRESS,
            )
            for id_, request_id, model_id, prompt, usd, charge, state, waits, status in rows
        ]

    def committed(self, gateway: str, budget: Budget, session_id: str | None = None) -> Committed:
        """Return what counts against each limit of a budget now, to show what is left of it.

        A limit that does not exist is not summed up (0).

        Args:
            gateway: "live" or "sandbox"; only its orders count.
            budget: the limits, and whose days they mean.
            session_id: the browser session, for the limit of a session.
        """
        with self._store.read() as connection:
            return committed_now(connection, gateway, session_id, budget, self._store.clock())

    def preferences(self) -> Preferences:
        """Return the stored choices; a default for what nobody chose yet."""
        with self._store.read() as connection:
            rows = connection.execute(select(preferences.c.name, preferences.c.value)).all()
        stored: dict[str, Any] = {
            name: _read(name, value) for name, value in rows if name in _NAMES
        }
        return replace(Preferences(), **stored)

    def chosen_at(self, name: str) -> datetime | None:
        """Return when a choice was last stored; None if it never was.

        Args:
            name: an attribute of `Preferences`.
        """
        statement = select(preferences.c.updated_at).where(preferences.c.name == name)
        with self._store.read() as connection:
            found: datetime | None = connection.execute(statement).scalar_one_or_none()
        return found

    def set_preferences(self, **changes: Any) -> Preferences:
        """Change some choices, all or none; the others stay.

        Raises:
            InvalidAmount: An amount is below zero.
            InvalidPublicUrl: A URL is not https.
            LibraryError: A name is not that of a time zone.
            TypeError: there is no such preference (a mistake in the code).
        """
        checked = replace(Preferences(), **changes)
        values = {name: _checked(name, asdict(checked)[name]) for name in changes}
        now = self._store.clock()
        with self._store.write() as connection:
            for name, value in values.items():
                put(connection, preferences.c.name, name, value=value, updated_at=now)
        return self.preferences()


def _end(connection: Connection, gateway: str, which: Callable[..., Any]) -> datetime | None:
    """Return the time of the first or last order.

    One at a time: each is a single step in the index.
    """
    statement = select(which(generations.c.created_at)).where(generations.c.gateway == gateway)
    found: datetime | None = connection.execute(statement).scalar_one()
    return found


_SPENT = (
    select(
        generations.c.model_id,
        generations.c.charge,
        generations.c.state,
        func.count(),
        func.sum(generations.c.price_usd),
    )
    .where(
        generations.c.gateway == bindparam("gateway"),
        generations.c.created_at >= bindparam("begin"),
        generations.c.created_at < bindparam("end"),
    )
    .group_by(generations.c.model_id, generations.c.charge, generations.c.state)
)


def _entries(
    connection: Connection, day: date, gateway: str, begin: datetime, end: datetime
) -> list[Entry]:
    """List what was ordered in a span of time under its first day, added up by the database.

    One statement for each span: each is a stretch of the index that is small enough to be sorted
    quickly, and databases do not know the zones of people.
    """
    rows = connection.execute(_SPENT, {"gateway": gateway, "begin": begin, "end": end})
    return [
        Entry(day, model_id, column_of(charge, pending=state in _PENDING), count, amount)
        for model_id, charge, state, count, amount in rows
    ]


def _spans(first: date, last: date, months: bool) -> Iterator[tuple[date, date]]:
    """Yield each day or month from the first to the last: its first day and the one after it."""
    begin = first.replace(day=1) if months else first
    while begin <= last:
        after = begin + timedelta(days=31 if months else 1)
        end = after.replace(day=1) if months else after
        yield begin, end
        begin = end


def _checked(name: str, value: Any) -> str | None:
    """Return the value as it is stored: text, so that no amount becomes a binary fraction."""
    if value is None:
        return None
    if name == "public_url":
        return public_https_url(str(value))
    if name == "timezone":
        if value not in available_timezones():
            raise LibraryError("This is not the name of a time zone.")
        return str(value)
    if not isinstance(value, Decimal):
        raise TypeError(f"{name} is a Decimal")
    if not value.is_finite() or value < 0:
        raise InvalidAmount("An amount is zero dollars or more.")
    return str(value)


def _read(name: str, value: str | None) -> Decimal | str | None:
    return value if value is None or name in _TEXTS else Decimal(value)
