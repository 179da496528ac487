"""The charts of a listening test, large enough for a meeting room."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from textwrap import wrap

from lyria_studio.evidence import Abx, Preference, Strengths
from lyria_studio.phrases import count
from lyria_studio.reports.drawing import Box, Dot, Drawing, Line, Mark, Role, Text

_LEFT, _RIGHT = 24.0, 24.0


def role_of(letter: str) -> Role:
    """Return the colour of a variant: its own up to F, grey beyond."""
    roles: dict[str, Role] = {"A": "A", "B": "B", "C": "C", "D": "D", "E": "E", "F": "F"}
    return roles.get(letter, "other")


def share_chart(found: Preference, *, width: float = 440.0) -> Drawing:
    """Return a chart of the share for B with its interval, on a scale from 0 to 100%."""
    first, second = found.names
    left, right, axis = _LEFT, width - _RIGHT, 92.0

    def at(share: float) -> float:
        return left + share * (right - left)

    marks: list[Mark] = [
        Dot(left + 6, 14, 6, role_of(first)),
        Text(left + 18, 20, f"{first}: {count(found.a, 'vote')}", "ink", 17, "start", bold=True),
        Dot(right - 6, 14, 6, role_of(second)),
        Text(right - 18, 20, f"{second}: {count(found.b, 'vote')}", "ink", 17, "end", bold=True),
    ]
    if found.neither:
        without = f"{found.neither} neither"
        marks.append(Text((left + right) / 2, 20, without, "muted", 14, "middle"))
    marks += _percent_axis(at, axis, top=36)
    role = role_of(found.winner) if found.winner else "other"
    marks.append(Box(at(found.low), 55, at(found.high) - at(found.low), 14, role, 0.45))
    for end in (found.low, found.high):
        marks.append(Line(((at(end), 50), (at(end), 74)), role, 2.5))
    if found.share_b is not None:
        marks.append(Dot(at(found.share_b), 62, 8, role))
    marks.append(Text(left, axis + 44, f"← prefer {first}", "muted", 14))
    marks.append(Text(right, axis + 44, f"prefer {second} →", "muted", 14, "end"))
    share = "no votes yet" if found.share_b is None else f"{found.share_b:.0%}"
    words = (
        f"{share} ({found.confidence:.0%} CI {found.low * 100:.0f}–{found.high:.0%})"
        if found.decisive
        else "no votes for either yet"
    )
    marks.append(Text((left + right) / 2, axis + 44, words, "ink", 14, "middle", bold=True))
    description = f"{found.sentence} {found.range_sentence}"
    return Drawing(
        width, axis + 54, f"Share of votes for {second} against {first}", description, tuple(marks)
    )


def abx_chart(found: Abx, *, width: float = 440.0) -> Drawing:
    """Return a chart of the share of right answers with its interval; guessing gives half."""
    left, right, axis = _LEFT, width - _RIGHT, 78.0

    def at(share: float) -> float:
        return left + share * (right - left)

    role: Role = "B" if found.audible else "other"
    marks = _percent_axis(at, axis, top=20)
    marks.append(Box(at(found.low), 41, at(found.high) - at(found.low), 14, role, 0.45))
    marks += [Line(((at(end), 36), (at(end), 60)), role, 2.5) for end in (found.low, found.high)]
    if found.share is not None:
        marks.append(Dot(at(found.share), 48, 8, role))
    marks.append(Text(at(0.5), 14, "guessing", "muted", 14, "middle"))
    share = "no answers yet" if found.share is None else f"{found.share:.0%}"
    words = (
        f"{found.correct} of {found.trials} right: {share} (90% CI {found.low * 100:.0f}–"
        f"{found.high:.0%})"
        if found.trials
        else share
    )
    marks.append(Text((left + right) / 2, axis + 44, words, "ink", 14, "middle", bold=True))
    return Drawing(width, axis + 54, "Share of right answers", found.sentence, tuple(marks))


def strengths_chart(found: Strengths, *, width: float = 440.0) -> Drawing:
    """Return a chart of each variant's expected share with its interval, strongest first."""
    left, right, top, row = 52.0, width - 68.0, 20.0, 40.0
    axis = top + row * len(found.letters) + 4

    def at(share: float) -> float:
        return left + share * (right - left)

    marks: list[Mark] = list(_percent_axis(at, axis, top=top - 6))
    words = []
    place = {letter: number for number, letter in enumerate(found.letters)}
    for number, letter in enumerate(found.order):
        index = place[letter]
        value, low, high = found.values[index], found.low[index], found.high[index]
        y, role = top + row * (number + 0.5), role_of(letter)
        marks.append(Text(left - 16, y + 6, letter, "ink", 18, "end", bold=True))
        marks.append(Box(at(low), y - 6, at(high) - at(low), 12, role, 0.4))
        marks += [Line(((at(end), y - 10), (at(end), y + 10)), role, 2.5) for end in (low, high)]
        marks.append(Dot(at(value), y, 7, role))
        marks.append(Text(width - 4, y + 5, f"{value:.0%}", "ink", 15, "end", bold=True))
        words.append(f"{letter} {value:.0%} ({low:.0%} to {high:.0%})")
    label = "expected share of votes against the others"
    marks.append(Text((left + right) / 2, axis + 42, label, "muted", 14, "middle"))
    warnings = wrap(found.sentence, width=62)
    for number, line in enumerate(warnings, start=1):
        marks.append(Text(left - 44, axis + 42 + 18 * number, line, "ink", 13))
    description = f"Expected share of votes against the others, 95% CI: {', '.join(words)}."
    if found.sentence:
        description += f" {found.sentence}"
    height = axis + 52 + 18 * len(warnings)
    return Drawing(width, height, "Strength of each variant", description, tuple(marks))


