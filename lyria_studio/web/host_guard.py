"""Who reaches what of an app that has no login.

The screens spend money, so they belong to the owner. A page of any site can send a browser to this
server, under a name that resolves to 127.0.0.1 (DNS rebinding), and a proxy can bring anybody; both
name another host than the owner does. So whoever does not name one of the owner's hosts reaches
listening pages, callbacks and the health check, and nothing else.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from lyria_studio.hosts import (
    FORWARDING,
    Authority,
    Origin,
    forwarded_hosts,
    is_loopback_address,
    parse_authority,
    parse_origin,
)

__all__ = ["Admission", "HostGuard", "HostPolicy", "admission", "is_open"]

log = logging.getLogger(__name__)

_HEALTH = "/_stcore/health"
_LOGGED_HOSTS = 20
# Of the 500 connections that there are; the rest is kept for the owner.
VISITORS = 300


@dataclass(frozen=True, slots=True)
class HostPolicy:
    """What the owner has decided.

    Attributes:
        owner_hosts: hosts whose visitors are the owner, wherever they come from.
        bound: the address that the server is bound to; None if it is bound to all.
        public_url: the public https address; None if there is none.
        public_screens: whether the screens are open to visitors of the public address.
    """

    owner_hosts: tuple[Authority, ...] = ()
    bound: str | None = None
    public_url: str | None = None
    public_screens: bool = False

    def lists(self, host: Authority) -> bool:
        """Return whether a host is one that the owner has listed."""
        return any(one.covers(host) for one in self.owner_hosts)

    def is_here(self, host: Authority) -> bool:
        """Return whether a host name means this machine."""
        return host.is_loopback or host.name == self.bound

    def is_peer_here(self, address: str | None) -> bool:
        """Return whether a connection was made on this machine."""
        return address is not None and (is_loopback_address(address) or address == self.bound)


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a request may reach everything.

    Attributes:
        host: the host that its browser shows in the address bar.
        origins: where its pages may come from.
    """

    host: Authority
    origins: frozenset[Origin]


def admission(
    headers: Headers, peer: str | None, scheme: str, policy: HostPolicy
) -> Admission | None:
    """Decide whether a request may reach the screens, by its hosts and nothing else.

    Args:
        headers: of the request.
        peer: the address that the connection comes from; None if it is not known.
        scheme: "http" or "https".
        policy: what the owner has decided.

    Returns:
        None for everybody but the owner, and in doubt.
    """
    sent = headers.getlist("host")
    host = parse_authority(sent[0]) if len(sent) == 1 else None
    if host is None:
        return None
    forwarded = [parse_authority(one) for one in forwarded_hosts(headers)]
    named = [one for one in forwarded if one is not None]
    if len(named) < len(forwarded):
        return None
    if (found := _by_public_address(host, named, policy)) is not None:
        return found
    if named:
        known = policy.lists(host) or policy.is_here(host)
        return _listed(named[0]) if known and all(map(policy.lists, named)) else None
    if any(name in headers for name in FORWARDING):
        return None
    if policy.lists(host):
        return _listed(host)
    if policy.is_here(host) and policy.is_peer_here(peer):
        return Admission(host, frozenset({host.origin(scheme)}))
    return None


def _listed(host: Authority) -> Admission:
    # Before a listed host there may be a proxy that ends TLS and says nothing of it.
    return Admission(host, frozenset({host.origin("http"), host.origin("https")}))


def _by_public_address(
    host: Authority, named: list[Authority], policy: HostPolicy
) -> Admission | None:
    public = parse_authority(urlsplit(policy.public_url or "").netloc)
    if not policy.public_screens or public is None:
        return None
    origin = public.origin("https")
    if any(one.origin("https") != origin for one in named or [host]):
        return None
    if host.origin("https") != origin and not policy.is_here(host):
        return None
    return Admission(public, frozenset({origin}))


def is_open(method: str, path: str) -> bool:
    """Return whether a path, as the routes will see it, is open to visitors."""
    if method == "POST" and path.startswith("/webhook/"):
        return True
    if path == _HEALTH:
        return method in ("GET", "HEAD")
    return path.startswith("/listen/")


class HostGuard:
    """Answers 404 where only the owner may go, for HTTP and websockets."""

    def __init__(
        self,
        app: ASGIApp,
        policy: Callable[[], HostPolicy],
        visitors: int = VISITORS,
        keep_s: float = 1.0,
    ) -> None:
        """Wrap an application.

        Args:
            app: the application.
            policy: gives what the owner has decided; called in a thread.
            visitors: most requests at a time for what is open to everybody; the owner has more.
            keep_s: for how many seconds a decision is believed to be the same.
        """
        self._app = app
        self._policy = policy
        self._visitors = visitors
        self._visiting = 0
        self._keep_s = keep_s
        self._known: tuple[float, HostPolicy] | None = None
        self._logged: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "http" and is_open(scope["method"], scope["path"]):
            await self._welcome(scope, receive, send)
        elif scope["type"] not in ("http", "websocket") or await self._may_pass(scope):
            await self._app(scope, receive, send)
        else:
            await _refuse(scope, receive, send)

    async def _welcome(self, scope: Scope, receive: Receive, send: Send) -> None:
        full = self._visiting >= self._visitors and scope["path"] != _HEALTH
        if full and not await self._may_pass(scope):
            headers = {"retry-after": "5", "connection": "close"}
            answer = PlainTextResponse("Too many visitors. Try again.", 503, headers)
            await answer(scope, receive, send)
            return
        self._visiting += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._visiting -= 1

    async def _may_pass(self, scope: Scope) -> bool:
        if not scope["path"].startswith("/"):
            return False  # a target of another form names a host of its own
        headers = Headers(scope=scope)
        peer = scope["client"][0] if scope.get("client") else None
        scheme = "https" if scope["scheme"] in ("https", "wss") else "http"
        admitted = admission(headers, peer, scheme, await self._decided())
        if admitted is None:
            self._note(headers)
            return False
        origin = headers.getlist("origin")
        if origin or scope["type"] == "websocket":  # every browser sends it with a websocket
            came_from = parse_origin(origin[0]) if len(origin) == 1 else None
            if came_from not in admitted.origins:
                return False
        if forwarded_hosts(headers):
            # Streamlit compares the origin of a websocket with the Host header alone.
            scope["headers"] = list(scope["headers"])
            port = "" if admitted.host.port is None else f":{admitted.host.port}"
            name = admitted.host.name
            MutableHeaders(scope=scope)["host"] = f"[{name}]{port}" if ":" in name else name + port
        return True

    async def _decided(self) -> HostPolicy:
        now = time.monotonic()
        if self._known is None or now >= self._known[0] + self._keep_s:
            self._known = now, await asyncio.to_thread(self._policy)
        return self._known[1]

    def _note(self, headers: Headers) -> None:
        """Log each refused host once: the owner may want to allow it."""
        host = headers.get("host", "")[:100]
        if host not in self._logged and len(self._logged) < _LOGGED_HOSTS:
            self._logged.add(host)
            log.warning("Refused host %r: add it to LYRIA_OWNER_HOSTS if it is yours.", host)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        answer = PlainTextResponse("Not found.", status_code=404)
        await answer(scope, receive, send)
        return
    await receive()  # "websocket.connect"
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})  # the server makes it a 403
        return
    head = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "websocket.http.response.start", "status": 404, "headers": head})
    await send({"type": "websocket.http.response.body", "body": b"Not found."})
