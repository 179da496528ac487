"""What a person's word about an outcome that nobody knows does to its row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from lyria_core import MODELS, Charge, checked_request_id
from lyria_studio.library._rows import CLEARED, Rows
from lyria_studio.library.errors import NotSettled
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State

__all__ = ["is_request_id", "store_settlement"]

_SHORTEST_REST = 8
_SETTLEABLE = frozenset({State.UNKNOWN, State.STALLED, State.FAILED})


def is_request_id(text: str, model_id: str) -> bool:
    """Whether this can be a request id of this model: `lyria-3-pro_019d5721-c333-…`.

    The examples of the reference begin with the model's id and an underscore, but no form is
    promised: only blanks, the name of another model and words without a digit are refused.
    """
    model, _, rest = text.partition("_")
    if model in MODELS:
        fits = model == model_id and len(rest) >= _SHORTEST_REST
    else:
        fits = any(map(str.isdigit, text))
    return fits and not any(map(str.isspace, text)) and checked_request_id(text) is not None


def store_settlement(
    rows: Rows, generation_id: str, request_id: str | None, charged: bool | None
) -> Generation:
    """Store what a person says of a generation: give exactly one of the two.

    Args:
        rows: of the transaction.
        generation_id: which generation.
        request_id: as typed.
        charged: what the gateway's account shows.

    Raises:
        ValueError: both or neither were given (a mistake in the code).
    """
    if (request_id is None) == (charged is None):
        raise ValueError("give a request id, or say whether it was charged")
    row = rows.known(generation_id)
    if request_id is not None:
        target, values = _settled_by_id(row, request_id.strip(), rows.now)
    else:
        target, values = _settled_by_charge(row, bool(charged), rows.now)
    rows.move(generation_id, target, {row["state"]}, settled_by_person=True, **values)
    return rows.get(generation_id)


def _settled_by_id(row: RowMapping, request_id: str, now: datetime) -> tuple[State, dict[str, Any]]:
    retyped = row["state"] is State.STALLED and row["request_id_from"] in {"person", "salvaged"}
    if row["state"] is not State.UNKNOWN and not retyped:
        raise NotSettled(
            "The request id of this generation is known or no longer needed; nothing was changed."
        )
    if not is_request_id(request_id, row["model_id"]):
        raise NotSettled(
            f"A request id of this model looks like {row['model_id']}_019d5721-…; "
            "nothing was changed: copy it whole from your account at the gateway."
        )
    return State.QUEUED, {
        **CLEARED,
        "request_id": request_id,
        "request_id_from": "person",
        "charge": Charge.MAYBE,
        "next_attempt_at": now,
    }


def _settled_by_charge(
    row: RowMapping, charged: bool, now: datetime
) -> tuple[State, dict[str, Any]]:
    state = row["state"]
    if state not in _SETTLEABLE or row["charge"] is not Charge.MAYBE:
        raise NotSettled("What this generation cost is settled already; nothing was changed.")
    free = {State.UNKNOWN: State.REFUSED, State.STALLED: State.ERROR}
    target = State.FAILED if charged or state is State.FAILED else free[state]
    what = "charged, and no music came of it" if charged else "not charged"
    return target, {
        "charge": Charge.YES if charged else Charge.NO,
        "error": f"{row['error'] or 'Nobody knew what became of it.'} You settled it as {what}.",
        "advice": None,
        "completed_at": row["completed_at"] or now,
    }
