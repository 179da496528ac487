"""Generations from the order to the finished track."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, Unpack

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from lyria_core import Charge, Job
from lyria_studio.library import _steps
from lyria_studio.library._order_values import reserve, validate_order
from lyria_studio.library._outside import storable
from lyria_studio.library._rows import BEING_MADE, CLEARED
from lyria_studio.library._steps import Problem
from lyria_studio.library._store import Store
from lyria_studio.library.callbacks import Callbacks
from lyria_studio.library.errors import StorageError
from lyria_studio.library.fetches import Fetches
from lyria_studio.library.refusals import Refusals
from lyria_studio.library.settlements import Settlements
from lyria_studio.library.tables import generations
from lyria_studio.model.generation import Due, Generation, NewGeneration, NewTrack, Ordered
from lyria_studio.model.states import State
from lyria_studio.money import Budget

__all__ = ["Jobs"]


class Jobs:
    """Takes generations one step further; each step is a compare-and-set that happens once.

    Every step commits before it returns. It returns the generation as it stands now, or None if
    the row was not in a state where the step makes sense: somebody else was quicker.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.fetches = Fetches(store)
        self.callbacks = Callbacks(store)
        self.refusals = Refusals(store)
        self.settlements = Settlements(store)

    def order(self, orders: Sequence[NewGeneration], budget: Budget | None = None) -> Ordered:
        """Store the intents and reserve their cost, all of them or none.

        Idempotent by id: if any of these ids is known, nothing is stored or reserved, and what is
        stored comes back (`repeated`, and `differs` if this asks for something else). The budget
        holds among all processes, and counts the orders at the same gateway only.

        Args:
            orders: one or more takes, all for the same gateway and session.
            budget: hard limits; None is no limit.

        Raises:
            BudgetExceeded: the order would pass a limit; nothing was stored.
            InvalidRequest: a request that the model does not take; nothing was stored.
            StorageError: the database cannot be written to; nothing was stored.
        """
        validate_order(orders)
        try:
            with self._store.writing() as rows:
                return reserve(rows, orders, budget)
        except StorageError as error:
            what = error.message.removesuffix("Nothing was changed.")
            raise StorageError(f"{what}Nothing was sent. Nothing was charged.") from None

    def cancel(self, generation_id: str) -> bool:
        """Take an order back, free of charge; False if its POST has begun to leave.

        Raises:
            UnknownGeneration: there is no such generation.
        """
        error = "Cancelled before it was sent; nothing was charged."
        with self._store.writing() as rows:
            done = {**CLEARED, "charge": Charge.NO, "error": error, "completed_at": rows.now}
            if rows.move(generation_id, State.CANCELLED, {State.INTENDED}, **done):
                return True
            rows.get(generation_id)
            return False

    def claim_for_submit(self, generation_id: str, *, webhook: bool = False) -> Generation | None:
        """INTENDED -> SUBMITTING, committed before the POST leaves. Exactly one caller gets it."""
        return self._move(
            generation_id,
            State.SUBMITTING,
            {State.INTENDED},
            **CLEARED,
            submitted_at=self._store.clock(),
            submits=generations.c.submits + 1,
            webhook=webhook,
            next_attempt_at=None,
            waiting_for_key=False,
        )

    def postponed(
        self, generation_id: str, next_attempt_at: datetime, **problem: Unpack[Problem]
    ) -> Generation | None:
        """Move SUBMITTING -> INTENDED: certainly not taken (429, never connected), sent later.

        Never call this where the outcome is not certain: it leads to another POST. If a callback
        has named a request id meanwhile, it was taken after all, and becomes QUEUED.
        """
        values = {**CLEARED, **problem, "next_attempt_at": next_attempt_at}
        sources = {State.SUBMITTING}
        with self._store.writing() as rows:
            return rows.move_unless_taken(generation_id, State.INTENDED, sources, **values)

    def accepted(
        self,
        generation_id: str,
        request_id: str,
        *,
        raw: Mapping[str, Any] | None = None,
        next_attempt_at: datetime | None = None,
    ) -> Generation | None:
        """Move SUBMITTING -> QUEUED, with the request id of the gateway in any form.

        Also from UNKNOWN, for an answer that came in the end. An id that another generation of
        this gateway holds already cannot be followed: the row becomes UNKNOWN and says so.

        Args:
            generation_id: which generation.
            request_id: as the gateway gave it.
            raw: the whole answer.
            next_attempt_at: when to poll first, aware.
        """
        values: dict[str, Any] = CLEARED | {
            "request_id": request_id,
            "request_id_from": "gateway",
            "http_status": HTTPStatus.ACCEPTED.value,
            "next_attempt_at": next_attempt_at or self._store.clock(),
        }
        if raw is not None:
            values["raw"] = storable(raw)
        try:
            with self._store.writing() as rows:
                row = rows.locked(generation_id)
                if row is not None and row["called_back_at"] is not None:
                    # It was quicker than this answer, and is due to be followed now.
                    values["next_attempt_at"] = rows.now
                sources = {State.SUBMITTING, State.UNKNOWN}
                done = rows.move(generation_id, State.QUEUED, sources, **values)
                return rows.get(generation_id) if done else None
        except IntegrityError:
            return self.unknown(
                generation_id,
                error="The gateway answered with the request id of another generation "
                f"({request_id}), so this one cannot be followed; it may have been charged.",
                http_status=HTTPStatus.ACCEPTED,
                raw=raw,
            )

    def refused(self, generation_id: str, **problem: Unpack[Problem]) -> Generation | None:
        """Move SUBMITTING, INTENDED or UNKNOWN -> REFUSED: nothing was charged.

        If a callback has named a request id meanwhile, it was taken after all: QUEUED.
        """
        sources = {State.SUBMITTING, State.INTENDED, State.UNKNOWN}
        values = {**CLEARED, **problem, "charge": Charge.NO, "completed_at": self._store.clock()}
        with self._store.writing() as rows:
            return rows.move_unless_taken(generation_id, State.REFUSED, sources, **values)

    def unknown(
        self,
        generation_id: str,
        *,
        request_id: str | None = None,
        raw: Mapping[str, Any] | None = None,
        **problem: Unpack[Problem],
    ) -> Generation | None:
        """Move SUBMITTING -> UNKNOWN: the POST left and its outcome is not known.

        Args:
            generation_id: which generation.
            request_id: saved from a broken answer. With one, also one that a callback brought, it
                can be polled and becomes QUEUED instead.
            raw: the answer, if there was one.
        """
        values: dict[str, Any] = {**problem} if raw is None else {**problem, "raw": storable(raw)}
        with self._store.writing() as rows:
            return _steps.store_unknown(rows, generation_id, request_id, values)

    def observed(
        self,
        generation_id: str,
        job: Job,
        *,
        next_attempt_at: datetime | None = None,
        error: str | None = None,
        advice: str | None = None,
    ) -> Generation | None:
        """Store a poll's answer: COMPLETED -> DOWNLOADING, FAILED, ERROR, or in progress.

        A status that goes backwards or that we do not know changes only the time of the next poll.

        Args:
            generation_id: whose job this is.
            job: what the gateway said.
            next_attempt_at: when to poll next, while it is being made; now if not given.
            error: what to say of a failure; the gateway's own words if not given.
            advice: what to do after a failure.
        """
        with self._store.writing() as rows:
            at = next_attempt_at or rows.now
            done = _steps.store_poll(rows, generation_id, job, at, error=error, advice=advice)
            return rows.get(generation_id) if done else None

    def poll_failed(
        self, generation_id: str, next_attempt_at: datetime, **problem: Unpack[Problem]
    ) -> Generation | None:
        """Note a poll that brought no answer: the state stays, and it is polled again."""
        values = {**CLEARED, **problem, "next_attempt_at": next_attempt_at}
        values["polls"] = generations.c.polls + 1
        with self._store.writing() as rows:
            done = rows.change(generation_id, BEING_MADE, **values)
            return rows.get(generation_id) if done else None

    def stalled(self, generation_id: str, **problem: Unpack[Problem]) -> Generation | None:
        """Move to STALLED: it may still be made; polling again is free, for days."""
        values = {**CLEARED, **_steps.STALLED_PROBLEM, **problem}
        return self._move(generation_id, State.STALLED, BEING_MADE, **values)

    def track_stored(self, generation_id: str, new: NewTrack, *, index: int = 0) -> Generation:
        """Record a file that is in its final place; READY once every media URL has its track.

        Idempotent: a second call for the same index changes nothing.

        Args:
            generation_id: what it was made for.
            new: the file and what was measured.
            index: its place in `Generation.media_urls`, from 0.

        Raises:
            UnknownGeneration: there is no such generation.
            LibraryError: the generation was never completed, or has no such media URL.
        """
        with self._store.writing() as rows:
            _steps.store_track(rows, generation_id, new, index)
            return rows.get(generation_id)

    def download_failed(
        self,
        generation_id: str,
        *,
        next_attempt_at: datetime | None = None,
        **problem: Unpack[Problem],
    ) -> Generation | None:
        """Note a failed download: DOWNLOADING until the next try, or UNDELIVERED without one."""
        target = State.UNDELIVERED if next_attempt_at is None else State.DOWNLOADING
        values = {**CLEARED, **problem, "next_attempt_at": next_attempt_at}
        values["download_failures"] = generations.c.download_failures + 1
        return self._move(generation_id, target, {State.DOWNLOADING}, **values)

    def bind_key(self, generation_id: str, fingerprint: str, source: str | None) -> None:
        """Follow a job with another key, which the gateway has just accepted for this job.

        Args:
            generation_id: whose job.
            fingerprint: of the key.
            source: where the key came from.
        """
        values: dict[str, Any] = {"key_fingerprint": fingerprint, "key_source": source}
        with self._store.writing() as rows:
            row = rows.known(generation_id)
            if row["state"] in BEING_MADE:
                values["next_attempt_at"] = rows.now
            values |= {"waiting_for_key": False, "http_status": None}
            rows.change(generation_id, {row["state"]}, **values)

    def poll_again(self, generation_id: str) -> bool:
        """Poll again, free of charge: STALLED, or FAILED and not settled; whether it will be.

        For one that is being made already it brings the next poll forward.

        Raises:
            UnknownGeneration: there is no such generation.
        """
        with self._store.writing() as rows:
            return _steps.poll_again(rows, generation_id)

    def retry_download(self, generation_id: str) -> bool:
        """Download a paid track again, never with another POST; return whether it will be.

        Raises:
            UnknownGeneration: there is no such generation.
        """
        with self._store.writing() as rows:
            return _steps.fetch_again(rows, generation_id)

    def due(self, now: datetime | None = None, limit: int = 1000) -> list[Due]:
        """List the generations to act on, the longest overdue first.

        Nothing that is being submitted, and nothing that waits for its key.
        """
        columns = [generations.c[name] for name in Due._fields]
        statement = (
            select(*columns)
            .where(generations.c.next_attempt_at <= (now or self._store.clock()))
            .order_by(generations.c.next_attempt_at)
            .limit(limit)
        )
        with self._store.read() as connection:
            return [Due(*row) for row in connection.execute(statement)]

    def interrupted(self) -> list[str]:
        """Settle, once at start, what was being submitted when the app died; list the ids.

        None is ever sent again: one whose request id is known (a callback was quicker than the
        answer) is polled; any other becomes UNKNOWN.
        """
        with self._store.writing() as rows:
            return _steps.settle_interrupted(rows)

    def wait_for_key(self, generation_id: str) -> Generation | None:
        """Leave it until its key is given again; None for a download, which needs none."""
        sources = {State.INTENDED, State.QUEUED, State.PROCESSING}
        with self._store.writing() as rows:
            done = rows.change(generation_id, sources, waiting_for_key=True, next_attempt_at=None)
            return rows.get(generation_id) if done else None

    def key_arrived(self, fingerprint: str, gateway: str) -> int:
        """Make what waited for the key with this fingerprint due now; return how many."""
        now = self._store.clock()
        statement = update(generations).where(
            generations.c.waiting_for_key,
            generations.c.key_fingerprint == fingerprint,
            generations.c.gateway == gateway,
        )
        values = {"waiting_for_key": False, "next_attempt_at": now, "updated_at": now}
        with self._store.write() as connection:
            return int(connection.execute(statement.values(**values)).rowcount)

    def _move(
        self, generation_id: str, target: State, sources: Collection[State], **values: Any
    ) -> Generation | None:
        with self._store.writing() as rows:
            done = rows.move(generation_id, target, sources, **values)
            return rows.get(generation_id) if done else None
