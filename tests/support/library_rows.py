"""Generations in any state, made only through the library's public methods."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from lyria_core import Job, MusicRequest, parse_job
from lyria_studio.audio import measure
from lyria_studio.library import Library
from lyria_studio.model.generation import (
    Generation,
    NewGeneration,
    NewTrack,
    new_intent_id,
    take_ids,
)
from lyria_studio.model.states import State

BASE_URL = "https://gateway.example"
START = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


def takes(
    count: int = 1,
    *,
    model: str = "lyria-3",
    prompt: str = "Calm folk, 90 BPM.",
    gateway: str = "live",
    base_url: str = BASE_URL,
    session_id: str | None = None,
    form_id: str | None = None,
    fingerprint: str = "f" * 32,
    **request: Any,
) -> list[NewGeneration]:
    """The takes of one click."""
    form_id = form_id or new_intent_id()
    return [
        NewGeneration(
            id=take_id,
            request=MusicRequest(model, prompt, **request),
            access_gateway=gateway,
            base_url=base_url,
            key_fingerprint=fingerprint,
            batch_id=form_id,
            take=take,
            takes=count,
            session_id=session_id,
        )
        for take, take_id in enumerate(take_ids(form_id, count), start=1)
    ]


def job(request_id: str, status: str = "PROCESSING", **fields: Any) -> Job:
    """A job as the gateway's JSON gives it."""
    payload: dict[str, Any] = {"request_id": request_id, "status": status, **fields}
    if status == "COMPLETED" and "output" not in fields:
        payload["output"] = {
            "media_url": [f"https://media.example/v1/{request_id}/output.mpeg"],
            "media_type": "audio/mpeg",
        }
    return parse_job(payload)


def track(path: Path, size: int = 3) -> NewTrack:
    """A track as it was measured."""
    return NewTrack(
        path=path,
        file_name=path.name,
        media_type="audio/mpeg",
        size_bytes=size,
        sha256="0" * 64,
        duration_s=30.5,
        sample_rate_hz=44_100,
        channels=2,
        peaks=b"\x00\xff" * 1000,
        loudness_lufs=-14.0,
        true_peak_dbtp=-1.0,
    )


def request_id_of(generation_id: str, model: str = "lyria-3") -> str:
    """The request id that the helpers below let the gateway give."""
    return f"{model}_{generation_id.replace('_', '-')}"


def in_state(library: Library, state: State, **order: Any) -> Generation:
    """A fresh generation, led to `state` by the steps that lead there in real life."""
    (one,) = library.jobs.order(takes(**order))
    library_step = _STEPS[state]
    library_step(library, one.id)
    found = library.tracks.generation(one.id)
    assert found.state is state
    return found


def _claim(library: Library, one: str) -> None:
    assert library.jobs.claim_for_submit(one)


def _queue(library: Library, one: str) -> None:
    _claim(library, one)
    model = library.tracks.generation(one).model_id
    assert library.jobs.accepted(one, request_id_of(one, model))


def _observe(status: str, **fields: Any) -> Callable[[Library, str], None]:
    def step(library: Library, one: str) -> None:
        _queue(library, one)
        model = library.tracks.generation(one).model_id
        assert library.jobs.observed(one, job(request_id_of(one, model), status, **fields))

    return step


def _shelve(library: Library, one: str) -> None:
    _STEPS[State.DOWNLOADING](library, one)
    library.jobs.track_stored(one, track(library.home / "tracks" / one / "output.mpeg"))


def _refuse(library: Library, one: str) -> None:
    _claim(library, one)
    assert library.jobs.refused(one, error="Refused.", http_status=400)


def _lose(library: Library, one: str) -> None:
    _claim(library, one)
    assert library.jobs.unknown(one, error="No answer came back.")


def _stall(library: Library, one: str) -> None:
    _queue(library, one)
    assert library.jobs.stalled(one)


def _give_up(library: Library, one: str) -> None:
    _STEPS[State.DOWNLOADING](library, one)
    assert library.jobs.download_failed(one, error="The host does not answer.")


def _cancel(library: Library, one: str) -> None:
    assert library.jobs.cancel(one)


_STEPS: dict[State, Callable[[Library, str], None]] = {
    State.INTENDED: lambda library, one: None,
    State.SUBMITTING: _claim,
    State.QUEUED: _queue,
    State.PROCESSING: _observe("PROCESSING"),
    State.DOWNLOADING: _observe("COMPLETED"),
    State.READY: _shelve,
    State.REFUSED: _refuse,
    State.FAILED: _observe("FAILED", error="The model failed."),
    State.ERROR: _observe("ERROR", error="The system failed."),
    State.UNKNOWN: _lose,
    State.CANCELLED: _cancel,
    State.STALLED: _stall,
    State.UNDELIVERED: _give_up,
}


def measured_track(path: Path) -> NewTrack:
    """A file of sound as the worker shelves it."""
    found = measure(path)
    return NewTrack(
        path=path,
        file_name=path.name,
        media_type="audio/mpeg",
        size_bytes=path.stat().st_size,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        duration_s=found.duration_s,
        sample_rate_hz=found.sample_rate_hz,
        channels=found.channels,
        peaks=found.peaks,
        loudness_lufs=found.loudness_lufs,
        true_peak_dbtp=found.true_peak_dbtp,
    )
