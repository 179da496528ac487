"""Image checks against a local host that only tests may reach."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from support.stub_gateway import TLS_PEM, StubGateway

from lyria_core import Fetched
from lyria_studio.images import ImageCheck, ImageChecks, fetch_image

PATIENCE_S = 60.0

fetch_here: Callable[..., Fetched] = partial(
    fetch_image,
    allowed=lambda address: address == "127.0.0.1",
    resolve=lambda host, port: ["127.0.0.1"],
    ca_bundle=str(TLS_PEM),
)
"""Fetch as the app does, but from this machine, whatever the host's name."""


def address(host: StubGateway, path: str = "/a.png") -> str:
    """Return the address of an image on a host that speaks TLS."""
    return f"https://media.test:{host.port}{path}"


class Watched:
    """Checks whose news a test can wait for; a context manager that stops them."""

    def __init__(self, **settings: Any) -> None:
        self.now = 1000.0
        self.changes: list[str] = []
        self._news = threading.Condition()
        self.checks = ImageChecks(
            self._changed, **({"fetch": fetch_here, "clock": lambda: self.now} | settings)
        )

    def check(self, *urls: str) -> list[ImageCheck]:
        return self.checks.check(urls)

    def one(self, url: str) -> ImageCheck:
        return self.checks.check([url])[0]

    def until(self, changes: int) -> None:
        """Wait until so many changes were published."""
        with self._news:
            assert self._news.wait_for(lambda: len(self.changes) >= changes, PATIENCE_S)

    def result(self, url: str) -> ImageCheck:
        """Check an address that was not checked before, and wait for what is found."""
        before = len(self.changes)
        assert self.one(url).state == "checking"
        self.until(before + 1)
        return self.one(url)

    def _changed(self, url: str) -> None:
        with self._news:
            self.changes.append(url)
            self._news.notify_all()

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, *_: object) -> None:
        assert self.checks.stop(PATIENCE_S)
