"""The POST and what came of it: every step is a compare-and-set, so it happens once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from lyria_core import Charge
from lyria_studio.library._outside import storable
from lyria_studio.library._store import BEING_MADE, SETTLE_ADVICE, Store
from lyria_studio.library.tables import generations
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State

__all__ = ["Submits"]


class Submits(Store):
    """The part of the library around the one POST of a generation.

    Every method commits before it returns. It returns the generation as it stands now, or None
    if the row was not in a state where this step makes sense: somebody else was quicker, and
    there is nothing to do.
    """

    def claim_for_submit(self, generation_id: str, *, webhook: bool = False) -> Generation | None:
        """INTENDED -> SUBMITTING, committed before the POST leaves. Exactly one caller gets it.

        Args:
            generation_id: whose POST is about to leave.
            webhook: whether a callback is asked for with it.
        """
        now = self._clock()
        return self._step(
            generation_id,
            State.SUBMITTING,
            {State.INTENDED},
            submitted_at=now,
            submits=generations.c.submits + 1,
            webhook=webhook,
            next_attempt_at=None,
            waiting_for_key=False,
            error=None,
            advice=None,
            http_status=None,
        )

    def postponed(
        self,
        generation_id: str,
        next_attempt_at: datetime,
        *,
        error: str | None = None,
        http_status: int | None = None,
    ) -> Generation | None:
        """SUBMITTING -> INTENDED: surely not taken (429, never connected), so it may go later.

        Never call this where the outcome is not certain: it leads to another POST. If a callback
        has named a request id meanwhile, it was taken after all, and becomes QUEUED.
        """
        return self._not_taken(
            generation_id,
            State.INTENDED,
            {State.SUBMITTING},
            next_attempt_at=next_attempt_at,
            error=error,
            http_status=http_status,
        )

    def accepted(
        self,
        generation_id: str,
        request_id: str,
        *,
        raw: Mapping[str, Any] | None = None,
        http_status: int = 202,
        next_attempt_at: datetime | None = None,
    ) -> Generation | None:
        """SUBMITTING -> QUEUED with the request id of the gateway, kept whatever its form.

        Also from UNKNOWN, for an answer that came in the end. An id that another generation of
        this gateway holds already cannot be followed: the row becomes UNKNOWN and says so.
        """
        values: dict[str, Any] = {
            "request_id": request_id,
            "request_id_from": "gateway",
            "http_status": http_status,
            "next_attempt_at": next_attempt_at or self._clock(),
            "error": None,
            "advice": None,
        }
        if raw is not None:
            values["raw"] = storable(raw)
        try:
            return self._step(
                generation_id, State.QUEUED, {State.SUBMITTING, State.UNKNOWN}, **values
            )
        except IntegrityError:
            return self.unknown(
                generation_id,
                error="The gateway answered with the request id of another generation "
                f"({request_id}), so this one cannot be followed; it may have been charged.",
                advice=SETTLE_ADVICE,
                http_status=http_status,
                raw=raw,
            )

    def refused(
        self,
        generation_id: str,
        *,
        error: str,
        advice: str | None = None,
        http_status: int | None = None,
    ) -> Generation | None:
        """SUBMITTING or INTENDED -> REFUSED: nothing was charged.

        Also from UNKNOWN, for a refusal that came in the end. If a callback has named a request
        id meanwhile, it was taken after all, and becomes QUEUED.
        """
        return self._not_taken(
            generation_id,
            State.REFUSED,
            {State.SUBMITTING, State.INTENDED, State.UNKNOWN},
            charge=Charge.NO,
            error=error,
            advice=advice,
            http_status=http_status,
            completed_at=self._clock(),
        )

    def unknown(
        self,
        generation_id: str,
        *,
        error: str,
        advice: str | None = None,
        http_status: int | None = None,
        request_id: str | None = None,
        raw: Mapping[str, Any] | None = None,
    ) -> Generation | None:
        """SUBMITTING -> UNKNOWN: the POST left and nobody knows what came of it.

        With a request id (saved from a broken answer, or told by a callback meanwhile) it can be
        looked up and becomes QUEUED instead.
        """
        values: dict[str, Any] = {"error": error, "http_status": http_status}
        if raw is not None:
            values["raw"] = storable(raw)
        with self._database.write() as connection:
            row = self._row(connection, generation_id)
            if row is None or row["state"] is not State.SUBMITTING:
                return None
            known = row["request_id"]
            salvaged = known is None and request_id is not None
            if salvaged and not self._taken(connection, row["base_url"], str(request_id)):
                known = request_id
                values |= {"request_id": request_id, "request_id_from": "salvaged"}
            if known is not None:
                self._queued(connection, generation_id, {State.SUBMITTING}, **values)
            else:
                self._move(
                    connection,
                    generation_id,
                    State.UNKNOWN,
                    {State.SUBMITTING},
                    charge=Charge.MAYBE,
                    advice=advice or SETTLE_ADVICE,
                    **values,
                )
            return self._get(connection, generation_id)

    def called_back(self, generation_id: str, request_id: str) -> Generation | None:
        """A callback with a valid token names a request id: a hint to look now.

        It settles an UNKNOWN (its lost id is found), is remembered while the POST is still on
        its way, and wakes what is being made or was given up on. None if there is nothing to
        look at, or if the id is not the one that this generation is known by.
        """
        with self._database.write() as connection:
            row = self._row(connection, generation_id)
            if row is None:
                return None
            state, known = row["state"], row["request_id"]
            values: dict[str, Any] = {}
            if known != request_id:
                # An id that the gateway itself gave is never replaced; one that was typed in or
                # read from a broken answer may be wrong, and this callback knows better.
                correctable = known is None or row["request_id_from"] in {"person", "salvaged"}
                if not correctable or self._taken(connection, row["base_url"], request_id):
                    return None
                values = {"request_id": request_id, "request_id_from": "webhook"}
            if state in {State.UNKNOWN, State.STALLED}:
                self._queued(connection, generation_id, {state}, error=None, **values)
            elif state in BEING_MADE:
                if not row["waiting_for_key"]:
                    values["next_attempt_at"] = self._clock()
                self._change(connection, generation_id, BEING_MADE, **values)
            elif state is State.SUBMITTING:
                self._change(connection, generation_id, {State.SUBMITTING}, **values)
            else:
                return None
            return self._get(connection, generation_id)

    def _not_taken(
        self, generation_id: str, target: State, sources: Collection[State], **values: Any
    ) -> Generation | None:
        with self._database.write() as connection:
            row = self._row(connection, generation_id)
            if row is None or row["state"] not in sources:
                return None
            if row["request_id"] is not None:
                self._queued(connection, generation_id, {row["state"]}, error=None)
            else:
                self._move(connection, generation_id, target, {row["state"]}, **values)
            return self._get(connection, generation_id)

    def _taken(self, connection: Connection, base_url: str, request_id: str) -> bool:
        """Whether another generation of this gateway has this request id."""
        statement = select(generations.c.id).where(
            generations.c.base_url == base_url, generations.c.request_id == request_id
        )
        return connection.execute(statement).first() is not None
