"""A fast, observable worker with a library in a folder and a stub gateway."""

from __future__ import annotations

import functools
import io
import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from support.library_rows import takes
from support.stub_gateway import Exchange, StubGateway, accepted, job, media

from lyria_studio.events import Events
from lyria_studio.keys import Access, KeyRing, access_for
from lyria_studio.library import Library
from lyria_studio.library._store import now_utc
from lyria_studio.model.generation import Generation
from lyria_studio.settings import Settings
from lyria_studio.worker import Timing, Worker

KEY = "test-key-0123456789"
PATIENCE_S = 30.0

HURRIED = Timing(
    polling=lambda elapsed_s, polls, recent_s, rng: 0.01,
    least_s=0.01,
    trouble_s=0.01,
    refused_s=0.01,
    callback_s=0.01,
    download_s=(0.01,) * 3,
)


@functools.cache
def sound(seconds: float = 0.5, kind: str = "MP3") -> bytes:
    """A short file that soundfile reads."""
    time = np.arange(int(44_100 * seconds)) / 44_100
    buffer = io.BytesIO()
    soundfile.write(buffer, np.sin(2 * np.pi * 440 * time) * 0.3, 44_100, format=kind)
    return buffer.getvalue()


class HeardEvents(Events):
    """The bus, whose news a test can wait for."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[str, str]] = []
        self._news = threading.Condition()

    def publish(self, generation_id: str, state: str) -> None:
        super().publish(generation_id, state)
        with self._news:
            self.heard.append((generation_id, str(state)))
            self._news.notify_all()

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is true that can become so only with an event."""
        with self._news:
            assert self._news.wait_for(condition, PATIENCE_S), self.heard


class Jobs:
    """A gateway that takes every order and makes it in a given number of polls."""

    def __init__(self, stub: StubGateway, polls: int = 2, data: bytes | None = None) -> None:
        self.stub = stub
        self.polls = polls
        self._numbers = itertools.count(1)
        self._seen: dict[str, int] = {}
        self._guard = threading.Lock()
        stub.script("POST ", self.submit)
        stub.script("GET /v2/requests/status/", self.status)
        stub.script("GET /media/", media(sound() if data is None else data))

    def submit(self, exchange: Exchange) -> None:
        model = exchange.request.path.split("/")[1]
        with self._guard:
            number = next(self._numbers)
        accepted(f"{model}_{number:08d}")(exchange)

    def status(self, exchange: Exchange) -> None:
        request_id = exchange.request.path.rpartition("/")[2]
        with self._guard:
            self._seen[request_id] = self._seen.get(request_id, 0) + 1
            seen = self._seen[request_id]
        if seen < self.polls:
            job(request_id, "PROCESSING")(exchange)
        else:
            job(request_id, "COMPLETED", f"{self.stub.url}/media/{request_id}.mpeg")(exchange)


@dataclass
class Rig:
    """What a test of the worker needs."""

    settings: Settings
    library: Library
    keyring: KeyRing
    events: HeardEvents
    worker: Worker
    base_url: str
    access: Access = field(repr=False)

    def order(self, count: int = 1, **fields: Any) -> list[Generation]:
        """Order takes at the stub, and tell the worker."""
        ordered = self.library.jobs.order(
            takes(count, base_url=self.base_url, fingerprint=self.access.fingerprint, **fields)
        )
        self.worker.wake()
        return list(ordered)

    def until(self, generation: Generation, condition: Callable[[Generation], bool]) -> Generation:
        """Wait until a generation is as wanted."""
        self.events.until(lambda: condition(self.library.tracks.generation(generation.id)))
        return self.library.tracks.generation(generation.id)

    def ended(self, generation: Generation) -> Generation:
        """Wait until the worker has nothing more to do with a generation."""
        return self.until(generation, lambda one: not one.active)

    def measured(self, generation: Generation) -> Generation:
        """Wait until the tracks of a generation are here and their levels are measured."""
        return self.until(
            generation,
            lambda one: bool(one.tracks) and not any(track.lacks_levels for track in one.tracks),
        )


@contextmanager
def rig(
    home: Path,
    base_url: str,
    *,
    with_key: bool = True,
    start: bool = True,
    clock: Callable[[], datetime] = now_utc,
    **options: Any,
) -> Iterator[Rig]:
    """A worker on the library in `home`, with the gateway at `base_url`; stopped at the end."""
    settings = Settings(home=home, api_key=KEY, base_url=base_url)
    keyring = KeyRing()
    access = access_for(settings, base_url)
    if with_key:
        keyring.add(access)
    events = HeardEvents()
    with Library(home, clock=clock) as library:
        worker = Worker(library, keyring, settings, events, **({"timing": HURRIED} | options))
        if start:
            worker.start()
        try:
            yield Rig(settings, library, keyring, events, worker, base_url, access)
        finally:
            worker.stop(PATIENCE_S)
