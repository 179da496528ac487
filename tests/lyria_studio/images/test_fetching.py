"""Over real sockets: what a host gets to know, and what a person is told when it fails."""

from __future__ import annotations

from functools import partial

import pytest
from support.image_files import image_file
from support.image_hosts import Watched, address, fetch_here
from support.stub_gateway import (
    TLS_PEM,
    Action,
    StubGateway,
    drip,
    drop,
    garbage,
    media,
    refused_port,
    reply,
    reset,
    tls_context,
)

from lyria_core import FetchFailed, FetchReason
from lyria_studio.images import fetch_image
from lyria_studio.images.fetching import MAX_BYTES, is_passing, sentence

pytestmark = pytest.mark.slow

PNG = image_file("PNG")


def told(host: StubGateway, action: Action) -> str:
    host.script("GET", action)
    with Watched() as watched:
        found = watched.result(address(host, "/token-abc/a.png"))
    assert found.state == "bad"
    assert found.message.endswith(".")
    assert "token-abc" not in found.message
    assert "media.test" not in found.message
    assert (found.thumbnail, found.width, found.height, found.kind) == (None, None, None, None)
    return found.message


def test_the_host_learns_nothing_but_what_is_asked_for(host: StubGateway) -> None:
    with StubGateway(tls_context()) as other:
        there = {"Location": f"https://gateway.test:{other.port}/b.png", "Set-Cookie": "a=b"}
        host.script("GET", reply(302, b"", there))
        other.script("GET", media(PNG, "text/html"))
        with Watched() as watched:
            assert watched.result(address(host)).state == "good"
        received = [*host.received, *other.received]
    assert len(received) == 2
    for get in received:
        assert set(get.headers) == {"host", "user-agent", "accept", "accept-encoding", "connection"}
        assert get.headers["user-agent"] == "Mozilla/5.0 (compatible; image-check)"
        assert "key" not in get.raw.decode().lower()


@pytest.mark.parametrize(
    ("action", "says"),
    [
        (reply(404), "no image at this address (HTTP 404)"),
        (reply(410), "no image at this address (HTTP 410)"),
        (reply(403, "<html>"), "to everybody (HTTP 403)"),
        (reply(401), "to everybody (HTTP 401)"),
        (reply(429), "in trouble (HTTP 429)"),
        (reply(500), "in trouble (HTTP 500)"),
        (reply(204), "did not send an image (HTTP 204)"),
        (reply(302, b"", {"Location": "/again"}), "leads on more than 3 times"),
        (reply(302, b"", {"Location": "http://media.test/x"}), "redirects to one without https"),
        (
            reply(302, b"", {"Location": "https://[::1"}),
            "redirects to something that isn't a web address",
        ),
        (
            reply(302, b"", {"Location": "https://a:b@media.test/x"}),
            "redirects to one with a password in it",
        ),
        (reply(200, "<!doctype html><p>Log in</p>"), "web page"),
        (reply(200, b"<svg/>", {"Content-Type": "image/svg+xml"}), "SVG"),
        (media(b"\x00rubbish" * 500, "image/png"), "not an image"),
        (media(b"", "image/png"), "empty"),
        (media(PNG[:300], "image/png"), "damaged"),
        (media(PNG, cut_at=300), "broke off"),
        (garbage(b"220 mail.example ESMTP\r\n"), "broke off"),
        (drop(), "broke off"),
        (reset(), "broke off"),
        (reply(200, b"", {"Content-Length": str(MAX_BYTES + 1)}, cut_at=0), "10 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_told(host: StubGateway, action: Action, says: str) -> None:
    assert says in told(host, action)


def test_a_file_that_grows_beyond_the_limit(host: StubGateway) -> None:
    head = b"HTTP/1.1 200 OK\r\n\r\n"
    assert "10 MB" in told(host, garbage(head + PNG + bytes(MAX_BYTES)))


@pytest.mark.parametrize(
    "action",
    [
        drip(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n" + PNG[:20], 0.001),
        drip(b"HTTP/1.1 200 OK\r\nX-Slow:", 0.001),
    ],
    ids=["body", "header"],
)
def test_a_slow_drip_ends_with_the_deadline(host: StubGateway, action: Action) -> None:
    host.script("GET", action)
    with Watched(fetch=partial(fetch_here, timeout=0.4)) as watched:
        assert "did not arrive within" in watched.result(address(host)).message


def test_hosts_that_are_not_there() -> None:
    with refused_port() as port, Watched() as watched:
        assert "does not answer" in watched.result(f"https://media.test:{port}/a").message


def test_a_certificate_for_another_host(host: StubGateway) -> None:
    with Watched() as watched:
        found = watched.result(f"https://other.test:{host.port}/a.png")
    assert "certificate" in found.message
    assert not host.received


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]", "2130706433"])
def test_the_app_itself_never_reaches_this_machine(host: StubGateway, name: str) -> None:
    with Watched(fetch=partial(fetch_image, ca_bundle=str(TLS_PEM))) as watched:
        found = watched.result(f"https://{name}:{host.port}/a.png")
    assert "private network" in found.message
    assert host.connections == 0


def test_nor_behind_a_name_or_a_redirect(host: StubGateway) -> None:
    host.script("GET", reply(302, b"", {"Location": "https://inside.test/a.png"}))

    def resolve(name: str, port: int) -> list[str]:
        return ["127.0.0.1"] if name == "media.test" else ["169.254.169.254"]

    with Watched(fetch=partial(fetch_here, resolve=resolve)) as watched:
        found = watched.result(address(host))
        assert "redirects to a private network" in found.message
        found = watched.result("https://inside.test/a.png")
        assert "private network" in found.message


@pytest.mark.parametrize("reason", FetchReason)
@pytest.mark.parametrize("redirects", [0, 1])
@pytest.mark.parametrize("status", [None, 200, 404, 418, 503])
def test_every_reason_has_its_sentence(
    reason: FetchReason, redirects: int, status: int | None
) -> None:
    error = FetchFailed("x", reason=reason, redirects=redirects, http_status=status)
    message = sentence(error)
    assert message[0].isupper()
    assert message.endswith(".")
    assert message.count(". ") == 0
    # "Try again" is said where, and only where, it is looked at again soon.
    assert ("try again" in message) == (is_passing(error) and reason is not FetchReason.NAME)
