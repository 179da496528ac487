"""The gateway's description of itself for people: one page without scripts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from lyria_sandbox.gateway.accounts import HEADER
from lyria_sandbox.gateway.cards import CARDS
from lyria_sandbox.gateway.catalogue import example, file_name
from lyria_sandbox.gateway.openapi import document
from lyria_sandbox.gateway.replies import root_url

if TYPE_CHECKING:
    from lyria_sandbox.gateway.sandbox_settings import SandboxSettings

_TEMPLATES = Environment(
    loader=PackageLoader("lyria_sandbox.gateway"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


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
        return JSONResponse(document(root_url(request), self._settings))

    async def style(self, _: Request) -> Response:
        """Return the page's style sheet."""
        return Response(_TEMPLATES.get_template("docs.css").render(), media_type="text/css")

    async def page(self, request: Request) -> Response:
        """Return the page."""
        return HTMLResponse(_page(root_url(request), self._settings))


def _page(url: str, settings: SandboxSettings) -> str:
    models = [
        (
            model.name,
            f"POST {model.path}",
            ", ".join(model.parameters),
            f"{file_name(model)} ({model.media_type})",
            f"${model.price_usd}",
        )
        for model in settings.models.values()
    ]
    return _TEMPLATES.get_template("docs.html").render(
        url=url,
        settings=settings,
        header=HEADER,
        example=json.dumps({"prompt": example(next(iter(settings.models.values())))}),
        megabytes=f"{settings.max_image_bytes / 1024**2:g}",
        models=models,
        keys=_cards("key"),
        marks=_cards("mark"),
    )


def _cards(kind: str) -> list[tuple[str, str, str]]:
    return [(card.value, card.effect, card.charge) for card in CARDS if card.kind == kind]
