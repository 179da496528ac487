"""The steps of a generation that depend on its row, inside a transaction."""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path
from typing import Any, TypedDict

from sqlalchemy import RowMapping, insert, select

from lyria_core import Charge, Job, Status
from lyria_studio.library._outside import storable, storable_text
from lyria_studio.library._rows import BEING_MADE, CLEARED, POLLABLE, SETTLE_ADVICE, Rows
from lyria_studio.library.errors import LibraryError
from lyria_studio.library.tables import generations, tracks
from lyria_studio.model.generation import FetchKind, Generation, NewTrack
from lyria_studio.model.states import State

__all__ = [
    "STALLED_PROBLEM",
    "Problem",
    "fetch_again",
    "made_in_s",
    "poll_again",
    "settle_interrupted",
    "store_callback",
    "store_poll",
    "store_track",
    "store_unknown",
]


# Where a person or an answer denied that there is a job: a callback proves it.
_NOT_TAKEN = frozenset({State.INTENDED, State.REFUSED, State.CANCELLED, State.FAILED})

STALLED_PROBLEM = {
    "error": "Not ready when the app stopped looking. It may be charged.",
    "advice": "Look again later: this costs nothing.",
}


_ZONE_STEP_S = 900.0
_CLOCKS_APART_S = 60.0
_LONGEST_S = 1800.0


class Problem(TypedDict, total=False):
    """What went wrong with a generation: a message for people, and the gateway's answer."""

    error: str | None
    advice: str | None
    http_status: int | None


def store_unknown(
    rows: Rows,
    generation_id: str,
    request_id: str | None,
    values: dict[str, Any],
) -> Generation | None:
    """Move SUBMITTING to UNKNOWN, or to QUEUED where a request id is known after all.

    Args:
        rows: of the transaction.
        generation_id: whose POST had no clear outcome.
        request_id: saved from a broken answer; None: none.
        values: the other columns to set.
    """
    row = rows.locked(generation_id)
    if row is None or row["state"] is not State.SUBMITTING:
        return None
    known = row["request_id"]
    if known is None and request_id and not rows.is_taken(row["base_url"], request_id):
        known = request_id
        values |= {"request_id": request_id, "request_id_from": "salvaged"}
    if known is not None:
        rows.queue(generation_id, {State.SUBMITTING}, **(values | {"advice": None}))
    else:
        values |= {"charge": Charge.MAYBE, "advice": values.get("advice") or SETTLE_ADVICE}
        rows.move(generation_id, State.UNKNOWN, {State.SUBMITTING}, **values)
    return rows.get(generation_id)


def store_callback(rows: Rows, generation_id: str, request_id: str) -> Generation | None:
    """Store the request id that a callback names, and make the generation due, if it may be.

    Args:
        rows: of the transaction.
        generation_id: what the callback's address names.
        request_id: what its body names.
    """
    row = rows.locked(generation_id)
    if row is None:
        return None
    state, known = row["state"], row["request_id"]
    values: dict[str, Any] = {}
    if known != request_id:
        # An id that the gateway itself gave is never replaced; one that was typed in or read from
        # a broken answer may be wrong, and this callback knows better.
        correctable = known is None or row["request_id_from"] in {"person", "salvaged"}
        if not correctable or rows.is_taken(row["base_url"], request_id):
            return None
        values = {"request_id": request_id, "request_id_from": "webhook"}
    if row["called_back_at"] is None:
        values["called_back_at"] = rows.now
    if state in {State.UNKNOWN, State.STALLED} or _is_proof(row):
        over = {"completed_at": None, "cause": None, "settled_from": None}
        rows.queue(generation_id, {state}, **CLEARED, **over, **values)
    elif state in BEING_MADE:
        if not row["waiting_for_key"]:
            values["next_attempt_at"] = rows.now
        rows.change(generation_id, BEING_MADE, **values)
    elif state is State.SUBMITTING:
        rows.change(generation_id, {state}, **values)
    else:
        if known == request_id and values:
            # It came after the end was seen: it only shows that callbacks arrive.
            rows.change(generation_id, {state}, **values, updated_at=row["updated_at"])
        return None
    return rows.get(generation_id)


