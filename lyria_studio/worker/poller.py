"""Asks the gateway for a job's status, and stores the answer."""

import math
import time

from lyria_core import AuthenticationError, Charge, Job, LyriaError, Status
from lyria_studio.keys import Access
from lyria_studio.library import Library
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State
from lyria_studio.worker import decide
from lyria_studio.worker.deliver import keep_inline, written
from lyria_studio.worker.failpoints import failpoint
from lyria_studio.worker.tools import Tools

_RECENT = 64
_RECENT_FOR_S = 15.0
_POLLABLE = (State.QUEUED, State.PROCESSING, State.STALLED)


class Poller:
    """Polls jobs. Safe to use from many threads."""

    def __init__(self, tools: Tools) -> None:
        """Prepare."""
        self._tools = tools
        self._recent = _Recent(tools.library)
        # The pauses between failed polls of this process, added up, in seconds.
        self._polled_for_s: dict[str, float] = {}

    def poll(self, generation_id: str) -> Generation | None:
        """Ask the gateway for a job's status, and store the answer.

        Returns:
            The generation as it stands now; None if there was nothing to poll.
        """
        generation = self._tools.library.tracks.find(generation_id)
        if generation is None or generation.state not in _POLLABLE:
            return None
        if generation.request_id is None:
            return None
        client = self._tools.clients.gateway(generation)
        if client is None:
            return self._tools.library.jobs.wait_for_key(generation_id)
        try:
            job = client.status(generation.request_id, hide=written(generation))
        except LyriaError as error:
            return self._poll_failed(generation, error)
        failpoint("polled")
        return self.store_answer(generation, job)

    def check_with_key(self, generation_id: str, access: Access) -> Generation | None:
        """Check a job with another key: free, and only when a person asks for it.

        The job belongs to that key from now on, if the gateway knows it by that key.

        Args:
            generation_id: whose job.
            access: the other key; it must be of the same gateway.

        Returns:
            The generation as it stands now; None if there is no job to ask for.

        Raises:
            LyriaError: the gateway does not know the job by this key, or did not answer.
        """
        generation = self._tools.library.tracks.find(generation_id)
        if generation is None or generation.request_id is None:
            return None
        if (access.gateway, access.base_url) != (generation.gateway, generation.base_url):
            raise AuthenticationError(
                "This order was placed at another gateway. The key in use cannot check it.",
                advice="Enter a key for that gateway in Settings.",
            )
        client = self._tools.clients.of_access(access)
        job = client.status(generation.request_id, hide=written(generation))
        self._tools.library.jobs.bind_key(generation_id, access.fingerprint, access.source)
        bound = self._tools.library.tracks.generation(generation_id)
        if bound.state in _POLLABLE:
            return self.store_answer(bound, job) or bound
        if bound.state is State.FAILED:
            self._tools.library.jobs.poll_again(generation_id)
        else:
            self._tools.library.jobs.retry_download(generation_id)
        return self._tools.library.tracks.find(generation_id)

    def first_poll_s(self, generation: Generation) -> float:
        """Return the seconds until the first poll of a job that the gateway has just taken."""
        return self._next_poll_s(generation, polls=0)

    def store_answer(self, generation: Generation, job: Job) -> Generation | None:
        """Store the gateway's answer about a job.

        Returns:
            The generation as it stands now.
        """
        if job.status in (Status.FAILED, Status.ERROR):
            self._polled_for_s.pop(generation.id, None)
            return self._failed(generation, job)
        if job.status is Status.COMPLETED and job.media_urls:
            self._polled_for_s.pop(generation.id, None)
            keep_inline(
                self._tools.clients.media(generation), job, self._tools.tracks / generation.id
            )
            return self._tools.library.jobs.observed(generation.id, job)
        if generation.state is State.STALLED:
            return generation
        pause_s = self._next_poll_s(generation, generation.polls + 1)
        if self._is_stalled(generation, pause_s):
            if job.status is not Status.UNKNOWN:
                return self._tools.library.jobs.stalled(generation.id)
            return self._tools.library.jobs.stalled(
                generation.id,
                error=f"{_quoted_status(job)} Nobody knows whether it may be charged.",
            )
        if job.status is Status.COMPLETED:
            # Finished without a file to fetch: it may come with a later answer.
            return self._tools.library.jobs.poll_failed(
                generation.id,
                self._tools.time_in(pause_s),
                error="The gateway says that the music is made but not yet where it is.",
            )
        if job.status is Status.UNKNOWN:
            return self._tools.library.jobs.poll_failed(
                generation.id, self._tools.time_in(pause_s), error=_quoted_status(job)
            )
        return self._tools.library.jobs.observed(
            generation.id, job, next_attempt_at=self._tools.time_in(pause_s)
        )

    def _failed(self, generation: Generation, job: Job) -> Generation | None:
        free = job.charge is Charge.NO
        words = " ".join((job.error or "").split())[:300].rstrip(". ") or "it gave no reason"
        return self._tools.library.jobs.observed(
            generation.id,
            job,
            error=f"The gateway could not make the track ({words}); "
            + ("nothing was charged." if free else "it may have been charged."),
            advice="Change the prompt or try again later; a new try is a new order."
            if free
            else "Check again: that is free. A new try is a new order.",
        )

    def _poll_failed(self, generation: Generation, error: LyriaError) -> Generation | None:
        if generation.state is State.STALLED:
            return generation
        usual_s = self._next_poll_s(generation, generation.polls + 1)
        pause_s = decide.after_failed_poll_s(self._tools.timing, error, usual_s)
        if self._is_stalled(generation, pause_s):
            return self._tools.library.jobs.stalled(
                generation.id,
                error=f"Nobody knows yet whether it was made, so it may be charged. {error}",
                advice="Check again later; that is free.",
                http_status=error.http_status,
            )
        return self._tools.library.jobs.poll_failed(
            generation.id,
            self._tools.time_in(pause_s),
            error=str(error),
            http_status=error.http_status,
        )

    def _is_stalled(self, generation: Generation, pause_s: float) -> bool:
        """Return whether this failed poll was the last one, and count the pause after it."""
        polled_for_s = self._polled_for_s.pop(generation.id, 0.0)
        if decide.is_stalled(self._tools.timing, polled_for_s):
            return True
        self._polled_for_s[generation.id] = polled_for_s + pause_s
        return False

    def _next_poll_s(self, generation: Generation, polls: int) -> float:
        recent_s = self._recent.durations(generation.model_id, generation.gateway)
        begun = generation.submitted_at or generation.created_at
        elapsed_s = (self._tools.library.now() - begun).total_seconds()
        called_back = generation.webhook and self._recent.callbacks_arrive()
        return decide.next_poll_s(
            self._tools.timing,
            elapsed_s if polls else 0.0,
            polls,
            recent_s,
            called_back,
            self._tools.rng,
        )


class _Recent:
    """What the latest jobs show, read from the library every few seconds."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._durations: dict[tuple[str, str], tuple[float, list[float]]] = {}
        self._callbacks = (-math.inf, False)

    def durations(self, model_id: str, gateway: str) -> list[float]:
        """List how long they took in seconds, the newest last."""
        now = time.monotonic()
        read_at, recent_s = self._durations.get((model_id, gateway), (-math.inf, []))
        if now - read_at > _RECENT_FOR_S:
            newest_first = self._library.tracks.recent_durations(model_id, gateway, _RECENT)
            recent_s = newest_first[::-1]
            self._durations[model_id, gateway] = (now, recent_s)
        return recent_s

    def callbacks_arrive(self) -> bool:
        """Return whether the newest job that asked for callbacks got one."""
        now = time.monotonic()
        read_at, arrive = self._callbacks
        if now - read_at > _RECENT_FOR_S:
            arrive = bool(self._library.jobs.callbacks.arrive())
            self._callbacks = (now, arrive)
        return arrive


def _quoted_status(job: Job) -> str:
    return f"The gateway says “{job.raw_status}”."
