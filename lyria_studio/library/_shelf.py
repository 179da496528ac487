"""Finding generations and tracks again: pages, batches, single ones, and what was spent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo

from sqlalchemy import ColumnElement, Connection, func, select, tuple_

from lyria_studio.library._search import contains_all
from lyria_studio.library._store import Store
from lyria_studio.library.errors import UnknownGeneration
from lyria_studio.library.states import ACTIVE, State, StateGroup
from lyria_studio.library.tables import generations, tracks
from lyria_studio.library.views import Cursor, Generation, Page, Track
from lyria_studio.money import Entry, Spending, column_of, local_day, start_of_day, summarise

__all__ = ["Shelf"]

_NEWEST = (generations.c.created_at.desc(), generations.c.id.desc())
# A MAYBE in these states may still be decided by itself or by looking again.
_PENDING = ACTIVE | {State.STALLED}


class Shelf(Store):
    """The part of the library that only reads."""

    def generation(self, generation_id: str) -> Generation:
        """One generation with its tracks.

        Raises:
            UnknownGeneration: there is none with this id.
        """
        with self._database.read() as connection:
            return self._get(connection, generation_id)

    def find(self, generation_id: str) -> Generation | None:
        """One generation with its tracks; None if there is none with this id."""
        with self._database.read() as connection:
            found = self._select(connection, generations.c.id == generation_id)
        return found[0] if found else None

    def by_request_id(self, base_url: str, request_id: str) -> Generation | None:
        """The generation that a gateway knows by this request id."""
        with self._database.read() as connection:
            found = self._select(
                connection,
                generations.c.base_url == base_url,
                generations.c.request_id == request_id,
            )
        return found[0] if found else None

    def batch(self, batch_id: str) -> list[Generation]:
        """The takes of one click, in their order; empty if there are none."""
        with self._database.read() as connection:
            found = self._select(connection, generations.c.batch_id == batch_id)
        return sorted(found, key=lambda one: one.take)

    def active(self) -> list[Generation]:
        """All that the worker still has to do with, newest first, those awaiting a key too."""
        with self._database.read() as connection:
            return self._select(connection, generations.c.state.in_(ACTIVE))

    def latest(self, limit: int = 10, *, session_id: str | None = None) -> list[Generation]:
        """The newest generations, of everybody or of one browser session."""
        where = [] if session_id is None else [generations.c.session_id == session_id]
        with self._database.read() as connection:
            return self._select(connection, *where, limit=limit)

    def track(self, track_id: str) -> Track:
        """One track.

        Raises:
            UnknownGeneration: there is none with this id.
        """
        with self._database.read() as connection:
            row = (
                connection.execute(select(tracks).where(tracks.c.id == track_id))
                .mappings()
                .one_or_none()
            )
        if row is None:
            raise UnknownGeneration("There is no such track in this library.")
        return self._track(row)

    def page(
        self,
        limit: int = 50,
        offset: int = 0,
        before: Cursor | None = None,
        *,
        state: State | StateGroup | Iterable[State] | None = None,
        model: str | None = None,
        search: str | None = None,
        gateway: str | None = None,
    ) -> Page:
        """One page of History, newest first.

        Args:
            limit: how many, at least 1.
            offset: how many to skip, for numbered pages: `limit * (page - 1)`.
            before: the `next` of the page before, for endless scrolling; keeps its place when new
                generations arrive, and stays fast at any depth.
            state: one state, a group of them, or several.
            model: a model id.
            search: words that must all be in the prompt, in any case; no wildcards.
            gateway: "live" or "sandbox".
        """
        if limit < 1 or offset < 0:
            raise ValueError("a page has at least one row and begins at row 0 or later")
        where = _conditions(state, model, search, gateway)
        after = list(where)
        if before is not None:
            after.append(
                tuple_(generations.c.created_at, generations.c.id)
                < tuple_(before.created_at, before.id)
            )
        with self._database.read() as connection:
            total = connection.execute(
                select(func.count()).select_from(generations).where(*where)
            ).scalar_one()
            # One more than asked for tells whether there is another page.
            found = self._select(connection, *after, limit=limit + 1, offset=offset)
        items = tuple(found[:limit])
        more = len(found) > limit
        return Page(items, total, Cursor(items[-1].created_at, items[-1].id) if more else None)

    def recent_durations(self, model_id: str, gateway: str, n: int = 20) -> list[float]:
        """How long the last `n` completed generations took at the gateway, newest first.

        Returns:
            Seconds from the gateway's acceptance to COMPLETED.
        """
        statement = (
            select(generations.c.made_in_s)
            .where(
                generations.c.model_id == model_id,
                generations.c.gateway == gateway,
                generations.c.made_in_s.is_not(None),
            )
            .order_by(generations.c.completed_at.desc())
            .limit(n)
        )
        with self._database.read() as connection:
            return list(connection.execute(statement).scalars())

    def spending(
        self, gateway: str = "live", zone: tzinfo = UTC, *, since: datetime | None = None
    ) -> Spending:
        """Where the money of every order is, by local day and model.

        Args:
            gateway: "live" for real money, "sandbox" for play money: never both in one sum.
            zone: whose days.
            since: leave out the days before the one that holds this instant.
        """
        entries: list[Entry] = []
        moment = since and start_of_day(local_day(since, zone), zone)
        with self._database.read() as connection:
            # From one day with orders to the next: databases do not know the zones of people.
            while (first := self._first_order(connection, gateway, moment)) is not None:
                day = local_day(first, zone)
                start = start_of_day(day, zone)
                moment = start_of_day(day + timedelta(days=1), zone)
                statement = (
                    select(
                        generations.c.model_id,
                        generations.c.charge,
                        generations.c.state,
                        func.count(),
                        func.sum(generations.c.price_usd),
                    )
                    .where(
                        generations.c.gateway == gateway,
                        generations.c.created_at >= start,
                        generations.c.created_at < moment,
                    )
                    .group_by(generations.c.model_id, generations.c.charge, generations.c.state)
                )
                for model_id, charge, state, count, amount in connection.execute(statement):
                    column = column_of(charge, pending=state in _PENDING)
                    entries.append(Entry(day, model_id, column, count, amount))
        return summarise(gateway, entries)

    def _first_order(
        self, connection: Connection, gateway: str, since: datetime | None
    ) -> datetime | None:
        statement = select(func.min(generations.c.created_at)).where(
            generations.c.gateway == gateway
        )
        if since is not None:
            statement = statement.where(generations.c.created_at >= since)
        return connection.execute(statement).scalar_one_or_none()

    def _select(
        self,
        connection: Connection,
        *where: ColumnElement[bool],
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Generation]:
        """Matching generations, newest first."""
        statement = select(generations).where(*where).order_by(*_NEWEST)
        if offset:
            # Skip in the index alone; the wide rows are read for this page only.
            keys = select(generations.c.id).where(*where).order_by(*_NEWEST)
            keys = keys.limit(limit).offset(offset)
            statement = (
                select(generations)
                .where(generations.c.id.in_(keys.scalar_subquery()))
                .order_by(*_NEWEST)
            )
        elif limit is not None:
            statement = statement.limit(limit)
        return self._pictures(connection, connection.execute(statement).mappings().all())


def _conditions(
    state: State | StateGroup | Iterable[State] | None,
    model: str | None,
    search: str | None,
    gateway: str | None,
) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if state is not None:
        if isinstance(state, State):
            state = [state]
        states = sorted(state.states if isinstance(state, StateGroup) else state)
        where.append(generations.c.state.in_(states))
    if model is not None:
        where.append(generations.c.model_id == model)
    if gateway is not None:
        where.append(generations.c.gateway == gateway)
    if search:
        where.extend(contains_all(search))
    return where
