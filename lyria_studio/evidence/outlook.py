"""What more votes would bring: promises with a chance that holds.

Both promises average over the shares that the votes leave possible, starting from a Beta(3, 3)
prior, which draws a lead after few votes towards the middle: a lead of 8 to 2 is mostly luck.
`benchmarks/evidence.py` measures how often the promises come true.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr, betaln, gammaln

from lyria_studio.evidence.decision_rules import EARLY_ODDS, LEVEL, Stage, final_level

FEWEST_DECISIVE = 8  # below, any promise would be a guess
MOST_VOTES = 400  # beyond, a number would be no advice
LEAST_NEW_TEST = 15
_PRIOR = 3.0
_POWER = 0.8

Vector = npt.NDArray[np.float64]


class Promise(NamedTuple):
    """So many votes bring a verdict with this chance, 0 to 1."""

    votes: int
    chance: float


def promise(a: int, b: int, neither: int, stage: Stage, remaining: int | None) -> Promise | None:
    """Find how many more votes decide with even odds, or the chance of all that are left.

    Args:
        a: votes for A.
        b: votes for B; there is no verdict yet.
        neither: votes for neither.
        stage: where the test stands.
        remaining: votes until the planned end; None without one.

    Returns:
        None below 8 decisive votes, where no votes are left, and where 400 would not do.
    """
    decisive = a + b
    if decisive < FEWEST_DECISIVE or stage not in (Stage.ONCE, Stage.OPEN):
        return None
    share = decisive / (decisive + neither)
    if remaining is None:
        chances = _chances(a, b, None)
        enough = np.flatnonzero(chances >= 0.5)
        if not enough.size:
            return None
        more = int(enough[0])
        return Promise(_rounded(more / share), float(chances[more]))
    last = max(1, round(min(remaining, MOST_VOTES) * share)) if remaining else 0
    if not last:
        return None
    chances = _chances(a, b, last)
    enough = np.flatnonzero(chances >= 0.5)
    more = int(enough[0]) if enough.size else last
    votes = remaining if more == last else min(remaining, _rounded(more / share))
    return Promise(votes, float(chances[more]))


def new_test(a: int, b: int, neither: int) -> Promise | None:
    """Size a new test that names a winner in 8 of 10 cases; None if 400 votes are too few.

    It is planned from the shares that the votes leave possible, not from the one observed, and
    never for less than 15 votes: then the chance is more than 8 of 10.

    Args:
        a: votes for A so far.
        b: votes for B so far.
        neither: votes for no difference so far.
    """
    decisive = a + b
    if decisive < FEWEST_DECISIVE:
        return None
    share = decisive / (decisive + neither)
    sizes = range(LEAST_NEW_TEST, MOST_VOTES + 1, 5)

    def chance(votes: int) -> float:
        return _chance_of_test(a, b, max(1, round(votes * share)))

    place = bisect_left(sizes, _POWER, key=chance)  # it grows with the votes
    return Promise(sizes[place], chance(sizes[place])) if place < len(sizes) else None


def _rounded(votes: float) -> int:
    """Round up, to tens from 30 votes on: more would pretend to know."""
    return math.ceil(votes) if votes < 30 else math.ceil(votes / 10) * 10


@lru_cache(maxsize=512)
def _chances(a: int, b: int, last: int | None) -> Vector:
    """The chance of a verdict after 0, 1, … more decisive votes.

    With `last` that many are left: before, odds decide and stay; at it the exact test does, too.
    Without, the votes are read once, after so many more.
    """
    most = MOST_VOTES if last is None else last
    weights, found, decided = np.ones(1), np.zeros(most + 1), 0.0
    for more in range(1, most + 1):
        n = a + b + more
        for_b = (b + np.arange(more) + _PRIOR) / (n - 1 + 2 * _PRIOR)
        weights = np.append(weights * (1 - for_b), 0.0) + np.append(0.0, weights * for_b)
        ahead = b + np.arange(more + 1)
        if last is None:
            found[more] = weights[_exact(n, ahead, LEVEL)].sum()
            continue
        over = betaln(ahead + 1, n - ahead + 1) + n * math.log(2) >= math.log(EARLY_ODDS)
        if more == last:
            over |= _exact(n, ahead, final_level(n, Stage.PLANNED_END))
        decided += float(weights[over].sum())
        weights[over] = 0.0
        found[more] = decided
    return found


@lru_cache(maxsize=4096)
def _chance_of_test(a: int, b: int, decisive: int) -> float:
    """How often the exact test at the end of a new test names a winner."""
    for_b, n = np.arange(decisive + 1), decisive
    one, other = b + _PRIOR, a + _PRIOR
    logs = gammaln(n + 1) - gammaln(for_b + 1) - gammaln(n - for_b + 1)
    weights = np.exp(logs + betaln(for_b + one, n - for_b + other) - betaln(one, other))
    return float(weights[_exact(n, for_b, final_level(n, Stage.PLANNED_END))].sum())


def _exact(n: int, for_b: npt.NDArray[np.int_], level: float) -> npt.NDArray[np.bool_]:
    decided: npt.NDArray[np.bool_] = 2 * bdtr(np.minimum(for_b, n - for_b), n, 0.5) <= level
    return decided
