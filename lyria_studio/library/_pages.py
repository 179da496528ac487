"""The pages of History."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, func, select, tuple_, union_all

from lyria_studio.library._search import contains_all
from lyria_studio.library._store import Store, portions
from lyria_studio.library.tables import generations
from lyria_studio.model.generation import Cursor, Generation, Page
from lyria_studio.model.states import State, StateGroup

__all__ = ["Pages"]

_NEWEST = (generations.c.created_at.desc(), generations.c.id.desc())


class Pages(Store):
    """The part of the library that is read page by page."""

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
        states = _states(state)
        where = _conditions(model, search, gateway)
        after = list(where)
        if before is not None:
            after.append(
                tuple_(generations.c.created_at, generations.c.id)
                < tuple_(before.created_at, before.id)
            )
        with self._database.read() as connection:
            total = self._total(connection, states, where)
            # One more than asked for tells whether there is another page.
            found = self._newest(connection, states, after, limit + 1, offset)
        items = tuple(found[:limit])
        more = len(found) > limit
        return Page(items, total, Cursor(items[-1].created_at, items[-1].id) if more else None)

    def _total(
        self,
        connection: Connection,
        states: Sequence[State],
        where: Sequence[ColumnElement[bool]],
    ) -> int:
        statement = select(func.count()).select_from(generations).where(*where)
        if states:
            statement = statement.where(generations.c.state.in_(states))
        return connection.execute(statement).scalar_one()

    def _newest(
        self,
        connection: Connection,
        states: Sequence[State],
        where: Sequence[ColumnElement[bool]],
        limit: int,
        offset: int,
    ) -> list[Generation]:
        """By way of an index alone: wide rows are read for this page only.

        Each state is in its index in the right order already, and so the newest of several states
        are among the newest of each.
        """
        key = (generations.c.created_at, generations.c.id)
        newest = select(*key).where(*where).order_by(*_NEWEST)
        if len(states) > 1:
            each = [
                newest.where(generations.c.state == state).limit(limit + offset).subquery()
                for state in states
            ]
            keys = union_all(*map(select, each)).subquery()
            newest = select(keys).order_by(keys.c.created_at.desc(), keys.c.id.desc())
        elif states:
            newest = newest.where(generations.c.state == states[0])
        found = connection.execute(newest.limit(limit).offset(offset)).all()
        ids = [one for _, one in found]
        rows = {
            row["id"]: row
            for some in portions(ids)
            for row in connection.execute(
                select(generations).where(generations.c.id.in_(some))
            ).mappings()
        }
        return self._pictures(connection, [rows[one] for one in ids])


def _states(state: State | StateGroup | Iterable[State] | None) -> list[State]:
    """The states to show, each once; none means all."""
    if state is None:
        return []
    if isinstance(state, State):
        return [state]
    return sorted(set(state.states if isinstance(state, StateGroup) else state))


def _conditions(
    model: str | None, search: str | None, gateway: str | None
) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if model is not None:
        where.append(generations.c.model_id == model)
    if gateway is not None:
        where.append(generations.c.gateway == gateway)
    if search:
        where.extend(contains_all(search))
    return where
