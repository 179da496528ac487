"""The public door: what a visitor from outside may reach of an app that has no login.

The screens spend money, so they belong to the owner, who works at this machine. As soon as a public
address is set, whoever comes by it gets the listening tests, the gateway's callbacks and nothing
else.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["PublicDoor", "came_by", "is_public"]

# What the listeners' page plays with.
_ENGINE = frozenset(
    f"/assets/{name}.js" for name in ("instep", "instep/fade", "instep/run", "instep/sound")
)
# A proxy says by these that it passes something on. The owner's own browser sends none of them.
_FORWARDED = (
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-server",
    "x-real-ip",
    "cf-connecting-ip",
    "true-client-ip",
    "tailscale-funnel-request",
)
_FORWARDED_HOST = re.compile(r'(?:^|[;,])\s*host\s*=\s*"?([^";,\s]+)', re.IGNORECASE)


class PublicDoor:
    """Answers 404 to what comes from outside and is not meant for it; websockets included."""

    def __init__(
        self,
        app: ASGIApp,
        public_url: Callable[[], str | None],
        screens: Callable[[], bool] = lambda: False,
        keep_s: float = 1.0,
    ) -> None:
        """Wrap an application.

        Args:
            app: the application.
            public_url: gives the public address, None if there is none; called in a thread.
            screens: whether the screens are open to the public, too.
            keep_s: for how many seconds the public address is believed to be the same.
        """
        self._app = app
        self._public_url = public_url
        self._screens = screens
        self._keep_s = keep_s
        self._known: tuple[float, str | None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] in ("http", "websocket") and not await self._may_pass(scope):
            await _refuse(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _may_pass(self, scope: Scope) -> bool:
        if scope["type"] == "http" and _is_open(scope["method"], scope["path"]):
            return True
        address = await self._address()
        if address is None or not is_public(Headers(scope=scope), address):
            return True
        return await asyncio.to_thread(self._screens)

    async def _address(self) -> str | None:
        now = time.monotonic()
        if self._known is None or now >= self._known[0] + self._keep_s:
            self._known = now, await asyncio.to_thread(self._public_url)
        return self._known[1]


def _is_open(method: str, path: str) -> bool:
    # By the path as the routes will see it: nothing is decoded or resolved after this.
    if method == "POST" and path.startswith("/webhook/"):
        return True
    return path.startswith("/listen/") or path in _ENGINE


def is_public(headers: Headers, public_url: str) -> bool:
    """Whether a request comes from outside, now that the app has a public address.

    So it is if it names the public host or was passed on by a proxy: a proxy may give its own name
    for the app's host, and in doubt the door stays shut.
    """
    if any(name in headers for name in _FORWARDED):
        return True
    public = _host(urlsplit(public_url).netloc)
    return any(_host(named) == public for named in came_by(headers))


def came_by(headers: Headers) -> list[str]:
    """The hosts that a request names as the one it was sent to, nearest first."""
    named = headers.getlist("host")
    for value in headers.getlist("x-forwarded-host"):
        named += value.split(",")
    for value in headers.getlist("forwarded"):
        named += _FORWARDED_HOST.findall(value)
    return [host for one in named if (host := one.strip())]


def _host(netloc: str) -> str:
    """The name without port and without the dot of a fully qualified one, in small letters."""
    try:
        name = urlsplit(f"//{netloc.strip()}").hostname or ""
    except ValueError:
        return netloc.strip().lower()
    return name.rstrip(".")


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        answer = PlainTextResponse("Not found.", status_code=404)
        await answer(scope, receive, send)
        return
    await receive()  # the wish to connect
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})  # the server makes it a 403
        return
    head = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "websocket.http.response.start", "status": 404, "headers": head})
    await send({"type": "websocket.http.response.body", "body": b"Not found."})
