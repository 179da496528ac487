"""How a person settles an unknown outcome, and undoes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.exc import IntegrityError

from lyria_core import MODELS, Charge, checked_request_id
from lyria_studio.library._rows import CLEARED
from lyria_studio.library._store import Store
from lyria_studio.library.errors import NotSettled
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import BEING_MADE, State, StateGroup, group_of

__all__ = ["Settlements", "is_request_id"]

_SHORTEST_REST = 8
_SETTLEABLE = BEING_MADE | {State.UNKNOWN, State.STALLED, State.FAILED}
_UNDOABLE = BEING_MADE | {State.STALLED, State.FAILED, State.ERROR, State.REFUSED}
_KEPT = (
    *("state", "charge", "error", "advice", "http_status", "request_id", "request_id_from"),
    *("waiting_for_key", "settled_by_person"),
)


def is_request_id(text: str, model_id: str) -> bool:
    """Return whether this can be a request id of this model: `lyria-3-pro_019d5721-c333-…`.

    The examples of the reference begin with the model's id and an underscore, but no form is
    promised: only blanks, the name of another model and words without a digit are refused.
    """
    model, _, rest = text.partition("_")
    if model in MODELS:
        fits = model == model_id and len(rest) >= _SHORTEST_REST
    else:
        fits = any(map(str.isdigit, text))
    return fits and not any(map(str.isspace, text)) and checked_request_id(text) is not None


class Settlements:
    """Outcomes that a person settles, because no answer did."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def settle(
        self, generation_id: str, *, request_id: str | None = None, charged: bool | None = None
    ) -> Generation:
        """Settle an unknown outcome: give exactly one of the two.

        Args:
            generation_id: an UNKNOWN, STALLED or FAILED one, or one that is being made and whose
                key is gone or refused.
            request_id: what the gateway's account shows for it; it becomes QUEUED and is polled.
                Only for UNKNOWN, or STALLED with an id that was typed in or salvaged before.
            charged: what the gateway's account shows. Without charge an UNKNOWN becomes REFUSED,
                and any other ERROR; with it, FAILED. FAILED stays FAILED.

        Raises:
            UnknownGeneration: there is no such generation.
            NotSettled: it is settled already, or the id has not the form of its model or belongs
                to another generation. Nothing was changed.
        """
        if (request_id is None) == (charged is None):
            raise ValueError("give a request id, or say whether it was charged")
        try:
            with self._store.writing() as rows:
                row = rows.known(generation_id)
                if request_id is not None:
                    target, values = _settled_by_id(row, request_id.strip(), rows.now)
                else:
                    target, values = _settled_by_charge(row, bool(charged), rows.now)
                values |= {"settled_by_person": True, "settled_from": _before(row)}
                rows.move(generation_id, target, {row["state"]}, **values)
                return rows.get(generation_id)
        except IntegrityError:
            raise NotSettled(
                "This request id belongs to another generation of this library; "
                "nothing was changed: look for the one that is missing here."
            ) from None

    def undo(self, generation_id: str) -> Generation:
        """Undo a settlement: everything is as it was before it.

        Raises:
            UnknownGeneration: there is no such generation.
            NotSettled: nobody settled it, or the gateway has answered since.
        """
        with self._store.writing() as rows:
            row = rows.known(generation_id)
            before = row["settled_from"]
            if before is None or row["state"] not in _UNDOABLE:
                raise NotSettled("There is no settlement to undo; nothing was changed.")
            values = dict(before)
            state = State(values.pop("state"))
            values["charge"] = Charge(values["charge"])
            if (at := values["completed_at"]) is not None:
                values["completed_at"] = datetime.fromisoformat(at)
            due = state in BEING_MADE and not values["waiting_for_key"]
            values |= {"settled_from": None, "next_attempt_at": rows.now if due else None}
            rows.move(generation_id, state, {row["state"]}, **values)
            return rows.get(generation_id)


def _before(row: RowMapping) -> dict[str, Any]:
    completed_at = row["completed_at"]
    return {name: row[name] for name in _KEPT} | {
        "completed_at": None if completed_at is None else completed_at.isoformat()
    }


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
    group = group_of(
        state, row["charge"], waiting_for_key=row["waiting_for_key"], http_status=row["http_status"]
    )
    settleable = _SETTLEABLE if group is StateGroup.NEEDS_ACTION else frozenset()
    if row["charge"] is not Charge.MAYBE or state not in settleable:
        raise NotSettled("What this generation cost is settled already; nothing was changed.")
    free = State.REFUSED if state is State.UNKNOWN else State.ERROR
    target = State.FAILED if charged or state is State.FAILED else free
    what = "charged, without a track" if charged else "not charged"
    return target, {
        "charge": Charge.YES if charged else Charge.NO,
        "error": f"You settled this as {what}.",
        "http_status": None,
        "advice": None,
        "completed_at": row["completed_at"] or now,
    }
