"""What the gateway says about a job that it has taken, stored step by step."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lyria_core import Charge, Job, Status
from lyria_studio.library._outside import storable, storable_text
from lyria_studio.library._store import BEING_MADE, Store
from lyria_studio.library.tables import generations
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State

__all__ = ["Looks"]

_LOOKABLE = BEING_MADE | {State.STALLED}


class Looks(Store):
    """The part of the library that follows a job. Looking twice does no harm.

    Every method commits before it returns, and returns the generation as it stands now, or None
    if there was nothing to follow any more.
    """

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
                "raw": storable(job.raw),
                "looks": generations.c.looks + 1,
                "next_attempt_at": next_attempt_at or self._clock(),
                "error": None,
                "http_status": None,
            }
            if moved is not None:
                values["state"] = moved
            if not self._change(connection, generation_id, BEING_MADE, **values):
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
                BEING_MADE,
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
        with self._database.write() as connection:
            row = self._row(connection, generation_id)
            if row is None or row["state"] not in _LOOKABLE:
                return None
            self._move(
                connection,
                generation_id,
                State.DOWNLOADING,
                {row["state"]},
                charge=Charge.YES,
                raw=storable(job.raw),
                looks=generations.c.looks + 1,
                media_urls=[storable_text(url) for url in job.media_urls],
                media_type=job.media_type,
                completed_at=job.completed_at or now,
                made_in_s=_seconds(job, row["submitted_at"], now),
                waiting_for_key=False,
                next_attempt_at=now,
                download_failures=0,
                error=None,
                advice=None,
                http_status=None,
            )
            return self._get(connection, generation_id)

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
            raw=storable(job.raw),
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
            BEING_MADE,
            error=error,
            advice=advice,
            http_status=http_status,
        )


def _seconds(job: Job, submitted_at: datetime | None, now: datetime) -> float | None:
    """How long the gateway took: by its own clock, or else from our POST to our look."""
    if job.making_s is not None:
        return job.making_s
    if submitted_at is None:
        return None
    return max((now - submitted_at).total_seconds(), 0.0)
