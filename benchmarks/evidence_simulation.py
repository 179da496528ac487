"""Simulate listening tests as they are judged: looks after every listener, takes, ties, variants.

Everything is vectorised over tests, and judged by the functions of the product itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lyria_studio.evidence.decision_rules import (
    EARLY_ODDS,
    LATE_LEVEL,
    Stage,
    deciding_rule,
    log_odds,
    sign_p,
)
from lyria_studio.evidence.promises import new_test, promise
from lyria_studio.evidence.takes import TAKES_NEEDED, p_values, takes_level

Vector = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int_]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Rates:
    """How often, of all tests, something is named.

    Attributes:
        recordings: a winner among the recordings that were heard.
        prompts: a winner among prompts, whose new takes would win too.
    """

    recordings: float
    prompts: float


@cache
def _decides(most: int, stage: Stage) -> Flags:
    """Whether a and b votes carry a verdict, for all a and b up to `most`."""
    found = np.zeros((most + 1, most + 1), dtype=bool)
    for a in range(most + 1):
        for b in range(most + 1 - a):
            found[a, b] = deciding_rule(a, b, stage) is not None
    return found


def two_variants(
    takes: int,
    listeners: int,
    spread: float,
    *,
    lead: float = 0.0,
    ties: float = 0.0,
    tests: int = 4000,
    seed: int = 1,
) -> Rates:
    """Look after every listener, close at the first winner, and judge at the planned end.

    Args:
        takes: of each variant.
        listeners: each votes on one pair of takes.
        spread: how much takes of one prompt differ, in logits.
        lead: by how much B is better, in logits.
        ties: how many votes are for no difference, 0 to 1.
        tests: how many to simulate.
        seed: of the random numbers.
    """
    rng = np.random.default_rng(seed)
    a, b, logits = _logits(rng, takes, listeners, spread, lead, tests)
    outcomes = np.where(rng.random(logits.shape) < 1 / (1 + np.exp(-logits)), 1.0, -1.0)
    outcomes[rng.random(outcomes.shape) < ties] = 0.0
    recordings, prompts = np.zeros(tests, dtype=bool), np.zeros(tests, dtype=bool)
    for votes in range(6, listeners + 1):
        for stage in (Stage.OPEN, Stage.PLANNED_END)[: 1 + (votes == listeners)]:
            said = outcomes[:, :votes]
            carried = _decides(listeners, stage)[(said < 0).sum(axis=1), (said > 0).sum(axis=1)]
            recordings |= carried
            if takes < TAKES_NEEDED or not carried.any() or not _all_heard(a, b, votes, takes):
                continue
            p = p_values(said[carried], a[:votes], b[:votes], np.arange(votes))
            prompts[np.flatnonzero(carried)[p <= takes_level(stage)]] = True
    return Rates(float(recordings.mean()), float(prompts.mean()))


def several_variants(
    variants: int,
    takes: int,
    listeners: int,
    spread: float,
    *,
    lead: float = 0.0,
    tests: int = 1500,
    seed: int = 2,
) -> Rates:
    """Simulate several variants: any wrong pair counts; each listener hears each pair."""
    rng = np.random.default_rng(seed)
    own = rng.normal(size=(tests, variants, takes)) * spread
    own[:, 0] += lead
    pairs = list(combinations(range(variants), 2))
    a, b = _design(rng, takes, listeners)
    logits = np.stack([own[:, other][:, b] - own[:, one][:, a] for one, other in pairs], axis=1)
    outcomes = np.where(rng.random(logits.shape) < 1 / (1 + np.exp(-logits)), 1.0, -1.0)
    recordings, prompts = np.zeros(tests, dtype=bool), np.zeros(tests, dtype=bool)
    odds, exact = _p_tables(listeners)
    for votes in range(6, listeners + 1):
        for stage in (Stage.OPEN, Stage.PLANNED_END)[: 1 + (votes == listeners)]:
            said = outcomes[:, :, :votes]
            table = odds if stage is Stage.OPEN else exact
            level = 1 / EARLY_ODDS if stage is Stage.OPEN else LATE_LEVEL
            p = table[(said < 0).sum(axis=2), (said > 0).sum(axis=2)]
            carried = p.min(axis=1) * len(pairs) <= level  # the first step of Holm's
            recordings |= carried
            if takes < TAKES_NEEDED or not carried.any() or not _all_heard(a, b, votes, takes):
                continue
            for place in range(len(pairs)):
                over = p_values(said[carried, place], a[:votes], b[:votes], np.arange(votes))
                p[carried, place] = np.maximum(p[carried, place], over)
            prompts |= carried & (p.min(axis=1) * len(pairs) <= level)
    return Rates(float(recordings.mean()), float(prompts.mean()))


class Kept(NamedTuple):
    """Promises of one kind: what they said on average, from and to, and what came true."""

    low: float
    high: float
    kept: float
    made: int

    @property
    def missed_by(self) -> float:
        """How far what came true lies from the middle of what was said, 0 to 1."""
        return abs(self.kept - (self.low + self.high) / 2)


def _logits_with(deviation: float) -> Callable[[np.random.Generator, int], Vector]:
    return lambda rng, tests: 1 / (1 + np.exp(-rng.normal(0, deviation, tests)))


POPULATIONS: dict[str, Callable[[np.random.Generator, int], Vector]] = {
    "10-90%": lambda rng, tests: rng.uniform(0.1, 0.9, tests),
    "30-70%": lambda rng, tests: rng.uniform(0.3, 0.7, tests),
    "logits 0.8": _logits_with(0.8),
    "half equals": lambda rng, tests: np.where(
        rng.random(tests) < 0.5, 0.5, rng.uniform(0.1, 0.9, tests)
    ),
    # Not among those that promises are computed for.
    "20-80%": lambda rng, tests: rng.uniform(0.2, 0.8, tests),
    "logits 0.5": _logits_with(0.5),
    "logits 1": _logits_with(1.0),
    "Beta(3, 3)": lambda rng, tests: rng.beta(3, 3, tests),
    "equals, logits": lambda rng, tests: np.where(
        rng.random(tests) < 0.3, 0.5, _logits_with(0.8)(rng, tests)
    ),
}
"""The true shares of B that tests may have."""


def promises(population: str, *, tests: int = 3000, seed: int = 5) -> tuple[dict[str, Kept], float]:
    """Compare what is promised with what comes true, over looks at tests of 15 to 60 votes.

    Args:
        population: of `POPULATIONS`.
        tests: how many.
        seed: of the random numbers.

    Returns:
        What became of each kind of promise, and how many of the looks without a verdict brought
        one, 0 to 1.
    """
    rng = np.random.default_rng(seed)
    found: dict[str, list[tuple[float, float, bool]]] = {}
    silent = 0
    for share in POPULATIONS[population](rng, tests):
        planned = int(rng.choice([15, 30, 60]))
        votes = rng.random(planned) < share
        look = int(rng.integers(8, planned))
        b = int(votes[:look].sum())
        if deciding_rule(look - b, b, Stage.OPEN) is not None:
            continue
        stated = promise(look - b, b, 0, Stage.OPEN, planned - look)
        if stated is None:
            silent += 1
            continue
        kept = _kept(votes, look, stated.votes)
        kind = _bin((stated.low + stated.high) / 2)
        found.setdefault(kind, []).append((stated.low, stated.high, kept))
    made = sum(map(len, found.values()))
    kinds = {
        kind: Kept(low, high, kept, len(said))
        for kind, said in sorted(found.items())
        for low, high, kept in [np.mean(said, axis=0).tolist()]
    }
    return kinds, made / max(1, made + silent)


def new_tests(*, tests: int = 3000, seed: int = 6) -> dict[str, Kept]:
    """Compare what is said of a new test with what comes true if the share is as it says."""
    rng = np.random.default_rng(seed)
    found = {}
    for a, b in ((1, 7), (3, 7), (4, 11), (5, 10), (9, 21), (14, 26), (27, 45)):
        said = new_test(a, b, 0)
        if said is not None:
            wins = [
                2 * again > said.votes
                and deciding_rule(said.votes - again, again, Stage.PLANNED_END) is not None
                for again in rng.binomial(said.votes, said.share, tests).tolist()
            ]
            kept = float(np.mean(wins))
            name = f"{a} : {b}, {said.votes} votes, {said.share:.0%}"
            found[name] = Kept(said.chance, said.chance, kept, tests)
    return found


def _kept(votes: Flags, look: int, more: int) -> bool:
    for n in range(look + 1, look + more + 1):
        b = int(votes[:n].sum())
        if deciding_rule(n - b, b, Stage.OPEN):
            return True
        if n == len(votes) and deciding_rule(n - b, b, Stage.PLANNED_END):
            return True
    return False


def _bin(chance: float) -> str:
    return f"{min(4, int(chance * 5)) * 20:2d} to {min(4, int(chance * 5)) * 20 + 20}%"


def _design(rng: np.random.Generator, takes: int, votes: int) -> tuple[Whole, Whole]:
    """Pairs of takes as they are drawn: each as often as the others, in random order."""
    blocks = -(-votes // takes**2)
    cells = np.concatenate([rng.permutation(takes**2) for _ in range(blocks)])[:votes]
    return cells % takes, cells // takes


def _logits(
    rng: np.random.Generator, takes: int, votes: int, spread: float, lead: float, tests: int
) -> tuple[Whole, Whole, Vector]:
    a, b = _design(rng, takes, votes)
    own = rng.normal(size=(2, tests, takes)) * spread
    return a, b, lead + own[1][:, b] - own[0][:, a]


def _all_heard(a: Whole, b: Whole, votes: int, takes: int) -> bool:
    return len(set(a[:votes])) == takes == len(set(b[:votes]))


@cache
def _p_tables(most: int) -> tuple[Vector, Vector]:
    """Return the p values of early looks and of the end, for all a and b up to `most`."""
    early, exact = np.ones((2, most + 1, most + 1))
    for a in range(most + 1):
        for b in range(most + 1 - a):
            early[a, b] = min(1.0, float(np.exp(-log_odds(a, b))))
            exact[a, b] = sign_p(a, b)
    return early, exact
