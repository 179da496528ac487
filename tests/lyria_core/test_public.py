"""Fetching what a stranger's address leads to, without telling it anything or going inside."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator
from typing import Any

import pytest
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

from lyria_core import Charge, Fetched, FetchFailed, FetchReason, fetch_public
from lyria_core._addresses import is_public
from lyria_core._connection import resolve_by_system

FILE = bytes(range(256)) * 40
OK = b"HTTP/1.1 200 OK\r\n"


def loopback(address: str) -> bool:
    """What a test on this machine has to allow, and nobody else should."""
    return address == "127.0.0.1"


def here(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def fetch(url: str, **options: Any) -> Fetched:
    settings: dict[str, Any] = {
        "max_bytes": 100_000,
        "timeout": 20.0,
        "allowed": loopback,
        "resolve": here,
        "ca_bundle": str(TLS_PEM),
    }
    return fetch_public(url, **(settings | options))


def fails(url: str, **options: Any) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        fetch(url, **options)
    error = caught.value
    assert error.charge is Charge.NO
    assert str(error).endswith(".")
    # An address may hold a token: it is neither in the message nor in what the error drags along.
    assert not url or url not in f"{error} {vars(error)}"
    assert "media.test" not in f"{error} {vars(error)}"
    assert error.__cause__ is None
    assert error.__context__ is None
    return error


@pytest.fixture
def host() -> Iterator[StubGateway]:
    with StubGateway(tls_context()) as stub:
        yield stub


def at(host: StubGateway, path: str = "/x", name: str = "media.test") -> str:
    return f"https://{name}:{host.port}{path}"


# What arrives, and what is told ---------------------------------------------------------------


def test_file_arrives_whole_and_its_host_learns_nothing(host: StubGateway) -> None:
    host.script("GET", media(FILE, "image/png"))
    found = fetch(at(host, "/a/b.png?size=2#part"))
    assert (found.body, found.content_type, found.redirects) == (FILE, "image/png", 0)
    (get,) = host.gets
    assert get.path == "/a/b.png?size=2"
    assert set(get.headers) == {"host", "user-agent", "accept", "accept-encoding", "connection"}
    assert get.headers["user-agent"] == "lyria-core"


@pytest.mark.parametrize(
    "action",
    [
        garbage(OK + b"\r\n" + FILE),
        garbage(OK + b"Transfer-Encoding: chunked\r\n\r\n2800\r\n" + FILE + b"\r\n0\r\n\r\n"),
        reply(200, gzip.compress(FILE), {"Content-Encoding": "gzip"}),
        reply(200, FILE, {"Content-Encoding": "gzip"}),
    ],
    ids=["no length", "chunks", "packed unasked", "not packed as said"],
)
def test_file_arrives_in_every_encoding(host: StubGateway, action: Action) -> None:
    host.script("GET", action)
    assert fetch(at(host)).body == FILE


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_carry_nothing_along(host: StubGateway, status: int) -> None:
    cookie = {"Set-Cookie": "who=me"}
    with StubGateway(tls_context()) as other:
        there = at(other, "/1", "gateway.test")
        host.script("GET", reply(status, b"", {"Location": there, **cookie}))
        other.script("GET /1", reply(status, b"", {"Location": "/2?y=1", **cookie}))
        other.script("GET /2", media(FILE))
        found = fetch(at(host))
    assert (found.body, found.redirects) == (FILE, 2)
    for get in other.gets:
        assert not {"cookie", "referer", "authorization", "origin"} & set(get.headers)


def test_neither_proxy_nor_netrc_of_the_environment_is_used(
    host: StubGateway, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine media.test login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    host.script("GET", media(FILE))
    assert fetch(at(host)).body == FILE
    assert "authorization" not in host.gets[0].headers


# Where from -----------------------------------------------------------------------------------

NOWHERE = {
    "": FetchReason.NOT_AN_ADDRESS,
    "sunset.png": FetchReason.NOT_AN_ADDRESS,
    "https://": FetchReason.NOT_AN_ADDRESS,
    "https://[::1": FetchReason.NOT_AN_ADDRESS,
    "https://media.test:99999/x": FetchReason.NOT_AN_ADDRESS,
    "https://*.example/x": FetchReason.NOT_AN_ADDRESS,
    "https://media.test\ud800/x": FetchReason.NOT_AN_ADDRESS,
    "data:image/png;base64,AAAA": FetchReason.NOT_AN_ADDRESS,
    "file:///etc/passwd": FetchReason.NOT_AN_ADDRESS,
    "http://media.test/x": FetchReason.NOT_HTTPS,
    "http://127.0.0.1/x": FetchReason.NOT_HTTPS,
    "ftp://media.test/x": FetchReason.NOT_HTTPS,
    "https://me:pw@media.test/x": FetchReason.CREDENTIALS,
    "https://@media.test/x": FetchReason.CREDENTIALS,
}


@pytest.mark.parametrize("url", NOWHERE)
def test_malformed_address_is_not_asked(url: str) -> None:
    def never(host: str, port: int) -> list[str]:
        raise AssertionError("looked up")

    assert fails(url, resolve=never).reason is NOWHERE[url]


@pytest.mark.parametrize("url", [url for url in NOWHERE if url.isascii() and len(url) > 12])
def test_malformed_address_behind_a_redirect_is_not_asked(host: StubGateway, url: str) -> None:
    host.script("GET", reply(302, b"", {"Location": url}))
    error = fails(at(host))
    assert (error.reason, error.redirects) == (NOWHERE[url], 1)
    assert len(host.gets) == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://localhost./x",
        "https://[::1]/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://10.0.0.1/x",
        "https://192.168.1.1/x",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/x",
        "https://0.0.0.0/x",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "https://017700000001/x",
        "https://127.1/x",
        "https://127.0.0.1./x",
        "https://168.63.129.16/x",
        "https://[fd00::1]/x",
        "https://[fec0::1]/x",
        "https://[64:ff9b::7f00:1]/x",
    ],
)
def test_this_machine_and_its_network_are_out_of_reach(host: StubGateway, url: str) -> None:
    plain = {"allowed": is_public, "resolve": resolve_by_system, "ca_bundle": None}
    assert fails(url, **plain).reason in (FetchReason.PRIVATE, FetchReason.NAME)
    host.script("GET", reply(302, b"", {"Location": url}))
    error = fails(
        at(host),
        allowed=lambda address: address == "127.0.0.9",
        resolve=lambda name, port: here(name, port) if name == "media.test" else ["10.0.0.1"],
    )
    assert error.reason is FetchReason.PRIVATE


@pytest.mark.parametrize(
    "addresses",
    [["10.1.2.3"], ["::1"], ["64:ff9b::a9fe:a9fe"], ["93.184.216.34", "127.0.0.1"]],
    ids=",".join,
)
def test_a_public_name_of_a_private_address(host: StubGateway, addresses: list[str]) -> None:
    with pytest.raises(FetchFailed) as caught:
        fetch_public(
            at(host), max_bytes=10, timeout=20, resolve=lambda *_: addresses, ca_bundle=str(TLS_PEM)
        )
    assert caught.value.reason is FetchReason.PRIVATE
    assert host.connections == 0


def test_a_private_address_by_name_behind_a_redirect(host: StubGateway) -> None:
    with StubGateway(tls_context()) as hidden:
        host.script("GET", reply(302, b"", {"Location": at(hidden, "/", "gateway.test")}))

        def resolve(name: str, port: int) -> list[str]:
            return ["127.0.0.1"] if name == "media.test" else ["192.168.0.1"]

        assert fails(at(host), resolve=resolve).reason is FetchReason.PRIVATE
        assert hidden.connections == 0


def test_a_name_is_looked_up_once_for_check_and_connection(host: StubGateway) -> None:
    asked: list[str] = []

    def resolve(name: str, port: int) -> list[str]:
        asked.append(name)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    host.script("GET", media(FILE))
    assert fetch(at(host), resolve=resolve).body == FILE
    assert asked == ["media.test"]


def test_plain_http_only_where_it_is_allowed() -> None:
    with StubGateway() as plain:
        plain.script("GET", media(FILE))
        url = f"http://media.test:{plain.port}/x"
        assert fails(url).reason is FetchReason.NOT_HTTPS
        assert fetch(url, allow_http=True).body == FILE
        assert fails(url, allow_http=True, allowed=is_public).reason is FetchReason.PRIVATE
        assert fails("ftp://media.test/x", allow_http=True).reason is FetchReason.NOT_HTTPS
        plain.script("GET", reply(302, b"", {"Location": "http://10.0.0.1/"}))
        assert (
            fails(url, allow_http=True, resolve=lambda h, p: [h] if h[0] == "1" else here(h, p))
        ).reason is FetchReason.PRIVATE


# What goes wrong ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "reason", "status"),
    [
        (reply(404), FetchReason.STATUS, 404),
        (reply(403, "<html>No</html>"), FetchReason.STATUS, 403),
        (reply(500), FetchReason.STATUS, 500),
        (reply(206, FILE), FetchReason.STATUS, 206),
        (reply(204), FetchReason.STATUS, 204),
        (reply(302), FetchReason.STATUS, 302),
        (reply(302, b"", {"Location": "https://[::1"}), FetchReason.NOT_AN_ADDRESS, None),
        (reply(302, b"", {"Location": "/again"}), FetchReason.REDIRECTS, None),
        (reply(200, FILE, cut_at=500), FetchReason.LOST, 200),
        (reply(200, FILE, {"Content-Length": "10241"}, cut_at=10240), FetchReason.LOST, 200),
        (drop(), FetchReason.LOST, None),
        (reset(), FetchReason.LOST, None),
        (garbage(b"SSH-2.0-OpenSSH_9.9\r\n"), FetchReason.LOST, None),
        (garbage(b"\x00" * 300), FetchReason.LOST, None),
        (media(bytes(100_001)), FetchReason.TOO_LARGE, 200),
        (garbage(OK + b"\r\n" + bytes(100_001)), FetchReason.TOO_LARGE, 200),
        (
            reply(200, gzip.compress(bytes(5_000_000)), {"Content-Encoding": "gzip"}),
            FetchReason.TOO_LARGE,
            200,
        ),
    ],
)
def test_trouble_has_a_reason(
    host: StubGateway, action: Action, reason: FetchReason, status: int | None
) -> None:
    host.script("GET", action)
    error = fails(at(host))
    assert (error.reason, error.http_status) == (reason, status)


def test_redirects_are_followed_up_to_the_limit(host: StubGateway) -> None:
    for number in range(3):
        host.script(f"GET /{number}", reply(302, b"", {"Location": f"/{number + 1}"}))
    host.script("GET /3", media(FILE))
    assert fetch(at(host, "/0")).redirects == 3
    assert fails(at(host, "/0"), max_redirects=2).reason is FetchReason.REDIRECTS
    assert len(host.gets) == 4 + 3


def test_file_of_exactly_the_allowed_size_is_accepted(host: StubGateway) -> None:
    host.script("GET", media(FILE))
    assert fetch(at(host), max_bytes=len(FILE)).body == FILE
    assert fails(at(host), max_bytes=len(FILE) - 1).reason is FetchReason.TOO_LARGE


@pytest.mark.parametrize(
    "action",
    [
        drip(b"HTTP/1.1 200 O"),
        drip(OK + b"Content-Length: 99999\r\n\r\n\x89PNG", 0.001),
        drip(OK + b"Transfer-Encoding: chunked\r\n\r\n5000\r\n", 0.001),
        drip(OK + b"X-A: ", 0.001),
    ],
    ids=["head", "body", "chunks", "endless header"],
)
def test_a_dripping_host_ends_with_the_deadline(host: StubGateway, action: Action) -> None:
    host.script("GET", action)
    assert fails(at(host), timeout=0.4).reason is FetchReason.TIMEOUT


def test_a_host_that_never_shakes_hands() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://media.test:{silent.getsockname()[1]}/x"
        assert fails(url, timeout=0.4).reason is FetchReason.TIMEOUT


def test_refused_connection_is_unreachable() -> None:
    with refused_port() as port:
        assert fails(f"https://media.test:{port}/x").reason is FetchReason.UNREACHABLE


def test_unknown_host_name_has_its_own_reason() -> None:
    def resolve(name: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    assert fails("https://media.test/x", resolve=resolve).reason is FetchReason.NAME


def test_certificates_are_checked(host: StubGateway) -> None:
    assert fails(at(host), ca_bundle=None).reason is FetchReason.TLS
    assert fails(at(host, name="other.test")).reason is FetchReason.TLS
    assert not host.received
