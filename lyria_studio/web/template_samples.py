"""GET /samples/{template}: what a template sounds like, rendered by the sandbox and kept."""

import asyncio
import zlib
from collections import defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from lyria_studio.prompts import Template, all_templates

Render = Callable[[str], Awaitable[bytes]]


def samples_route(folder: Callable[[], Path], render: Render) -> Route:
    """Build the route.

    The first who listens waits for the rendering; the file is kept for all who come later. Only
    the templates that come with the studio have samples, so nothing a visitor sends is rendered.

    Args:
        folder: where the files are kept; asked at every request.
        render: makes an MP3 of about 30 s from a prompt; may raise anything.
    """
    locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def sample(request: Request) -> Response:
        wanted = request.path_params["template"]
        found = next((one for one in all_templates() if one.id == wanted), None)
        if found is None:
            return PlainTextResponse("There is no such template.", status_code=404)
        path = folder() / file_name(found)
        async with locks[found.id]:
            if not path.exists():
                try:
                    audio = await render(found.prompt)
                except Exception:  # noqa: BLE001 - whatever kept it from sounding, it costs nothing
                    return PlainTextResponse("This sample cannot be made now.", status_code=503)
                await asyncio.to_thread(_keep, path, audio)
        return FileResponse(
            path, media_type="audio/mpeg", headers={"cache-control": "private, max-age=86400"}
        )

    return Route("/samples/{template}", sample, methods=["GET"])


def file_name(template: Template) -> str:
    """Return the file name of a sample; another prompt is another file."""
    return f"{template.id}-{zlib.crc32(template.prompt.encode()):08x}.mp3"


def _keep(path: Path, audio: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    draft.write_bytes(audio)
    draft.replace(path)
