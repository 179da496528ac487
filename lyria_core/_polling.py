"""When to look at a job next: a pure decision.

Looking costs requests, not looking costs waiting. If a fraction ``S(t)`` of jobs takes longer
than ``t`` seconds and ``f(t)`` is the density of their durations, then looks that lie
``c * sqrt(S / f)`` apart at age ``t`` have the smallest mean lag for their number: dense where a
job is about to end, sparse where it hardly ever ends (calculus of variations on
``lag = ½∫f·h``, ``looks = ∫S/h``). What is left to choose is ``c``: it is searched for until the
number of looks is that of looking every 10 s, the rarest that the gateway's reference recommends.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache, partial

SHORTEST_S = 2.0
"""Never look at a job more often than this, in seconds."""

_LONGEST_S = 10.0
# Before the first job of late ended, nothing is to be seen but a quick failure.
_LONGEST_EARLY_S = 60.0
# Between the first and the last end there may be ages at which hardly any job ends.
_LONGEST_BETWEEN_S = 20.0
_FIRST_S = 2.0
_JITTER = 0.05

_LOOK_EVERY_S = 10.0
# The first jobs of a model, which nothing is known of, get more looks.
_LOOK_EVERY_UNKNOWN_S = 6.0
# Every 10 s is two looks or more, but for jobs so short that it would be much too rare.
_FEWEST_LOOKS = 2.0
# Stay below the number of looks although the estimate is never quite right, and although a loop
# that sleeps 10 s between answer and question looks a little less often.
_SHARE_OF_LOOKS = 0.98

# With no history: durations of 15 s to 3 min are usual for these models.
_USUAL_S = 60.0
_USUAL_SPREAD = 0.8
# A part of the jobs is always expected to be unlike the recent ones (it fails soon, it hangs).
_UNUSUAL = 0.01

_LARGEST_HISTORY = 64
_NEVER = 1e-4
# Where ``1 / c`` is searched for, by halving the logarithm of its range.
_SPARSEST, _DENSEST, _HALVINGS = 0.02, 20.0, 14
_ROOT_HALF = math.sqrt(0.5)
_ROOT_HALF_TURN = 1 / math.sqrt(2 * math.pi)
_GRID_RATIO = 1.06
_GRID = tuple(_GRID_RATIO**i for i in range(int(math.log(1000) / math.log(_GRID_RATIO)) + 2))


def next_look(
    elapsed_s: float,
    looks: int,
    recent_s: Sequence[float] = (),
    rng: random.Random | None = None,
) -> float:
    """Return the seconds until the next look at a job. Looking is free of charge.

    Without history the first look comes after 2 s and the others come 2 to 10 s apart. With
    history the first one waits (at most 60 s) until jobs begin to end, and the others are dense
    where most of them end and at most 20 s apart; a job that outlasts them all is looked at every
    10 s or so. On average there are no more looks than at every 10 s, or 2 at jobs that are shorter
    than that.

    Args:
        elapsed_s: Age of the job in seconds.
        looks: How often it was looked at so far.
        recent_s: How long the latest jobs of this model took in seconds, the newest last, whatever
            their end was. From about ten on it pays; the last 64 count. Pass an unchanged sequence
            from look to look where possible: the schedule of the latest ones is kept.
        rng: Source of the jitter (5 %).

    Returns:
        At least 2 s.
    """
    history = tuple(
        min(max(s, _GRID[0]), _GRID[-1]) for s in recent_s[-_LARGEST_HISTORY:] if math.isfinite(s)
    )
    age = max(elapsed_s, 0.0)
    if not history and looks <= 0 and age < _FIRST_S:
        pause = _FIRST_S
    else:
        pause = _pause(_schedule(history), age, history)
    jitter = (rng or random).uniform(1 - _JITTER, 1 + _JITTER)
    return max(SHORTEST_S, pause * jitter)


def _pause(schedule: tuple[float, ...], age: float, history: tuple[float, ...]) -> float:
    """Return the seconds until one more look is due."""
    longest = _longest(age, history)
    due = _at(schedule, age) + 1
    if due >= schedule[-1]:
        return longest
    i = bisect_left(schedule, due)
    part = (due - schedule[i - 1]) / (schedule[i] - schedule[i - 1])
    return min(_GRID[i - 1] + part * (_GRID[i] - _GRID[i - 1]) - age, longest)


def _longest(age: float, history: tuple[float, ...]) -> float:
    if not history or age >= max(history):
        return _LONGEST_S
    return _LONGEST_EARLY_S if age < min(history) else _LONGEST_BETWEEN_S


def _at(values: Sequence[float], age: float) -> float:
    """Return the value at an age, of which those at the ages of the grid are given."""
    if age <= _GRID[0]:
        return values[0]
    i = bisect_right(_GRID, age)
    if i >= len(_GRID):
        return values[-1]
    part = (age - _GRID[i - 1]) / (_GRID[i] - _GRID[i - 1])
    return values[i - 1] + part * (values[i] - values[i - 1])


@lru_cache(maxsize=256)
def _schedule(history: tuple[float, ...]) -> tuple[float, ...]:
    """Return how many looks are due until each age of the grid."""
    estimate = _Durations(history)
    points = [estimate.at(math.log(t)) for t in _GRID]
    survival = [s for s, _ in points]
    shape = [
        math.sqrt(f / t / s) if s > _NEVER else 0.0 for (s, f), t in zip(points, _GRID, strict=True)
    ]
    every = _LOOK_EVERY_S if history else _LOOK_EVERY_UNKNOWN_S
    most = max(_SHARE_OF_LOOKS * _mean_looks(survival, lambda _: every), _FEWEST_LOOKS)
    sparse, dense = _SPARSEST, _DENSEST
    for _ in range(_HALVINGS):
        scale = math.sqrt(sparse * dense)
        pauses = partial(_pause, _summed(shape, scale), history=history)
        if _mean_looks(survival, pauses) > most:
            dense = scale
        else:
            sparse = scale
    return _summed(shape, sparse)


def _summed(shape: list[float], scale: float) -> tuple[float, ...]:
    """Return how many looks are due until each age, at a rate of this shape and scale."""
    rates = [min(scale * rate, 1 / SHORTEST_S) for rate in shape]
    total, schedule = 0.0, [0.0]
    for i in range(1, len(_GRID)):
        total += (rates[i] + rates[i - 1]) / 2 * (_GRID[i] - _GRID[i - 1])
        schedule.append(total)
    return tuple(schedule)


def _mean_looks(survival: list[float], pause: Callable[[float], float]) -> float:
    """Return how many looks a job gets on average."""
    looks, age = 0.0, 0.0
    while (left := _at(survival, age)) > _NEVER and age < _GRID[-1]:
        looks += left
        age += max(pause(age), SHORTEST_S)
    return looks


class _Durations:
    """The estimated distribution of the logarithm of a duration: one bell a recent job."""

    def __init__(self, history: tuple[float, ...]) -> None:
        self._logs = sorted(math.log(s) for s in history)
        count = len(history)
        if count == 0:
            self._centre, self._width, self._unusual = math.log(_USUAL_S), 1.0, 1.0
            return
        self._centre = sum(self._logs) / count
        # Two imagined jobs of a spread of 0.3 keep a short history from looking too sure.
        squares = sum((x - self._centre) ** 2 for x in self._logs) + 2 * 0.3**2
        # Half of Silverman's width, for the ends of such distributions are sharp.
        width = math.sqrt(squares / (count + 1)) * max(0.53 * count**-0.2, count**-0.5)
        self._width = max(width, 0.05)
        self._unusual = _UNUSUAL

    def at(self, x: float) -> tuple[float, float]:
        """Return the part that is larger than ``x``, and the density there."""
        survival, density = _bell((x - self._centre) / _USUAL_SPREAD)
        survival *= self._unusual
        density *= self._unusual / _USUAL_SPREAD
        if self._logs:
            # Bells that are far off count as a whole or not at all.
            near = bisect_left(self._logs, x - 5 * self._width)
            far = bisect_right(self._logs, x + 5 * self._width)
            weight = (1 - self._unusual) / len(self._logs)
            survival += weight * (len(self._logs) - far)
            for log in self._logs[near:far]:
                above, height = _bell((x - log) / self._width)
                survival += weight * above
                density += weight * height / self._width
        return survival, density


def _bell(z: float) -> tuple[float, float]:
    """Return the normal distribution's upper tail and density."""
    return 0.5 * math.erfc(z * _ROOT_HALF), math.exp(-z * z / 2) * _ROOT_HALF_TURN
