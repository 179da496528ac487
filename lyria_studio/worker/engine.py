"""The worker: one thread that knows what is due, and a few that do it."""

import functools
import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from lyria_core import Webhook
from lyria_studio.events import Events
from lyria_studio.keys import Access, KeyRing
from lyria_studio.library import Library
from lyria_studio.model.generation import Due, Generation
from lyria_studio.model.states import State
from lyria_studio.settings import Settings
from lyria_studio.worker.action_threads import ActionThreads
from lyria_studio.worker.actions import Actions
from lyria_studio.worker.clients import Clients, StoppingError
from lyria_studio.worker.day_clock import DayClock
from lyria_studio.worker.decide import Timing
from lyria_studio.worker.levels import Levels
from lyria_studio.worker.news import News
from lyria_studio.worker.rescue import Rescue
from lyria_studio.worker.schedule import Kind, Place, Schedule, gateway_of, place_of
from lyria_studio.worker.submit_rate import SubmitRate
from lyria_studio.worker.tidy import tidy_copies, tidy_tracks
from lyria_studio.worker.worker_lock import WorkerLock

log = logging.getLogger(__name__)

# Together 32: a slow media host keeps nobody from submitting, nor a slow gateway from fetching.
_THREADS = {Kind.SUBMIT: 8, Kind.POLL: 16, Kind.DELIVER: 8}

_RESYNC_S = 5.0
_STAND_BY_S = 1.0
_TROUBLE_PAUSE_S = 30.0
_MOST_DUE = 100_000
_EVER = datetime.max.replace(tzinfo=UTC)
_CLOCK_SET_S = 2.0
_BACKSTOP_DAYS = 7


