import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from support.serve import serve

from lyria_studio.web import PublicDoor
from lyria_studio.web.door import is_public

PUBLIC = "https://music.example.com"
OPEN = [
    "/listen/token",
    "/listen/token/vote",
    "/listen/page/listen.js",
    "/assets/instep.js",
    "/assets/instep/run.js",
]
SHUT = [
    "/",
    "/history",
    "/listen",
    "//listen/token",
    "/assets/sounds.js",
    "/assets/instep/../sounds.js",
    "/audio/token",
    "/events",
    "/sandbox/docs",
    "/samples/x",
    "/webhook/id/token",
    "/_stcore/health",
    "/_stcore/upload_file/x",
    "/media/x.mp3",
]


class Owner:
    """What the person at the machine has chosen so far."""

    public_url: str | None = PUBLIC
    screens = False


async def everything(request: Request) -> Response:
    return PlainTextResponse("inside")


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
                PublicDoor,
                public_url=lambda: owner.public_url,
                screens=lambda: owner.screens,
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


def upgrade(url: str, **headers: str) -> int:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
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


def test_the_gateway_may_call_back(url: str) -> None:
    assert status(url, "/webhook/id/token", "POST", Host="music.example.com") == 200


def test_no_websocket_is_opened_from_outside(url: str) -> None:
    assert upgrade(url, Host="music.example.com") == 404
    assert upgrade(url, X_Forwarded_For="203.0.113.5") == 404
    assert upgrade(url) == 101


def test_the_owner_goes_on_working_at_this_machine(url: str) -> None:
    for path in (*OPEN, *SHUT):
        assert status(url, path) == 200
    assert status(url, "/", Host="192.168.1.20:8501") == 200, "on the own network, if bound there"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "MUSIC.example.com."},
        {"Host": "music.example.com:443"},
        {"X-Forwarded-Host": "music.example.com"},
        {"X-Forwarded-Host": "a.example, music.example.com"},
        {"Forwarded": 'for=203.0.113.5;host="music.example.com"'},
        # A proxy that gives the app a name of its own, or passes on whatever a visitor claims.
        {"Host": "127.0.0.1", "X-Forwarded-For": "203.0.113.5"},
        {"Host": "localhost", "Via": "1.1 proxy"},
        {"Host": "localhost", "X-Forwarded-Host": "localhost"},
        {"Host": "localhost", "CF-Connecting-IP": "203.0.113.5"},
        {"Host": "localhost", "X-Real-IP": "127.0.0.1"},
    ],
)
def test_no_header_of_a_proxy_or_a_liar_opens_the_door(url: str, headers: dict[str, str]) -> None:
    assert raw(url, "/history", "GET", headers) == 404
    assert raw(url, "/listen/token", "GET", headers) == 200


def test_without_a_public_address_nothing_is_shut(url: str, owner: Owner) -> None:
    owner.public_url = None
    assert status(url, "/", X_Forwarded_For="203.0.113.5") == 200
    owner.public_url = PUBLIC
    assert status(url, "/", X_Forwarded_For="203.0.113.5") == 404


def test_the_owner_may_open_the_screens_to_the_public(url: str, owner: Owner) -> None:
    owner.screens = True
    assert status(url, "/history", Host="music.example.com") == 200
    assert upgrade(url, Host="music.example.com") == 101


def test_a_refusal_says_nothing_of_the_app(url: str) -> None:
    answer = requests.get(f"{url}/history", headers={"Host": "music.example.com"}, timeout=20)
    assert (answer.status_code, answer.text) == (404, "Not found.")


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_name_of_a_host_breaks_the_door(host: str, forwarded: str) -> None:
    raw_headers = [(b"host", host.encode()), (b"forwarded", forwarded.encode())]
    assert is_public(Headers(raw=raw_headers), PUBLIC)
    assert not is_public(Headers(raw=raw_headers[:1]), PUBLIC)
