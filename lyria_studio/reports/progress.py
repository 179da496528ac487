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
    """Return a chart of the lead after each vote, with the bounds of a verdict.

    Args:
        found: the verdict on the pair.
        winners: the names as they were voted for, in their order; None for neither.
        width: of the drawing.
    """
    first, second = found.names
    leads, decisive = [0], [0]
    for winner in winners:
        step = 0 if winner is None else 1 if winner == second else -1
        leads.append(leads[-1] + step)
        decisive.append(decisive[-1] + abs(step))
    # The chart ends where the test does; votes that are left count as decisive.
    ended = found.stage is Stage.PLANNED_END or found.planned is None
    last = max(len(winners), 1 if ended else found.planned or 1)
    decisive += [decisive[-1] + more for more in range(1, last - len(winners) + 1)]
    needed = decision_bounds(decisive[-1])
    bounds = [
        (vote, 2 * lead - count)
        for vote, count in enumerate(decisive)
        if (lead := needed[count]) is not None
    ]
    final = _final_lead(decisive[-1])
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
        if found.planned is not None and final <= decisive[-1]:
            ends = ((right, y(sign * final)), (right, y(sign * reach)))
            marks.append(Line(ends, role_of(name), 5))
        height = _TOP + 14 if sign > 0 else _TOP + _HEIGHT - 6
        marks.append(Text(left + 4, height, f"{name} ahead", "ink", 13, bold=True))
    marks.append(Line(((left, middle), (right, middle)), "faint"))
    marks.append(Line(tuple((x(n), y(lead)) for n, lead in enumerate(leads)), "ink", 2.5))
    marks.append(Dot(x(len(winners)), y(leads[-1]), 5))
    axis = _TOP + _HEIGHT + 18
    marks.append(Text(left, axis, "0", "muted", 14))
    end = "end" if ended else "planned end"
    votes = f"{end}: {last} vote{'' if last == 1 else 's'}"
    marks.append(Text(right, axis, votes, "muted", 14, "end"))
    marks.append(Text(left, 14, "Lead", "muted", 14))
    marks.append(Text(right, 14, "Win zone", "muted", 14, "end"))
    at_end = (
        f"At the end of {last} a lead of {final} wins"
        if final <= decisive[-1]
        else "So few votes cannot name a winner"
    )
    described = (
        f"After {len(winners)} votes {_lead(leads[-1], first, second)}. {at_end}; before it, "
        f"{_early(bounds)}. {found.sentence}"
    )
    return Drawing(width, axis + 8, "Votes as they came in", described, tuple(marks))


def _final_lead(votes: int) -> int:
    """Return the smallest lead that the exact test needs after so many decisive votes."""
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
