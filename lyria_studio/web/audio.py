"""GET /audio/{token}: a track, to be played (with Range) or downloaded."""

import asyncio
import os
import stat
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from lyria_studio.library import LibraryError, Track
from lyria_studio.web.signing import LinkError, LinkExpiredError

if TYPE_CHECKING:
    from lyria_studio.services import Services

# A browser that opens the address itself must not run anything found in the file.
_POLICY = "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
_CACHE_S = 6 * 3600


def audio_route(services: Callable[[], "Services"]) -> Route:
    """Build the route.

    ``?download=1`` makes it a download under the track's name. The bytes are always the original.
    Answers: 200, 206 and 416 by the Range header; 404 where there is no such track or the link is
    not ours; 410 for a link that has expired.
    """

    async def audio(request: Request) -> Response:
        house = await asyncio.to_thread(services)
        try:
            track_id = house.signer.track_id(request.path_params["token"])
        except LinkExpiredError as error:
            return PlainTextResponse(str(error), status_code=410)
        except LinkError as error:
            return PlainTextResponse(str(error), status_code=404)
        try:
            track, found = await asyncio.to_thread(_find, house, track_id)
        except (LibraryError, OSError):
            return PlainTextResponse("This track is not in the library.", status_code=404)
        download = request.query_params.get("download") == "1"
        return FileResponse(
            track.path,
            stat_result=found,
            # From the library and not from the name: `.mpeg` would be called a video.
            media_type=_safe_type(track.media_type),
            filename=track.file_name,
            content_disposition_type="attachment" if download else "inline",
            headers={
                "cache-control": f"private, max-age={_CACHE_S}",
                "content-security-policy": _POLICY,
                "cross-origin-resource-policy": "same-origin",
            },
        )

    return Route("/audio/{token}", audio, methods=["GET"])


def _find(house: "Services", track_id: str) -> tuple[Track, os.stat_result]:
    track = house.library.track(track_id)
    inside = (house.settings.home / "tracks").resolve()
    if not track.path.resolve().is_relative_to(inside):
        raise FileNotFoundError("the track's file is outside the library")
    found = track.path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise FileNotFoundError("the track's file is not a file")
    return track, found


def _safe_type(media_type: str) -> str:
    return media_type if media_type.startswith("audio/") else "application/octet-stream"
