"""What a refused key or an empty wallet does to the orders that it should pay."""

from __future__ import annotations

from typing import Any, Unpack

from sqlalchemy import select

from lyria_core import Charge, Refusal
from lyria_studio.library._rows import CLEARED, Rows
from lyria_studio.library._steps import Problem, store_unknown
from lyria_studio.library._store import Store
from lyria_studio.library.tables import generations
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State

__all__ = ["Refusals"]

_NOT_SENT = {
    Refusal.CREDIT: "Not sent: not enough credit.",
    Refusal.KEY: "Not sent: the API key was refused.",
}


class Refusals:
    """Ends what the gateway would refuse, too: each take would only be one more POST."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def stop(
        self, generation_id: str, cause: Refusal, *, certain: bool, **problem: Unpack[Problem]
    ) -> Generation | None:
        """Move SUBMITTING -> REFUSED or UNKNOWN, and what the same key orders next -> CANCELLED.

        Args:
            generation_id: what the gateway refused.
            cause: why it would refuse the others, too.
            certain: whether this one was certainly not taken.
        """
        values: dict[str, Any] = {**CLEARED, **problem}
        with self._store.writing() as rows:
            return _stop(rows, generation_id, cause, certain, values)


def _stop(
    rows: Rows, generation_id: str, cause: Refusal, certain: bool, values: dict[str, Any]
) -> Generation | None:
    free = {**values, "charge": Charge.NO, "cause": cause.value, "completed_at": rows.now}
    if certain:
        sources = {State.SUBMITTING}
        found = rows.move_unless_taken(generation_id, State.REFUSED, sources, **free)
    else:
        found = store_unknown(rows, generation_id, None, {**values, "cause": cause.value})
    if found is None or found.state not in {State.REFUSED, State.UNKNOWN}:
        return found
    columns = generations.c
    waiting = rows.connection.execute(
        select(columns.id).where(
            columns.state == State.INTENDED,
            columns.gateway == found.gateway,
            columns.base_url == found.base_url,
            columns.key_fingerprint == found.key_fingerprint,
        )
    ).scalars()
    for other in waiting.all():
        over = {**free, "error": _NOT_SENT[cause], "advice": None, "http_status": None}
        rows.move(other, State.CANCELLED, {State.INTENDED}, **over)
    return found
