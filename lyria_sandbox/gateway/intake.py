"""Reading a request's body within bounds."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from lyria_sandbox.gateway.replies import management

if TYPE_CHECKING:
    from starlette.requests import Request

_CLOSE: Final = {"Connection": "close"}

_READ_ON: Final = 16
"""An oversized body is read on and thrown away up to this multiple of the bound: a client whose
connection is closed while it still sends sees a reset in place of the answer."""


async def read_body(request: Request, max_bytes: int, timeout_s: float) -> bytes:
    """Return the body, keeping no more of it than is allowed.

    Args:
        request: The request.
        max_bytes: Largest body.
        timeout_s: Seconds that the client has to send it.

    Raises:
        RefusalError: 413, the body is larger; 408, it did not come in time.
        ClientDisconnect: The client went away.
    """
    too_large = management(413, f"The body is larger than {max_bytes} bytes.", _CLOSE)
    declared = request.headers.get("content-length", "")
    if "expect" in request.headers and declared.isdecimal() and int(declared) > max_bytes:
        raise too_large  # the client waits for leave to send it
    body = bytearray()
    length = 0
    try:
        async with asyncio.timeout(timeout_s):
            async for chunk in request.stream():
                length += len(chunk)
                if length <= max_bytes:
                    body += chunk
                elif length > max_bytes * _READ_ON:
                    break
    except TimeoutError:
        raise management(408, "The request was not sent in time.", _CLOSE) from None
    if length > max_bytes:
        raise too_large
    return bytes(body)
