"""What is due when: a heap in which every item has one time."""

import heapq
import itertools


class Agenda:
    """Items by the time at which they are due. Not thread-safe."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, str]] = []
        self._entries: dict[str, tuple[float, int]] = {}
        self._numbers = itertools.count()

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, item: str) -> bool:
        return item in self._entries

    def put(self, item: str, at: float) -> None:
        """Set the time of an item; it replaces the one that it had."""
        number = next(self._numbers)  # among equal times, first come first served
        self._entries[item] = (at, number)
        heapq.heappush(self._heap, (at, number, item))

    def put_if_sooner(self, item: str, at: float) -> None:
        """Set the time of an item unless it has an earlier one."""
        if item not in self._entries or at < self._entries[item][0]:
            self.put(item, at)

    def discard(self, item: str) -> None:
        """Forget an item, if it is here."""
        self._entries.pop(item, None)

    def next_at(self) -> float | None:
        """Return the time of the first item; None if there is none."""
        self._drop_stale()
        return self._heap[0][0] if self._heap else None

    def pop_due(self, now: float) -> str | None:
        """Take out the first item if it is due."""
        at = self.next_at()
        if at is None or at > now:
            return None
        item = heapq.heappop(self._heap)[2]
        del self._entries[item]
        return item

    def _drop_stale(self) -> None:
        while self._heap and self._entries.get(self._heap[0][2]) != self._heap[0][:2]:
            heapq.heappop(self._heap)
