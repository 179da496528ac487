"""POST /webhook/{generation id}/{token}: the gateway's callback.

A callback is a hint and no more: what it says is not believed but makes the worker ask the gateway.
The one thing taken from it is the request id of a submit whose answer was lost.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from lyria_core import LyriaError, parse_callback

if TYPE_CHECKING:
    from lyria_studio.services import Services

MOST_BYTES = 64 * 1024


def webhook_route(get_services: Callable[[], "Services"]) -> Route:
    """Build the route.

    Answers: 204 once the hint is safe; 404 for a wrong token, whatever the id, so that ids cannot
    be tried out; 413 beyond 64 kB; 400 for what is not a callback; 503 where the hint could not be
    stored, so that the gateway tries again.
    """

    async def webhook(request: Request) -> Response:
        services = await asyncio.to_thread(get_services)
        generation_id = request.path_params["generation_id"]
        if not services.signer.callback_matches(generation_id, request.path_params["token"]):
            return Response(status_code=404)
        try:
            body = await _read(request)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return Response(status_code=413)
        try:
            job = parse_callback(body)
        except LyriaError:
            return Response(status_code=400)
        try:
            await asyncio.to_thread(services.worker.callback, generation_id, job.request_id)
        except Exception:  # noqa: BLE001  # whatever kept it from being stored, it may come again
            return Response(status_code=503, headers={"retry-after": "10"})
        return Response(status_code=204)

    return Route("/webhook/{generation_id}/{token}", webhook, methods=["POST"])


async def _read(request: Request) -> bytes | None:
    """Return the body, or None once it is too long (the rest is not read)."""
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared[:20]) > MOST_BYTES:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)
