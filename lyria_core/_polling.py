"""When to poll a job next: a pure decision.

Where ``S`` known durations are longer than an age, and neighbours there are ``d`` seconds apart,
``c * sqrt(d / S)`` polls between the two have the least mean lag for their number: the solution
``h = sqrt(S / f) / c`` of minimising ``lag = ½∫f·h`` at a given ``polls = ∫S/h``.
"""

import math
import random
from bisect import bisect
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from statistics import NormalDist

SHORTEST_S = 2.0  # never poll a job more often
_EVERY_S = 10.0  # no more polls than at the rarest pace that the gateway's reference recommends
_KERNEL = [NormalDist().inv_cdf((i + 0.5) / 9) for i in range(9)]  # one job stands for its like


def next_look(
    elapsed_s: float, looks: int, recent_s: Sequence[float] = (), rng: random.Random | None = None
) -> float:
    """Return the seconds until the next poll of a job, at least 2. Polling is free of charge.

    Args:
        elapsed_s: Age of the job in seconds.
        looks: How often it was polled so far.
        recent_s: Seconds that this model's latest jobs took; the last 64 count.
        rng: Source of the jitter (5 %).
    """
    history = tuple(min(max(s, 1.0), 1000.0) for s in recent_s[-64:] if math.isfinite(s))
    pause = min(SHORTEST_S + max(looks, 0) / 2, _EVERY_S)
    if history:
        pause = _pause(max(elapsed_s, 0.0), min(history), *_schedule(history))
    return max(SHORTEST_S, pause * (rng or random).uniform(0.95, 1.05))


def _pause(age: float, first_end: float, ages: list[float], polls: list[float]) -> float:
    due_at = _interpolated(_interpolated(age, ages, polls) + 1, polls, ages)
    return max(SHORTEST_S, min(due_at - age, 60.0 if age < first_end else 2 * _EVERY_S))


def _interpolated(x: float, xs: list[float], ys: list[float]) -> float:
    i = min(bisect(xs, x), len(xs) - 1)
    return ys[i - 1] + (ys[i] - ys[i - 1]) * (x - xs[i - 1]) / (xs[i] - xs[i - 1])


@lru_cache(maxsize=256)
def _schedule(history: tuple[float, ...]) -> tuple[list[float], list[float]]:
    # Ends are told in whole seconds: spread equal durations over theirs.
    logs = [math.log(s + 0.618 * i % 1 - 0.5) for i, s in enumerate(history)]
    centre = sum(logs) / len(logs)
    logs += [centre - 0.3, centre + 0.3] if len(logs) < 8 else []  # few jobs do not say enough
    width = math.sqrt(sum((x - centre) ** 2 for x in logs) / len(logs)) * len(logs) ** (-1 / 3)
    ends = sorted(math.exp(x + max(width, 0.05) * z) for x in logs for z in _KERNEL)
    wanted = (0.97 + 0.3 / len(logs)) * sum(math.ceil(s / _EVERY_S) for s in ends) / len(ends)
    gaps = enumerate(later - age for age, later in pairwise([0.0, *ends]))
    shape = [0.0, *accumulate(math.sqrt(gap / (len(ends) + 1 - i)) for i, gap in gaps)]
    most = (ends[-1] - ends[0]) / (shape[-1] - shape[1])  # more would not fit between the ends
    ages, scale = [0.0, *ends, ends[-1] + 1e6], 1.0
    for _ in range(4):  # find the scale that makes as many polls as wanted
        polls = [scale * x for x in shape] + [scale * shape[-1] + 1e6 / _EVERY_S]
        age = made = 0.0
        while age < ends[-1]:
            made += 1 - bisect(ends, age) / len(ends)
            age += _pause(age, min(history), ages, polls)
        scale = min(scale * max(wanted, 2.0) / made, most)
    return ages, polls
