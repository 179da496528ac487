"""What more votes would bring: only promises that come true as often as they say.

How many listeners prefer one side is not known before a test, and it matters: after 8 to 2 a
winner is likelier where clear preferences are common than where most recordings are equals. So
each promise is computed for four populations of true shares that lie far apart. It is made only
where all four nearly agree, as the range that holds all of them. `benchmarks/evidence.py` measures
how often the promises come true, also in populations that are not among the four.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr, betaln
from scipy.stats import binom, norm

from lyria_studio.evidence.decision_rules import EARLY_ODDS, LEVEL, Stage, final_level

Vector = npt.NDArray[np.float64]

FEWEST_DECISIVE = 8  # below, any promise would be a guess
MOST_VOTES = 400  # beyond, a number would be no advice
LEAST_NEW_TEST = 15
_AGREE = 0.2  # the most by which the populations may differ
_PRIOR = 3.0  # imagined votes for each side: a lead after few votes is mostly luck
_POWER = 0.8

_SHARES = np.linspace(0.025, 0.975, 39)
"""Shares for B that are possible."""


def _populations() -> Vector:
    """Return how common each share is before any vote, a row for each population."""
    logits = np.log(_SHARES / (1 - _SHARES))
    wide = (abs(_SHARES - 0.5) < 0.41).astype(float)  # 10 to 90%, alike
    close = (abs(_SHARES - 0.5) < 0.21).astype(float)  # 30 to 70%, alike
    normal = norm.pdf(logits / 0.8) / (_SHARES * (1 - _SHARES))
    equals = (abs(_SHARES - 0.5) < 0.01).astype(float)  # half of all are equals
    rows = np.array([wide, close, normal, equals + wide / wide.sum()])
    return np.asarray(rows / rows.sum(axis=1, keepdims=True))


_POPULATIONS = _populations()


class Promise(NamedTuple):
    """So many votes bring a verdict with a chance from `low` to `high`, both in tenths."""

    votes: int
    low: float
    high: float


class NewTest(NamedTuple):
    """So many votes name the winner with this chance if its true share is `share`, all 0 to 1."""

    votes: int
    share: float
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
        None below 8 decisive votes, where no votes are left, and where the chance depends on
        what nobody knows.
    """
    decisive = a + b
    if decisive < FEWEST_DECISIVE or stage not in (Stage.ONCE, Stage.OPEN) or remaining == 0:
        return None
    share = decisive / (decisive + neither)
    last = None if remaining is None else max(1, round(min(remaining, MOST_VOTES) * share))
    chances = _chances(a, b, last)
    enough = np.flatnonzero(chances.mean(axis=1) >= 0.5)
    for more in [*enough[:1].tolist(), *([] if last is None else [last])]:
        low, high = chances[more].min(), chances[more].max()
        if high - low <= _AGREE:
            votes = _rounded(more / share)
            if remaining is not None:
                votes = remaining if more == last else min(remaining, votes)
            return Promise(votes, *_range(low, high))
    return None


def new_test(a: int, b: int, neither: int) -> NewTest | None:
    """Size a new test that names a winner in 8 of 10 cases; None if 400 votes are too few.

    It is planned for a share that is drawn towards one half, as the observed lead is partly luck,
    and never for less than 15 votes: then the chance may be more than 8 of 10.

    Args:
        a: votes for A so far.
        b: votes for B so far.
        neither: votes for neither so far.
    """
    decisive = a + b
    if decisive < FEWEST_DECISIVE:
        return None
    share = (max(a, b) + _PRIOR) / (decisive + 2 * _PRIOR)
    for votes in range(LEAST_NEW_TEST, MOST_VOTES + 1, 5):
        n = max(1, round(votes * decisive / (decisive + neither)))
        for_b = np.arange(n + 1)
        wins = _exact(n, for_b, final_level(n, Stage.PLANNED_END)) & (2 * for_b > n)
        chance = float(binom.pmf(for_b, n, share)[wins].sum())
        if chance >= _POWER:
            return NewTest(votes, share, chance)
    return None


def _rounded(votes: float) -> int:
    """Round up, to tens from 30 votes on: more would pretend to know."""
    return math.ceil(votes) if votes < 30 else math.ceil(votes / 10) * 10


def _range(low: float, high: float) -> tuple[float, float]:
    """Round outwards to tenths, but not for two points more."""
    return math.floor(low * 10 + 0.2) / 10, math.ceil(high * 10 - 0.2) / 10


@lru_cache(maxsize=512)
def _chances(a: int, b: int, last: int | None) -> Vector:
    """Return the chance of a verdict after 0, 1, … more decisive votes, by population.

    With `last` that many are left: before, odds decide and stay; at it the exact test does, too.
    Without, the votes are read once, after so many more.
    """
    most = MOST_VOTES if last is None else last
    shares, none = _SHARES[:, None], np.zeros((len(_SHARES), 1))
    weights = np.ones((len(_SHARES), 1))  # of each share and count for B, without a verdict yet
    decided = np.zeros((most + 1, len(_SHARES)))
    for more in range(1, most + 1):
        n, ahead = a + b + more, b + np.arange(more + 1)
        weights = np.hstack([weights * (1 - shares), none]) + np.hstack([none, weights * shares])
        if last is None:
            decided[more] = weights[:, _exact(n, ahead, LEVEL)].sum(axis=1)
            continue
        over = betaln(ahead + 1, n - ahead + 1) + n * math.log(2) >= math.log(EARLY_ODDS)
        if more == last:
            over |= _exact(n, ahead, final_level(n, Stage.PLANNED_END))
        decided[more] = decided[more - 1] + weights[:, over].sum(axis=1)
        weights[:, over] = 0.0
    likely = _POPULATIONS * np.exp(b * np.log(_SHARES) + a * np.log(1 - _SHARES))
    found: Vector = decided @ (likely / likely.sum(axis=1, keepdims=True)).T
    return found


def _exact(n: int, for_b: npt.NDArray[np.int_], level: float) -> npt.NDArray[np.bool_]:
    decided: npt.NDArray[np.bool_] = 2 * bdtr(np.minimum(for_b, n - for_b), n, 0.5) <= level
    return decided
