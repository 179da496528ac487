"""The clients of the gateways that the worker talks to, one for each key."""

import threading
from typing import NoReturn

from lyria_core import LyriaClient
from lyria_studio.keys import Access, KeyRing
from lyria_studio.model.generation import Due, Generation

_NO_KEY = "none"


class HoldError(Exception):
    """The gateway took nothing, and may be sent the same order again after a pause.

    The client would wait on the spot. Here the waiting is handed to the scheduler instead, so
    that it slows down every order, keeps no thread and survives the end of the process.
    """

    def __init__(self, pause_s: float) -> None:
        super().__init__(f"wait {pause_s:g} s")
        self.pause_s = pause_s


class StoppingError(Exception):
    """The process is stopping; the wait continues at the next start."""


class Clients:
    """Finds the client for a generation. Safe to use from many threads."""

    def __init__(self, keyring: KeyRing, stopping: threading.Event) -> None:
        """Make clients from the keys of a ring as they are needed.

        Args:
            keyring: the keys that are in memory.
            stopping: set when the process wants to end: then no download waits any longer.
        """
        self._keyring = keyring
        self._stopping = stopping
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str], LyriaClient] = {}

    def access(self, generation: Generation | Due) -> Access | None:
        """Return the key that ordered this; None while it is not in memory."""
        return self._keyring.get(
            generation.key_fingerprint, generation.gateway, generation.base_url
        )

    def gateway(self, generation: Generation) -> LyriaClient | None:
        """Return the client to submit and to poll with; None while its key is not in memory.

        Its `submit` raises `HoldError` where it would wait before it sends again.
        """
        access = self.access(generation)
        return None if access is None else self.of_access(access)

    def of_access(self, access: Access) -> LyriaClient:
        """Return the client of a key that is in memory."""
        place = (access.fingerprint, access.base_url)
        with self._lock:
            if place not in self._clients:
                self._clients[place] = LyriaClient(
                    access.key, base_url=access.base_url, sleep=_hold
                )
            return self._clients[place]

    def media(self, generation: Generation) -> LyriaClient:
        """Return the client to download with. It has no key, since media is fetched without."""
        access = self.access(generation)
        base_url = generation.base_url if access is None else access.base_url
        with self._lock:
            if ("", base_url) not in self._clients:
                self._clients["", base_url] = LyriaClient(
                    _NO_KEY, base_url=base_url, sleep=self._pause
                )
            return self._clients["", base_url]

    def forget(self, access: Access) -> None:
        """Close the client that holds this key."""
        with self._lock:
            client = self._clients.pop((access.fingerprint, access.base_url), None)
        if client is not None:
            client.close()

    def close(self) -> None:
        """Close all clients."""
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    def _pause(self, seconds: float) -> None:
        if self._stopping.wait(seconds):
            raise StoppingError


def _hold(seconds: float) -> NoReturn:
    raise HoldError(seconds)
