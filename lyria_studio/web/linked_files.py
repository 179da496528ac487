"""Files that the page of the screens asks for before anything is drawn on it."""

from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SCREENS = b'<div id="root">'


class LinkedFiles:
    """Adds links to stylesheets and scripts to the page of the screens.

    A style or a script that comes after the first drawing moves what was drawn without it.
    """

    def __init__(self, app: ASGIApp, styles: Sequence[str], scripts: Sequence[str] = ()) -> None:
        """Wrap an application.

        Args:
            app: the application.
            styles: addresses of stylesheets, relative to a screen.
            scripts: addresses of modules to fetch early.
        """
        self._app = app
        links = [f'<link rel="stylesheet" href="{href}">' for href in styles]
        links += [f'<link rel="modulepreload" href="{href}">' for href in scripts]
        self._links = "".join(links).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        accepted = Headers(scope=scope).get("accept", "") if scope["type"] == "http" else ""
        if "text/html" not in accepted or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        page = b""

        async def send_linked(message: Message) -> None:
            nonlocal start, page
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
            elif start is None:
                await send(message)
            else:
                page += message.get("body", b"")
                if not message.get("more_body"):
                    await self._send(start, page, send)

        # Neither compressed nor "not modified": either could not be read here.
        hidden = (b"accept-encoding", b"if-none-match", b"if-modified-since")
        headers = [item for item in scope["headers"] if item[0] not in hidden]
        await self._app({**scope, "headers": headers}, receive, send_linked)

    async def _send(self, start: Message, page: bytes, send: Send) -> None:
        if _SCREENS in page:
            page = page.replace(b"</head>", self._links + b"</head>", 1)
            headers = MutableHeaders(scope=start)
            headers["content-length"] = str(len(page))
            for name in ("etag", "last-modified"):  # of the page without our links
                del headers[name]
        await send(start)
        await send({"type": "http.response.body", "body": page})


def _is_page(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type", "").startswith("text/html")
