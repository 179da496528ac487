"""The section builder: what is wrong with the rows, and where each lies on the timeline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from lyria_core import MODELS
from lyria_studio.prompts.blueprint import UNNAMED, Section, moment
from lyria_studio.prompts.grammar import clock

ProblemKind = Literal["overlap", "gap", "backwards", "too long", "no name", "not read"]


@dataclass(frozen=True)
class SectionProblem:
    """One mistake in the rows.

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
    """Return the longest music that a model makes, in seconds.

    Raises:
        KeyError: There is no such model.
    """
    return MODELS[model_id].typical_duration_s[1]


def check_sections(sections: Sequence[Section], model_id: str) -> list[SectionProblem]:
    """Return what is wrong with the rows, in their order; an empty list if nothing is.

    Rows in which nothing was entered are passed over, as they are not written.

    Raises:
        KeyError: There is no such model.
    """
    model = MODELS[model_id]
    rows = [(index, section) for index, section in enumerate(sections) if not section.is_empty]
    if rows and not model.vocals:
        message = f"{model.name} reads no sections, so these are kept but not sent."
        return [SectionProblem("not read", rows[0][0], message)]
    problems: list[SectionProblem] = []
    reached, exact = 0.0, True  # the latest time so far, and whether a section ends just there
    for index, section in rows:
        name = section.name.strip() or f"Row {index + 1}"
        if not section.name.strip():
            problems.append(SectionProblem("no name", index, f"{name} has no name."))
        start, end = moment(section.start_s), moment(section.end_s)
        problems += [
            SectionProblem(kind, index, message.format(name=name, model=model.name), *span)
            for kind, message, span in _time_problems(start, end, reached, longest_s(model_id))
            if kind != "gap" or exact
        ]
        reached = max(reached, start or 0.0, end or 0.0)
        exact = end is not None
    return problems


def _time_problems(
    start: float | None, end: float | None, reached: float, limit: float
) -> Iterator[tuple[ProblemKind, str, tuple[float, float]]]:
    """Return what is wrong with the times of a row, given where the rows above end."""
    if start is not None and start < reached:
        message = f"{{name}} starts at {clock(start)}, but the rows above go to {clock(reached)}."
        yield "overlap", message, (start, reached)
    if start is not None and start > reached:
        message = f"No section from {clock(reached)} to {clock(start)}, before {{name}}."
        yield "gap", message, (reached, start)
    begin = reached if start is None else start
    if end is not None and end <= begin:
        message = f"{{name}} ends at {clock(end)}, which is not after {clock(begin)}."
        yield "backwards", message, (end, begin)
    last = max(start or 0.0, end or 0.0)
    if last > limit:
        message = f"{{name}} goes to {clock(last)}, but {{model}} makes about {clock(limit)}."
        yield "too long", message, (limit, last)


def timeline(sections: Sequence[Section], total_s: float) -> list[Block]:
    """Lay the rows out to scale; rows without times share what lies between their neighbours.

    Rows in which nothing was entered are not drawn. What lies beyond `total_s` has no width.

    Args:
        sections: The rows, in order.
        total_s: Length of the whole width, in seconds.

    Raises:
        ValueError: The length is not positive.
    """
    if not 0 < total_s < float("inf"):
        raise ValueError("The length of a timeline must be a positive number of seconds.")
    rows = [(index, section) for index, section in enumerate(sections) if not section.is_empty]
    spans = _spans([(moment(s.start_s), moment(s.end_s)) for _, s in rows], total_s)
    blocks = []
    for (index, section), (start, end) in zip(rows, spans, strict=True):
        left = min(start / total_s, 1.0)
        right = min(max(end / total_s, left), 1.0)
        guessed = section.start_s is None or section.end_s is None
        name = section.name.strip() or UNNAMED
        blocks.append(Block(index, name, start, end, left, right - left, guessed))
    return blocks


def _spans(
    times: list[tuple[float | None, float | None]], total_s: float
) -> list[tuple[float, float]]:
    """Fill in the times that are not known."""
    starts = [start for start, _ in times]
    ends = [end for _, end in times]
    # A row begins where the one above ends, and ends where the one below begins.
    for i in range(len(times) - 1):
        starts[i + 1], ends[i] = (
            ends[i] if starts[i + 1] is None else starts[i + 1],
            starts[i + 1] if ends[i] is None else ends[i],
        )
    spans: list[tuple[float, float]] = []
    first = 0
    while first < len(times):
        last = first
        while last + 1 < len(times) and ends[last] is None:
            last += 1
        begin, stop = starts[first] or 0.0, ends[last]
        stop = max(begin, total_s if stop is None else stop)
        step = (stop - begin) / (last - first + 1)
        spans += [(begin + step * i, begin + step * (i + 1)) for i in range(last - first + 1)]
        first = last + 1
    return spans
