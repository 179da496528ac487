"""A listener without a browser: sends the requests of the listening page by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from support.library_rows import Clock
from support.serve import serve

from lyria_studio.host import ASSETS
from lyria_studio.library import Library
from lyria_studio.model.listening_test import ListeningTest
from lyria_studio.services import Services
from lyria_studio.web import SecurityHeaders, routes

HEARD = [6.0, 6.0]


@contextmanager
def serving(services: Services) -> Iterator[str]:
    """The routes on a real socket; the base URL."""
    app = Starlette(
        routes=[*routes(lambda: services), Mount("/assets", StaticFiles(directory=ASSETS))],
        # Streamlit compresses what can be compressed.
        middleware=[Middleware(GZipMiddleware), Middleware(SecurityHeaders)],
    )
    with serve(app) as url:
        yield url


def stop_the_clock(services: Services) -> Clock:
    """Let the routes live by a clock that stands still until it is moved."""
    clock = Clock()
    services.library = Library(services.settings.home, clock=clock)
    return clock


@dataclass
class Visitor:
    """One listener, who keeps cookies as a browser does.

    Attributes:
        url: base URL of the server.
        link: address of the listening test.
    """

    url: str
    link: str
    session: requests.Session = field(default_factory=requests.Session)

    @classmethod
    def of(cls, services: Services, url: str, test: ListeningTest) -> Visitor:
        """Somebody who was sent the link of this test."""
        return cls(url, services.listen_url(test, url))

    def get(self, path: str = "", **headers: str) -> requests.Response:
        """Ask for something below the link, or the page itself."""
        address = f"{self.link}/{path}" if path else self.link
        return self.session.get(address, headers=headers, timeout=20)

    def post(self, path: str, fields: object = None, **headers: str) -> requests.Response:
        """Send what the page would send."""
        given = {"Origin": self.url, **headers}
        return self.session.post(
            f"{self.link}/{path}", json={} if fields is None else fields, headers=given, timeout=20
        )

    def start(self, name: str | None = None) -> dict[str, Any]:
        """Begin; the state."""
        answer = self.post("start", {"name": name})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def state(self) -> dict[str, Any]:
        """What the page is told."""
        found: dict[str, Any] = self.get("state").json()
        return found

    def hear(self, clock: Clock, state: dict[str, Any]) -> list[bytes]:
        """Fetch the sounds of the open trial and let the time go by that it takes to hear them."""
        sounds = [self.get(f"sound/{name}") for name in state["trial"]["sounds"]]
        assert [sound.status_code for sound in sounds] == [200] * len(sounds)
        clock.forward(seconds=12)
        return [sound.content for sound in sounds]

    def vote(
        self, state: dict[str, Any], choice: str = "first", **fields: object
    ) -> requests.Response:
        """Vote on the trial of a state."""
        vote = {"trial": state["trial"]["id"], "choice": choice, "heard": HEARD}
        return self.post("vote", vote | fields)
