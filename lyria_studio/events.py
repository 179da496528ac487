"""News of generations, from the threads that act on them to the browsers that watch.

A generation's row is the only truth; an event says that it is worth looking at again. So events may
be merged (the newest state of a generation replaces the older one) and a subscriber that falls
behind is told so, rather than the publisher being kept waiting or the queue growing.
"""

import asyncio
import contextlib
import secrets
import threading
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Iterator, Set
from dataclasses import dataclass

_REMEMBERED = 1000
_WAITING = 500


@dataclass(frozen=True)
class Event:
    """One change.

    Attributes:
        cursor: where the stream stands after this event; give it to `Events.subscribe` to go on
            from there.
        generation_id: what changed; None where events were lost and everything shown is worth a
            new look.
        state: the state that the generation is in now; empty where events were lost.
    """

    cursor: str
    generation_id: str | None
    state: str


class Events:
    """The bus: published to from any thread, read by asynchronous subscribers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._epoch = secrets.token_hex(4)  # cursors of another process mean nothing here
        self._number = 0
        self._recent: deque[tuple[int, str, str]] = deque(maxlen=_REMEMBERED)
        self._subscriptions: set[_Subscription] = set()
        self._closed = False

    def close(self) -> None:
        """End every subscription, now and from now on: the server is about to stop."""
        with self._lock:
            self._closed = True
            for subscription in self._subscriptions:
                subscription.end()

    def publish(self, generation_id: str, state: str) -> None:
        """Notify every subscriber of a generation's state; never blocks, never raises."""
        with self._lock:
            self._number += 1
            item = (self._number, generation_id, str(state))
            self._recent.append(item)
            for subscription in self._subscriptions:
                subscription.offer(item)

    @property
    def cursor(self) -> str:
        """Where the stream stands now, before the next event."""
        with self._lock:
            return f"{self._epoch}-{self._number}"

    @contextlib.contextmanager
    def subscribe(
        self, generation_ids: Set[str] | None = None, after: str | None = None
    ) -> Iterator[AsyncIterator[Event]]:
        """Listen, inside a running event loop, until the context ends.

        Args:
            generation_ids: only news of these; None for all.
            after: the cursor of the last event seen on an earlier subscription. What was published
                since is delivered first; if that is no longer known, an event without a generation
                says so.

        Yields:
            The events as they come, until `close`. Await them in the loop that subscribed.
        """
        subscription = _Subscription(asyncio.get_running_loop(), generation_ids, self._epoch)
        with self._lock:
            self._replay(subscription, after)
            self._subscriptions.add(subscription)
            if self._closed:
                subscription.end()
        try:
            yield subscription
        finally:
            with self._lock:
                self._subscriptions.discard(subscription)

    def _replay(self, subscription: "_Subscription", after: str | None) -> None:
        if after is None:
            return
        epoch, _, number = after.partition("-")
        seen = int(number) if number.isdecimal() and len(number) < 20 else -1
        oldest = self._recent[0][0] if self._recent else self._number + 1
        if epoch != self._epoch or not oldest - 1 <= seen <= self._number:
            subscription.lose(self._number)
            return
        for item in self._recent:
            if item[0] > seen:
                subscription.offer(item)


class _Subscription(AsyncIterator[Event]):
    """The queue of one subscriber; the newest state of a generation replaces the older one."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, wanted: Set[str] | None, epoch: str
    ) -> None:
        self._loop = loop
        self._wanted = wanted
        self._epoch = epoch
        self._lock = threading.Lock()
        self._waiting: OrderedDict[str | None, tuple[int, str]] = OrderedDict()
        self._news = asyncio.Event()
        self._over = False

    def end(self) -> None:
        with self._lock:
            self._over = True
        self._wake()

    def offer(self, item: tuple[int, str, str]) -> None:
        number, generation_id, state = item
        if self._wanted is not None and generation_id not in self._wanted:
            return
        with self._lock:
            if None in self._waiting:
                self._waiting[None] = (number, "")
            else:
                self._waiting.pop(generation_id, None)
                self._waiting[generation_id] = (number, state)
            waiting = len(self._waiting)
        if waiting > _WAITING:
            self.lose(number)
        elif waiting == 1:
            self._wake()

    def lose(self, number: int) -> None:
        with self._lock:
            self._waiting.clear()
            self._waiting[None] = (number, "")
        self._wake()

    def _wake(self) -> None:
        # The loop may have been closed before the subscriber could leave.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._news.set)

    async def __anext__(self) -> Event:
        while True:
            with self._lock:
                if self._over:
                    raise StopAsyncIteration
                if self._waiting:
                    generation_id, (number, state) = self._waiting.popitem(last=False)
                    return Event(f"{self._epoch}-{number}", generation_id, state)
                self._news.clear()
            await self._news.wait()
