"""Checks many images at a time and remembers what was found for a while."""

import logging
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lyria_core import Fetched
from lyria_studio.images.addresses import refusal
from lyria_studio.images.examine import ImageCheck, examine
from lyria_studio.images.fetching import fetch_image

KEEP_S = 600.0
KEEP_TROUBLE_S = 60.0
REMEMBERED = 500
MOST_WAITING = 500
AT_ONCE = 6
_BUSY = "Too many images to check at once. Try again in a minute."

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Found:
    check: ImageCheck
    until: float


def _do_nothing(url: str) -> None:
    """Do nothing."""


class ImageChecks:
    """The checks of one process. Safe to use from many threads; nothing here raises or blocks.

    Threads run only while there is something to check, and none of them keeps the process alive.
    """

    def __init__(
        self,
        on_change: Callable[[str], None] = _do_nothing,
        *,
        fetch: Callable[[str], Fetched] = fetch_image,
        at_once: int = AT_ONCE,
        most_waiting: int = MOST_WAITING,
        remembered: int = REMEMBERED,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare; nothing runs before the first check.

        Args:
            on_change: called with an address, on a thread of ours, when something new is known
                about the image there.
            fetch: fetches an address or raises `lyria_core.FetchFailed`.
            at_once: how many images are checked at the same time.
            most_waiting: how many more may wait for their turn.
            remembered: how many results are kept.
            clock: monotonic time in seconds.
        """
        self._on_change = on_change
        self._fetch = fetch
        self._at_once = at_once
        self._most_waiting = most_waiting
        self._remembered = remembered
        self._clock = clock
        self._lock = threading.Lock()
        self._found: OrderedDict[str, _Found] = OrderedDict()
        self._waiting: deque[str] = deque()
        self._pending: set[str] = set()  # waiting or being checked
        self._threads: set[threading.Thread] = set()
        self._stopped = False

    def check(self, urls: Iterable[str]) -> list[ImageCheck]:
        """Return what is known about images now, and start to find out what is not.

        A result is good for 10 minutes, or for one if the trouble may pass. An older one is still
        returned while it is looked at again.

        Args:
            urls: addresses as they were typed.

        Returns:
            One for each address, in their order.
        """
        return [self._check(url) for url in urls]

    def forget(self, url: str) -> None:
        """Drop what is known about an image, so that it is checked again."""
        with self._lock:
            self._found.pop(url, None)

    def stop(self, timeout: float) -> bool:
        """Start no more checks and publish no more results.

        Args:
            timeout: seconds to wait for the checks that run. They may be left to themselves:
                nothing is lost with them.

        Returns:
            Whether all of them have ended.
        """
        with self._lock:
            self._stopped = True
            self._waiting.clear()
            threads = list(self._threads)
        deadline = time.monotonic() + timeout
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join(max(0.0, deadline - time.monotonic()))
        with self._lock:
            return not self._threads

    def _check(self, url: str) -> ImageCheck:
        if (problem := refusal(url)) is not None:
            return ImageCheck(url, "bad", problem)
        with self._lock:
            found = self._found.get(url)
            if found is not None:
                self._found.move_to_end(url)
            current = found is not None and self._clock() < found.until
            taken = current or url in self._pending or self._stopped or self._take(url)
            if found is not None:
                return found.check
            return ImageCheck(url, "checking") if taken else ImageCheck(url, "bad", _BUSY)

    def _take(self, url: str) -> bool:
        """Let an address wait for its turn, if there is room. The lock is held."""
        if len(self._waiting) >= self._most_waiting:
            return False
        self._waiting.append(url)
        self._pending.add(url)
        if len(self._threads) < self._at_once:
            thread = threading.Thread(target=self._work, name="image-check", daemon=True)
            self._threads.add(thread)
            try:
                thread.start()
            except RuntimeError:  # the system gives no more threads
                self._threads.discard(thread)
                if not self._threads:
                    self._pending.discard(self._waiting.pop())
                    return False
        return True

    def _work(self) -> None:
        while (url := self._next()) is not None:
            check, lasting = examine(url, self._fetch)
            if self._keep(check, KEEP_S if lasting else KEEP_TROUBLE_S):
                try:
                    self._on_change(url)
                except Exception:
                    log.exception("News of an image could not be told.")

    def _next(self) -> str | None:
        """Take the next address; None if there is none, and the thread has ended with that."""
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._threads.discard(threading.current_thread())
            return None

    def _keep(self, check: ImageCheck, seconds: float) -> bool:
        """Store a result and return whether it changed."""
        with self._lock:
            self._pending.discard(check.url)
            if self._stopped:
                return False
            before = self._found.get(check.url)
            self._found[check.url] = _Found(check, self._clock() + seconds)
            self._found.move_to_end(check.url)
            while len(self._found) > self._remembered:
                self._found.popitem(last=False)
            return before is None or before.check != check
