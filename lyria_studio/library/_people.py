"""What a person may do to a generation: take it back, settle it, look or fetch again."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.exc import IntegrityError

from lyria_core import Charge
from lyria_studio.library._store import Store
from lyria_studio.library.errors import NotSettled, UnknownGeneration
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State

__all__ = ["People", "is_request_id"]

_REST = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{7,99}")
_SETTLEABLE = frozenset({State.UNKNOWN, State.STALLED, State.FAILED})


def is_request_id(text: str, model_id: str) -> bool:
    """Whether this looks like a request id of this model: `lyria-3-pro_019d5721-c333-…`.

    The examples of the reference begin with the model's id and an underscore; what follows looks
    like a UUID without always being one, so its form is checked loosely.
    """
    model, underscore, rest = text.rpartition("_")
    return bool(underscore) and model == model_id and _REST.fullmatch(rest) is not None


class People(Store):
    """The part of the library behind the buttons of History."""

    def cancel(self, generation_id: str) -> bool:
        """Take an order back, free of charge, if its POST has not begun to leave.

        Returns:
            True if it is cancelled now; False if it is too late (or was done already).

        Raises:
            UnknownGeneration: there is no such generation.
        """
        with self._database.write() as connection:
            if self._move(
                connection,
                generation_id,
                State.CANCELLED,
                {State.INTENDED},
                charge=Charge.NO,
                error="Cancelled before it was sent; nothing was charged.",
                advice=None,
                http_status=None,
                completed_at=self._clock(),
            ):
                return True
            self._get(connection, generation_id)
            return False

    def settle(
        self, generation_id: str, *, request_id: str | None = None, charged: bool | None = None
    ) -> Generation:
        """Say what became of an outcome that nobody knows: give exactly one of the two.

        Args:
            generation_id: an UNKNOWN, STALLED or FAILED one.
            request_id: what the gateway's account shows for it; it becomes QUEUED and is looked
                at. Only for UNKNOWN, or STALLED with an id that was typed in or salvaged before.
            charged: what the gateway's account shows. Without charge an UNKNOWN becomes REFUSED
                and a STALLED one ERROR; with it, both become FAILED. FAILED stays FAILED.

        Raises:
            UnknownGeneration: there is no such generation.
            NotSettled: it is settled already, or the id has not the form of its model or belongs
                to another generation. Nothing was changed.
            ValueError: both or neither were given (a mistake in the code).
        """
        if (request_id is None) == (charged is None):
            raise ValueError("give a request id, or say whether it was charged")
        try:
            with self._database.write() as connection:
                row = self._row(connection, generation_id)
                if row is None:
                    raise UnknownGeneration("There is no such generation in this library.")
                if request_id is not None:
                    target, values = self._found(row, request_id.strip())
                else:
                    target, values = self._said(row, charged=bool(charged))
                self._move(
                    connection,
                    generation_id,
                    target,
                    {row["state"]},
                    settled_by_person=True,
                    **values,
                )
                return self._get(connection, generation_id)
        except IntegrityError:
            raise NotSettled(
                "This request id belongs to another generation of this library; "
                "nothing was changed: look for the one that is missing here."
            ) from None

    def look_again(self, generation_id: str) -> bool:
        """Look at the gateway again, free of charge: STALLED, or FAILED and not settled.

        For one that is being made already it brings the next look forward.

        Returns:
            Whether it will be looked at.

        Raises:
            UnknownGeneration: there is no such generation.
        """
        now = self._clock()
        again = {State.STALLED, State.FAILED}
        with self._database.write() as connection:
            row = self._known(self._row(connection, generation_id))
            if row["state"] in {State.QUEUED, State.PROCESSING}:
                return not row["waiting_for_key"] and self._change(
                    connection, generation_id, {row["state"]}, next_attempt_at=now
                )
            if row["state"] not in again or row["request_id"] is None:
                return False
            if row["charge"] is not Charge.MAYBE:
                return False
            return self._move(
                connection,
                generation_id,
                State.QUEUED,
                {row["state"]},
                completed_at=None,
                next_attempt_at=now,
                error=None,
                advice=None,
                http_status=None,
            )

    def retry_download(self, generation_id: str) -> bool:
        """Fetch again what was made and charged: never another POST.

        Returns:
            Whether it will be fetched now.

        Raises:
            UnknownGeneration: there is no such generation.
        """
        now = self._clock()
        with self._database.write() as connection:
            row = self._known(self._row(connection, generation_id))
            if row["waiting_for_key"]:
                return False
            return self._move(
                connection,
                generation_id,
                State.DOWNLOADING,
                {State.UNDELIVERED, State.DOWNLOADING},
                next_attempt_at=now,
                download_failures=0,
                error=None,
                advice=None,
                http_status=None,
            )

    @staticmethod
    def _known(row: RowMapping | None) -> RowMapping:
        if row is None:
            raise UnknownGeneration("There is no such generation in this library.")
        return row

    def _found(self, row: RowMapping, request_id: str) -> tuple[State, dict[str, Any]]:
        retyped = row["state"] is State.STALLED and row["request_id_from"] in {"person", "salvaged"}
        if row["state"] is not State.UNKNOWN and not retyped:
            raise NotSettled(
                "The request id of this generation is known or no longer needed; "
                "nothing was changed."
            )
        if not is_request_id(request_id, row["model_id"]):
            raise NotSettled(
                f"A request id of this model looks like {row['model_id']}_019d5721-…; "
                "nothing was changed: copy it whole from your account at the gateway."
            )
        return State.QUEUED, {
            "request_id": request_id,
            "request_id_from": "person",
            "charge": Charge.MAYBE,
            "next_attempt_at": self._clock(),
            "error": None,
            "advice": None,
            "http_status": None,
        }

    def _said(self, row: RowMapping, *, charged: bool) -> tuple[State, dict[str, Any]]:
        state = row["state"]
        if state not in _SETTLEABLE or row["charge"] is not Charge.MAYBE:
            raise NotSettled("What this generation cost is settled already; nothing was changed.")
        free = {State.UNKNOWN: State.REFUSED, State.STALLED: State.ERROR}
        target = State.FAILED if charged or state is State.FAILED else free[state]
        what = "charged, and no music came of it" if charged else "not charged"
        return target, {
            "charge": Charge.YES if charged else Charge.NO,
            "error": f"{row['error'] or 'Nobody knew what became of it.'} "
            f"You settled it as {what}.",
            "advice": None,
            "completed_at": row["completed_at"] or self._clock(),
        }
