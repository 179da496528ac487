"""A cache that is bounded by bytes."""

import threading
from collections import OrderedDict
from collections.abc import Hashable

from lyria_sandbox.composer.sound.samples import Samples


class SoundCache:
    """Sounds up to a bound; the least recently used leave first. Safe to use from many threads."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._size = 0
        self._sounds: OrderedDict[Hashable, Samples] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Samples | None:
        """Return a sound, or None when it is not (or no longer) here."""
        with self._lock:
            found = self._sounds.get(key)
            if found is not None:
                self._sounds.move_to_end(key)
            return found

    def put(self, key: Hashable, sound: Samples) -> None:
        """Keep a sound, and let go of others where there is no room."""
        with self._lock:
            old = self._sounds.pop(key, None)
            self._size += sound.nbytes - (old.nbytes if old is not None else 0)
            self._sounds[key] = sound
            while self._size > self._limit and len(self._sounds) > 1:
                _, dropped = self._sounds.popitem(last=False)
                self._size -= dropped.nbytes
