"""The sandbox as a whole: an ASGI application with a start and a stop."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from lyria_sandbox.gateway.connection import SlowClients
from lyria_sandbox.gateway.docs import DocsRoutes
from lyria_sandbox.gateway.media import MediaFolder
from lyria_sandbox.gateway.media_routes import MediaRoutes
from lyria_sandbox.gateway.replies import RefusalError
from lyria_sandbox.gateway.routes import GatewayRoutes
from lyria_sandbox.gateway.runner import Runner
from lyria_sandbox.gateway.store import StoreThread
from lyria_sandbox.gateway.webhooks import Webhooks

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from lyria_sandbox.gateway.sandbox_settings import SandboxSettings


class Sandbox:
    """A local gateway.

    ``app`` may be served as it is (its lifespan starts and stops the sandbox) or mounted at any
    prefix of another application, which then calls ``start`` and ``stop`` from its own lifespan.
    A sandbox starts once; after its stop a new one takes over the same home.

    Attributes:
        settings: Its settings.
        app: The ASGI application.
    """

    def __init__(self, settings: SandboxSettings) -> None:
        self.settings = settings
        settings.home.mkdir(parents=True, exist_ok=True)
        self._media = MediaFolder(settings.home)
        self._polls: Counter[str] = Counter()
        self._downloads: Counter[str] = Counter()
        self._store = StoreThread(settings.home)
        self._webhooks = Webhooks(settings, self._store)
        self._runner = Runner(settings, self._store, self._media, self._webhooks)
        self.app = self._application()

    async def start(self) -> None:
        """Start the renderers and resume the jobs that an earlier process left unfinished."""
        await self._runner.start()

    async def stop(self) -> None:
        """Stop the renders and close the files; the jobs resume at the next start."""
        await self._runner.stop()
        await self._store.close()

    async def sample(self, prompt: str, model: str = "lyria-3", seed: int = 0) -> bytes:
        """Return the file of a piece that belongs to no job and is not charged.

        Args:
            prompt: What the music should be.
            model: Id of the model whose form the file has.
            seed: The same seed and prompt give the same file.

        Raises:
            RenderError: The composer could not make it.
        """
        return (await self._runner.sample(prompt, model, seed)).audio

    def _application(self) -> Starlette:
        gateway = GatewayRoutes(
            self.settings, self._store, self._runner, self._webhooks, self._polls
        )
        media = MediaRoutes(self._store, self._media, self._downloads)
        app = Starlette(
            routes=[*gateway.routes, *media.routes, *DocsRoutes(self.settings).routes],
            middleware=[Middleware(SlowClients, timeout_s=self.settings.send_timeout_s)],
            exception_handlers={
                RefusalError: _refuse,
                HTTPException: _no_such_resource,
                ClientDisconnect: _gone,
                Exception: _broken,
            },
            lifespan=self._lifespan,
        )
        app.router.redirect_slashes = False
        return app

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        await self.start()
        try:
            yield
        finally:
            await asyncio.shield(self.stop())


async def _refuse(_: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, RefusalError)  # noqa: S101 - registered for it
    return JSONResponse(refusal.body, refusal.status, refusal.headers)


async def _no_such_resource(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    message = "Resource not found" if error.status_code == 404 else error.detail
    body: dict[str, Any] = {"statusCode": error.status_code, "message": message}
    return JSONResponse(body, error.status_code, error.headers)


async def _gone(_: Request, __: Exception) -> Response:
    return Response(status_code=499)  # nobody is there to read it


async def _broken(_: Request, __: Exception) -> Response:
    return JSONResponse({"statusCode": 500, "message": "Internal server error"}, 500)
