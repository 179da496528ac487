import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from starlette.applications import Starlette
from support.library_rows import in_state
from support.serve import serve

from lyria_studio.model.states import State
from lyria_studio.services import Services
from lyria_studio.web.stream import events_route

Block = dict[str, str]


@pytest.fixture(scope="module")
def url(services: Services) -> Iterator[str]:
    route = events_route(lambda: services, stream_s=60.0, heartbeat_s=30.0)
    with serve(Starlette(routes=[route]), timeout_graceful_shutdown=0) as url:
        yield url + "/events"


class Stream:
    """What a browser's EventSource makes of the answer."""

    def __init__(self, address: str, after: str | None = None) -> None:
        headers = {} if after is None else {"Last-Event-ID": after}
        self.answer = requests.get(address, headers=headers, stream=True, timeout=20)
        self._lines = self.answer.iter_lines(chunk_size=1, decode_unicode=True)
        self.first = self.block()

    def block(self) -> Block:
        found: Block = {}
        for line in self._lines:
            if not line:
                return found
            name, _, value = line.partition(":")
            found[name] = value.strip()
        raise EOFError

    def change(self) -> tuple[str | None, str]:
        block = self.block()
        assert block["event"] == "change"
        data: dict[str, Any] = json.loads(block["data"])
        self.last_id = block["id"]
        return data["id"], data["state"]

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_: object) -> None:
        self.answer.close()


@pytest.fixture(autouse=True)
def nobody_left(services: Services) -> None:
    """Wait until the server has seen that the browsers of the test before are gone."""
    while services.events._subscriptions:
        services.events.publish("nobody", "queued")


def test_a_change_arrives_as_it_happens(services: Services, url: str) -> None:
    with Stream(url) as stream:
        assert stream.answer.headers["content-type"].startswith("text/event-stream")
        assert stream.answer.headers["cache-control"] == "no-store"
        assert int(stream.first["retry"]) <= 1000
        services.events.publish("a", "queued")
        assert stream.change() == ("a", "queued")
        services.events.publish("a", "ready")
        assert stream.change() == ("a", "ready")


def test_only_the_requested_generations_are_published(services: Services, url: str) -> None:
    with Stream(url + "?ids=b,c") as stream:
        for name in "abc":
            services.events.publish(name, "ready")
        assert [stream.change(), stream.change()] == [("b", "ready"), ("c", "ready")]


def test_what_ended_before_the_stream_began_is_told_first(services: Services, url: str) -> None:
    ready = in_state(services.library, State.READY)
    queued = in_state(services.library, State.QUEUED)
    with Stream(f"{url}?ids={queued.id},{ready.id},nobody") as stream:
        assert stream.change() == (ready.id, "ready")
        services.events.publish(queued.id, "processing")
        assert stream.change() == (queued.id, "processing")


def test_a_browser_that_comes_back_gets_what_it_missed(services: Services, url: str) -> None:
    with Stream(url) as stream:
        services.events.publish("a", "queued")
        stream.change()
    services.events.publish("b", "ready")
    with Stream(url, after=stream.last_id) as again:
        assert again.change() == ("b", "ready")


def test_one_that_saw_nothing_yet_can_come_back_too(services: Services, url: str) -> None:
    with Stream(url) as stream:
        cursor = stream.first["id"]
    services.events.publish("b", "ready")
    with Stream(url, after=cursor) as again:
        assert again.change() == ("b", "ready")


def test_after_a_restart_of_the_server_everything_is_read_again(url: str) -> None:
    with Stream(url, after="00000000-5") as stream:
        assert stream.change() == (None, "")


def test_a_closed_page_is_unsubscribed(services: Services, url: str) -> None:
    with Stream(url) as stream:
        assert len(services.events._subscriptions) == 1
        services.events.publish("a", "queued")
        stream.change()
    while services.events._subscriptions:
        services.events.publish("a", "ready")


def test_too_many_ids_are_refused(url: str) -> None:
    answer = requests.get(url + "?ids=" + ",".join("abcdefgh" * 100), timeout=20)
    assert answer.status_code == 400


def test_the_stream_ends_by_itself_and_beats_until_then(services: Services) -> None:
    route = events_route(lambda: services, stream_s=0.3, heartbeat_s=0.1)
    with serve(Starlette(routes=[route])) as url:
        text = requests.get(url + "/events", timeout=20).text
    assert text.count(": still here") >= 2
    assert "event:" not in text
