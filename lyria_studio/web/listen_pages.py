"""The HTML of the listeners' page, and of the page that says why there is none."""

from __future__ import annotations

import html
from functools import cache
from pathlib import Path
from string import Template

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
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-frame-options": "DENY",
    "cache-control": "no-store",
    "x-robots-tag": "noindex, nofollow",
}


def listening_page() -> Response:
    """The page of every listening test: what is special about one comes from its state."""
    return HTMLResponse(_read("index.html"), headers=_HEADERS)


def closed_page(title: str, sentence: str, status: int) -> Response:
    """A page with nothing but a sentence on it."""
    page = Template(_read("closed.html"))
    text = page.substitute(title=html.escape(title), sentence=html.escape(sentence))
    return HTMLResponse(text, status_code=status, headers=_HEADERS)


@cache
def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
