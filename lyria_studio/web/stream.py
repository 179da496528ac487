"""GET /events: changes of generations as server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from lyria_studio.events import Event
from lyria_studio.library import UnknownGeneration

if TYPE_CHECKING:
    from lyria_studio.services import Services

# A server that shuts down waits for its answers; the browser connects again by itself.
STREAM_S = 25.0
HEARTBEAT_S = 10.0
_RETRY_MS = 500
_MOST_IDS = 500


def events_route(
    get_services: Callable[[], "Services"],
    stream_s: float = STREAM_S,
    heartbeat_s: float = HEARTBEAT_S,
) -> Route:
    """Build the route.

    Every change is an event named ``change`` with ``{"id": ..., "state": ...}``; ``{"id": null}``
    says that changes were missed and everything shown is worth a new look. A browser that comes
    back (``Last-Event-ID``) gets what it missed. One that is new gets the generations among its
    ``ids`` that have ended already, since they may have ended after its page was drawn.

    Args:
        get_services: gives the services.
        stream_s: seconds after which the stream ends.
        heartbeat_s: seconds without a change after which a comment is sent.

    Query parameters of a request: ``ids``, generation ids with commas between them; without it,
    all generations. ``after``, as ``Last-Event-ID``.
    """

    async def events(request: Request) -> Response:
        services = await asyncio.to_thread(get_services)
        named = [item for item in request.query_params.get("ids", "").split(",") if item]
        if len(named) > _MOST_IDS:
            return PlainTextResponse(f"At most {_MOST_IDS} ids.", status_code=400)
        after = request.headers.get("last-event-id") or request.query_params.get("after")
        return StreamingResponse(
            _stream(services, named, after, stream_s, heartbeat_s),
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )

    return Route("/events", events, methods=["GET"])


async def _stream(
    services: "Services", named: list[str], after: str | None, stream_s: float, heartbeat_s: float
) -> AsyncIterator[str]:
    wanted = frozenset(named) or None
    start = services.events.cursor
    with services.events.subscribe(wanted, after) as changes:
        yield f"retry: {_RETRY_MS}\nid: {after or start}\n\n"
        if after is None:
            for generation_id, state in await asyncio.to_thread(_ended, services, named):
                yield _change(Event(start, generation_id, state))
        loop = asyncio.get_running_loop()
        ends = loop.time() + stream_s
        while (left := ends - loop.time()) > 0:
            try:
                change = await asyncio.wait_for(anext(changes), min(heartbeat_s, left))
            except TimeoutError:
                yield ": still here\n\n"
            except StopAsyncIteration:  # the server stops, and waits for its answers
                return
            else:
                yield _change(change)


def _change(event: Event) -> str:
    data = json.dumps({"id": event.generation_id, "state": event.state}, separators=(",", ":"))
    return f"id: {event.cursor}\nevent: change\ndata: {data}\n\n"


def _ended(services: "Services", named: list[str]) -> list[tuple[str, str]]:
    ended = []
    for generation_id in named:
        try:
            generation = services.library.tracks.generation(generation_id)
        except UnknownGeneration:
            continue
        if not generation.active:
            ended.append((generation_id, str(generation.state)))
    return ended
