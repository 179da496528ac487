"""A stub of the gateway and its media host on a real socket: scripted, counting, able to fail.

    with StubGateway() as stub:
        stub.script("POST", accepted("lyria-2_1"))
        stub.script("GET /v2/", job("lyria-2_1", "PROCESSING"), job("lyria-2_1", "COMPLETED"))
        ...
        assert len(stub.posts) == 1

An action of a script is played for one request; the last one of a script repeats.
"""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

Action = Callable[["Exchange"], None]

_REASONS = {200: "OK", 202: "Accepted", 206: "Partial Content"}


@dataclass(frozen=True)
class Received:
    """One request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    raw: bytes = field(repr=False)

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Exchange:
    """What an action can do with the connection of one request."""

    request: Received
    connection: socket.socket
    stopping: threading.Event
    keep_alive: bool = True

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def close(self) -> None:
        self.keep_alive = False


class StubGateway:
    """A scripted HTTP server on loopback, one thread a connection.

    Args:
        tls: A server-side context to speak TLS with.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._guard = threading.Lock()
        self._received: list[Received] = []
        self._raw = bytearray()
        self._connections = 0
        self._scripts: dict[str, list[Action]] = {}
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._open: set[socket.socket] = set()
        self._accepting = threading.Thread(target=self._accept, daemon=True)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def received(self) -> list[Received]:
        with self._guard:
            return list(self._received)

    @property
    def posts(self) -> list[Received]:
        return [request for request in self.received if request.method == "POST"]

    @property
    def gets(self) -> list[Received]:
        return [request for request in self.received if request.method == "GET"]

    @property
    def connections(self) -> int:
        with self._guard:
            return self._connections

    @property
    def bytes_received(self) -> bytes:
        """Everything that ever arrived, requests or not."""
        with self._guard:
            return bytes(self._raw)

    def script(self, requests: str, *actions: Action) -> None:
        """Say what to play for requests whose "METHOD /path" starts so; the longest match wins."""
        with self._guard:
            self._scripts[requests] = list(actions)

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join(10)
        with self._guard:
            still_open = list(self._open)
        for connection in still_open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._guard:
                self._connections += 1
                self._open.add(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        plain = connection
        try:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            self._converse(connection)
        except OSError:
            pass  # the client went away, or an action broke the connection on purpose
        finally:
            with self._guard:
                self._open.discard(plain)
            with contextlib.suppress(OSError):
                connection.close()

    def _converse(self, connection: socket.socket) -> None:
        buffer = bytearray()
        while not self._stopping.is_set():
            request = self._read(connection, buffer)
            if request is None:
                return
            exchange = Exchange(request, connection, self._stopping)
            self._next_action(request)(exchange)
            if not exchange.keep_alive or request.headers.get("connection") == "close":
                return

    def _read(self, connection: socket.socket, buffer: bytearray) -> Received | None:
        while b"\r\n\r\n" not in buffer:
            if not self._receive(connection, buffer):
                return None
        end = buffer.index(b"\r\n\r\n") + 4
        first, *lines = bytes(buffer[: end - 4]).decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ", 2)
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        length = int(headers.get("content-length", "0"))
        while len(buffer) < end + length:
            if not self._receive(connection, buffer):
                return None
        raw = bytes(buffer[: end + length])
        del buffer[: end + length]
        request = Received(method, path, headers, raw[end:], raw)
        with self._guard:
            self._received.append(request)
        return request

    def _receive(self, connection: socket.socket, buffer: bytearray) -> bool:
        data = connection.recv(65536)
        buffer += data
        with self._guard:
            self._raw += data
        return bool(data)

    def _next_action(self, request: Received) -> Action:
        line = f"{request.method} {request.path}"
        with self._guard:
            matches = [start for start in self._scripts if line.startswith(start)]
            if not matches:
                return reply(404, {"error": "Not Found", "message": "nothing scripted"})
            script = self._scripts[max(matches, key=len)]
            return script.pop(0) if len(script) > 1 else script[0]


def _encoded(body: object) -> tuple[bytes, str]:
    if isinstance(body, bytes):
        return body, "application/octet-stream"
    if isinstance(body, str):
        return body.encode(), "text/html"
    return json.dumps(body).encode(), "application/json"


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Whatever')}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def reply(
    status: int,
    body: object = b"",
    headers: Mapping[str, str] | None = None,
    *,
    cut_at: int | None = None,
) -> Action:
    """Answer; a dict is sent as JSON, a text as HTML.

    Args:
        status: HTTP status.
        body: What to send.
        headers: Headers to add or replace.
        cut_at: Send only so many bytes of the body, then close.
    """
    data, content_type = _encoded(body)
    all_headers = {
        "Content-Type": content_type,
        "Content-Length": str(len(data)),
        **(headers or {}),
    }

    def act(exchange: Exchange) -> None:
        exchange.send(_head(status, all_headers) + data[:cut_at])
        if cut_at is not None:
            exchange.close()

    return act


