"""Asks the gateway how a job stands, and stores the answer."""

import math
import random
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lyria_core import AuthenticationError, Charge, Job, LyriaError, Status
from lyria_studio.library import Library
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State
from lyria_studio.worker import decide
from lyria_studio.worker.clients import Clients
from lyria_studio.worker.deliver import keep_inline, written
from lyria_studio.worker.failpoints import failpoint

_RECENT = 64
_RECENT_FOR_S = 15.0
_LOOKABLE = (State.QUEUED, State.PROCESSING, State.STALLED)


class Looks:
    """Looks at jobs. Safe to use from many threads."""

    def __init__(
        self,
        library: Library,
        clients: Clients,
        tracks: Path,
        timing: decide.Timing,
        rng: random.Random,
    ) -> None:
        """Prepare.

        Args:
            library: where the rows are.
            clients: the gateways' clients, by key.
            tracks: folder with one folder for each generation.
            timing: how patient to be.
            rng: for jitter.
        """
        self._library = library
        self._clients = clients
        self._tracks = tracks
        self._timing = timing
        self._rng = rng
        self._recent = _Recent(library)

    def look(self, generation_id: str) -> Generation | None:
        """Ask the gateway how a job stands, and store the answer.

        Returns:
            The generation as it stands now; None if there was nothing to look at.
        """
        generation = self._library.tracks.find(generation_id)
        if generation is None or generation.state not in _LOOKABLE:
            return None
        if generation.request_id is None:
            return None
        client = self._clients.gateway(generation)
        if client is None:
            return self._library.jobs.wait_for_key(generation_id)
        try:
            job = client.status(generation.request_id, hide=written(generation))
        except LyriaError as error:
            return self._look_failed(generation, error)
        failpoint("looked")
        return self.seen(generation, job)

    def first_look_s(self, generation: Generation) -> float:
        """Return the seconds until the first look at a job that the gateway has just taken."""
        return self._next_look_s(generation, elapsed_s=0.0, looks=0)

    def seen(self, generation: Generation, job: Job) -> Generation | None:
        """Store what the gateway says about a job.

        Returns:
            The generation as it stands now.
        """
        elapsed_s = _since(generation)
        # Finished without a file to fetch: it may come with a later answer.
        unfinished = not job.status.terminal or (
            job.status is Status.COMPLETED and not job.media_urls
        )
        if job.status in (Status.FAILED, Status.ERROR):
            return self._failed(generation, job)
        if not unfinished:
            keep_inline(self._clients.media(generation), job, self._tracks / generation.id)
            return self._library.jobs.observed(generation.id, job)
        if generation.state is State.STALLED:
            return generation
        if decide.is_stalled(self._timing, elapsed_s):
            if job.status is not Status.UNKNOWN:
                return self._library.jobs.stalled(generation.id)
            return self._library.jobs.stalled(
                generation.id, error=f"{_says(job)} Nobody knows whether it may be charged."
            )
        pause_s = self._next_look_s(generation, elapsed_s, generation.looks + 1)
        if job.status is Status.COMPLETED:
            return self._library.jobs.look_failed(
                generation.id,
                _in(pause_s),
                error="The gateway says that the music is made but not yet where it is.",
            )
        if job.status is Status.UNKNOWN:
            return self._library.jobs.look_failed(generation.id, _in(pause_s), error=_says(job))
        return self._library.jobs.observed(generation.id, job, next_attempt_at=_in(pause_s))

    def _failed(self, generation: Generation, job: Job) -> Generation | None:
        free = job.charge is Charge.NO
        words = " ".join((job.error or "").split())[:300].rstrip(". ") or "it gave no reason"
        return self._library.jobs.observed(
            generation.id,
            job,
            error=f"The gateway could not make the track ({words}); "
            + ("nothing was charged." if free else "it may have been charged."),
            advice="Change the prompt or try again later; a new try is a new order."
            if free
            else "Check again: that is free. A new try is a new order.",
        )

    def _look_failed(self, generation: Generation, error: LyriaError) -> Generation | None:
        elapsed_s = _since(generation)
        if generation.state is State.STALLED:
            return generation
        if decide.is_stalled(self._timing, elapsed_s):
            asking = isinstance(error, AuthenticationError)
            return self._library.jobs.stalled(
                generation.id,
                error=f"Nobody knows yet whether it was made, so it may be charged. {error}",
                advice=error.advice if asking else "Look again later: this costs nothing.",
                http_status=error.http_status,
            )
        usual_s = self._next_look_s(generation, elapsed_s, generation.looks + 1)
        pause_s = decide.after_failed_look_s(self._timing, error, usual_s)
        return self._library.jobs.look_failed(
            generation.id, _in(pause_s), error=str(error), http_status=error.http_status
        )

    def _next_look_s(self, generation: Generation, elapsed_s: float, looks: int) -> float:
        recent_s = self._recent.of(generation.model_id, generation.gateway)
        return decide.next_look_s(
            self._timing, elapsed_s, looks, recent_s, generation.webhook, self._rng
        )


class _Recent:
    """How long the latest jobs took, the newest last; read from the library once in a while."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: dict[tuple[str, str], tuple[float, list[float]]] = {}

    def of(self, model_id: str, gateway: str) -> list[float]:
        now = time.monotonic()
        read_at, recent_s = self._known.get((model_id, gateway), (-math.inf, []))
        if now - read_at > _RECENT_FOR_S:
            newest_first = self._library.tracks.recent_durations(model_id, gateway, _RECENT)
            recent_s = newest_first[::-1]
            self._known[model_id, gateway] = (now, recent_s)
        return recent_s


def _says(job: Job) -> str:
    return f"The gateway says “{job.raw_status}”."


def _in(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def _since(generation: Generation) -> float:
    begun = generation.submitted_at or generation.created_at
    return (datetime.now(UTC) - begun).total_seconds()
