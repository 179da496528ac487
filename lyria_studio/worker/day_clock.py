"""The clock of stored times: a person may set it, and it runs while the computer sleeps."""

import time
from collections.abc import Callable
from datetime import datetime

from lyria_studio.model.states import State
from lyria_studio.worker import decide

_SET_S = 2.0


class DayClock:
    """Turns stored times into waits that no clock change can make long. Not thread-safe."""

    def __init__(
        self,
        now: Callable[[], datetime],
        timing: decide.Timing,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin to compare the two clocks.

        Args:
            now: gives the time of day, aware.
            timing: the worker's patience.
            monotonic: gives seconds on a clock that nobody sets.
        """
        self._now = now
        self._timing = timing
        self._monotonic = monotonic
        self._offset_s = self._measured()

    def was_set(self) -> bool:
        """Return whether the two clocks ran differently since the last call."""
        before, self._offset_s = self._offset_s, self._measured()
        return abs(self._offset_s - before) > _SET_S

    def delay_s(self, state: State, at: datetime) -> float:
        """Return the seconds until a stored time; 0 where only a clock that was set explains it.

        Args:
            state: of the generation that waits.
            at: when it is due, as it was stored.
        """
        delay_s = (at - self._now()).total_seconds()
        return delay_s if 0.0 < delay_s <= decide.longest_wait_s(self._timing, state) else 0.0

    def _measured(self) -> float:
        return self._now().timestamp() - self._monotonic()
