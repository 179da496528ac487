"""Render the listeners' page, and the page that says why there is none."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from lyria_studio.web.modules import joined

__all__ = ["STATIC_FOLDER", "closed_page", "listening_page", "page_script", "page_version"]

_FOLDER = Path(__file__).with_name("listen_page")
STATIC_FOLDER = _FOLDER / "static"
_MODULES = {"/listen/page/": STATIC_FOLDER, "/assets/": Path(__file__).parents[1] / "assets"}

# Everything comes from this server, and the page can send nothing anywhere else.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_TEMPLATES = Environment(
    loader=FileSystemLoader(_FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-frame-options": "DENY",
    "cache-control": "no-store",
    "x-robots-tag": "noindex, nofollow",
}


def listening_page(state: dict[str, Any] | None) -> Response:
    """Return the page of every listening test: what is special about one is in its state.

    Args:
        state: what the page shows first; None: it asks for it.
    """
    return _page("listen.html", 200, title="Listening test", state=state)


def closed_page(title: str, sentence: str, status: int) -> Response:
    """Return a page with nothing but a sentence on it.

    Args:
        title: of the page.
        sentence: what happened and what to do.
        status: of the answer.
    """
    return _page("closed.html", status, title=title, sentence=sentence)


@cache
def page_script() -> str:
    """Return the one script of the page."""
    return joined("/listen/page/listen.js", _MODULES)


@cache
def page_version() -> str:
    """Return what changes when the page's script or style does."""
    return sha256(page_script().encode() + (STATIC_FOLDER / "listen.css").read_bytes()).hexdigest()[
        :12
    ]


def _page(template: str, status: int, **fields: Any) -> Response:
    text = _TEMPLATES.get_template(template).render(version=page_version(), **fields)
    return HTMLResponse(text, status_code=status, headers=_HEADERS)