class Worker:
    """Takes generations from the intent to the finished track. Safe to use from many threads.

    The library is the only truth; what is kept here can be lost at any instant.
    """

    def __init__(
        self,
        library: Library,
        keyring: KeyRing,
        settings: Settings,
        events: Events,
        *,
        webhook_for: Callable[[Generation], Webhook | None] = lambda _: None,
        pace: Callable[[], SubmitRate] = SubmitRate,
        timing: Timing | None = None,
    ) -> None:
        """Prepare; nothing runs before `start`.

        Args:
            library: where the generations are.
            keyring: the keys that are in memory.
            settings: where the home is.
            events: told of every change.
            webhook_for: where the gateway shall call back about a generation; None: nowhere.
            pace: makes the pace of submits for one gateway.
            timing: how patient to be.
        """
        self._library = library
        self._news = News(events)
        self._tracks = settings.home / "tracks"
        self._copies = settings.home / "copies"
        self._rescue = Rescue(settings.home)
        self._worker_lock = WorkerLock(settings.home)
        self._timing = timing or Timing()
        self._clock = DayClock(library.now, self._timing)
        self._stopping = threading.Event()
        self._clients = Clients(keyring, self._stopping)
        self._levels = Levels(library, events, self._stopping)
        self._actions = Actions(
            library,
            self._clients,
            self._rescue,
            self._tracks,
            webhook_for=webhook_for,
            after_submit=self._after_submit,
            timing=self._timing,
            stopping=self._stopping,
        )
        self._do: dict[Kind, Callable[[str, Generation | None], Generation | None]] = {
            Kind.SUBMIT: self._actions.submit,
            Kind.POLL: lambda generation_id, _: self._actions.poll(generation_id),
            Kind.DELIVER: self._actions.deliver,
        }
        self._threads = {
            kind: ActionThreads(f"lyria-{kind}", size) for kind, size in _THREADS.items()
        }
        self._thread = threading.Thread(target=self._run, name="lyria-worker", daemon=True)
        # Everything below may be used only while holding this condition.
        self._changed = threading.Condition()
        self._schedule = Schedule(self._timing.least_s, pace)
        # Rows as they were planned, for work whose input never changes; whether it may still be
        # done is decided by the compare-and-set in the library.
        self._rows: dict[str, Generation] = {}
        self._stale = True
        self._started = False
        self._recovered = False

    # ---- life ------------------------------------------------------------------------------

    def start(self) -> None:
        """Continue everything that is unfinished. Does nothing if it was started before.

        While another process works on the same library, this one stands by: that one sees what is
        ordered here within seconds, and when it ends, this one takes over.
        """
        with self._changed:
            if self._started:
                return
            self._started = True
        if self._worker_lock.take():
            self._recover()
            self._recovered = True
        else:
            log.warning("Another process works on this library; this one stands by.")
        self._thread.start()

    def stop(self, timeout: float = 5.0) -> bool:
        """Begin nothing more and wait for what runs. It cannot be started again.

        What is cut off is found at the next start: nothing is lost and nothing is sent twice, but
        an order whose POST is on its way has an unknown outcome then.

        Args:
            timeout: seconds to wait.

        Returns:
            Whether everything ended in time.
        """
        deadline = time.monotonic() + timeout
        self._stopping.set()
        with self._changed:
            self._started = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout)
        # Submits first: their outcome cannot be asked for again.
        ended = [self._threads[kind].close(deadline) for kind in Kind]
        self._clients.close()
        self._worker_lock.release()
        return all(ended)

    @property
    def running(self) -> bool:
        """Whether it was started and not stopped."""
        return self._thread.is_alive() and not self._stopping.is_set()

    # ---- notifications ----------------------------------------------------------------------

    def wake(self, ordered: Sequence[Generation] = ()) -> None:
        """Act on what is due now: an order, a poll or a download asked for.

        Args:
            ordered: what was stored just now; without it the library is asked what is due.
        """
        with self._changed:
            if self._recovered and ordered:
                for generation in ordered:
                    self._plan(generation)
            else:
                self._stale = True
            self._changed.notify()

    def forget_key(self, access: Access) -> None:
        """Let go of the client that holds a key."""
        self._clients.forget(access)

    def check_with_key(self, generation_id: str, access: Access) -> None:
        """Check a job with another key than its own; see `Poller.check_with_key`."""
        self._news.tell(self._actions.check_with_key(generation_id, access))
        self.wake()

    def callback(self, generation_id: str, request_id: str) -> bool:
        """Take in a callback of the gateway, whose token was checked: a hint to poll now.

        Args:
            generation_id: what the callback's address names.
            request_id: what its body names.

        Returns:
            Whether there was anything to poll.
        """
        generation = self._library.jobs.callbacks.received(generation_id, request_id)
        if generation is None:
            return False
        self._news.tell(generation)
        with self._changed:
            self._plan(generation, again=generation.gateway == "sandbox")
            self._changed.notify()
        return True

    def _recover(self) -> None:
        self._tracks.mkdir(parents=True, exist_ok=True)
        for generation_id in self._library.jobs.interrupted():
            self._news.tell(self._library.tracks.find(generation_id))
        for generation_id, request_id in self._rescue.kept():
            self._news.tell(self._library.jobs.callbacks.received(generation_id, request_id))
        self._rescue.clear()
        tidy_tracks(self._library, self._tracks)
        tidy_copies(self._copies)
        self._threads[Kind.DELIVER].run(self._levels.resume)
        self._take_up()

    def _take_up(self) -> None:
        """Plan everything that is unfinished, even if the clock was changed since.

        A poll of what stalled is due at once: much time may have passed.
        """
        stalled = self._library.tracks.page(limit=1000, state=State.STALLED).items
        unfinished = self._actions.keyed(self._library.jobs.due(_EVER, _MOST_DUE))
        with self._changed:
            for due in unfinished:
                self._plan_due(due)
            for generation in stalled:
                self._schedule.put(generation.id, Place(Kind.POLL), time.monotonic())

    def _run(self) -> None:
        self._stand_by()
        synced = time.monotonic()
        while not self._stopping.is_set():
            try:
                with self._changed:
                    stale, self._stale = self._stale, False
                if self._clock.was_set():
                    log.warning("The clock was set or the computer slept: every job is checked.")
                    self._take_up()
                elif stale or time.monotonic() - synced > _RESYNC_S:
                    synced = time.monotonic()
                    self._sync()
                with self._changed:
                    wait_s = self._dispatch()
                    if not self._stale and not self._stopping.is_set():
                        self._changed.wait(min(wait_s, _RESYNC_S))
            except Exception:
                log.exception("The worker's scheduler met a failure and goes on.")
                self._stale = True
                self._stopping.wait(1.0)

    def _stand_by(self) -> None:
        """Wait until no other process works on this library; then take over what it left."""
        alone = self._recovered
        while not alone and not self._stopping.wait(_STAND_BY_S):
            try:
                if self._worker_lock.take():
                    self._recover()
                    alone = True
            except Exception:
                log.exception("The worker could not take over and tries again.")

    def _sync(self) -> None:
        """Take in what is due in the library and not known here."""
        for due in self._library.jobs.due(limit=_MOST_DUE):
            with self._changed:
                self._plan_due(due)

    def _dispatch(self) -> float:
        """Give what is due to free threads; return the seconds until the next try."""
        free = {kind: threads.free for kind, threads in self._threads.items()}
        ready, wait_s = self._schedule.take(time.monotonic(), free)
        for kind, generation_id in ready:
            row = self._rows.pop(generation_id, None)
            self._threads[kind].run(functools.partial(self._act, kind, generation_id, row))
        return wait_s

    def _act(self, kind: Kind, generation_id: str, row: Generation | None) -> None:
        generation: Generation | None = None
        failed = False
        try:
            if not self._stopping.is_set():
                generation = self._do[kind](generation_id, row)
                if generation is None:
                    generation = self._library.tracks.find(generation_id)
        except StoppingError:
            pass
        except Exception:
            log.exception("A generation could not be worked on; it is tried again.")
            failed = True
        with self._changed:
            missed = self._schedule.done(generation_id)
            if failed:
                at = time.monotonic() + _TROUBLE_PAUSE_S
                self._schedule.put(generation_id, Place(kind), at)
            else:
                if missed:
                    generation = self._library.tracks.find(generation_id)
                if generation is not None:
                    at_once = missed and generation.gateway == "sandbox"
                    self._plan(generation, did=kind, again=at_once)
            self._changed.notify()
        self._news.tell(generation)
        if kind is Kind.DELIVER and generation is not None:
            self._levels.measure(generation)

    def _plan(
        self, generation: Generation, did: Kind | None = None, *, again: bool = False
    ) -> None:
        """Note when a generation is due next, by its row."""
        place = place_of(generation)
        self._rows.pop(generation.id, None)
        if place is None or generation.waiting_for_key:
            self._schedule.forget(generation.id)
            return
        if generation.state is State.STALLED:
            age = self._library.now() - generation.created_at
            if age > timedelta(days=_BACKSTOP_DAYS):
                self._schedule.forget(generation.id)
                return
            delay_s = self._timing.backstop_s
        elif generation.next_attempt_at is not None:
            delay_s = self._clock.delay_s(generation.state, generation.next_attempt_at)
        else:
            return
        if did is place.kind and not again:
            # Even if a row asks for it, an action is never repeated without a pause.
            delay_s = max(delay_s, self._timing.least_s)
        at = time.monotonic() + delay_s
        planned = self._schedule.put(
            generation.id, place, at, batch=generation.batch_id, again=again
        )
        if planned and place.kind is not Kind.POLL:
            self._rows[generation.id] = generation

    def _plan_due(self, due: Due) -> None:
        """Note when a row is due; the row itself is read by whoever acts on it."""
        place = place_of(due)
        if place is not None:
            self._rows.pop(due.id, None)
            delay_s = self._clock.delay_s(due.state, due.next_attempt_at)
            self._schedule.put(due.id, place, time.monotonic() + delay_s, batch=due.batch_id)

    def _after_submit(self, generation: Generation, rest_s: float | None) -> None:
        with self._changed:
            pace = self._schedule.pace(gateway_of(generation))
            if rest_s is None:
                pace.accepted()
            else:
                pace.refused(time.monotonic(), rest_s)
