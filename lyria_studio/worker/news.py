"""Publishes changes of a generation, only when something that is shown has changed."""

import threading

from lyria_studio.events import Events
from lyria_studio.model.generation import Generation


class News:
    """What was last published of each unfinished generation. Safe to use from many threads."""

    def __init__(self, events: Events) -> None:
        """Publish to this bus."""
        self._events = events
        self._lock = threading.Lock()
        self._told: dict[str, object] = {}

    def tell(self, generation: Generation | None) -> None:
        """Publish a generation's state if it, its error or its waiting is new."""
        if generation is None:
            return
        news = (generation.state, generation.waiting_for_key, generation.error)
        with self._lock:
            if self._told.get(generation.id) == news:
                return
            if generation.active:
                self._told[generation.id] = news
            else:
                self._told.pop(generation.id, None)
        self._events.publish(generation.id, generation.state)
