"""The statements behind the pages of History."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, union_all

from lyria_core import Charge
from lyria_studio.library._rows import Rows, portions
from lyria_studio.library._search import contains_all
from lyria_studio.library.tables import generations
from lyria_studio.limits import within_limit
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import BEING_MADE, KEY_REFUSED, State, StateGroup

__all__ = ["conditions", "count", "newest", "states_of"]

_NEWEST = (generations.c.created_at.desc(), generations.c.id.desc())


def count(
    rows: Rows,
    states: Sequence[State],
    where: Sequence[ColumnElement[bool]],
) -> int:
    statement = select(func.count()).select_from(generations).where(*where)
    if states:
        statement = statement.where(generations.c.state.in_(states))
    return rows.connection.execute(statement).scalar_one()


def newest(
    rows: Rows,
    states: Sequence[State],
    where: Sequence[ColumnElement[bool]],
    limit: int,
    offset: int,
) -> list[Generation]:
    """List the newest by way of an index alone: wide rows are read for this page only.

    Each state is in its index in the right order already, and so the newest of several states
    are among the newest of each.
    """
    key = (generations.c.created_at, generations.c.id)
    keys_only = select(*key).where(*where).order_by(*_NEWEST)
    if len(states) > 1:
        each = [
            keys_only.where(generations.c.state == state).limit(limit + offset).subquery()
            for state in states
        ]
        keys = union_all(*map(select, each)).subquery()
        keys_only = select(keys).order_by(keys.c.created_at.desc(), keys.c.id.desc())
    elif states:
        keys_only = keys_only.where(generations.c.state == states[0])
    found = rows.connection.execute(keys_only.limit(limit).offset(offset)).all()
    ids = [one for _, one in found]
    by_id = {
        row["id"]: row
        for some in portions(ids)
        for row in rows.connection.execute(
            select(generations).where(generations.c.id.in_(some))
        ).mappings()
    }
    return rows.generations([by_id[one] for one in ids])


def states_of(state: State | StateGroup | Iterable[State] | None) -> list[State]:
    """Return the states to show, each once; an empty list means all."""
    if state is None:
        return []
    if isinstance(state, State):
        return [state]
    return sorted(set(state.states if isinstance(state, StateGroup) else state))


def _needs_action() -> ColumnElement[bool]:
    """Return the SQL condition for what `group_of` calls "needs action"."""
    columns = generations.c
    key_refused = and_(
        columns.state.in_(BEING_MADE), func.coalesce(columns.http_status, 0).in_(KEY_REFUSED)
    )
    return or_(
        columns.state.in_({State.UNKNOWN, State.STALLED, State.UNDELIVERED}),
        and_(columns.state == State.FAILED, columns.charge == Charge.MAYBE),
        key_refused,
        columns.waiting_for_key,
    )


def conditions(
    state: State | StateGroup | Iterable[State] | None,
    model: str | None,
    search: str | None,
    gateway: str | None,
) -> list[ColumnElement[bool]]:
    """List the conditions of a page but the states.

    Args:
        state: a group of states that has further conditions, or anything else.
        model: a model id.
        search: words that must all be in the prompt.
        gateway: "live" or "sandbox".
    """
    where: list[ColumnElement[bool]] = []
    if state is StateGroup.NEEDS_ACTION:
        where.append(_needs_action())
    elif state is StateGroup.IN_PROGRESS or state is StateGroup.FAILED:
        where.append(not_(_needs_action()))
    if model is not None:
        where.append(generations.c.model_id == model)
    if gateway is not None:
        where.append(generations.c.gateway == gateway)
    if search:
        where.extend(contains_all(within_limit(search, "search")))
    return where
