"""Serving the outputs, as the reference's storage does: no key, ranges, the plain file name."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from lyria_sandbox.gateway.connection import cut_after, hang_up
from lyria_sandbox.gateway.deviations import FRESH
from lyria_sandbox.gateway.ids import REQUEST_ID
from lyria_sandbox.gateway.media import FILE_NAME, SCORE_NAME
from lyria_sandbox.gateway.replies import MEDIA_DELETED, management
from lyria_sandbox.gateway.store import Store

if TYPE_CHECKING:
    from collections import Counter

    from starlette.types import Receive, Scope, Send

    from lyria_sandbox.gateway.media import MediaFolder
    from lyria_sandbox.gateway.store import StoreThread

_BROKEN_DOWNLOADS = 2


class MediaRoutes:
    """The media of jobs.

    Args:
        store: The jobs.
        media: Their files.
        downloads: Number of downloads of each job so far, for the test cards.
    """

    def __init__(self, store: StoreThread, media: MediaFolder, downloads: Counter[str]) -> None:
        self._store = store
        self._media = media
        self._downloads = downloads

    @property
    def routes(self) -> list[Route]:
        """The routes of media."""
        return [
            Route(f"/media/v1/{{request_id}}/{SCORE_NAME}", self.score, methods=["GET"]),
            Route("/media/v1/{request_id}/{name}", self.output, methods=["GET"]),
        ]

    async def score(self, request: Request) -> Response:
        """Serve the notes of a job as a MIDI file; the reference has no such thing."""
        request_id = request.path_params["request_id"]
        path = self._media.path(request_id, SCORE_NAME)
        if not REQUEST_ID.fullmatch(request_id) or not await asyncio.to_thread(path.is_file):
            raise HTTPException(404)
        return FileResponse(path, media_type="audio/midi", filename=SCORE_NAME)

    async def output(self, request: Request) -> Response:
        """Serve one output of a job."""
        request_id, name = request.path_params["request_id"], request.path_params["name"]
        if not REQUEST_ID.fullmatch(request_id) or not FILE_NAME.fullmatch(name):
            raise HTTPException(404)
        job = await self._store(Store.get, request_id)
        if job is None or name not in job.files or "lost-media" in job.marks:
            raise HTTPException(404)
        if job.media_deleted:
            raise management(410, MEDIA_DELETED)
        if "expiring-media" in job.marks and request.query_params.get(FRESH, "1") == "1":
            raise management(403, "The address has expired")
        if "html-media" in job.marks:
            return HTMLResponse("<html><body><h1>Please sign in</h1></body></html>")
        path = self._media.path(request_id, name)
        try:
            stat = await asyncio.to_thread(path.stat)
        except FileNotFoundError:
            raise management(410, MEDIA_DELETED) from None
        response = _Download(
            path,
            stat_result=stat,
            media_type=job.media_type,
            filename=name,
            content_disposition_type="inline",
            headers={"Cache-Control": "private, max-age=3600"},
        )
        if request.headers.get("if-none-match") == response.headers["etag"]:
            return Response(status_code=304, headers={"ETag": response.headers["etag"]})
        if "broken-download" in job.marks and request.method == "GET":
            self._downloads[request_id] += 1
            response.broken = self._downloads[request_id] <= _BROKEN_DOWNLOADS
        return response


class _Download(FileResponse):
    """A file, or the first half of it.

    Attributes:
        broken: Whether the answer breaks off half way through the file.
    """

    broken = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, whole or broken."""
        if not self.broken:
            await super().__call__(scope, receive, send)
            return
        half = int(self.headers["content-length"]) // 2
        await super().__call__(scope, receive, cut_after(half, send))
        await hang_up(receive)
