"""Charts: what is drawn, that it fits, and that it reads by day and by night."""

import xml.etree.ElementTree as ET
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st

import lyria_studio.reports as reports_package
from lyria_studio.evidence import Stage, abx, decision_bounds, preference, strengths
from lyria_studio.reports import (
    Drawing,
    abx_chart,
    matrix_chart,
    progress_chart,
    share_chart,
    strengths_chart,
    svg,
    waveform_chart,
)
from lyria_studio.reports.drawing import PALETTE, Area, Box, Dot, Line, Text

pytestmark = pytest.mark.slow

PAPER, NIGHT = "#ffffff", "#12191b"
SVG = "{http://www.w3.org/2000/svg}"
FONTS = Path(str(reports_package.__file__)).parent / "fonts"

counts = st.integers(0, 400)


def _ruler() -> FPDF:
    pdf = FPDF(unit="pt")
    pdf.add_font("dejavu", "", FONTS / "DejaVuSans.ttf")
    pdf.add_font("dejavu", "B", FONTS / "DejaVuSans-Bold.ttf")
    return pdf


RULER = _ruler()  # of the widest font that a chart is drawn with


def extent(text: Text) -> tuple[float, float, float, float]:
    """Left, upper, right and lower edge of a text, as the PDF draws it."""
    RULER.set_font("dejavu", "B" if text.bold else "", text.size)
    width = RULER.get_string_width(text.text)
    left = text.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor] * width
    return left, text.y - 0.75 * text.size, left + width, text.y + 0.15 * text.size


def check(drawing: Drawing) -> None:
    """Everything is on the canvas, no text lies over another, and it is told in words."""
    assert drawing.title
    assert drawing.description.endswith(".")
    for mark in drawing.marks:
        for x, y in _corners(mark):
            assert -0.5 <= x <= drawing.width + 0.5, mark
            assert -0.5 <= y <= drawing.height + 0.5, mark
    texts = [mark for mark in drawing.marks if isinstance(mark, Text)]
    for one, other in combinations(texts, 2):
        a, b = extent(one), extent(other)
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        assert apart, (one.text, other.text)
    root = ET.fromstring(svg(drawing, name="x"))  # noqa: S314 - written by us
    assert root.findtext(f"{SVG}title") == drawing.title
    assert root.findtext(f"{SVG}desc") == drawing.description
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "x-t x-d"
    assert tuple(one.text for one in root.iter(f"{SVG}text")) == drawing.texts


def _corners(mark: object) -> list[tuple[float, float]]:
    match mark:
        case Line() | Area():
            return list(mark.points)
        case Box():
            return [(mark.x, mark.y), (mark.x + mark.width, mark.y + mark.height)]
        case Dot():
            r = mark.radius
            return [(mark.x - r, mark.y - r), (mark.x + r, mark.y + r)]
        case Text():
            left, top, right, bottom = extent(mark)
            return [(left, top), (right, bottom)]
    return []


@settings(max_examples=40, deadline=None)
@given(a=counts, b=counts, ties=counts, stage=st.sampled_from(Stage))
def test_share(a: int, b: int, ties: int, stage: Stage) -> None:
    found = preference(a, b, ties, planned=400, stage=stage)
    drawing = share_chart(found)
    check(drawing)
    assert found.sentence in drawing.description
    box = next(mark for mark in drawing.marks if isinstance(mark, Box))
    left, right = 24, drawing.width - 24
    assert (box.x - left) / (right - left) == pytest.approx(found.low)
    assert box.width / (right - left) == pytest.approx(found.high - found.low)
    # Colour speaks only when there is a verdict.
    assert box.role == (found.winner or "other")


@settings(max_examples=30, deadline=None)
@given(winners=st.lists(st.sampled_from(["A", "B", None]), max_size=60), planned=st.integers(1, 80))
def test_progress(winners: list[str | None], planned: int) -> None:
    found = preference(winners.count("A"), winners.count("B"), winners.count(None), planned=planned)
    drawing = progress_chart(found, winners)
    check(drawing)
    path = next(mark for mark in drawing.marks if isinstance(mark, Line) and mark.width == 2.5)
    assert len(path.points) == 1 + len(winners)
    for (_, above), (_, below), winner in zip(path.points, path.points[1:], winners, strict=False):
        assert (below < above) == (winner == "B")  # B is upwards, and y grows downwards
        assert (below == above) == (winner is None)
    # The chart ends where the test does.
    assert any(f"end: {max(planned, len(winners))} vote" in said for said in drawing.texts)


