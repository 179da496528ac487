"""Slow clients and many of them, over real sockets and with short limits."""

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from urllib.parse import urlsplit

import pytest
import requests
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from support.serve import serve

from lyria_studio.web import HostGuard, HostPolicy
from lyria_studio.web.connections import ConnectionLimits, Connections

pytestmark = pytest.mark.slow

LIMITS = ConnectionLimits(
    headers_s=0.6, body_s=0.8, body_bytes=100_000, stalled_s=1.2, connections=20, tick_s=0.1
)
BIG = 64 * 1024 * 1024
KEYS = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"


async def quick(request: Request) -> Response:
    return PlainTextResponse("ok")


async def body(request: Request) -> Response:
    try:
        return PlainTextResponse(str(len(await request.body())))
    except ClientDisconnect:
        return PlainTextResponse("cut", status_code=408)


async def big(request: Request) -> Response:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(BIG // 65536):
            yield bytes(65536)

    return StreamingResponse(chunks())


async def events(request: Request) -> Response:
    async def beats() -> AsyncIterator[str]:
        for number in range(12):
            yield f"data: {number}\n\n"
            await asyncio.sleep(0.3)

    return StreamingResponse(beats(), media_type="text/event-stream")


async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    while True:
        await websocket.send_text(await websocket.receive_text())


@contextmanager
def served(
    limits: ConnectionLimits = LIMITS, visitors: int = 10
) -> Iterator[tuple[str, Connections]]:
    connections = Connections(limits)
    app = Starlette(
        routes=[
            Route("/", quick),
            Route("/body", body, methods=["POST"]),
            Route("/big", big),
            Route("/listen/big", big),
            Route("/listen/quick", quick),
            Route("/events", events),
            WebSocketRoute("/echo", echo),
        ],
        middleware=[Middleware(HostGuard, policy=HostPolicy, visitors=visitors)],
    )
    with serve(app, connections.watch, ws="auto") as url:
        yield url, connections


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, Connections]]:
    with served() as started:
        yield started


@pytest.fixture
def url(server: tuple[str, Connections]) -> str:
    return server[0]


def connect(url: str) -> socket.socket:
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10)


def ended_after(sock: socket.socket) -> float:
    """Seconds until the server has ended a connection."""
    start = time.monotonic()
    try:
        while sock.recv(65536):
            pass
    except ConnectionError:
        pass
    return time.monotonic() - start


def head(url: str, path: str, method: str = "GET", *lines: str) -> bytes:
    named = [f"{method} {path} HTTP/1.1", f"Host: {urlsplit(url).netloc}", *lines]
    return "".join(f"{line}\r\n" for line in [*named, ""]).encode()


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: localhost\r\n"])
def test_headers_that_do_not_come_end_the_connection(url: str, sent: bytes) -> None:
    with connect(url) as sock:
        sock.sendall(sent)
        assert 0.3 < ended_after(sock) < 2.5


def test_headers_that_drip_end_the_connection(url: str) -> None:
    with connect(url) as sock:
        start = time.monotonic()
        with pytest.raises(ConnectionError):
            for byte in head(url, "/", "GET", f"X: {'x' * 400}") * 9:
                sock.sendall(bytes([byte]))
                time.sleep(0.02)
        assert time.monotonic() - start < 2.5


def test_second_request_of_a_connection_has_as_long_as_the_first(url: str) -> None:
    with connect(url) as sock:
        sock.sendall(head(url, "/"))
        assert sock.recv(4096).startswith(b"HTTP/1.1 200")
        sock.sendall(b"GET / HTTP/1.1\r\n")
        assert 0.3 < ended_after(sock) < 2.5


@pytest.mark.parametrize("declared", ["Content-Length: 50000", "Transfer-Encoding: chunked"])
def test_body_that_does_not_come_ends_the_request(url: str, declared: str) -> None:
    with connect(url) as sock:
        sock.sendall(head(url, "/body", "POST", declared))
        start = time.monotonic()
        assert sock.recv(4096).startswith(b"HTTP/1.1 408")
        assert 0.5 < time.monotonic() - start < 2.5
        assert ended_after(sock) < 2.0


def test_body_that_is_too_long_is_not_kept(url: str) -> None:
    assert requests.post(f"{url}/body", data=bytes(90_000), timeout=10).text == "90000"
    assert requests.post(f"{url}/body", data=bytes(110_000), timeout=10).status_code == 408


def test_body_that_nobody_reads_ends_the_connection(url: str) -> None:
    with connect(url) as sock:
        sock.sendall(head(url, "/", "GET", "Content-Length: 1000000"))
        assert ended_after(sock) < 3.0


def test_client_that_reads_nothing_is_left(url: str) -> None:
    with connect(url) as sock:
        sock.sendall(head(url, "/big"))
        time.sleep(3.5)
        got = 0
        with pytest.raises(ConnectionError):
            while chunk := sock.recv(65536):
                got += len(chunk)
            raise ConnectionError
        assert got < BIG


def test_client_that_reads_slowly_gets_all_it_has_time_for(url: str) -> None:
    """Ten times longer than a client may read nothing."""
    with connect(url) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        sock.sendall(head(url, "/big"))
        for _ in range(24):
            time.sleep(0.25)
            assert len(sock.recv(262144)) > 0


def test_stream_of_events_and_websocket_live_on(url: str) -> None:
    with requests.get(f"{url}/events", stream=True, timeout=10) as stream, connect(url) as sock:
        upgrade = ["Connection: Upgrade", "Upgrade: websocket", f"Origin: {url}"]
        sock.sendall(head(url, "/echo", "GET", *upgrade)[:-2] + f"{KEYS}\r\n".encode())
        assert sock.recv(4096).startswith(b"HTTP/1.1 101")
        assert sum(line.startswith(b"data") for line in stream.iter_lines()) == 12
        sock.sendall(b"\x81\x82\x00\x00\x00\x00hi")
        assert sock.recv(100) == b"\x81\x02hi"


def test_idle_connections_make_room_for_who_asks() -> None:
    slow = ConnectionLimits(connections=20, tick_s=0.1)
    with served(slow) as (url, connections), ExitStack() as stack:
        for _ in range(60):
            stack.enter_context(connect(url)).sendall(b"GET / HT")
            if _ % 10 == 9:
                assert requests.get(url, timeout=10).text == "ok"
        assert len(connections) <= 20


def test_visitors_leave_room_for_the_owner() -> None:
    slow = ConnectionLimits(connections=20, tick_s=0.1)
    with served(slow) as (url, _), ExitStack() as stack:
        for _ in range(10):
            visitor = stack.enter_context(connect(url))
            visitor.sendall(head("http://music.example.com", "/listen/big"))
            assert visitor.recv(100).startswith(b"HTTP/1.1 200")
        refused = requests.get(
            f"{url}/listen/quick", headers={"Host": "music.example.com"}, timeout=10
        )
        assert refused.status_code == 503
        assert refused.headers["retry-after"] == "5"
        assert requests.get(url, timeout=10).text == "ok"
        assert requests.get(f"{url}/listen/quick", timeout=10).text == "ok"


def test_places_come_back_when_connections_end(server: tuple[str, Connections]) -> None:
    url, connections = server

    def visit() -> None:
        # Of more than there are places for, some are turned away.
        with suppress(requests.ConnectionError):
            requests.get(url, timeout=10)

    threads = [threading.Thread(target=visit) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    deadline = time.monotonic() + 5
    while len(connections) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(connections) == 0
