"""The section builder: what is wrong with the rows, and where each lies on the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lyria_core import MODELS
from lyria_studio.prompts.blueprint import UNNAMED, Section
from lyria_studio.prompts.grammar import clock

ProblemKind = Literal["overlap", "gap", "backwards", "too long", "no name", "not read"]


@dataclass(frozen=True)
class SectionProblem:
    """One thing that is wrong with the rows.

    Attributes:
        kind: What sort of thing it is.
        index: The row that it is about, counted from 0.
        message: One sentence for people.
        start_s: Where the trouble begins, in seconds, where it has a place in time.
        end_s: Where it ends.
    """

    kind: ProblemKind
    index: int
    message: str
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True)
class Block:
    """A section as drawn: `left` and `width` are fractions of the whole width.

    Attributes:
        index: The row that it draws, counted from 0.
        name: Its name.
        start_s: Where it is drawn from, in seconds.
        end_s: Where it is drawn to, in seconds.
        left: Fraction of the width before it, 0 to 1.
        width: Fraction of the width that it takes, 0 to 1.
        guessed: Whether a time was filled in, because the model decides it.
    """

    index: int
    name: str
    start_s: float
    end_s: float
    left: float
    width: float
    guessed: bool


def longest_s(model_id: str) -> float:
    """The longest music that a model makes, in seconds.

    Raises:
        KeyError: There is no such model.
    """
    return MODELS[model_id].typical_duration_s[1]


def check_sections(sections: Sequence[Section], model_id: str) -> list[SectionProblem]:
    """Say what is wrong with the rows, row by row; an empty list if nothing is.

    Raises:
        KeyError: There is no such model.
    """
    problems: list[SectionProblem] = []
    limit = longest_s(model_id)
    reached: float | None = 0.0
    for index, section in enumerate(sections):
        if section.is_empty:
            continue
        name = section.name.strip() or f"Row {index + 1}"
        start, end = section.start_s, section.end_s
        if not section.name.strip():
            problems.append(SectionProblem("no name", index, f"Row {index + 1} has no name."))
        if start is not None and reached is not None and start < reached:
            problems.append(
                SectionProblem(
                    "overlap",
                    index,
                    f"{name} starts at {clock(start)}, before the section above it ends at "
                    f"{clock(reached)}.",
                    start,
                    reached,
                )
            )
        if start is not None and reached is not None and start > reached:
            problems.append(
                SectionProblem(
                    "gap",
                    index,
                    f"Nothing is said of {clock(reached)} to {clock(start)}, before {name}.",
                    reached,
                    start,
                )
            )
        if start is not None and end is not None and end <= start:
            problems.append(
                SectionProblem(
                    "backwards",
                    index,
                    f"{name} ends at {clock(end)}, which is not after its start at {clock(start)}.",
                    end,
                    start,
                )
            )
        last = max((t for t in (start, end) if t is not None), default=None)
        if last is not None and last > limit:
            problems.append(
                SectionProblem(
                    "too long",
                    index,
                    f"{name} reaches {clock(last)}, but {MODELS[model_id].name} makes at most "
                    f"about {clock(limit)}.",
                    limit,
                    last,
                )
            )
        reached = end
    return problems


def timeline(sections: Sequence[Section], total_s: float) -> list[Block]:
    """Lay the rows out to scale; rows without times share what is left between their neighbours.

    Args:
        sections: The rows, in order.
        total_s: Length of the whole width, in seconds.
    """
    count = max(1, len(sections))
    blocks = []
    for index, section in enumerate(sections):
        start = section.start_s if section.start_s is not None else total_s * index / count
        end = section.end_s if section.end_s is not None else total_s * (index + 1) / count
        left = min(max(start / total_s, 0.0), 1.0)
        right = min(max(end / total_s, left), 1.0)
        blocks.append(
            Block(
                index,
                section.name.strip() or UNNAMED,
                start,
                end,
                left,
                right - left,
                section.start_s is None or section.end_s is None,
            )
        )
    return blocks
