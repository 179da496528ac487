"""Threads that carry out the worker's actions.

Unlike those of `concurrent.futures` they never keep the process from ending: an action may wait for
a slow server for minutes, and whatever is cut off is found and dealt with at the next start.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)


class ActionThreads:
    """At most `size` threads, started as they are needed."""

    def __init__(self, name: str, size: int) -> None:
        """Prepare; no thread is started yet.

        Args:
            name: prefix of the threads' names.
            size: the most actions that run at once.
        """
        self.size = size
        self._name = name
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._busy = 0
        self._lock = threading.Lock()

    @property
    def free(self) -> int:
        """How many more actions would start at once."""
        with self._lock:
            return self.size - self._busy

    def run(self, action: Callable[[], None]) -> None:
        """Carry out an action on a thread; it waits its turn if all are busy."""
        with self._lock:
            self._busy += 1
            if self._busy > len(self._threads) < self.size:
                thread = threading.Thread(
                    target=self._work, name=f"{self._name}-{len(self._threads)}", daemon=True
                )
                self._threads.append(thread)
                thread.start()
        self._jobs.put(action)

    def close(self, deadline: float) -> bool:
        """Let running actions end, until a time on `time.monotonic`'s clock.

        Returns:
            Whether all of them ended.
        """
        with self._lock:
            threads = list(self._threads)
        for _ in threads:
            self._jobs.put(None)
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in threads)

    def _work(self) -> None:
        while (action := self._jobs.get()) is not None:
            try:
                action()
            except Exception:
                # Actions deal with their own failures; this is for mistakes in them.
                log.exception("An action of the worker failed.")
            finally:
                with self._lock:
                    self._busy -= 1