def matrix_chart(found: Strengths, *, width: float = 400.0) -> Drawing:
    """Return a table of how often each row was preferred to each column, and of ties."""
    letters = found.letters
    left, top = 44.0, 44.0
    cell = (width - left - 8) / len(letters)
    height = min(cell, 62.0)
    marks: list[Mark] = [Text(left, 16, "row preferred to column, of votes", "muted", 14)]
    words = []
    for number, letter in enumerate(letters):
        x, y = left + cell * (number + 0.5), top + height * (number + 0.5)
        marks.append(Text(x, top - 8, letter, "ink", 16, "middle", bold=True))
        marks.append(Text(left - 14, y + 6, letter, "ink", 16, "end", bold=True))
    for i, row in enumerate(letters):
        for j in range(len(letters)):
            x, y = left + cell * j, top + height * i
            if i == j:
                marks.append(Box(x + 1, y + 1, cell - 2, height - 2, "faint", 0.4))
                continue
            won, lost, tied = found.wins[i][j], found.wins[j][i], found.ties[i][j]
            votes = won + lost
            if votes:
                strength = 0.08 + 0.5 * won / votes
                marks.append(Box(x + 1, y + 1, cell - 2, height - 2, role_of(row), strength))
            middle = x + cell / 2
            size = 15.0 if cell > 58 else 12.0
            between = " of " if cell > 70 or votes < 100 else "/"
            score = f"{won}{between}{votes}" if votes else "–"
            lift = 2 if tied else 5
            marks.append(Text(middle, y + height / 2 + lift, score, "ink", size, "middle"))
            if tied:
                ties = f"+ {count(tied, 'tie')}"
                below = y + height / 2 + 17
                small = 13.0 if cell > 70 else 11.0
                marks.append(Text(middle, below, ties, "ink", small, "middle"))
    for (i, one), (j, other) in combinations(enumerate(letters), 2):
        words.append(
            f"{one} against {other}: {found.wins[i][j]} to {found.wins[j][i]}, "
            f"{found.ties[i][j]} no difference"
        )
    return Drawing(
        width,
        top + height * len(letters) + 8,
        "Votes of each pair",
        f"{'; '.join(words)}.",
        tuple(marks),
    )


def _percent_axis(at: Callable[[float], float], axis: float, *, top: float) -> list[Mark]:
    marks: list[Mark] = []
    for tick in (0, 25, 50, 75, 100):
        x = at(tick / 100)
        half = tick == 50
        marks.append(
            Line(((x, top), (x, axis)), "ink" if half else "faint", 1.5 if half else 1.0, half)
        )
        marks.append(Text(x, axis + 18, f"{tick}%", "ink" if half else "muted", 14, "middle"))
    marks.append(Line(((at(0), axis), (at(1), axis)), "muted", 1))
    return marks
