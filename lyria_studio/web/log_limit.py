"""Limits repeated lines in the log, as under an attack."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

__all__ = ["LogLimit"]


class LogLimit(logging.Filter):
    """Passes the first few records of a message and counts the rest."""

    def __init__(
        self, most: int = 10, window_s: float = 60.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Limit records.

        Args:
            most: records of one message that pass in a window.
            window_s: seconds after which the count begins anew.
            clock: seconds that only grow.
        """
        super().__init__()
        self._most = most
        self._window_s = window_s
        self._clock = clock
        self._counts: dict[str, int] = {}
        self._ends = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record passes."""
        now = self._clock()
        if now >= self._ends:
            self._counts = {}
            self._ends = now + self._window_s
        count = self._counts[record.msg] = self._counts.get(record.msg, 0) + 1
        if count == self._most:
            record.msg = f"{record.msg} (further ones are not logged for {self._window_s:g} s)"
        return count <= self._most

    def apply_to(self, *names: str) -> None:
        """Limit these loggers."""
        for name in names:
            logging.getLogger(name).addFilter(self)