def drop() -> Action:
    """Close the connection without a word, after the request was read."""
    return Exchange.close


def reset() -> Action:
    """Reset the connection (RST) after the request was read."""

    def act(exchange: Exchange) -> None:
        linger = struct.pack("ii", 1, 0)
        exchange.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        exchange.connection.close()
        exchange.close()

    return act


def after(event: threading.Event, then: Action) -> Action:
    """Play an action only after an event (or when the stub stops)."""

    def act(exchange: Exchange) -> None:
        while not event.wait(0.02):
            if exchange.stopping.is_set():
                return
        then(exchange)

    return act


def drip(data: bytes, gap_s: float = 0.02) -> Action:
    """Send raw bytes one at a time, then go on with spaces for ever."""

    def act(exchange: Exchange) -> None:
        for byte in data:
            exchange.send(bytes([byte]))
            if exchange.stopping.wait(gap_s):
                return
        while not exchange.stopping.wait(gap_s):
            exchange.send(b" ")

    return act


def garbage(data: bytes) -> Action:
    """Send bytes that need not be HTTP, then close."""

    def act(exchange: Exchange) -> None:
        exchange.send(data)
        exchange.close()

    return act


def accepted(request_id: str, status: int = 202) -> Action:
    """Answer a submit as the reference does."""
    body = {"request_id": request_id, "status": "QUEUED", "polling_url": _polling_url(request_id)}
    return reply(status, body)


def _polling_url(request_id: str) -> str:
    return f"https://gateway.pixazo.ai/v2/requests/status/{request_id}"


def job_body(
    request_id: str,
    status: str,
    *media_urls: str,
    error: str | None = None,
    media_type: str = "audio/mpeg",
) -> dict[str, Any]:
    """Build a status answer or callback as the reference shows it."""
    ended = status in ("COMPLETED", "FAILED", "ERROR")
    output = {"media_url": list(media_urls), "media_type": media_type} if media_urls else None
    return {
        "request_id": request_id,
        "status": status,
        "model_id": request_id.partition("_")[0],
        "error": error,
        "output": output,
        "created_at": "2026-05-22T13:17:32.110Z",
        "updated_at": "2026-05-22 13:19:23",
        "completed_at": "2026-05-22 13:19:23" if ended else None,
    }


def job(request_id: str, status: str, *media_urls: str, error: str | None = None) -> Action:
    """Answer a look at a job."""
    return reply(200, job_body(request_id, status, *media_urls, error=error))


def media(data: bytes, content_type: str = "audio/mpeg", *, cut_at: int | None = None) -> Action:
    """Serve a file, with ranges; cut every answer after so many bytes if asked to."""

    def act(exchange: Exchange) -> None:
        wanted = exchange.request.headers.get("range", "")
        start = int(wanted.removeprefix("bytes=").partition("-")[0]) if wanted else 0
        if start >= len(data) > 0 and wanted:
            headers = {"Content-Range": f"bytes */{len(data)}", "Content-Length": "0"}
            exchange.send(_head(416, headers))
            return
        headers = {
            "Content-Type": content_type,
            "Content-Length": str(len(data) - start),
            "ETag": f'"{len(data):x}"',
        }
        if wanted:
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        stop = None if cut_at is None else start + cut_at
        exchange.send(_head(206 if wanted else 200, headers) + data[start:stop])
        if stop is not None and stop < len(data):
            exchange.close()

    return act


TLS_PEM = Path(__file__).with_name("stub_tls.pem")
"""Certificate (for localhost, 127.0.0.1, gateway.test and media.test) and its key; trust it as
``ca_bundle``."""


def tls_context() -> ssl.SSLContext:
    """Return the context of a stub that speaks TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS_PEM)
    return context


def tunnel(to_port: int) -> Action:
    """Answer CONNECT as a proxy does; the bytes go to a port of loopback, whatever the host."""

    def act(exchange: Exchange) -> None:
        with socket.create_connection(("127.0.0.1", to_port), 5) as upstream:
            exchange.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=_pass_on, args=(upstream, exchange.connection))
            back.start()
            _pass_on(exchange.connection, upstream)
            back.join(10)
        exchange.close()

    return act


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def refused_port() -> Iterator[int]:
    """A port of loopback that refuses connections: bound, so nobody else gets it, not listening."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@contextlib.contextmanager
def silent_port() -> Iterator[int]:
    """A port of loopback on which connecting never ends: its queue is full and nobody accepts."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        while True:
            filler = stack.enter_context(socket.socket())
            filler.settimeout(0.2)
            try:
                filler.connect(("127.0.0.1", port))
            except TimeoutError:
                break
        yield port
