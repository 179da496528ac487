"""Who reaches the screens: decided in a table, and asked over a real socket."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from support.serve import serve

from lyria_studio.hosts import Authority
from lyria_studio.web import HostGuard, HostPolicy
from lyria_studio.web.host_guard import admission

PUBLIC = "https://music.example.com"
OPEN = [
    "/listen/token",
    "/listen/token/vote",
    "/listen/page/listen.js",
    "/_stcore/health",
]
SHUT = [
    "/",
    "/history",
    "/listen",
    "//listen/token",
    "/assets/instep.js",
    "/assets/sounds.js",
    "/audio/token",
    "/events",
    "/sandbox/docs",
    "/samples/x",
    "/webhook/id/token",
    "/_stcore/host-config",
    "/_stcore/health/x",
    "/_stcore/upload_file/x",
    "/media/x.mp3",
]
ALONE = HostPolicy()
SHARED = HostPolicy(public_url=PUBLIC)
SCREENS = HostPolicy(public_url=PUBLIC, public_screens=True)
DOCKER = HostPolicy(owner_hosts=(Authority("localhost"),))
CODESPACE = HostPolicy(owner_hosts=(Authority("me-8501.app.github.dev"),))
LAN = HostPolicy(owner_hosts=(Authority("192.168.1.20", 8501),), bound="192.168.1.20")
BOUND = HostPolicy(bound="192.168.1.20")
HERE, THERE = "127.0.0.1", "192.168.1.77"


def admitted(policy: HostPolicy, peer: str | None, *headers: tuple[str, str]) -> bool:
    raw = [(name.encode(), value.encode()) for name, value in headers]
    return admission(Headers(raw=raw), peer, "http", policy) is not None


def host(name: str) -> tuple[str, str]:
    return "host", name


@pytest.mark.parametrize(
    "name",
    ["localhost", "localhost:8501", "127.0.0.1:8501", "[::1]:8501", "LocalHost:8501", "localhost.",
     "127.0.0.1.", "127.0.0.53:9000"],
)  # fmt: skip
@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_owner_is_who_names_this_machine_on_this_machine(name: str, peer: str) -> None:
    assert admitted(ALONE, peer, host(name))
    assert admitted(SHARED, peer, host(name))


@pytest.mark.parametrize(
    "name",
    ["evil.com", "evil.com:8501", "localhost.evil.com", "127.0.0.1.nip.io", "2130706433", "127.1",
     "0x7f.0.0.1", "0.0.0.0:8501", "[::]", "evil.localhost", "192.168.1.20", "music.example.com",
     "me@localhost", "localhost@evil.com", "localhost:8501@evil.com", "localhost/", "", " ",
     "localhost:x", "localhost:99999", "localhost, evil.com", "http://localhost", "[::1%lo]"],
)  # fmt: skip
def test_only_the_owner_is_the_owner_even_on_this_machine(name: str) -> None:
    for policy in (ALONE, SHARED, CODESPACE):
        assert not admitted(policy, HERE, host(name))


def test_one_host_header_is_needed() -> None:
    assert not admitted(ALONE, HERE)
    assert not admitted(ALONE, HERE, host("localhost"), host("localhost"))
    assert not admitted(ALONE, HERE, host("localhost"), host("evil.com"))


@pytest.mark.parametrize("peer", [THERE, "172.17.0.1", "::ffff:192.168.1.77", "fe80::1", None])
def test_a_forged_host_from_another_machine_is_refused(peer: str | None) -> None:
    assert not admitted(ALONE, peer, host("localhost:8501"))
    assert not admitted(BOUND, peer, host("192.168.1.20:8501"))


def test_the_bound_address_is_the_owners_on_this_machine() -> None:
    assert admitted(BOUND, "192.168.1.20", host("192.168.1.20:8501"))
    assert admitted(BOUND, HERE, host("192.168.1.20:8501"))


@pytest.mark.parametrize(
    ("policy", "name", "owner"),
    [
        (DOCKER, "localhost:9000", True),
        (DOCKER, "127.0.0.1:9000", False),
        (LAN, "192.168.1.20:8501", True),
        (LAN, "192.168.1.20", False),
        (LAN, "192.168.1.21:8501", False),
        (CODESPACE, "me-8501.app.github.dev", True),
        (CODESPACE, "you-8501.app.github.dev", False),
    ],
)
def test_a_listed_host_is_the_owners_from_everywhere(
    policy: HostPolicy, name: str, owner: bool
) -> None:
    assert admitted(policy, "172.17.0.1", host(name)) is owner


@pytest.mark.parametrize(
    ("headers", "owner"),
    [
        ([("x-forwarded-host", "me-8501.app.github.dev")], True),
        ([("x-forwarded-host", "ME-8501.app.github.dev."), ("x-forwarded-for", "1.2.3.4")], True),
        ([("forwarded", 'for=1.2.3.4;host="me-8501.app.github.dev";proto=https')], True),
        ([("x-forwarded-host", "me-8501.app.github.dev, evil.com")], False),
        ([("x-forwarded-host", "me-8501.app.github.dev"), ("forwarded", "host=evil.com")], False),
        ([("x-forwarded-host", "localhost")], False),
        ([("x-forwarded-host", "me-8501.app.github.dev/")], False),
        ([("x-forwarded-for", "203.0.113.5")], False),
        ([("x-forwarded-proto", "https")], False),
        ([("x-forwarded-server", "me-8501.app.github.dev")], False),
        ([("x-real-ip", "127.0.0.1")], False),
        ([("via", "1.1 proxy")], False),
        ([("cf-connecting-ip", "203.0.113.5")], False),
        ([("true-client-ip", "203.0.113.5")], False),
        ([("tailscale-funnel-request", "?1")], False),
    ],
)
def test_what_a_proxy_passes_on_is_the_owners_only_by_a_listed_host(
    headers: list[tuple[str, str]], owner: bool
) -> None:
    assert admitted(CODESPACE, HERE, host("localhost:8501"), *headers) is owner
    assert not admitted(ALONE, HERE, host("localhost:8501"), *headers)
    assert not admitted(CODESPACE, HERE, host("evil.com"), *headers)


@pytest.mark.parametrize(
    ("headers", "reached"),
    [
        ([host("music.example.com")], True),
        ([host("music.example.com:443"), ("x-forwarded-for", "203.0.113.5")], True),
        ([host("127.0.0.1:8501"), ("x-forwarded-host", "music.example.com")], True),
        ([host("music.example.com:8443")], False),
        ([host("evil.com"), ("x-forwarded-host", "music.example.com")], False),
        ([host("music.example.com"), ("x-forwarded-host", "evil.com")], False),
        ([host("other.example.com")], False),
        ([host("127.0.0.1:8501"), ("x-forwarded-for", "203.0.113.5")], False),
    ],
)
def test_public_screens_are_open_to_the_public_host_only(
    headers: list[tuple[str, str]], reached: bool
) -> None:
    assert admitted(SCREENS, THERE, *headers) is reached
    assert not admitted(SHARED, THERE, *headers)


class Owner:
    """What the person at the machine has chosen so far."""

    policy = SHARED


async def everything(request: Request) -> Response:
    told = request.headers.get("host", "") if request.url.path == "/host" else "inside"
    return PlainTextResponse(told)


async def stream(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.close()


@pytest.fixture
def owner() -> Owner:
    return Owner()


@pytest.fixture
def url(owner: Owner) -> Iterator[str]:
    app = Starlette(
        routes=[
            WebSocketRoute("/{path:path}", stream),
            Route("/{path:path}", everything, methods=["GET", "POST", "PUT", "DELETE"]),
        ],
        middleware=[
            Middleware(
                HostGuard,
                policy=lambda: owner.policy,
                keep_s=0.0,
            )
        ],
    )
    with serve(app, ws="auto") as url:
        yield url


def status(url: str, path: str, method: str = "GET", **headers: str) -> int:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return raw(url, path, method, names)


def raw(url: str, path: str, method: str, headers: dict[str, str]) -> int:
    """The status of an answer to a request that no client tidies up."""
    parts = urlsplit(url)
    named = {"Host": parts.netloc, "Connection": "close", "Content-Length": "0"} | headers
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20) as sock:
        sock.sendall(f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode())
        return int(sock.recv(100).split()[1])


def upgrade(url: str, origin: str | None = None, **headers: str) -> int:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    if origin is not None:
        names["Origin"] = origin
    wanted = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    return raw(url, "/_stcore/stream", "GET", wanted | names)


@pytest.mark.parametrize("path", OPEN)
def test_a_visitor_reaches_what_a_listening_test_needs(url: str, path: str) -> None:
    assert status(url, path, Host="music.example.com") == 200
    assert status(url, path, X_Forwarded_For="203.0.113.5") == 200


@pytest.mark.parametrize("path", SHUT)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_visitor_reaches_nothing_else(url: str, path: str, method: str) -> None:
    assert status(url, path, method, Host="music.example.com") == 404
    assert status(url, path, method, Host="evil.com") == 404


def test_the_gateway_may_call_back(url: str) -> None:
    assert status(url, "/webhook/id/token", "POST", Host="music.example.com") == 200


def test_the_health_check_of_a_proxy_names_no_host(url: str) -> None:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20) as sock:
        sock.sendall(b"GET /_stcore/health HTTP/1.0\r\n\r\n")
        assert int(sock.recv(100).split()[1]) == 200


@pytest.mark.parametrize("target", ["http://evil.com/", "http://localhost/listen/x", "*"])
def test_a_target_that_names_a_host_of_its_own_is_refused(url: str, target: str) -> None:
    assert raw(url, target, "GET", {}) in (400, 404)


def test_the_owner_can_keep_working_at_this_machine(url: str) -> None:
    for path in (*OPEN, *SHUT):
        assert status(url, path) == 200
    assert status(url, "/", Host="192.168.1.20:8501") == 404


def test_no_websocket_is_opened_from_outside(url: str) -> None:
    for name in ("music.example.com", "evil.com"):
        assert upgrade(url, f"http://{name}", Host=name) == 404
    assert upgrade(url, url, X_Forwarded_For="203.0.113.5") == 404


@pytest.mark.parametrize(
    ("origin", "answer"),
    [
        ("{url}", 101),
        ("http://localhost:3000", 404),
        ("http://127.0.0.1:3000", 404),
        ("http://127.0.0.1", 404),
        ("https://127.0.0.1:{port}", 404),
        ("http://localhost:{port}", 404),
        ("http://evil.com", 404),
        ("http://music.example.com", 404),
        ("null", 404),
        ("", 404),
        (None, 404),
    ],
)
def test_a_websocket_comes_from_a_page_of_its_own_host(
    url: str, origin: str | None, answer: int
) -> None:
    port = urlsplit(url).port
    named = None if origin is None else origin.format(url=url, port=port)
    assert upgrade(url, named) == answer


def test_a_page_of_another_site_reads_nothing(url: str) -> None:
    assert status(url, "/events", Origin="http://evil.com") == 404
    assert status(url, "/events", Origin=url) == 200
    assert status(url, "/listen/token", Origin="http://evil.com") == 200


def test_behind_a_codespace_the_websocket_is_the_pages_own(url: str, owner: Owner) -> None:
    owner.policy = CODESPACE
    forwarded = "me-8501.app.github.dev"
    for origin, answer in ((f"https://{forwarded}", 101), (url, 404)):
        assert upgrade(url, origin, X_Forwarded_Host=forwarded) == answer
    # Streamlit compares the Host header with the origin, so it is told the accepted one.
    parts = urlsplit(url)
    named = {"X-Forwarded-Host": forwarded, "Host": parts.netloc}
    assert requests.get(f"{url}/host", headers=named, timeout=20).text == forwarded


def test_the_owner_may_open_the_screens_to_the_public(url: str, owner: Owner) -> None:
    owner.policy = SCREENS
    assert status(url, "/history", Host="music.example.com") == 200
    assert upgrade(url, PUBLIC, Host="music.example.com") == 101
    assert upgrade(url, "http://music.example.com", Host="music.example.com") == 404
    assert upgrade(url, PUBLIC, Host="evil.com") == 404


def test_a_refusal_says_nothing_of_the_app(url: str) -> None:
    answer = requests.get(f"{url}/history", headers={"Host": "music.example.com"}, timeout=20)
    assert (answer.status_code, answer.text) == (404, "Not found.")


def test_the_log_names_each_refused_host_once(url: str, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(60):
        status(url, "/", Host="my-machine.lan" if number % 2 else f"host-{number}.lan")
    told = [one.getMessage() for one in caplog.records if "LYRIA_OWNER_HOSTS" in one.getMessage()]
    assert sum("my-machine.lan" in one for one in told) == 1
    assert len(told) <= 20
