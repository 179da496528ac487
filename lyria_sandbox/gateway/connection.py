"""Connections that end badly: on demand for test cards, and for clients that stop reading."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class DroppedResponse(Response):
    """No answer: the connection is reset.

    ASGI has no word for that. Uvicorn's ``receive`` belongs to an object that knows the transport;
    on another server, or behind middleware that wraps ``receive``, the answer breaks off after its
    head.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Reset the connection."""
        if not await _hang_up(receive, at_once=True):
            await CutResponse(b"-", keep=0)(scope, receive, send)


class CutResponse(Response):
    """An answer that breaks off.

    Args:
        content: The whole body, which ``Content-Length`` announces.
        keep: Number of bytes of it that are sent.
    """

    def __init__(self, content: bytes, keep: int, status_code: int = 202) -> None:
        super().__init__(content, status_code, media_type="application/json")
        self._keep = keep

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the first bytes and close the connection."""
        await super().__call__(scope, receive, cut_after(self._keep, send))
        await _hang_up(receive, at_once=False)


class LateResponse(JSONResponse):
    """An answer that comes late, or never when the client has gone by then.

    Args:
        content: The JSON body.
        status_code: The HTTP status.
        after_s: Seconds of delay.
    """

    def __init__(self, content: Any, status_code: int, after_s: float) -> None:
        super().__init__(content, status_code)
        self._after_s = after_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait, then answer."""
        try:
            async with asyncio.timeout(self._after_s):
                await _gone(receive)
        except TimeoutError:
            await super().__call__(scope, receive, send)


def cut_after(keep: int, send: Send) -> Send:
    """Return a ``send`` that passes the head and the first ``keep`` bytes of the body only."""
    left = keep

    async def cut(message: Message) -> None:
        nonlocal left
        if message["type"] == "http.response.body":
            body = message.get("body", b"")[:left]
            left -= len(body)
            message = {"type": "http.response.body", "body": body, "more_body": True}
        await send(message)

    return cut


async def hang_up(receive: Receive) -> None:
    """Close the connection after what was sent; where that cannot be done, the server does it."""
    await _hang_up(receive, at_once=False)


async def _hang_up(receive: Receive, *, at_once: bool) -> bool:
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    if transport is None:
        return False
    if at_once:
        transport.abort()
    else:
        transport.close()
    await _gone(receive)
    return True


async def _gone(receive: Receive) -> None:
    """Wait until the client is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


class SlowClients:
    """Middleware that cuts off clients which stop reading, so that they hold no file open.

    Args:
        app: The application.
        timeout_s: Seconds that one piece of an answer may wait for the client.
    """

    def __init__(self, app: ASGIApp, timeout_s: float) -> None:
        self._app = app
        self._timeout_s = timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, with a limit on every send."""

        async def timed(message: Message) -> None:
            try:
                async with asyncio.timeout(self._timeout_s):
                    await send(message)
            except TimeoutError:
                raise _StoppedReadingError from None

        try:
            await self._app(scope, receive, timed if scope["type"] == "http" else send)
        except _StoppedReadingError:
            await _hang_up(receive, at_once=True)


class _StoppedReadingError(Exception):
    """The client did not read in time."""
