"""From a check to the browser: the services publish it, the stream of events tells it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from starlette.applications import Starlette
from support.serve import serve
from support.stub_gateway import StubGateway
from support.worker_rig import HeardEvents

from lyria_studio.images import topic_of
from lyria_studio.services import Services
from lyria_studio.settings import Settings
from lyria_studio.web.stream import events_route

pytestmark = pytest.mark.slow


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    services = Services(Settings(home=tmp_path), HeardEvents())
    yield services
    services.stop()


def checked(services: Services, url: str) -> None:
    """Check an address and wait until the result was published."""
    assert isinstance(services.events, HeardEvents)
    before = len(services.events.heard)
    assert services.images.check([url])[0].state == "checking"
    heard = services.events.heard
    services.events.until(lambda: len(heard) > before)


def test_the_services_publish_what_was_found(services: Services, host: StubGateway) -> None:
    assert isinstance(services.events, HeardEvents)
    url = f"https://127.0.0.1:{host.port}/secret.png"
    checked(services, url)
    (found,) = services.images.check([url])
    assert (found.state, "private network" in found.message) == ("bad", True)
    assert services.events.heard == [(found.topic, "checked")]
    assert "secret" not in found.topic
    # The services of the app itself may not look into this machine.
    assert host.connections == 0


def test_a_result_between_drawing_and_listening_is_not_missed(services: Services) -> None:
    url, other = "https://127.0.0.1/a.png", "https://127.0.0.1/b.png"
    route = events_route(lambda: services, stream_s=30.0, heartbeat_s=10.0)
    with serve(Starlette(routes=[route]), timeout_graceful_shutdown=0) as base:
        cursor = services.events.cursor  # taken before the screen asks what is known
        checked(services, other)
        checked(services, url)
        address = f"{base}/events?ids={topic_of(url)}&after={cursor}"
        with requests.get(address, stream=True, timeout=20) as answer:
            lines = answer.iter_lines(chunk_size=1, decode_unicode=True)
            data = next(line for line in lines if line.startswith("data:"))
    assert json.loads(data.removeprefix("data:")) == {"id": topic_of(url), "state": "checked"}


def test_stopping_the_services_stops_the_checks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(thread: threading.Thread) -> None:
        raise AssertionError("started")

    services = Services(Settings(home=tmp_path), HeardEvents())
    services.stop()
    monkeypatch.setattr(threading.Thread, "start", never)
    (found,) = services.images.check(["https://127.0.0.1/a.png"])
    assert found.state == "checking"
