"""GET /audio/{token}: a track, to be played (with Range) or downloaded."""

import asyncio
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from lyria_studio.audio.copies import CopyError, Format, copy_as
from lyria_studio.audio.sidecar import sidecar, tags_for
from lyria_studio.library import LibraryError
from lyria_studio.links import LinkError, LinkExpiredError
from lyria_studio.model.generation import Track

if TYPE_CHECKING:
    from lyria_studio.services import Services

# A browser that opens the address itself must not run anything found in the file.
_POLICY = "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
_CACHE_S = 6 * 3600
_MEDIA_TYPES = {"mp3": "audio/mpeg", "wav": "audio/wav"}


def audio_route(get_services: Callable[[], "Services"]) -> Route:
    """Build the route.

    ``?download=1`` makes it a download under the track's name. The bytes are always the original,
    unless ``?as=`` asks for something else to download: ``mp3`` or ``wav`` for a copy with tags,
    ``json`` for how it was made. Answers: 200, 206 and 416 by the Range header; 404 where there is
    no such track or the link is not ours; 410 for a link that has expired; 422 where no copy can
    be made of it.
    """

    async def audio(request: Request) -> Response:
        services = await asyncio.to_thread(get_services)
        try:
            track_id = services.signer.track_id(request.path_params["token"])
        except LinkExpiredError as error:
            return PlainTextResponse(str(error), status_code=410)
        except LinkError as error:
            return PlainTextResponse(str(error), status_code=404)
        wanted = request.query_params.get("as", "")
        download = bool(wanted) or request.query_params.get("download") == "1"
        try:
            return await asyncio.to_thread(_answer, services, track_id, wanted, download)
        except (LibraryError, OSError):
            return PlainTextResponse("This track is not in the library.", status_code=404)
        except CopyError as error:
            return PlainTextResponse(str(error), status_code=422)

    return Route("/audio/{token}", audio, methods=["GET"])


def _answer(services: "Services", track_id: str, wanted: str, download: bool) -> Response:
    track = services.library.tracks.track(track_id)
    _check(services, track)
    name = Path(track.file_name)
    if wanted == "json":
        generation = services.library.tracks.generation(track.generation_id)
        headers = {"content-disposition": _attachment(name.with_suffix(".json").name)}
        content = sidecar(generation, track)
        return Response(content, media_type="application/json", headers=headers)
    if wanted in ("mp3", "wav"):
        kind: Format = "mp3" if wanted == "mp3" else "wav"
        return _file(_copy(services, track, kind), _MEDIA_TYPES[kind], f"{name.stem}.{kind}", True)
    # The type is known from the library and not from the name: `.mpeg` would be called a video.
    return _file(track.path, _safe_type(track.media_type), track.file_name, download)


def _file(path: Path, media_type: str, name: str, download: bool) -> Response:
    return FileResponse(
        path,
        stat_result=path.stat(),
        media_type=media_type,
        filename=name,
        content_disposition_type="attachment" if download else "inline",
        headers={
            "cache-control": f"private, max-age={_CACHE_S}",
            "content-security-policy": _POLICY,
            "cross-origin-resource-policy": "same-origin",
        },
    )


def _check(services: "Services", track: Track) -> None:
    inside = (services.settings.home / "tracks").resolve()
    if not track.path.resolve().is_relative_to(inside):
        raise FileNotFoundError("the track's file is outside the library")
    if not stat.S_ISREG(track.path.stat().st_mode):
        raise FileNotFoundError("the track's file is not a file")


def _copy(services: "Services", track: Track, kind: Format) -> Path:
    """Return a copy with tags, made at the first time that it is asked for."""
    copy = services.settings.home / "copies" / f"{track.id}.{kind}"
    if not copy.exists():
        copy.parent.mkdir(exist_ok=True)
        made = services.library.tracks.generation(track.generation_id)
        copy_as(track.path, copy, kind, tags_for(made))
    return copy


def _attachment(name: str) -> str:
    return f"attachment; filename*=utf-8''{quote(name)}"


def _safe_type(media_type: str) -> str:
    return media_type if media_type.startswith("audio/") else "application/octet-stream"
