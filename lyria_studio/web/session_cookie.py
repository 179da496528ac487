"""A cookie that names a browser session, so that its budget survives a reload."""

import re
import secrets
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SESSION_COOKIE = "lyria_session"
_STREAM = "/_stcore/stream"  # the connection of a screen; no other page opens it
_ID = re.compile("[0-9a-f]{32}")


def is_session_id(value: object) -> bool:
    """Return whether a value is a text of the form of our cookie."""
    return isinstance(value, str) and bool(_ID.fullmatch(value))


class SessionCookie:
    """Gives the cookie to a browser that opens a screen without one.

    It is set while the connection is made, and this very connection is told of it, too: the first
    screen of a browser already has its name. Scripts cannot read it, and it ends with the browser.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "websocket" or not scope["path"].endswith(_STREAM) or _named(scope):
            await self._app(scope, receive, send)
            return
        name = secrets.token_hex(16)
        ours = f"{SESSION_COOKIE}={name}".encode()
        lines = [value for header, value in scope["headers"] if header == b"cookie"]
        others = [item for item in scope["headers"] if item[0] != b"cookie"]
        headers = [*others, (b"cookie", b"; ".join([*lines, ours]))]
        secure = "; Secure" if scope.get("scheme") == "wss" else ""

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "websocket.accept":
                message.setdefault("headers", [])
                MutableHeaders(scope=message).append(
                    "set-cookie", f"{SESSION_COOKIE}={name}; Path=/; HttpOnly; SameSite=Lax{secure}"
                )
            await send(message)

        await self._app({**scope, "headers": headers}, receive, send_with_cookie)


def _named(scope: Scope) -> bool:
    for line in Headers(scope=scope).getlist("cookie"):
        try:
            morsel = SimpleCookie(line).get(SESSION_COOKIE)
        except CookieError:
            continue
        if morsel is not None and is_session_id(morsel.value):
            return True
    return False
