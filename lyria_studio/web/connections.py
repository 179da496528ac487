"""Limits of what a connection may take: time, bytes, and one of the places that there are.

uvicorn waits for ever for headers, for a body, and for a client that does not read. Nothing in it
can be set to end that, so each connection is watched here, from outside of its protocol.
"""

from __future__ import annotations

import asyncio
import copy
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["ConnectionLimits", "Connections"]

# A loop takes this many connections at a time, before it looks at any of them.
_BACKLOG = 128
# What the system keeps of an answer; beyond it is seen whether the client reads. Bytes.
_SEND_BUFFER = 256 * 1024
_DESCRIPTORS = 4096
_OWN_DESCRIPTORS = 256  # files, the database, the gateway


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """How much is too much.

    Attributes:
        headers_s: seconds until the headers of a request must have come.
        body_s: seconds until its body must have come.
        body_bytes: longest body.
        stalled_s: seconds after which a client that reads nothing is left.
        connections: most connections at a time.
        tick_s: seconds between two looks at all connections.
    """

    headers_s: float = 10.0
    body_s: float = 30.0
    body_bytes: int = 8 * 1024 * 1024
    stalled_s: float = 60.0
    connections: int = 500
    tick_s: float = 1.0


class Connections:
    """All connections of a server. Where there is no place left the idlest one makes room."""

    def __init__(self, limits: ConnectionLimits | None = None) -> None:
        """Watch nothing yet.

        Args:
            limits: the usual ones if not given.
        """
        self.limits = limits or ConnectionLimits()
        self._most = self.limits.connections
        self._open: set[_Connection] = set()
        self._ticking = False

    def __len__(self) -> int:
        return len(self._open)

    def watch(self, server: uvicorn.Server, sockets: Sequence[socket.socket]) -> None:
        """Watch the connections of a server that is about to start.

        Args:
            server: its configuration is loaded.
            sockets: what it is bound to.
        """
        config = server.config
        config.backlog = min(config.backlog, _BACKLOG)
        self._most = min(self.limits.connections, _descriptors() - _OWN_DESCRIPTORS)
        for sock in sockets:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        make = config.http_protocol_class

        def protocol(config: uvicorn.Config, **named: Any) -> asyncio.Protocol:
            def inner(app: ASGIApp) -> asyncio.Protocol:
                own = copy.copy(config)
                own.loaded_app = app
                return make(config=own, **named)  # type: ignore[call-arg]

            return _Connection(self, inner, config.loaded_app)

        config.http_protocol_class = protocol  # type: ignore[assignment]

    def admit(self, connection: _Connection) -> bool:
        """Give a connection a place; False if all places are taken by requests in progress."""
        if len(self._open) >= self._most:
            self._open = {one for one in self._open if not one.closed}
        if len(self._open) >= self._most:
            idle = [one for one in self._open if one.waiting_since is not None]
            if not idle:
                return False
            # First those that never sent a request.
            least = min(idle, key=lambda one: (one.has_asked, one.waiting_since))
            least.abort()
            self._open.discard(least)
        self._open.add(connection)
        if not self._ticking:
            self._ticking = True
            asyncio.get_running_loop().call_later(self.limits.tick_s, self._tick)
        return True

    def leave(self, connection: _Connection) -> None:
        """Take back the place of a connection."""
        self._open.discard(connection)

    def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        for one in list(self._open):
            if one.closed:
                self._open.discard(one)
            elif one.is_late(now, self.limits):
                one.abort()
        self._ticking = bool(self._open)
        if self._ticking:
            loop.call_later(self.limits.tick_s, self._tick)


class _Connection(asyncio.Protocol):
    """Wraps a protocol of uvicorn, passes everything on, and tracks its progress."""

    def __init__(
        self,
        connections: Connections,
        make: Callable[[ASGIApp], asyncio.Protocol],
        app: ASGIApp,
    ) -> None:
        self._connections = connections
        self._app = app
        self._inner = make(self._serve)
        self._transport: asyncio.Transport | None = None
        self._progress = asyncio.get_running_loop().time()
        self._unsent = 0
        self.waiting_since: float | None = self._progress
        self.has_asked = False

    @property
    def closed(self) -> bool:
        """Whether its descriptor is free; a websocket takes over without a word at its end."""
        if self._transport is None:
            return True
        sock = self._transport.get_extra_info("socket")
        return sock is None or sock.fileno() < 0

    def is_late(self, now: float, limits: ConnectionLimits) -> bool:
        """Return whether it has been open for too long."""
        if self.waiting_since is not None and now - self.waiting_since > limits.headers_s:
            return True
        unsent = self._transport.get_write_buffer_size() if self._transport else 0
        if not unsent or unsent < self._unsent:
            self._progress = now
        self._unsent = unsent
        return now - self._progress > limits.stalled_s

    def abort(self) -> None:
        """End it at once; what is not sent is lost."""
        if self._transport is not None:
            self._transport.abort()

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP and TLS are
        self._transport = transport
        if self._connections.admit(self):
            self._inner.connection_made(transport)
        else:
            self._inner = asyncio.Protocol()
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.leave(self)
        self._inner.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._progress = asyncio.get_running_loop().time()
        self._inner.resume_writing()

    # What the protocol calls.

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.waiting_since, self.has_asked = None, True
        names = {name for name, _ in scope["headers"]}
        has_body = scope["type"] == "http" and names & {b"content-length", b"transfer-encoding"}
        body = _Body(receive, self._connections.limits) if has_body else None
        try:
            await self._app(scope, body.receive if body else receive, send)
        finally:
            self.waiting_since = asyncio.get_running_loop().time()
            if body is not None and body.is_cut and self._transport is not None:
                self._transport.close()


class _Body:
    """The body of a request; what comes too late, or is too much, counts as a client that left."""

    def __init__(self, receive: Receive, limits: ConnectionLimits) -> None:
        self._receive = receive
        self._left = limits.body_bytes
        self._deadline = asyncio.get_running_loop().time() + limits.body_s
        self._ended = False
        self.is_cut = False

    async def receive(self) -> Message:
        if self.is_cut:
            return {"type": "http.disconnect"}
        if self._ended:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            self.is_cut = True
            return {"type": "http.disconnect"}
        self._left -= len(message.get("body", b""))
        self._ended = not message.get("more_body", False)
        if self._left < 0:
            self.is_cut = True
            return {"type": "http.disconnect"}
        return message


def _descriptors() -> int:
    """Return how many files this process may open, after asking for enough of them."""
    try:
        import resource
    except ImportError:  # Windows, which has no such limit
        return _DESCRIPTORS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _DESCRIPTORS if hard == resource.RLIM_INFINITY else min(_DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError):
            return max(soft, 2 * _OWN_DESCRIPTORS)
        return wanted
    return _DESCRIPTORS
