"""Security headers on every answer, as a pure ASGI middleware (streams pass through untouched)."""

from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def content_security_policy(scripts: Iterable[str] = ()) -> str:
    """Return the policy for the screens.

    The screens run their components from ``blob:`` addresses, style elements inline and play
    ``blob:`` and ``data:`` media; everything else comes from this server.

    Args:
        scripts: further sources of scripts, such as ``'sha256-...'`` of an inline one.
    """
    sources = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", "blob:", "'wasm-unsafe-eval'", *scripts]),
        "worker-src": "'self' blob:",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "media-src": "'self' data: blob:",
        "connect-src": "'self'",
        "frame-src": "'self' data: blob:",
        "frame-ancestors": "'self'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
    }
    return "; ".join(f"{name} {value}" for name, value in sources.items())


class SecurityHeaders:
    """Adds the headers that an answer does not set itself."""

    def __init__(self, app: ASGIApp, scripts: Iterable[str] = ()) -> None:
        """Wrap an application.

        Args:
            app: the application.
            scripts: see `content_security_policy`.
        """
        self._app = app
        self._headers = {
            "content-security-policy": content_security_policy(scripts),
            "x-content-type-options": "nosniff",
            "x-frame-options": "SAMEORIGIN",
            # Addresses of tracks and callbacks carry a token: no other site gets to see them.
            "referrer-policy": "same-origin",
            "cross-origin-opener-policy": "same-origin",
            "permissions-policy": (
                "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), "
                "microphone=(), payment=(), usb=()"
            ),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)