def test_a_plan_of_few_votes_has_no_win_zone() -> None:
    drawing = progress_chart(preference(0, 2, planned=5), ["B", "B"])
    assert "So few votes cannot name a winner" in drawing.description
    assert "planned end: 5 votes" in drawing.texts


def test_the_shade_begins_where_odds_decide() -> None:
    winners = ["B"] * 11
    drawing = progress_chart(preference(0, 11, planned=20), winners)
    shade = next(mark for mark in drawing.marks if isinstance(mark, Area) and mark.role == "B")
    path = next(mark for mark in drawing.marks if isinstance(mark, Line) and mark.width == 2.5)
    assert decision_bounds(20)[10] is None
    assert shade.points[0] == pytest.approx(path.points[-1])
    assert "A lead of" in drawing.description or "a lead of 10" in drawing.description


@settings(max_examples=10, deadline=None)
@given(st.integers(2, 6), st.integers(0, 10**6))
def test_several(variants: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    wins = rng.integers(0, 120, (variants, variants))
    np.fill_diagonal(wins, 0)
    ties = np.triu(rng.integers(0, 3, (variants, variants)), 1)
    found = strengths(wins, ties + ties.T, resamples=20)
    check(strengths_chart(found))
    matrix = matrix_chart(found)
    check(matrix)
    first, second = found.letters[:2]
    assert f"{first} against {second}: {wins[0, 1]} to {wins[1, 0]}" in matrix.description
    shown = strengths_chart(found)
    names = [text for text in shown.texts if text in found.letters]
    assert tuple(names) == found.order


@given(correct=st.integers(0, 50), wrong=st.integers(0, 50))
@settings(max_examples=20, deadline=None)
def test_abx(correct: int, wrong: int) -> None:
    check(abx_chart(abx(correct, correct + wrong)))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.floats(0, 200), max_size=6),
    st.integers(0, 1000),
    st.floats(0, 180),
)
def test_waveform(times: list[float], slices: int, duration_s: float) -> None:
    peaks = [(-0.5, 1.0) if i % 2 else (-1.0, 0.25) for i in range(slices)]
    numbered = list(enumerate(times, start=1))
    drawing = waveform_chart("A, take 1", peaks, duration_s, numbered)
    for mark in drawing.marks:
        for x, y in _corners(mark):
            assert -0.5 <= x <= drawing.width + 0.5
            assert -0.5 <= y <= drawing.height + 0.5
    assert sum(isinstance(mark, Dot) for mark in drawing.marks) == len(times)


def test_marks_side_by_side_do_not_cover_each_other() -> None:
    drawing = waveform_chart("A", [(-1.0, 1.0)] * 50, 30.0, [(1, 8.0), (2, 8.2), (3, 20.0)])
    dots = [mark for mark in drawing.marks if isinstance(mark, Dot)]
    for one, other in pairwise(dots):
        assert (one.x - other.x) ** 2 + (one.y - other.y) ** 2 > (2 * one.radius) ** 2


def test_markup_in_a_name_stays_text() -> None:
    name = 'A & <b>"x"</b>\x01\ud800'
    root = ET.fromstring(svg(waveform_chart(name, [], 0.0, [])))  # noqa: S314 - written by us
    texts = [one.text for one in root.iter(f"{SVG}text")]
    assert 'A & <b>"x"</b>\ufffd\ufffd' in texts


def test_a_file_of_its_own_has_its_own_ink() -> None:
    drawing = share_chart(preference(3, 12))
    assert "prefers-color-scheme" in svg(drawing, standalone=True)
    assert "prefers-color-scheme" not in svg(drawing)


def luminance(color: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("role", [role for role in PALETTE if role != "on chip"])
def test_colours_stand_out_by_day_and_by_night(role: str) -> None:
    assert contrast(PALETTE[role], PAPER) >= 3
    assert contrast(PALETTE[role], NIGHT) >= 3


def test_figures_on_chips_are_read() -> None:
    assert contrast(PALETTE["on chip"], PALETTE["chip"]) >= 4.5
