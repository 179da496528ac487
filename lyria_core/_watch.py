"""Polls a job until it ends, however badly the gateway answers."""

from __future__ import annotations

import random
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lyria_core._catalogue import model_of_request_id
from lyria_core._errors import RateLimited, StatusUnavailable, WaitTimeout
from lyria_core._job import Job
from lyria_core._polling import SHORTEST_S, next_look
from lyria_core._redact import Redactor

_MOST_REMEMBERED = 4096
_MOST_RECENT = 64
# A gateway that asks for an hour of silence is asked again after a minute.
_LONGEST_ASKED_S = 60.0
# The last poll before the deadline leaves so much time for its answer.
_LAST_POLL_S = 2.0
_LARGEST_AGE_S = 86_400.0


@dataclass
class _Known:
    """What is remembered of a job."""

    redactor: Redactor | None = field(default=None, repr=False)
    submitted: float | None = None
    slot: float = float("-inf")
    ended: bool = False


class Memory:
    """What a client remembers of its jobs: bounded, and shared by its threads.

    Args:
        clock: Monotonic time in seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._guard = threading.Lock()
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._recent: dict[str, deque[float]] = {}

    def submitted(self, request_id: str, redactor: Redactor) -> None:
        """Remember that a job was just taken, and what its messages must not repeat."""
        with self._guard:
            known = self._of(request_id)
            known.redactor = redactor
            known.submitted = known.slot = self._clock()

    def redactor(self, request_id: str) -> Redactor | None:
        """Return what hides the prompt of a job that was submitted by this client."""
        with self._guard:
            known = self._known.get(request_id)
            return None if known is None else known.redactor

    def conceal(self, request_id: str, redactor: Redactor) -> None:
        """Remember what the messages about a job must not repeat, unless it is known."""
        with self._guard:
            known = self._of(request_id)
            known.redactor = known.redactor or redactor

    def submitted_at(self, request_id: str) -> float | None:
        """Return when this client submitted the job, by the clock."""
        with self._guard:
            known = self._known.get(request_id)
            return None if known is None else known.submitted

    def polled(self, request_id: str) -> None:
        """Remember that a job is polled now."""
        with self._guard:
            known = self._of(request_id)
            known.slot = max(known.slot, self._clock())

    def take_slot(self, request_id: str) -> float:
        """Reserve the next poll and return the seconds until it.

        However many threads watch a job, their polls are at least 2 s apart.
        """
        with self._guard:
            known = self._of(request_id)
            now = self._clock()
            known.slot = max(now, known.slot + SHORTEST_S)
            return known.slot - now

    def ended(self, job: Job) -> None:
        """Learn from a job that ended how long its model takes; once for each job."""
        with self._guard:
            known = self._of(job.request_id)
            if known.ended or job.model_id is None or job.making_s is None:
                return
            known.ended = True
            self._recent.setdefault(job.model_id, deque(maxlen=_MOST_RECENT)).append(job.making_s)

    def recent(self, model_id: str | None) -> tuple[float, ...]:
        """Return how long the latest jobs of a model took, in seconds."""
        with self._guard:
            return tuple(self._recent.get(model_id or "", ()))

    def _of(self, request_id: str) -> _Known:
        known = self._known.setdefault(request_id, _Known())
        self._known.move_to_end(request_id)
        while len(self._known) > _MOST_REMEMBERED:
            self._known.popitem(last=False)
        return known


@dataclass(frozen=True)
class Watcher:
    """Polls jobs at the right times.

    Attributes:
        poll: Returns a job's state within so many seconds, or raises a ``LyriaError``.
        memory: What the client remembers.
        clock: Monotonic time in seconds.
        sleep: Waits some seconds.
        now: The time of day (aware).
        rng: Source of jitter.
    """

    poll: Callable[[str, float], Job]
    memory: Memory
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    now: Callable[[], datetime]
    rng: random.Random

    def watch(
        self, request_id: str, timeout: float, recent_s: Sequence[float] | None
    ) -> Iterator[Job]:
        """Yield a job at every change until it ends.

        Args:
            request_id: The checked id of the job.
            timeout: Seconds to watch.
            recent_s: Seconds that this model's latest jobs took; ``None``: as remembered.

        Raises:
            WaitTimeout: At the deadline.
        """
        recent = tuple(
            self.memory.recent(model_of_request_id(request_id)) if recent_s is None else recent_s
        )
        started = self.clock()
        deadline = started + timeout
        born = self.memory.submitted_at(request_id)
        polls, asked = 0, 0.0
        last: Job | None = None
        while self._sleep_until_poll(request_id, born, polls, asked, recent, deadline):
            polls += 1
            asked = 0.0
            try:
                job = self.poll(request_id, deadline - self.clock())
            except (StatusUnavailable, RateLimited) as error:
                asked = min(error.retry_after or 0.0, _LONGEST_ASKED_S)
                born = started if born is None else born
                continue
            if born is None:
                born = self.clock() - self._age(job)
            changed = last is None or _visible(job) != _visible(last)
            last = job
            if job.status.terminal:
                self.memory.ended(job)
            if changed:
                yield job
            if job.status.terminal:
                return
        seen = "" if last or not polls else " and the gateway gave no usable answer"
        raise WaitTimeout(
            f"The track was not finished within {timeout:g} s{seen}, but it did not fail: "
            "the gateway may still be working on it.",
            request_id=request_id,
            job=last,
        )

    def _sleep_until_poll(
        self,
        request_id: str,
        born: float | None,
        polls: int,
        asked: float,
        recent: tuple[float, ...],
        deadline: float,
    ) -> bool:
        """Wait for the next poll; return ``False`` if there is no time for another one."""
        now = self.clock()
        left = deadline - now
        # A job of unknown age may have ended long ago: poll at once.
        due = 0.0 if born is None else next_look(now - born, polls, recent, self.rng)
        pause = max(due, asked)
        latest = left - min(_LAST_POLL_S, left / 2)
        if pause > latest:
            # One last poll just before the deadline, unless that would be too soon.
            pause = latest
            if pause < max(asked, SHORTEST_S if polls else 0.0):
                return False
        self.sleep(pause)
        more = self.memory.take_slot(request_id)
        if self.clock() + more >= deadline:
            return False
        if more > 0:
            self.sleep(more)
        return True

    def _age(self, job: Job) -> float:
        """Return how old a job is that was submitted elsewhere; a wrong clock gives 0."""
        if job.created_at is None:
            return 0.0
        age = (self.now() - job.created_at).total_seconds()
        return age if 0 <= age <= _LARGEST_AGE_S else 0.0


def _visible(job: Job) -> tuple[object, ...]:
    return (job.raw_status, job.media_urls, job.error)
