"""What the one process needs around the screens: routes, headers, sandbox, worker."""

import asyncio
import gc
import importlib
import signal
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from lyria_sandbox import Sandbox, SandboxSettings
from lyria_studio import web
from lyria_studio.services import Services, get_services
from lyria_studio.startup import one_line_errors
from lyria_studio.web.connections import Connections
from lyria_studio.web.log_limit import LogLimit

ASSETS = Path(__file__).with_name("assets")
STYLE = "./assets/style.css"
SANDBOX_PREFIX = "/sandbox"
DEFAULT_URL = "http://127.0.0.1:8501"
# Imported before the first visitor comes: together they take about a second.
SLOW_IMPORTS = ("pandas", "pyarrow", "altair", "soundfile", "pyloudnorm", "lyria_studio.reports")


class Host:
    """The services of one process and the ASGI parts that reach them.

    Attributes:
        own_url: where this process reaches its own server; known once the server is bound.
    """

    def __init__(
        self,
        secrets: Callable[[], Mapping[str, Any]],
        inline_scripts: Sequence[str] = (),
        preloads: Sequence[str] = (),
    ) -> None:
        """Prepare; nothing is opened before the lifespan starts.

        Args:
            secrets: reads the app's secrets; called once, at start.
            inline_scripts: sources of the inline scripts that the page may run.
            preloads: addresses of scripts that the first drawing of a screen needs.
        """
        self._secrets = secrets
        self._inline_scripts = tuple(inline_scripts)
        self._preloads = tuple(preloads)
        self._sandbox: Sandbox | None = None
        self.own_url = DEFAULT_URL
        self._bound: str | None = None
        self._connections = Connections()

    def adopt_server(self) -> None:
        """Prepare the server that runs this app, once it is bound and before it accepts anybody.

        `streamlit run` makes the server itself and shows it to nobody, but it imports the app
        before it calls `uvicorn.Server.startup`.
        """
        startup = uvicorn.Server.startup

        async def prepared(
            server: uvicorn.Server, sockets: list[socket.socket] | None = None
        ) -> None:
            self.bound(server, sockets or [])
            with one_line_errors():
                await self._start()
            await startup(server, sockets)

        uvicorn.Server.startup = prepared  # type: ignore[assignment, method-assign]

    def bound(self, server: uvicorn.Server, sockets: Sequence[socket.socket]) -> None:
        """Prepare a server for this app.

        Args:
            server: about to start.
            sockets: what it is bound to already; empty if it binds later by itself.
        """
        for sock in sockets:
            # Accepted connections inherit it; without it a rerun waits 40 ms for an ACK.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connections.watch(server, sockets)
        LogLimit().apply_to("uvicorn.error", "asyncio", "lyria_studio.web")
        config = server.config
        host, port = sockets[0].getsockname()[:2] if sockets else (config.host, config.port)
        everywhere = host in ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
        self._bound = None if everywhere else host
        name = "127.0.0.1" if everywhere else host
        scheme = "https" if config.is_ssl else "http"
        self.own_url = f"{scheme}://[{name}]:{port}" if ":" in name else f"{scheme}://{name}:{port}"

    def routes(self) -> list[BaseRoute]:
        """Return the routes beside the screens."""
        return [
            *web.routes(self.services),
            web.samples_route(self._samples_folder, self._sample),
            Mount("/assets", StaticFiles(directory=ASSETS)),
            Mount(SANDBOX_PREFIX, self._sandbox_app),
        ]

    def middleware(self) -> list[Middleware]:
        """Return the middleware that every request passes through."""
        return [
            Middleware(web.SecurityHeaders, scripts=self._inline_scripts),
            Middleware(web.HostGuard, policy=self._host_policy),
            Middleware(web.SessionCookie),
            Middleware(web.LinkedFiles, styles=[STYLE], scripts=self._preloads),
        ]

    def services(self) -> Services:
        """Return the services of this process."""
        return get_services(self._secrets)

    @asynccontextmanager
    async def lifespan(self, app: object) -> AsyncIterator[None]:
        """Start the sandbox and the worker with the server, and stop them with it."""
        services, sandbox = await self._start()
        try:
            with _call_at_shutdown(services.events.close):
                yield
        finally:
            await asyncio.to_thread(services.stop)
            await sandbox.stop()

    async def _start(self) -> tuple[Services, Sandbox]:
        """Start what is not started yet."""
        services = await asyncio.to_thread(self.services)
        if self._sandbox is None:
            settings = services.settings
            folder = settings.home / "sandbox"
            sandbox = Sandbox(SandboxSettings(home=folder, pace=settings.pace))
            await sandbox.start()
            self._sandbox = sandbox
            services.start(sandbox_url=self.own_url + SANDBOX_PREFIX)
            await asyncio.to_thread(_warm)
        return services, self._sandbox

    def _host_policy(self) -> web.HostPolicy:
        services = self.services()
        return web.HostPolicy(
            owner_hosts=services.settings.owner_hosts,
            bound=self._bound,
            public_url=services.public_url,
            public_screens=services.settings.public_screens,
        )

    def _samples_folder(self) -> Path:
        return self.services().settings.home / "samples"

    async def _sample(self, prompt: str) -> bytes:
        assert self._sandbox is not None, "the lifespan has not started"  # noqa: S101
        return await self._sandbox.sample(prompt)

    async def _sandbox_app(self, scope: Any, receive: Any, send: Any) -> None:
        assert self._sandbox is not None, "the lifespan has not started"  # noqa: S101
        await self._sandbox.app(scope, receive, send)


@contextmanager
def _call_at_shutdown(act: Callable[[], None]) -> Iterator[None]:
    """Call a function as soon as the process is asked to stop.

    The server ends its lifespan only after its last answer, and a stream of events is an answer
    that goes on for many seconds: it has to be ended before.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def pass_on(number: int, frame: FrameType | None) -> None:
        # Not here: a handler runs between any two instructions, perhaps while a lock is held.
        loop.call_soon_threadsafe(act)
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    for number, handler in before.items():
        if callable(handler):
            signal.signal(number, pass_on)
    try:
        yield
    finally:
        for number, handler in before.items():
            if signal.getsignal(number) is pass_on:
                signal.signal(number, handler)


def _warm() -> None:
    for name in SLOW_IMPORTS:
        importlib.import_module(name)
    # What is imported by now lives as long as the process: the collector need not walk it again.
    gc.collect()
    gc.freeze()
