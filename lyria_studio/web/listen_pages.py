"""Render the listeners' page, and the page that says why there is none."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

__all__ = ["STATIC_FOLDER", "closed_page", "listening_page"]

_FOLDER = Path(__file__).with_name("listen_page")
STATIC_FOLDER = _FOLDER / "static"

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


def listening_page() -> Response:
    """Return the page of every listening test: what is special about one comes from its state."""
    return HTMLResponse(_listening_html(), headers=_HEADERS)


def closed_page(title: str, sentence: str, status: int) -> Response:
    """Return a page with nothing but a sentence on it.

    Args:
        title: of the page.
        sentence: what happened and what to do.
        status: of the answer.
    """
    text = _TEMPLATES.get_template("closed.html").render(title=title, sentence=sentence)
    return HTMLResponse(text, status_code=status, headers=_HEADERS)


@cache
def _listening_html() -> str:
    # All modules are loaded at once, rather than one after the other as they import each other.
    scripts = [f"page/{path.name}" for path in sorted(STATIC_FOLDER.glob("*.js"))]
    return _TEMPLATES.get_template("listen.html").render(
        title="Listening test", scripts=[*scripts, "../assets/instep.js", "../assets/helpers.js"]
    )
