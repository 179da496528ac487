"""Does a preference hold for new takes too, or only for the recordings that were heard?

Takes of one prompt differ, so a test with one take each is about two recordings: equal prompts
whose takes vary are "decided" in many of such tests. This asks whether the lead is larger than
takes alone would make it. The votes are +1 for B, -1 for A, 0 for neither; their mean has a
variance from the takes of A, the takes of B and the listeners, each estimated from its own
clusters (Cameron, Gelbach, Miller, "Robust inference with multiway clustering", J. Bus. Econ.
Stat. 29, 2011). The mean is compared on the logit scale, where effects of takes add up, with
Student's t.

Four takes each are the least: even a test without any assumption, the exact permutation of takes,
cannot go below p = 0.10 with 3 against 3 (4: 0.03, 5: 0.008).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import t

from lyria_studio.evidence.decision_rules import Stage

TAKES_NEEDED = 4
"""Takes that each of two prompts needs before a verdict can be about the prompts."""

TAKES_LEVEL = 0.03
TAKES_EARLY_LEVEL = 0.0075
"""Of the test over takes at the end and at early looks. Together they stay below 0.05 however
often one looks, as `benchmarks/evidence.py` measures over spreads of takes up to 1 logit."""

Vector = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int_]


@dataclass(frozen=True, slots=True)
class TakeVote:
    """One vote between two takes.

    Attributes:
        listener: who; any text that tells listeners apart.
        take_a: the number of A's take.
        take_b: the number of B's take.
        for_b: +1 for B, -1 for A, 0 for neither.
    """

    listener: str
    take_a: int
    take_b: int
    for_b: int


def takes_p_value(votes: Sequence[TakeVote]) -> float | None:
    """Return how often takes and listeners alone would make such a lead; None with under 4 takes.

    Args:
        votes: all votes of a pair of variants, repeated ones of a listener included.
    """
    takes_a, takes_b = takes_heard(votes)
    if min(takes_a, takes_b) < TAKES_NEEDED:
        return None
    outcomes = np.array([[vote.for_b for vote in votes]], dtype=np.float64)
    places = (
        _numbered([vote.take_a for vote in votes]),
        _numbered([vote.take_b for vote in votes]),
        _numbered([vote.listener for vote in votes]),
    )
    return float(p_values(outcomes, *places)[0])


def takes_heard(votes: Sequence[TakeVote]) -> tuple[int, int]:
    """Count the takes of A and of B that votes are about."""
    return len({vote.take_a for vote in votes}), len({vote.take_b for vote in votes})


def takes_level(stage: Stage) -> float:
    """Return the level of the test over takes: lower at early looks."""
    return TAKES_EARLY_LEVEL if stage.early else TAKES_LEVEL


def p_values(outcomes: Vector, takes_a: Numbers, takes_b: Numbers, listeners: Numbers) -> Vector:
    """Return the p values of tests that share one design, one for each row of outcomes.

    Args:
        outcomes: shape (tests, votes): +1, -1 or 0.
        takes_a: the take of A in each vote, numbered from 0 without gaps.
        takes_b: the same of B.
        listeners: who voted, numbered alike.
    """
    decisive = np.abs(outcomes)
    count = np.maximum(decisive.sum(axis=1), 1)
    # The share of votes for B less those for A, of listeners with a preference: votes for neither
    # are no votes for one half.
    mean = outcomes.sum(axis=1) / count
    rest = (outcomes - mean[:, None] * decisive) / count[:, None]
    alone = (rest**2).sum(axis=1)
    clustered = sum(_variance(rest, one) for one in (takes_a, takes_b, listeners))
    # Each of the three holds the noise of single votes once; it is there once.
    variance = np.maximum(clustered - 2 * alone, alone)
    most = 1 - 1 / count  # a unanimous test has no finite logit
    lead = np.clip(mean, -most, most)
    # atanh is half the logit of B's share; the factor is its slope, turned to the scale of votes.
    distance = np.abs(np.arctanh(lead)) * (1 - lead**2) / np.sqrt(np.maximum(variance, 1e-12))
    freedom = int(takes_a.max() + takes_b.max())
    found: Vector = 2 * t.sf(distance, freedom)
    return found


def _variance(rest: Vector, clusters: Numbers) -> Vector:
    count = int(clusters.max()) + 1
    if (np.diff(clusters) >= 0).all():
        sums = np.add.reduceat(rest, np.flatnonzero(np.diff(clusters, prepend=-1)), axis=1)
    else:
        sums = rest @ np.eye(count)[clusters]
    # A variance from few takes is too small by this much; listeners are many.
    few = count / max(count - 1, 1) if count < rest.shape[1] else 1.0
    return np.asarray(few * (sums**2).sum(axis=1))


def _numbered(values: Sequence[object]) -> Numbers:
    known = {value: number for number, value in enumerate(dict.fromkeys(values))}
    return np.array([known[value] for value in values])
