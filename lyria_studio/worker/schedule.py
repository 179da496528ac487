"""Which generation gets which kind of work next: plain bookkeeping, without clock or threads."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple

from lyria_studio.model.generation import Due, Generation
from lyria_studio.model.states import State
from lyria_studio.worker.agenda import Agenda
from lyria_studio.worker.submit_rate import SubmitRate

_FAR_S = 3600.0


class Kind(StrEnum):
    """The next action on a generation; each kind has its own threads."""

    SUBMIT = "submit"
    POLL = "poll"
    DELIVER = "deliver"


KINDS = {
    State.INTENDED: Kind.SUBMIT,
    State.QUEUED: Kind.POLL,
    State.PROCESSING: Kind.POLL,
    State.STALLED: Kind.POLL,
    State.DOWNLOADING: Kind.DELIVER,
}
"""What the worker does to a generation in each state; nothing in the others."""


class Place(NamedTuple):
    """A queue: one for each kind of work, and for submits one for each gateway.

    Only submits are paced, and every gateway has its own pace.
    """

    kind: Kind
    gateway: str = ""


def place_of(generation: Generation | Due) -> Place | None:
    """Return the queue that a generation belongs into; None if there is nothing to do."""
    kind = KINDS.get(generation.state)
    if kind is None:
        return None
    return Place(kind, gateway_of(generation) if kind is Kind.SUBMIT else "")


def gateway_of(generation: Generation | Due) -> str:
    """Return what identifies a gateway: the sandbox is one, wherever it runs today."""
    return "sandbox" if generation.gateway == "sandbox" else generation.base_url


class Schedule:
    """The queues, and what is in progress. Times are seconds on one clock. Not thread-safe."""

    def __init__(self, least_s: float, pace: Callable[[], SubmitRate] = SubmitRate) -> None:
        """Start empty.

        Args:
            least_s: shortest pause between the beginnings of two polls of one generation.
            pace: makes the pace of submits for one gateway.
        """
        self._least_s = least_s
        self._make_pace = pace
        self._paces: dict[str, SubmitRate] = {}
        self._agendas: dict[Place, Agenda] = {}
        self._places: dict[str, Place] = {}
        self._running: set[str] = set()
        self._missed: set[str] = set()
        self._batches: dict[str, str] = {}
        self._sending: set[str] = set()
        # Due submits of a batch of which one is on its way.
        self._behind: dict[str, dict[str, tuple[Place, float]]] = {}
        self._polled_at: dict[str, float] = {}

    def __len__(self) -> int:
        return sum(len(agenda) for agenda in self._agendas.values())

    def place(self, generation_id: str) -> Place | None:
        """Return the queue that a generation is in."""
        return self._places.get(generation_id)

    def put(
        self, generation_id: str, place: Place, at: float, *, batch: str = "", again: bool = False
    ) -> bool:
        """Let a generation be worked on at a time, or sooner if it was planned so already.

        Args:
            generation_id: which one.
            place: the queue it waits in.
            at: when it is due.
            batch: whose submits leave one after the other: the first refusal may end it.
            again: whether it may be looked at again without the shortest pause.

        Returns:
            False if it is being worked on right now; then `done` will tell of this.
        """
        if generation_id in self._running:
            self._missed.add(generation_id)
            return False
        if place.kind is Kind.POLL and generation_id in self._polled_at and not again:
            at = max(at, self._polled_at[generation_id] + self._least_s)
        before = self._places.get(generation_id)
        if before is not None and before != place:
            self._agendas[before].discard(generation_id)
        self._places[generation_id] = place
        if place.kind is Kind.SUBMIT and batch:
            self._batches[generation_id] = batch
        self._agendas.setdefault(place, Agenda()).put_if_sooner(generation_id, at)
        return True

    def forget(self, generation_id: str) -> None:
        """There is nothing more to do for a generation."""
        self._polled_at.pop(generation_id, None)
        if generation_id not in self._running:
            self._batches.pop(generation_id, None)
        place = self._places.pop(generation_id, None)
        if place is not None:
            self._agendas[place].discard(generation_id)

    def take(self, now: float, free: Mapping[Kind, int]) -> tuple[list[tuple[Kind, str]], float]:
        """Take out what is due and has a thread to run on.

        Args:
            now: the time.
            free: how many threads of each kind have nothing to do.

        Returns:
            What to run now, to be ended with `done`; and the seconds until it is worth asking
            again even if nothing happens.
        """
        left = dict(free)
        ready: list[tuple[Kind, str]] = []
        wait_s = _FAR_S
        for place, agenda in self._agendas.items():
            while (at := agenda.next_at()) is not None and left[place.kind] > 0:
                if at > now:
                    wait_s = min(wait_s, at - now)
                    break
                if place.kind is Kind.SUBMIT:
                    pace = self.pace(place.gateway)
                    if (pause_s := pace.wait(now)) > 0:
                        wait_s = min(wait_s, pause_s)
                        break
                generation_id = agenda.pop_due(now)
                assert generation_id is not None  # noqa: S101  # it was due before
                if place.kind is Kind.SUBMIT:
                    batch = self._batches.get(generation_id, generation_id)
                    if batch in self._sending:
                        self._behind.setdefault(batch, {})[generation_id] = (place, at)
                        continue
                    self._sending.add(batch)
                    pace.take(now)
                left[place.kind] -= 1
                self._running.add(generation_id)
                if place.kind is Kind.POLL:
                    self._polled_at[generation_id] = now
                ready.append((place.kind, generation_id))
        return ready, wait_s

    def done(self, generation_id: str) -> bool:
        """Work on a generation ended.

        Returns:
            Whether it was to be planned while it was worked on, so that its row has to be read
            again: what the work left there may be older.
        """
        self._running.discard(generation_id)
        batch = self._batches.pop(generation_id, generation_id)
        if batch in self._sending:
            self._sending.discard(batch)
            for other, (place, at) in self._behind.pop(batch, {}).items():
                if self._places.get(other) == place:
                    self._agendas[place].put_if_sooner(other, at)
        missed = generation_id in self._missed
        self._missed.discard(generation_id)
        return missed

    def pace(self, gateway: str) -> SubmitRate:
        """Return the pace of submits to a gateway."""
        if gateway not in self._paces:
            self._paces[gateway] = self._make_pace()
        return self._paces[gateway]
