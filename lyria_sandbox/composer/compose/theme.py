"""Themes: the rhythm and the line that a melody is made of."""

from dataclasses import dataclass

import numpy as np

from lyria_sandbox.composer.compose.patterns import in_meter
from lyria_sandbox.composer.meter import Meter
from lyria_sandbox.composer.plan.model import Plan
from lyria_sandbox.composer.randomness import stream
from lyria_sandbox.composer.tables.rhythms import CELLS_3_4, CELLS_4_4, CELLS_6_8

_FORMS = ((0, 1, 0, 3), (0, 1, 2, 3), (0, 0, 2, 3), (0, 1, 0, 3))
_ARCHES = (
    (0, 1, 0, 1, 1, 2, 2, 0),
    (0, 1, 2, 1, 0, 2, 3, 0),
    (2, 1, 0, 0, 2, 3, 1, 0),
    (0, 0, 1, 1, 2, 3, 2, 0),
)
_STEPS = (-2, -1, 0, 1, 2, 3)
_STEP_CHANCES = (0.12, 0.30, 0.14, 0.30, 0.10, 0.04)
_HIGHEST, _LOWEST = 4, -3
_LENGTH = 16
SOLO = "S"
"""Letter of the theme that solos are made of."""


@dataclass(frozen=True)
class Theme:
    """What a melody is made of.

    Attributes:
        rhythms: Four rhythm cells; the last one closes a phrase.
        lines: For every cell the step from each note to the next, in steps of the ladder.
        form: Which cell each bar of a phrase of four uses.
        arch: How high each of eight bars begins, in chord tones above the register.
    """

    rhythms: tuple[str, ...]
    lines: tuple[tuple[int, ...], ...]
    form: tuple[int, ...]
    arch: tuple[int, ...]


def make_theme(plan: Plan, letter: str) -> Theme:
    """Invent the theme of a letter: the same in every tempo, key and instrumentation."""
    rng = stream(plan.seed, plan.salt, "theme", letter)
    family = "fast" if letter == SOLO else plan.genre.cells
    cells = tuple(in_meter(cell, plan.meter) for cell in _cells(family, plan.meter))
    order = [int(place) for place in rng.permutation(len(cells))]
    half = plan.meter.steps // 2
    closing = cells[order[1]][:half] + "-" * half
    if "x" not in closing:
        closing = "x" + "-" * (plan.meter.steps - 1)
    rhythms = (cells[order[0]], cells[order[1]], cells[order[2 % len(cells)]], closing)
    lines = tuple(_line(rng) for _ in rhythms)
    form = _FORMS[int(rng.integers(len(_FORMS)))]
    return Theme(rhythms, lines, form, _ARCHES[int(rng.integers(len(_ARCHES)))])


def _cells(family: str, meter: Meter) -> tuple[str, ...]:
    if meter.name in ("6/8", "12/8"):
        return CELLS_6_8
    return CELLS_3_4 if meter.name == "3/4" else CELLS_4_4[family]


def _line(rng: np.random.Generator) -> tuple[int, ...]:
    """Invent a line that steps more than it leaps, turns back after a leap and keeps its range."""
    steps: list[int] = []
    height = 0
    for _ in range(_LENGTH):
        step = int(rng.choice(_STEPS, p=_STEP_CHANCES))
        if steps and abs(steps[-1]) >= 2:
            step = -1 if steps[-1] > 0 else 1
        if not _LOWEST <= height + step <= _HIGHEST:
            step = -step
        height += step
        steps.append(step)
    return tuple(steps)
