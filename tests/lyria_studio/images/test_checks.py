"""Many checks at a time: nothing blocks, nothing is asked twice, nothing grows, nothing raises."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from support.image_files import image_file, png_with_size
from support.image_hosts import PATIENCE_S, Watched, address, fetch_here
from support.stub_gateway import Exchange, StubGateway, after, media, reply

from lyria_core import Fetched
from lyria_studio.images import ImageCheck, ImageChecks, topic_of
from lyria_studio.images.checks import KEEP_S, KEEP_TROUBLE_S

pytestmark = pytest.mark.slow

PNG = image_file("PNG", (320, 200))
JPEG = image_file("JPEG", (100, 400))


def test_what_is_found(host: StubGateway) -> None:
    host.script("GET", media(PNG))
    url = address(host, "/secret-token/a.png")
    with Watched() as watched:
        found = watched.result(url)
        assert (found.url, found.state, found.message) == (url, "good", "")
        assert (found.width, found.height, found.kind) == (320, 200, "PNG")
        assert found.size_bytes == len(PNG)
        assert found.thumbnail is not None
        assert found.thumbnail.startswith(b"\xff\xd8")
        assert watched.changes == [url]
        assert "secret-token" not in f"{found!r} {found.topic} {watched.checks!r}"
        assert found.topic == topic_of(url) != topic_of(url + "x")


def test_it_returns_at_once_while_the_host_takes_its_time(host: StubGateway) -> None:
    go_on = threading.Event()
    host.script("GET", after(go_on, media(PNG)))
    with Watched() as watched:
        url = address(host)
        assert watched.one(url) == ImageCheck(url, "checking")
        assert watched.one(url).state == "checking"
        go_on.set()
        watched.until(1)
        assert watched.one(url).state == "good"
    assert len(host.gets) == 1


def test_one_answer_for_each_address_in_its_place(host: StubGateway) -> None:
    host.script("GET /a", media(PNG))
    host.script("GET /b", media(JPEG))
    a, b = address(host, "/a"), address(host, "/b")
    typed = [b, "http://example.com/x", a, "", b, "nonsense", "https://a b"]
    with Watched() as watched:
        first = watched.check(*typed)
        assert [one.url for one in first] == typed
        # What needs no asking is known at once.
        assert [one.state == "bad" for one in first] == [
            False,
            True,
            False,
            True,
            False,
            True,
            True,
        ]
        watched.until(2)
        second = watched.check(*typed)
        assert [one.width for one in second] == [100, None, 320, None, 100, None, None]
        assert all(bool(one.message) == (one.state == "bad") for one in second)
        assert watched.check() == []
    assert len(host.gets) == 2


def test_a_hundred_at_once(host: StubGateway) -> None:
    guard, inside, most = threading.Lock(), 0, 0
    together = threading.Barrier(4)

    def serve(exchange: Exchange) -> None:
        nonlocal inside, most
        with guard:
            inside += 1
            most = max(most, inside)
        together.wait(PATIENCE_S)  # goes on only if four are here
        with guard:
            inside -= 1
        media(PNG)(exchange)

    host.script("GET", serve)
    urls = [address(host, f"/{number}.png") for number in range(100)]
    with Watched(at_once=4) as watched:
        with ThreadPoolExecutor(8) as people:
            for answers in people.map(lambda _: watched.check(*urls), range(8)):
                assert {one.state for one in answers} <= {"checking", "good"}
        watched.until(100)
        assert [one.state for one in watched.check(*urls)] == ["good"] * 100
    assert sorted(watched.changes) == sorted(urls)
    assert len(host.gets) == 100
    assert most == 4


def test_a_slow_image_delays_no_other(host: StubGateway) -> None:
    go_on = threading.Event()
    host.script("GET /slow", after(go_on, media(PNG)))
    host.script("GET /quick", media(PNG))
    slow = address(host, "/slow")
    quick = [address(host, f"/quick{number}") for number in range(20)]
    with Watched(at_once=2) as watched:
        watched.check(slow, *quick)
        watched.until(20)
        assert {one.state for one in watched.check(*quick)} == {"good"}
        assert watched.one(slow).state == "checking"
        go_on.set()
        watched.until(21)
        assert watched.one(slow).state == "good"


def test_bombs_and_rubbish_do_not_stop_the_others(host: StubGateway) -> None:
    host.script("GET /bomb", media(png_with_size(60_000, 60_000)))
    host.script("GET /cut", media(PNG[:-60]))
    host.script("GET /good", media(PNG))
    urls = [address(host, path) for path in ("/bomb", "/cut", "/good")]
    with Watched(at_once=1) as watched:
        watched.check(*urls)
        watched.until(3)
        assert [one.state for one in watched.check(*urls)] == ["bad", "bad", "good"]


# Remembering ----------------------------------------------------------------------------------


def test_a_result_is_good_for_ten_minutes(host: StubGateway) -> None:
    host.script("GET", media(PNG), media(JPEG))
    with Watched() as watched:
        first = watched.result(address(host))
        watched.now += KEEP_S - 1
        assert watched.one(first.url) == first
        assert len(host.gets) == 1
        watched.now += 1
        # The old one is shown while a new one is fetched.
        assert watched.one(first.url) == first
        watched.until(2)
        assert watched.one(first.url).kind == "JPEG"
    assert len(host.gets) == 2


def test_no_news_is_no_news(host: StubGateway) -> None:
    host.script("GET", media(PNG))
    with Watched(at_once=1) as watched:
        first = watched.result(address(host))
        watched.now += KEEP_S
        watched.check(first.url, address(host, "/other"))
        watched.until(2)
        assert watched.changes == [first.url, address(host, "/other")]
    assert len(host.gets) == 3


def test_trouble_that_may_pass_is_soon_looked_at_again(host: StubGateway) -> None:
    host.script("GET", reply(503), media(PNG))
    with Watched() as watched:
        first = watched.result(address(host))
        assert first.state == "bad"
        watched.now += KEEP_TROUBLE_S - 1
        assert watched.one(first.url) == first
        watched.now += 1
        assert watched.one(first.url) == first
        watched.until(2)
        assert watched.one(first.url).state == "good"


def test_what_will_not_change_by_itself_is_kept(host: StubGateway) -> None:
    host.script("GET", reply(404), media(PNG))
    with Watched() as watched:
        first = watched.result(address(host))
        watched.now += KEEP_TROUBLE_S + 1
        assert watched.one(first.url) == first
        watched.checks.forget(first.url)
        assert watched.result(first.url).state == "good"


def test_the_one_that_was_asked_for_longest_ago_is_forgotten(host: StubGateway) -> None:
    host.script("GET", media(PNG))
    a, b, c, d = (address(host, f"/{name}") for name in "abcd")
    with Watched(remembered=3) as watched:
        for url in (a, b, c):
            watched.result(url)
        assert watched.one(a).state == "good"
        watched.result(d)
        assert [one.state for one in watched.check(a, c, d)] == ["good"] * 3
        assert watched.result(b).state == "good"
    assert len(host.gets) == 5


def test_the_queue_is_bounded(host: StubGateway) -> None:
    go_on, asked = threading.Event(), threading.Event()

    def hold(exchange: Exchange) -> None:
        asked.set()
        after(go_on, media(PNG))(exchange)

    host.script("GET", hold)
    urls = [address(host, f"/{number}") for number in range(4)]
    with Watched(at_once=1, most_waiting=2) as watched:
        watched.one(urls[0])
        assert asked.wait(PATIENCE_S)
        answers = watched.check(*urls)
        assert [one.state for one in answers] == ["checking"] * 3 + ["bad"]
        assert "Too many" in answers[3].message
        go_on.set()
        watched.until(3)
        assert watched.result(urls[3]).state == "good"


# What must not go wrong -----------------------------------------------------------------------


def test_stop_while_checking(host: StubGateway) -> None:
    go_on, asked = threading.Event(), threading.Barrier(3)

    def hold(exchange: Exchange) -> None:
        asked.wait(PATIENCE_S)
        after(go_on, media(PNG))(exchange)

    host.script("GET", hold)
    urls = [address(host, f"/{number}") for number in range(10)]
    with Watched(at_once=2) as watched:
        watched.check(*urls)
        asked.wait(PATIENCE_S)
        assert not watched.checks.stop(0)
        assert {one.state for one in watched.check(*urls, address(host, "/new"))} == {"checking"}
        go_on.set()
        assert watched.checks.stop(PATIENCE_S)
        assert watched.changes == []
        assert len(host.gets) == 2


def test_nothing_runs_before_the_first_check_and_after_the_last() -> None:
    checks = ImageChecks()
    assert checks.stop(0)
    assert checks.check(["https://example.com/a.png"])[0].state == "checking"
    assert checks.stop(0)


def test_a_mistake_of_the_listener_or_of_ours(
    host: StubGateway, caplog: pytest.LogCaptureFixture
) -> None:
    host.script("GET", media(PNG))
    told = threading.Semaphore(0)

    def listener(url: str) -> None:
        told.release()
        raise ValueError("a mistake")

    def fetch(url: str) -> Fetched:
        if url.endswith("/odd"):
            raise RuntimeError(f"nobody expects this about {url}")
        return fetch_here(url)

    checks = ImageChecks(listener, fetch=fetch, at_once=1)
    urls = [address(host, path) for path in ("/a", "/odd", "/b")]
    with caplog.at_level(logging.DEBUG, "lyria_studio"):
        checks.check(urls)
        for _ in urls:
            assert told.acquire(timeout=PATIENCE_S)
        found = checks.check(urls)
        assert checks.stop(PATIENCE_S)
    assert [one.state for one in found] == ["good", "bad", "good"]
    assert "could not be checked" in found[1].message
    assert len(caplog.records) == 3
    assert "media.test" not in caplog.text


@pytest.mark.parametrize(("spared", "state"), [(0, "bad"), (1, "checking")])
def test_a_system_without_threads_to_spare(
    host: StubGateway, monkeypatch: pytest.MonkeyPatch, spared: int, state: str
) -> None:
    start, left, go_on = threading.Thread.start, [spared], threading.Event()

    def start_or_not(thread: threading.Thread) -> Any:
        if thread.name == "image-check":
            if not left[0]:
                raise RuntimeError("can't start new thread")
            left[0] -= 1
        return start(thread)

    host.script("GET", after(go_on, media(PNG)))
    urls = [address(host, f"/{number}") for number in range(5)]
    with Watched() as watched:
        monkeypatch.setattr(threading.Thread, "start", start_or_not)
        assert {one.state for one in watched.check(*urls)} == {state}
        monkeypatch.undo()
        go_on.set()
        watched.check(*urls)
        watched.until(5)
        assert {one.state for one in watched.check(*urls)} == {"good"}
