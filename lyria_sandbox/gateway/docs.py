"""The gateway's description of itself for people: one page without scripts."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from lyria_sandbox.gateway.cards import CARDS
from lyria_sandbox.gateway.catalogue import OFFERS
from lyria_sandbox.gateway.keys import HEADER
from lyria_sandbox.gateway.openapi import document
from lyria_sandbox.gateway.replies import root_url

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lyria_sandbox.gateway.settings import SandboxSettings

STYLE: Final = """\
:root { color-scheme: light dark; }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 62rem; margin: auto; padding: 2rem 1rem; }
pre { padding: 0.8rem; overflow-x: auto; border: 1px solid; border-radius: 0.4rem; }
code, pre { font: 0.9em/1.5 ui-monospace, monospace; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
caption { text-align: left; font-weight: 600; padding-bottom: 0.4rem; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.8rem 0.35rem 0; }
tr { border-bottom: 1px solid; }
"""


class DocsRoutes:
    """The OpenAPI document, the page, and a way from the root to the page."""

    def __init__(self, settings: SandboxSettings) -> None:
        self._settings = settings

    @property
    def routes(self) -> list[Route]:
        """The routes of the description."""
        return [
            Route("/", self.root, methods=["GET"]),
            Route("/docs", self.page, methods=["GET"]),
            Route("/docs.css", self.style, methods=["GET"]),
            Route("/openapi.json", self.openapi, methods=["GET"]),
        ]

    async def root(self, request: Request) -> Response:
        """Lead to the page."""
        return RedirectResponse(f"{root_url(request)}/docs", 302)

    async def openapi(self, request: Request) -> Response:
        """Return the OpenAPI document."""
        return JSONResponse(document(root_url(request), self._settings.max_prompt_chars))

    async def style(self, _: Request) -> Response:
        """Return the page's style sheet."""
        return Response(STYLE, media_type="text/css")

    async def page(self, request: Request) -> Response:
        """Return the page."""
        return HTMLResponse(_page(root_url(request), self._settings))


def _page(url: str, settings: SandboxSettings) -> str:
    curl = (
        f'curl -X POST "{url}/lyria-3-pro/v1/lyria-3-pro/generate" \\\n'
        '  -H "Content-Type: application/json" \\\n'
        f'  -H "{HEADER}: sandbox-demo" \\\n'
        f"  --data-raw '{json.dumps({'prompt': OFFERS['lyria-3-pro'].example})}'\n\n"
        f'curl -H "{HEADER}: sandbox-demo" \\\n'
        f'  "{url}/v2/requests/status/REQUEST_ID"'
    )
    models = _table(
        "Models",
        ("Model", "Endpoint", "Fields", "Output", "Price"),
        (
            (
                offer.name,
                f"POST /{offer.id}/v1/{offer.id}/generate",
                ", ".join(offer.fields),
                f"{offer.file_name} ({offer.media_type})",
                f"${offer.price_cents / 100:.2f}",
            )
            for offer in OFFERS.values()
        ),
    )
    keys, marks = (
        _table(
            title,
            (head, "What happens", "What it costs the wallet"),
            ((card.value, card.effect, card.charge) for card in CARDS if card.kind == kind),
        )
        for kind, title, head in (("key", "Keys", "Key"), ("mark", "Marks in the prompt", "Mark"))
    )
    return f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lyria sandbox</title>
<link rel="stylesheet" href="docs.css">
</head>
<body>
<main>
<h1>Lyria sandbox</h1>
<p>A local stand-in for the gateway of the Lyria models: the same paths, headers, statuses and
bodies, with a composer of its own. It costs nothing, and it does not sing words. Change only the
base URL of your program to <code>{escape(url)}</code>.</p>
<p>Pace: <strong>{escape(settings.pace)}</strong>.
Machine-readable: <a href="openapi.json">openapi.json</a>.</p>
<pre tabindex="0"><code>{escape(curl)}</code></pre>
{models}
<h2>Images</h2>
<p>The brightness and the colours of the images set the mood where the prompt names none. They are
fetched from public hosts before a job is rendered: over https or http, through at most three
redirects, at most {settings.max_image_bytes / 1024**2:g} MB each, and all of a job within
{settings.image_timeout_s:g} s. When one of them cannot be fetched or is no image, the job ends as
ERROR and the price is refunded.</p>
<h2>Test cards</h2>
<p>Failures on demand. N is a number of seconds. Marks are taken out of the prompt before anything
is composed.</p>
{keys}
{marks}
</main>
</body>
</html>
"""


def _table(caption: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in rows
    )
    return (
        f"<table><caption>{escape(caption)}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>"
    )