def _is_proof(row: RowMapping) -> bool:
    """Return whether a callback proves that the gateway took a job that we thought it had not."""
    if row["request_id"] is None:
        # Only a POST carries the address of the callback.
        return row["submits"] > 0 and row["state"] in _NOT_TAKEN
    settled = row["settled_from"] is not None and row["called_back_at"] is None
    return settled and row["state"] in {State.FAILED, State.ERROR}


def settle_interrupted(rows: Rows) -> list[str]:
    """Move what was being submitted when the app died to QUEUED or UNKNOWN; list the ids."""
    found = rows.connection.execute(
        select(generations.c.id, generations.c.request_id)
        .where(generations.c.state == State.SUBMITTING)
        .with_for_update()
    ).all()
    for generation_id, request_id in found:
        if request_id is not None:
            rows.queue(generation_id, {State.SUBMITTING})
        else:
            rows.move(
                generation_id,
                State.UNKNOWN,
                {State.SUBMITTING},
                charge=Charge.MAYBE,
                error="The app stopped while it sent this order. It may have been charged.",
                advice=SETTLE_ADVICE,
            )
    return [generation_id for generation_id, _ in found]


def poll_again(rows: Rows, generation_id: str) -> bool:
    """Make a poll due now, as a person asked; return False if there is nothing to poll."""
    row = rows.known(generation_id)
    if row["state"] in BEING_MADE:
        return not row["waiting_for_key"] and rows.change(
            generation_id, {row["state"]}, next_attempt_at=rows.now
        )
    if row["state"] not in {State.STALLED, State.FAILED} or row["request_id"] is None:
        return False
    if row["charge"] is not Charge.MAYBE:
        return False
    values = CLEARED | {"completed_at": None, "next_attempt_at": rows.now}
    return rows.move(generation_id, State.QUEUED, {row["state"]}, **values)


def fetch_again(rows: Rows, generation_id: str) -> bool:
    """Make a download due now, as a person asked; its failures are counted from zero."""
    row = rows.known(generation_id)
    if row["waiting_for_key"]:
        return False
    again = rows.noted(row, FetchKind.AGAIN, outcome="You asked to fetch again.")
    values = CLEARED | {"next_attempt_at": rows.now, "download_failures": 0, "fetches": again}
    sources = {State.UNDELIVERED, State.DOWNLOADING}
    return rows.move(generation_id, State.DOWNLOADING, sources, **values)


def store_poll(
    rows: Rows,
    generation_id: str,
    job: Job,
    next_attempt_at: datetime,
    *,
    error: str | None,
    advice: str | None,
) -> bool:
    """Store what a poll brought.

    Args:
        rows: of the transaction.
        generation_id: whose job this is.
        job: what the gateway said.
        next_attempt_at: when to poll next, while it is being made.
        error: what to say of a failure; the gateway's own words if not given.
        advice: what to do after a failure.
    """
    if job.status is Status.COMPLETED:
        return _store_completed(rows, generation_id, job)
    if job.status in {Status.FAILED, Status.ERROR}:
        return _store_failed(rows, generation_id, job, error, advice)
    values: dict[str, Any] = {
        "raw": storable(job.raw),
        "polls": generations.c.polls + 1,
        "next_attempt_at": next_attempt_at,
        "error": None,
        "http_status": None,
    }
    if job.status is Status.PROCESSING:
        values["state"] = State.PROCESSING
    return rows.change(generation_id, BEING_MADE, **values)


