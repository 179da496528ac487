"""How the votes came in, and where a verdict begins."""

from __future__ import annotations

from collections.abc import Sequence

from lyria_studio.evidence import Preference, Stage, decision_bounds
from lyria_studio.evidence.decision_rules import deciding_rule
from lyria_studio.reports.charts import role_of
from lyria_studio.reports.drawing import Area, Dot, Drawing, Line, Mark, Text

_LEFT, _RIGHT, _TOP, _HEIGHT = 24.0, 24.0, 24.0, 150.0


def progress_chart(
    found: Preference, winners: Sequence[str | None], *, width: float = 440.0
) -> Drawing:
    """The lead of one over the other after each decisive vote, with the bounds of a verdict.

    Args:
        found: the verdict on the pair.
        winners: the names as they were voted for, in their order; None for "no difference".
        width: of the drawing.
    """
    first, second = found.names
    steps = [1 if winner == second else -1 for winner in winners if winner is not None]
    leads = [0]
    for step in steps:
        leads.append(leads[-1] + step)
    # Votes for neither moved the planned end: it came after fewer decisive ones.
    ended = found.stage is Stage.PLANNED_END
    last = max(len(steps), 0 if ended else found.planned or 0, 6)
    bounds = [(n, 2 * lead - n) for n, lead in enumerate(decision_bounds(last)) if lead is not None]
    final = _final_lead(last)
    reach = max([abs(lead) for lead in leads] + [lead for _, lead in bounds[-1:]] + [final]) + 2
    left, right, middle = _LEFT, width - _RIGHT, _TOP + _HEIGHT / 2

    def x(n: float) -> float:
        return left + n / last * (right - left)

    def y(lead: float) -> float:
        return middle - lead / reach * (_HEIGHT / 2)

    marks: list[Mark] = []
    for sign, name in ((1, second), (-1, first)):
        if bounds:
            edge = [(x(n), y(sign * lead)) for n, lead in bounds]
            beyond = [(right, y(sign * reach)), (edge[0][0], y(sign * reach))]
            marks.append(Area((*edge, *beyond), role_of(name), 0.16))
            marks.append(Line(tuple(edge), role_of(name), 1.5, dashed=True))
        if found.planned is not None:
            ends = ((right, y(sign * final)), (right, y(sign * reach)))
            marks.append(Line(ends, role_of(name), 5))
        height = _TOP + 14 if sign > 0 else _TOP + _HEIGHT - 6
        marks.append(Text(left + 4, height, f"{name} ahead", "ink", 13, bold=True))
    marks.append(Line(((left, middle), (right, middle)), "faint"))
    marks.append(Line(tuple((x(n), y(lead)) for n, lead in enumerate(leads)), "ink", 2.5))
    marks.append(Dot(x(len(steps)), y(leads[-1]), 5))
    axis = _TOP + _HEIGHT + 18
    marks.append(Text(left, axis, "0", "muted", 14))
    end = "end" if ended or found.planned is None else "planned end"
    votes = f"{end}: {last} decisive votes"
    marks.append(Text(right, axis, votes, "muted", 14, "end"))
    marks.append(Text(left, 14, "Lead", "muted", 14))
    marks.append(Text(right, 14, "verdict: shaded, or the bar at the end", "muted", 14, "end"))
    described = (
        f"After {len(steps)} decisive votes {_lead(leads[-1], first, second)}. At the end of "
        f"{last} votes a lead of {final} carries a verdict; before it, "
        f"{_early(bounds)}. {found.sentence}"
    )
    return Drawing(width, axis + 8, "Votes as they came in", described, tuple(marks))


def _final_lead(votes: int) -> int:
    """The least lead that the exact test takes for a verdict after so many decisive votes."""
    for lead in range(votes % 2, votes + 1, 2):
        if deciding_rule((votes - lead) // 2, (votes + lead) // 2, Stage.PLANNED_END):
            return lead
    return votes + 1


def _lead(lead: int, first: str, second: str) -> str:
    if not lead:
        return "neither leads"
    return f"{second if lead > 0 else first} leads by {abs(lead)}"


def _early(bounds: Sequence[tuple[int, int]]) -> str:
    if not bounds:
        return "none would"
    n, lead = bounds[-1]
    return f"from {bounds[0][1]} of {bounds[0][0]} up to {lead} after {n} votes"
