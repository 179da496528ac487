"""How often a plan finds a preference: what a test of this size can show, before it is opened.

Computed by simulation with a fixed seed, as the test will be judged: one ballot a listener and
pair, Holm's correction over all pairs, and from four takes on the verdict over takes. Takes of one
prompt are supposed to differ by `SPREAD` logits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr
from scipy.stats import binom

from lyria_studio.evidence.decision_rules import (
    ABX_WHOLE_LEVEL_UP_TO,
    FEWEST_VOTES,
    LATE_LEVEL,
    LEVEL,
    WHOLE_LEVEL_UP_TO,
    Stage,
    final_level,
)
from lyria_studio.evidence.takes import TAKES_LEVEL, TAKES_NEEDED, p_values

SPREAD = 0.5
"""How much takes of one prompt differ, as the standard deviation of their logits."""

_TESTS = 2000
_MOST_NUMBERS = 500_000  # in one array of the simulation: 4 MB
_MOST_LISTENERS = 400

Vector = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Design:
    """The size of a preference test.

    Attributes:
        variants: how many are compared.
        takes: how many takes each has.
        listeners: how many listen.
        pairs_each: how many pairs each of them hears.
    """

    variants: int
    takes: int
    listeners: int
    pairs_each: int

    @property
    def pairs(self) -> int:
        """How many pairs the variants make."""
        return math.comb(self.variants, 2)

    @property
    def ballots(self) -> int:
        """How many ballots each pair gets."""
        return int(self.listeners * min(1.0, self.pairs_each / self.pairs))


def fewest_ballots(variants: int) -> int:
    """Return how many ballots each pair needs before any votes can name a winner."""
    if variants == 2:
        return FEWEST_VOTES
    pairs = math.comb(variants, 2)
    # Of Holm's steps the last that the best variant has to pass asks least, and all votes alike
    # give every one of its pairs the same p value, so the first step decides.
    return next(n for n in range(1, 100) if 2 * 0.5**n <= LATE_LEVEL / pairs)


@lru_cache(maxsize=256)
def power(design: Design, share: float, spread: float = SPREAD, tests: int = _TESTS) -> float:
    """Return how often the better variant is named the winner at the planned end, 0 to 1.

    With under four takes each the winner is one of recordings, whose own difference `share` is;
    from four on it is one of prompts, whose takes differ.

    Args:
        design: the size of the test.
        share: how often the better variant is chosen over each other one, which are equal; 0 to 1.
        spread: how much takes of a prompt differ, in logits.
        tests: how many tests to simulate; fewer of very large ones.
    """
    found = simulate(design, math.log(share / (1 - share)), spread, tests, seed=1)
    return float((found == 0).mean())


def simulate(
    design: Design, lead: float, spread: float, tests: int, *, seed: int
) -> npt.NDArray[np.int_]:
    """Return the winner of each simulated test at its planned end; -1 without one.

    Args:
        design: the size of the test.
        lead: by how many logits variant 0 is better than each other one; 0 for equals.
        spread: how much takes of a prompt differ, in logits.
        tests: how many.
        seed: of the random numbers.
    """
    rng = np.random.default_rng(seed)
    ballots = min(design.ballots, _MOST_LISTENERS)
    repeats = max(1, design.pairs_each // design.pairs)
    over_takes = design.takes >= TAKES_NEEDED
    tests = max(300, min(tests, _MOST_NUMBERS // max(1, ballots * repeats)))
    won = np.full((tests, design.variants), 0)
    if ballots < 1:
        return np.full(tests, -1)
    takes = rng.normal(size=(tests, design.variants, design.takes)) * (spread if over_takes else 0)
    votes = np.arange(ballots * repeats)
    a, b = votes % design.takes, votes // design.takes % design.takes
    pairs = list(combinations(range(design.variants), 2))
    p_listeners, p_takes = np.ones((2, tests, len(pairs)))
    ahead = np.zeros((tests, len(pairs)), dtype=int)
    whole = np.zeros((tests, len(pairs)), dtype=bool)
    for place, (one, other) in enumerate(pairs):
        logits = takes[:, other][:, b] - takes[:, one][:, a] - (lead if one == 0 else 0.0)
        outcomes = np.where(rng.random(logits.shape) < 1 / (1 + np.exp(-logits)), 1.0, -1.0)
        majority = np.sign(outcomes.reshape(tests, ballots, repeats).sum(axis=2))
        ups, downs = (majority > 0).sum(axis=1), (majority < 0).sum(axis=1)
        p_listeners[:, place] = np.minimum(1, 2 * bdtr(np.minimum(ups, downs), ups + downs, 0.5))
        whole[:, place] = ups + downs <= WHOLE_LEVEL_UP_TO
        ahead[:, place] = np.where(ups > downs, other, one)
        if over_takes and ballots * repeats >= design.takes**2:
            p_takes[:, place] = p_values(outcomes, a, b, votes // repeats)
    if not over_takes:
        p_takes[:] = 0.0
    decided = _decided(p_listeners, p_takes, whole)
    for place in range(len(pairs)):
        np.add.at(won, (np.arange(tests), ahead[:, place]), decided[:, place])
    best: npt.NDArray[np.int_] = np.where(
        (won == design.variants - 1).any(axis=1), won.argmax(axis=1), -1
    )
    return best


def _decided(p_listeners: Vector, p_takes: Vector, whole: Flags) -> Flags:
    """Return which pairs are decided at the planned end, as `preference` and `several` decide."""
    if p_listeners.shape[1] == 1:
        level = np.where(whole, LEVEL, LATE_LEVEL)
        return np.asarray((p_listeners <= level) & (p_takes <= TAKES_LEVEL))
    p = np.maximum(p_listeners, p_takes)
    order = np.argsort(p, axis=1)
    steps = np.sort(p, axis=1) * np.arange(p.shape[1], 0, -1)
    passed = np.maximum.accumulate(steps, axis=1) <= LATE_LEVEL
    decided = np.empty_like(passed)
    np.put_along_axis(decided, order, passed, axis=1)
    return np.asarray(decided)


def abx_power(answers: int, share: float) -> float:
    """Return how often so many answers show a difference that is named right with this share."""
    level = final_level(answers, Stage.PLANNED_END, ABX_WHOLE_LEVEL_UP_TO)
    needed = binom.isf(level, answers, 0.5) + 1
    return float(binom.sf(needed - 1, answers, share))


def fewest_answers() -> int:
    """Return how many answers of an ABX test are needed before any can show a difference."""
    return math.ceil(math.log2(1 / LEVEL))
