"""Drawings with the strokes and the text of a PDF."""

from __future__ import annotations

from collections.abc import Callable

from fpdf import FPDF

from lyria_studio.reports.drawing import PALETTE, Area, Box, Dot, Drawing, Line, Mark, Text

Color = tuple[int, int, int]

INK: Color = (12, 19, 21)
MUTED: Color = (84, 92, 96)
_FAINT: Color = (205, 208, 208)
_POINTS = 72 / 25.4  # of a millimetre
_NARROWER = 0.9  # DejaVu Sans runs wider than what screens show


def draw(
    pdf: FPDF,
    drawing: Drawing,
    left: float,
    top: float,
    width: float,
    shown: Callable[[str], str],
) -> None:
    """Draw on the current page, in the font "dejavu".

    Args:
        pdf: in millimetres.
        drawing: what to draw.
        left: where, in millimetres from the left edge.
        top: in millimetres from the upper edge.
        width: in millimetres; the height follows.
        shown: makes text such as the font can show it.
    """
    scale = width / drawing.width
    for mark in drawing.marks:
        _draw(pdf, mark, left, top, scale, shown)


def _draw(
    pdf: FPDF, mark: Mark, left: float, top: float, scale: float, shown: Callable[[str], str]
) -> None:

    def points(of: Line | Area) -> list[tuple[float, float]]:
        return [(left + x * scale, top + y * scale) for x, y in of.points]

    match mark:
        case Line():
            pdf.set_draw_color(*_color(mark.role))
            pdf.set_line_width(mark.width * scale)
            if mark.dashed:
                pdf.set_dash_pattern(4 * scale, 4 * scale)
            pdf.polyline(points(mark))
            pdf.set_dash_pattern()
        case Box():
            pdf.set_fill_color(*_color(mark.role))
            with pdf.local_context(fill_opacity=mark.opacity):
                pdf.rect(
                    left + mark.x * scale,
                    top + mark.y * scale,
                    mark.width * scale,
                    mark.height * scale,
                    style="F",
                )
        case Area():
            pdf.set_fill_color(*_color(mark.role))
            with pdf.local_context(fill_opacity=mark.opacity):
                pdf.polygon(points(mark), style="F")
        case Dot():
            pdf.set_fill_color(*_color(mark.role))
            pdf.circle(left + mark.x * scale, top + mark.y * scale, mark.radius * scale, "F")
        case Text():
            pdf.set_font(
                "dejavu", "B" if mark.bold else "", mark.size * scale * _POINTS * _NARROWER
            )
            pdf.set_text_color(*_color(mark.role))
            text = shown(mark.text)
            back = {"start": 0.0, "middle": 0.5, "end": 1.0}[mark.anchor]
            x = left + mark.x * scale - back * pdf.get_string_width(text)
            pdf.text(x, top + mark.y * scale, text)


def _color(role: str) -> Color:
    if role in PALETTE:
        value = PALETTE[role]
        return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)
    return {"muted": MUTED, "faint": _FAINT}.get(role, INK)
