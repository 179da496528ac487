"""Serve an ASGI application on a real socket for as long as a test needs it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import uvicorn

if TYPE_CHECKING:
    from starlette.types import ASGIApp

Prepare = Callable[[uvicorn.Server, Sequence[socket.socket]], None]


class _Server(uvicorn.Server):
    """A server that tells when it is ready, so that nobody has to poll for it."""

    def __init__(self, config: uvicorn.Config, prepare: Prepare | None) -> None:
        super().__init__(config)
        self._prepare = prepare
        self.settled = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        if self._prepare is not None:
            self._prepare(self, sockets or [])
        await super().startup(sockets)
        self.settled.set()


@contextmanager
def serve(app: ASGIApp, prepare: Prepare | None = None, **config: Any) -> Iterator[str]:
    """Run ``app`` with uvicorn in a thread and yield its base URL.

    The server listens on a free loopback port, runs the application's lifespan, and is shut down
    (open connections included) when the block ends.

    Args:
        app: Any ASGI application.
        prepare: Called with the server and its sockets just before it starts.
        **config: Further arguments of ``uvicorn.Config``.

    Yields:
        The base URL, such as ``http://127.0.0.1:40123``, without a slash at the end.

    Raises:
        RuntimeError: The application's lifespan failed to start.
    """
    options: dict[str, Any] = {
        "log_level": "warning",
        "ws": "none",
        "timeout_graceful_shutdown": 2,
    }
    server = _Server(uvicorn.Config(app, **(options | config)), prepare)

    def run() -> None:
        try:
            server.run(sockets=[listener])
        finally:
            server.settled.set()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        # As a server that binds by itself would have it: asyncio leaves it off on this socket, and
        # every answer on a kept connection would wait 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        host, port = listener.getsockname()
        thread = threading.Thread(target=run, name=f"serve-{port}", daemon=True)
        thread.start()
        server.settled.wait()
        try:
            if not server.started:
                raise RuntimeError("the application did not start: see the log above")
            yield f"http://{host}:{port}"
        finally:
            server.should_exit = True
            thread.join(timeout=20)
            if thread.is_alive():
                raise RuntimeError("the server did not stop within 20 s")
