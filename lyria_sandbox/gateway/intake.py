"""Reading a request's body within bounds."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from lyria_sandbox.gateway.replies import management

if TYPE_CHECKING:
    from starlette.requests import Request


async def read_body(request: Request, max_bytes: int, timeout_s: float) -> bytes:
    """Return the body, reading no more of it than is allowed.

    Args:
        request: The request.
        max_bytes: Largest body.
        timeout_s: Seconds that the client has to send it.

    Raises:
        RefusalError: 413, the body is larger; 408, it did not come in time.
        ClientDisconnect: The client went away.
    """
    too_large = management(413, f"The body is larger than {max_bytes} bytes.", _CLOSE)
    if int(request.headers.get("content-length", "0")) > max_bytes:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(timeout_s):
            async for chunk in request.stream():
                body += chunk
                if len(body) > max_bytes:
                    raise too_large
    except TimeoutError:
        raise management(408, "The request was not sent in time.", _CLOSE) from None
    return bytes(body)


_CLOSE = {"Connection": "close"}
