"""What the worker does to a row: every step is a compare-and-set, so it happens once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.exc import IntegrityError

from lyria_core import Charge, Job, Status
from lyria_studio.library._store import Store
from lyria_studio.library.states import ACTIVE, State
from lyria_studio.library.tables import generations
from lyria_studio.library.views import Due, Generation

__all__ = ["Progress"]

_BEING_MADE = frozenset({State.QUEUED, State.PROCESSING})
_LOOKABLE = _BEING_MADE | {State.STALLED}


class Progress(Store):
    """The part of the library that the worker drives.

    Every method commits before it returns. It returns the generation as it stands now, or None
    if the row was not in a state where this step makes sense: somebody else was quicker, and
    there is nothing to do.
    """

    # ---- what to do next -------------------------------------------------------------------

    def due(self, now: datetime | None = None, limit: int = 1000) -> list[Due]:
        """The generations to act on, the longest overdue first.

        Nothing that is being submitted, and nothing that waits for its key.
        """
        now = now or self._clock()
        columns = (generations.c.id, generations.c.state, generations.c.next_attempt_at)
        statement = (
            select(*columns)
            .where(generations.c.next_attempt_at <= now)
            .order_by(generations.c.next_attempt_at)
            .limit(limit)
        )
        with self._database.read() as connection:
            return [Due(*row) for row in connection.execute(statement)]

    def next_due(self) -> datetime | None:
        """When the next generation is due (it may be in the past); None if there is none."""
        statement = (
            select(generations.c.next_attempt_at)
            .where(generations.c.next_attempt_at.is_not(None))
            .order_by(generations.c.next_attempt_at)
            .limit(1)
        )
        with self._database.read() as connection:
            return connection.execute(statement).scalar_one_or_none()

    def interrupted(self) -> list[str]:
        """Call once at start: whatever was being submitted when the app died is never sent again.

        A row whose request id is known (a callback was quicker than the answer) is looked at;
        any other becomes UNKNOWN.

        Returns:
            The ids of the rows that were found.
        """
        with self._database.write() as connection:
            rows = connection.execute(
                select(generations.c.id, generations.c.request_id)
                .where(generations.c.state == State.SUBMITTING)
                .with_for_update()
            ).all()
            for generation_id, request_id in rows:
                if request_id is not None:
                    self._queued(connection, generation_id, {State.SUBMITTING})
                else:
                    self._move(
                        connection,
                        generation_id,
                        State.UNKNOWN,
                        {State.SUBMITTING},
                        charge=Charge.MAYBE,
                        error="The app was stopped while this order was being sent, so nobody "
                        "knows whether the gateway took it; it may have been charged.",
                        advice=_SETTLE,
                    )
            return [generation_id for generation_id, _ in rows]

    # ---- submit ----------------------------------------------------------------------------

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

        Never call this where the outcome is not certain: it leads to another POST.
        """
        return self._step(
            generation_id,
            State.INTENDED,
            {State.SUBMITTING},
            request_id=None,
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
            values["raw"] = dict(raw)
        try:
            return self._step(
                generation_id, State.QUEUED, {State.SUBMITTING, State.UNKNOWN}, **values
            )
        except IntegrityError:
            return self.unknown(
                generation_id,
                error="The gateway answered with the request id of another generation "
                f"({request_id}), so this one cannot be followed; it may have been charged.",
                advice=_SETTLE,
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
        """SUBMITTING or INTENDED -> REFUSED: nothing was charged."""
        return self._step(
            generation_id,
            State.REFUSED,
            {State.SUBMITTING, State.INTENDED},
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
            values["raw"] = dict(raw)
        with self._database.write() as connection:
            row = self._row(connection, generation_id)
            if row is None or row["state"] is not State.SUBMITTING:
                return None
            known = row["request_id"]
            if known is None and request_id is not None:
                known = self._free_id(connection, row["base_url"], request_id)
                values |= {"request_id": known, "request_id_from": "salvaged" if known else None}
            if known is not None:
                self._queued(connection, generation_id, {State.SUBMITTING}, **values)
            else:
                self._move(
                    connection,
                    generation_id,
                    State.UNKNOWN,
                    {State.SUBMITTING},
                    charge=Charge.MAYBE,
                    advice=advice or _SETTLE,
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
            if known is None:
                if state not in {State.UNKNOWN, State.SUBMITTING}:
                    return None
                if self._free_id(connection, row["base_url"], request_id) is None:
                    return None
                values = {"request_id": request_id, "request_id_from": "webhook"}
            elif known != request_id:
                return None
            else:
                values = {}
            if state is State.SUBMITTING:
                self._change(connection, generation_id, {State.SUBMITTING}, **values)
            elif state in {State.UNKNOWN, State.STALLED}:
                self._queued(connection, generation_id, {state}, error=None, **values)
            elif state in _BEING_MADE:
                if not row["waiting_for_key"]:
                    self._change(
                        connection, generation_id, _BEING_MADE, next_attempt_at=self._clock()
                    )
            else:
                return None
            return self._get(connection, generation_id)

    # ---- look ------------------------------------------------------------------------------

    def observed(
        self, generation_id: str, job: Job, *, next_attempt_at: datetime | None = None
    ) -> Generation | None:
        """Store what the gateway says about a job, whatever it is.

        COMPLETED and failures go to `completed` and `failed`. A status that goes backwards or
        that we do not know changes nothing but the time of the next look.
        """
        if job.status is Status.COMPLETED:
            return self.completed(generation_id, job)
        if job.status in {Status.FAILED, Status.ERROR}:
            return self.failed(generation_id, job)
        moved = State.PROCESSING if job.status is Status.PROCESSING else None
        with self._database.write() as connection:
            values: dict[str, Any] = {
                "raw": dict(job.raw),
                "looks": generations.c.looks + 1,
                "next_attempt_at": next_attempt_at or self._clock(),
                "error": None,
                "http_status": None,
            }
            if moved is not None:
                values["state"] = moved
            if not self._change(connection, generation_id, _BEING_MADE, **values):
                return None
            return self._get(connection, generation_id)

    def look_failed(
        self,
        generation_id: str,
        next_attempt_at: datetime,
        *,
        error: str | None = None,
        http_status: int | None = None,
    ) -> Generation | None:
        """A look brought no answer: the state stays, and it is looked at again."""
        with self._database.write() as connection:
            if not self._change(
                connection,
                generation_id,
                _BEING_MADE,
                looks=generations.c.looks + 1,
                next_attempt_at=next_attempt_at,
                error=error,
                http_status=http_status,
            ):
                return None
            return self._get(connection, generation_id)

    def completed(self, generation_id: str, job: Job) -> Generation | None:
        """-> DOWNLOADING: made and charged. All media URLs are kept; fetching starts at once."""
        now = self._clock()
        return self._step(
            generation_id,
            State.DOWNLOADING,
            _LOOKABLE,
            charge=Charge.YES,
            raw=dict(job.raw),
            looks=generations.c.looks + 1,
            media_urls=list(job.media_urls),
            media_type=job.media_type,
            completed_at=job.completed_at or now,
            made_in_s=_seconds(job),
            next_attempt_at=now,
            download_failures=0,
            error=None,
            advice=None,
            http_status=None,
        )

    def failed(
        self, generation_id: str, job: Job, *, error: str | None = None, advice: str | None = None
    ) -> Generation | None:
        """-> FAILED (may have been charged) or ERROR (not charged), as the job says.

        Args:
            generation_id: whose job this is.
            job: in status FAILED or ERROR.
            error: the sentence to show; the gateway's own words if not given.
            advice: what to do next.
        """
        free = job.status is Status.ERROR
        if not free and job.status is not Status.FAILED:
            raise ValueError("a job that did not fail")
        return self._step(
            generation_id,
            State.ERROR if free else State.FAILED,
            _LOOKABLE,
            charge=Charge.NO if free else Charge.MAYBE,
            raw=dict(job.raw),
            looks=generations.c.looks + 1,
            completed_at=job.completed_at or self._clock(),
            error=error or job.error or "The gateway gave no reason.",
            advice=advice,
        )

    def stalled(
        self,
        generation_id: str,
        *,
        error: str = "Still being made when the app stopped looking; it may be charged.",
        advice: str = "Look again later: this costs nothing.",
        http_status: int | None = None,
    ) -> Generation | None:
        """-> STALLED: it may still be made; looking again is free, for days."""
        return self._step(
            generation_id,
            State.STALLED,
            _BEING_MADE,
            error=error,
            advice=advice,
            http_status=http_status,
        )

    # ---- keys ------------------------------------------------------------------------------

    def wait_for_key(self, generation_id: str) -> Generation | None:
        """Nothing can be done until its key is given again: it is not due any more, and says so."""
        with self._database.write() as connection:
            if not self._change(
                connection,
                generation_id,
                ACTIVE - {State.SUBMITTING},
                waiting_for_key=True,
                next_attempt_at=None,
            ):
                return None
            return self._get(connection, generation_id)

    def key_arrived(self, fingerprint: str, gateway: str) -> int:
        """The key with this fingerprint is in memory again: what waited for it is due now.

        Returns:
            How many generations go on.
        """
        now = self._clock()
        with self._database.write() as connection:
            result = connection.execute(
                update(generations)
                .where(
                    generations.c.waiting_for_key,
                    generations.c.key_fingerprint == fingerprint,
                    generations.c.gateway == gateway,
                )
                .values(waiting_for_key=False, next_attempt_at=now, updated_at=now)
            )
            return int(result.rowcount)

    # ---- parts -----------------------------------------------------------------------------

    def _step(
        self, generation_id: str, target: State, sources: Collection[State], **values: Any
    ) -> Generation | None:
        with self._database.write() as connection:
            if not self._move(connection, generation_id, target, sources, **values):
                return None
            return self._get(connection, generation_id)

    def _queued(
        self, connection: Connection, generation_id: str, sources: Collection[State], **values: Any
    ) -> bool:
        """To QUEUED, to be looked at now."""
        return self._move(
            connection,
            generation_id,
            State.QUEUED,
            sources,
            charge=Charge.MAYBE,
            advice=None,
            next_attempt_at=self._clock(),
            **values,
        )

    def _free_id(self, connection: Connection, base_url: str, request_id: str) -> str | None:
        """The request id, unless another generation of this gateway has it already."""
        taken = connection.execute(
            select(generations.c.id).where(
                generations.c.base_url == base_url, generations.c.request_id == request_id
            )
        ).first()
        return None if taken else request_id


_SETTLE = (
    "Look in your account at the gateway: if the request is there, give its request id here; "
    "if it is not, mark it as not charged."
)


def _seconds(job: Job) -> float | None:
    """How long the gateway took, by its own clock (ours may differ from it)."""
    if job.created_at is None or job.completed_at is None:
        return None
    seconds = (job.completed_at - job.created_at).total_seconds()
    return seconds if seconds >= 0 else None
