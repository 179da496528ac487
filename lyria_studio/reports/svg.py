"""Drawings as SVG, to stand alone, in a page or on a screen of the app."""

from __future__ import annotations

import re
from html import escape
from itertools import pairwise

from lyria_studio.reports.drawing import PALETTE, Area, Box, Dot, Drawing, Line, Mark, Text

SANS = "system-ui,-apple-system,Segoe UI,Roboto,DejaVu Sans,sans-serif"

_FAINT, _MUTED = 0.22, 0.78  # of the ink
# Characters that XML 1.0 cannot hold, not even escaped.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def writable(text: str) -> str:
    """Return the text without the characters that no XML document can hold."""
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def plain(text: str) -> str:
    """Return text for markup: writable and escaped."""
    return escape(writable(text))


def svg(
    drawing: Drawing,
    *,
    name: str = "chart",
    standalone: bool = False,
    family: str = SANS,
    ink: str = "currentColor",
    described: bool = True,
) -> str:
    """Write a drawing as SVG.

    Ink is the colour of the text around it (`currentColor`), so the drawing fits the page that it
    stands in, by day and by night. Its words are text, and it has a title and a description.

    Args:
        drawing: what to write.
        name: begins the ids inside it; give each drawing of a page its own.
        standalone: for a file of its own (`st.image`), which has no text around it: then it
            follows what the reader's system prefers.
        family: the fonts of its text, as in CSS.
        ink: the colour of its ink, where that of the text around it is not known.
        described: whether the title and the description are in it.
    """
    width, height = _number(drawing.width), _number(drawing.height)
    alone = (
        "<style>svg{color:#0c1315}@media(prefers-color-scheme:dark){svg{color:#e8edeb}}</style>"
        if standalone
        else ""
    )
    # Quotes in texts are escaped, so this finds attributes only.
    marks = "".join(map(_mark, drawing.marks)).replace('"currentColor"', f'"{ink}"')
    words = (
        f'<title id="{name}-t">{plain(drawing.title)}</title>'
        f'<desc id="{name}-d">{plain(drawing.description)}</desc>'
        if described
        else ""
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-labelledby="{name}-t {name}-d" '
        f'style="max-width:100%;height:auto" font-family="{family}">{words}{alone}{marks}</svg>'
    )


def _mark(mark: Mark) -> str:
    match mark:
        case Line():
            dash = ' stroke-dasharray="4 4"' if mark.dashed else ""
            points = _points(mark.points)
            return (
                f'<polyline points="{points}" fill="none" {_paint("stroke", mark.role)} '
                f'stroke-width="{_number(mark.width)}" stroke-linejoin="round"{dash}/>'
            )
        case Box():
            return (
                f'<rect x="{_number(mark.x)}" y="{_number(mark.y)}" width="{_number(mark.width)}" '
                f'height="{_number(mark.height)}" {_paint("fill", mark.role, mark.opacity)}/>'
            )
        case Area():
            paint = _paint("fill", mark.role, mark.opacity)
            return f'<polygon points="{_points(mark.points)}" {paint}/>'
        case Dot():
            return (
                f'<circle cx="{_number(mark.x)}" cy="{_number(mark.y)}" '
                f'r="{_number(mark.radius)}" {_paint("fill", mark.role)}/>'
            )
        case Text():
            bold = ' font-weight="700"' if mark.bold else ""
            return (
                f'<text x="{_number(mark.x)}" y="{_number(mark.y)}" font-size="'
                f'{_number(mark.size)}" text-anchor="{mark.anchor}"{bold} '
                f"{_paint('fill', mark.role)}>{plain(mark.text)}</text>"
            )


def _paint(kind: str, role: str, opacity: float = 1.0) -> str:
    strength = opacity * {"muted": _MUTED, "faint": _FAINT}.get(role, 1.0)
    color = PALETTE.get(role, "currentColor")
    return f'{kind}="{color}"' + (f' {kind}-opacity="{_number(strength)}"' if strength < 1 else "")


def _points(points: tuple[tuple[float, float], ...]) -> str:
    # Neighbours that are equal once rounded are written once.
    written = [f"{_number(x)},{_number(y)}" for x, y in points]
    return " ".join([*written[:1], *(b for a, b in pairwise(written) if a != b)])


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
