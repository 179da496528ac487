"""What a wallet that holds too little does to the orders that it should pay."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from lyria_core import Charge
from lyria_studio.library._rows import Rows
from lyria_studio.library.tables import generations
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State

__all__ = ["store_out_of_credit"]


def store_out_of_credit(
    rows: Rows, generation_id: str, values: dict[str, Any]
) -> Generation | None:
    """Move SUBMITTING to REFUSED for want of credit, and what its wallet would pay to CANCELLED.

    Args:
        rows: of the transaction.
        generation_id: what the gateway refused.
        values: the other columns to set.
    """
    values |= {"charge": Charge.NO, "cause": "credit", "completed_at": rows.now}
    found = rows.move_unless_taken(generation_id, State.REFUSED, {State.SUBMITTING}, **values)
    if found is None or found.state is not State.REFUSED:
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
        values["error"] = "Not sent: not enough credit."
        rows.move(other, State.CANCELLED, {State.INTENDED}, **values)
    return found
