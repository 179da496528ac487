"""A drawing of a few kinds of marks, made once and shown as SVG or in a PDF.

Lengths are in the units of the drawing, y grows downwards. Colours are roles, not values: what
they are is said where the drawing is shown, so that it reads on a light and on a dark ground.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["ink", "muted", "faint", "chip", "on chip", "other", "A", "B", "C", "D", "E", "F"]
Anchor = Literal["start", "middle", "end"]

# Between black and white: at least 3 to 1 against paper and against a dark screen. "chip" is what
# light figures stand on.
PALETTE: dict[str, str] = {
    "chip": "#686f75",
    "on chip": "#ffffff",
    "other": "#7d7f86",
    "A": "#5f73c4",
    "B": "#12806d",
    "C": "#b3622a",
    "D": "#9b5796",
    "E": "#8a7412",
    "F": "#c24d63",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A stroke through points."""

    points: tuple[tuple[float, float], ...]
    role: Role = "ink"
    width: float = 1.0
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; `opacity` 0 to 1."""

    x: float
    y: float
    width: float
    height: float
    role: Role = "ink"
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Area:
    """A filled polygon."""

    points: tuple[tuple[float, float], ...]
    role: Role = "ink"
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled circle."""

    x: float
    y: float
    radius: float
    role: Role = "ink"


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; (x, y) is on its base line at the anchor."""

    x: float
    y: float
    text: str
    role: Role = "ink"
    size: float = 13.0
    anchor: Anchor = "start"
    bold: bool = False


Mark = Line | Box | Area | Dot | Text


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart.

    Attributes:
        width: of the canvas.
        height: of the canvas.
        title: what it is, in a few words.
        description: what it shows, in sentences: for who does not see it.
        marks: what is drawn, from the back to the front.
    """

    width: float
    height: float
    title: str
    description: str
    marks: tuple[Mark, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """All texts of it."""
        return tuple(mark.text for mark in self.marks if isinstance(mark, Text))