def store_track(rows: Rows, generation_id: str, new: NewTrack, index: int) -> None:
    """Store a track, unless it is stored, and move to READY when it was the last.

    Args:
        rows: of the transaction.
        generation_id: what it was made for.
        new: the file and what was measured.
        index: its place in `Generation.media_urls`, from 0.
    """
    row = rows.known(generation_id)
    if not rows.has_track(generation_id, index):
        if row["state"] not in {State.DOWNLOADING, State.UNDELIVERED}:
            raise LibraryError("This generation has no music to store.")
        if not 0 <= index < len(row["media_urls"]):
            raise LibraryError("This generation has no such track.")
        values = _track_values(generation_id, new, index, rows.home, rows.now)
        rows.connection.execute(insert(tracks).values(**values))
    rows.finish_if_complete(generation_id, len(row["media_urls"]))


def _store_completed(rows: Rows, generation_id: str, job: Job) -> bool:
    """Move to DOWNLOADING: made and charged. All media URLs are kept; the download is due now."""
    now = rows.now
    row = rows.locked(generation_id)
    if row is None or row["state"] not in POLLABLE:
        return False
    return rows.move(
        generation_id,
        State.DOWNLOADING,
        {row["state"]},
        **CLEARED,
        charge=Charge.YES,
        raw=storable(job.raw),
        polls=generations.c.polls + 1,
        media_urls=[storable_text(url) for url in job.media_urls],
        media_type=job.media_type,
        completed_at=job.completed_at or now,
        made_in_s=made_in_s(job, row["submitted_at"], now),
        waiting_for_key=False,
        next_attempt_at=now,
        download_failures=0,
    )


def _store_failed(
    rows: Rows, generation_id: str, job: Job, error: str | None, advice: str | None
) -> bool:
    """Move to FAILED (may have been charged) or ERROR (not charged), by the job's status."""
    # An ERROR that came as an HTTP error may have been charged.
    free = job.charge is Charge.NO
    values: dict[str, Any] = {
        "charge": Charge.NO if free else Charge.MAYBE,
        "raw": storable(job.raw),
        "polls": generations.c.polls + 1,
        "completed_at": job.completed_at or rows.now,
        "error": error or job.error or "The gateway gave no reason.",
        "advice": advice,
    }
    return rows.move(generation_id, State.ERROR if free else State.FAILED, POLLABLE, **values)


def _track_values(
    generation_id: str, new: NewTrack, index: int, home: Path, now: datetime
) -> dict[str, object]:
    """Return the row of a new track; its path is relative where it is inside the home.

    Args:
        generation_id: what it was made for.
        new: the file and what was measured.
        index: its place in `Generation.media_urls`, from 0.
        home: the library's folder.
        now: the present, aware.
    """
    path = new.path.absolute()
    home = home.absolute()
    return {
        "id": uuid.uuid4().hex,
        "generation_id": generation_id,
        "position": index,
        "path": path.relative_to(home).as_posix() if path.is_relative_to(home) else str(path),
        "file_name": new.file_name,
        "media_type": new.media_type,
        "size_bytes": new.size_bytes,
        "sha256": new.sha256,
        "duration_s": new.duration_s,
        "sample_rate_hz": new.sample_rate_hz,
        "channels": new.channels,
        "peaks": new.peaks,
        "loudness_lufs": new.loudness_lufs,
        "true_peak_dbtp": new.true_peak_dbtp,
        "stored_at": now,
    }


def made_in_s(job: Job, submitted_at: datetime | None, now: datetime) -> float | None:
    """Return how long the gateway took in seconds, or None where the clocks leave it open.

    Its two times may be of different zones (one with a zone and one without), which differ by
    quarters of an hour; and our own clock runs on while the computer sleeps.
    """
    theirs = job.making_s
    ours = None if submitted_at is None else (now - submitted_at).total_seconds()
    if ours is None or ours <= 0:
        return theirs if theirs is not None and theirs < _ZONE_STEP_S else None
    apart_s = ours - (theirs or 0.0)
    same_zone = theirs is not None and (theirs < _ZONE_STEP_S or apart_s <= _CLOCKS_APART_S)
    if same_zone and apart_s >= -_CLOCKS_APART_S:
        return theirs
    return ours if ours < _LONGEST_S else None
