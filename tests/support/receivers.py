"""A server that receives webhooks, and answers as a test tells it to."""

from __future__ import annotations

import asyncio
import json
import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from support.serve import serve


@dataclass
class Call:
    """One callback as it arrived."""

    path: str
    body: dict[str, Any]
    headers: dict[str, str]


@dataclass
class Receiver:
    """What was received so far.

    Attributes:
        url: Base URL of the server.
        calls: The callbacks, in the order of arrival.
        answer: Tells the status of the answer to the n-th callback, from 0; None never answers.
    """

    url: str = ""
    calls: queue.Queue[Call] = field(default_factory=queue.Queue)
    answer: Callable[[int], int | None] = lambda _: 200
    seen: int = 0

    def next(self) -> Call:
        """Wait for the next callback."""
        return self.calls.get(timeout=20)


@contextmanager
def receive(**config: Any) -> Iterator[Receiver]:
    """Serve a receiver; further arguments go to the server."""
    receiver = Receiver()

    async def take(request: Request) -> Response:
        number, receiver.seen = receiver.seen, receiver.seen + 1
        body = json.loads(await request.body())
        receiver.calls.put(Call(request.url.path, body, dict(request.headers)))
        status = receiver.answer(number)
        if status is None:
            await asyncio.Event().wait()
        assert status is not None
        headers = {"Location": "/elsewhere"} if 300 <= status < 400 else {}
        return Response(status_code=status, headers=headers)

    app = Starlette(routes=[Route("/{path:path}", take, methods=["GET", "POST"])])
    with serve(app, timeout_graceful_shutdown=0, **config) as url:
        receiver.url = url
        yield receiver
