"""Every way in which a test can go, counted exactly: no random numbers.

A test of n decisive votes has 2**n paths. Those that reach the same counts by the same looks are
counted together, as whole numbers, so error rates come out as exact fractions.
"""

from collections.abc import Callable, Iterable
from fractions import Fraction
from math import comb

import numpy as np
import numpy.typing as npt
from scipy.stats import beta

Decides = Callable[[int, int], bool]


def ever_decided(votes: int, early: Decides, final: Decides) -> Fraction:
    """The share of paths by chance on which some look, or the end, names a winner."""
    open_paths, decided = [1], 0
    for n in range(1, votes + 1):
        grown = [0] * (n + 1)
        for b, paths in enumerate(open_paths):
            grown[b] += paths
            grown[b + 1] += paths
        decides = final if n == votes else early
        for b, paths in enumerate(grown):
            # The final rule stands beside the early one: the last vote can also cross that.
            if paths and (decides(n - b, b) or (n == votes and early(n - b, b))):
                decided += paths * 2 ** (votes - n)
                grown[b] = 0
        open_paths = grown
    return Fraction(decided, 2**votes)


def at_once(votes: int, final: Decides) -> Fraction:
    """The share of paths by chance on which the end alone names a winner."""
    counts = range(votes + 1)
    return Fraction(sum(comb(votes, b) for b in counts if final(votes - b, b)), 2**votes)


def outcome(votes: int, share: float, early: Decides, final: Decides) -> tuple[float, float, float]:
    """How a test goes if B's true share is `share`.

    Returns:
        How often A or B wins, how often B does, and how many votes it takes on average when it
        ends as soon as there is a winner.
    """
    paths, won, won_b, length = np.array([1.0]), 0.0, 0.0, 0.0
    for n in range(1, votes + 1):
        grown = np.append(paths * (1 - share), 0.0) + np.append(0.0, paths * share)
        for b in range(n + 1):
            if early(n - b, b) or (n == votes and final(n - b, b)):
                won += grown[b]
                won_b += grown[b] if 2 * b > n else 0.0
                length += grown[b] * n
                grown[b] = 0.0
        paths = grown
    return won, won_b, length + float(paths.sum()) * votes


def ever_missed(
    votes: int,
    shares: npt.NDArray[np.float64],
    interval: Callable[[int, int], tuple[float, float]],
    last: Callable[[int, int], tuple[float, float]],
) -> npt.NDArray[np.float64]:
    """For each true share, how often some interval of the looks or the last one misses it."""
    paths, missed = np.ones((1, len(shares))), np.zeros(len(shares))
    for n in range(1, votes + 1):
        grown = np.zeros((n + 1, len(shares)))
        grown[:-1] += paths * (1 - shares)
        grown[1:] += paths * shares
        shown = last if n == votes else interval
        ends = np.array([shown(n - b, b) for b in range(n + 1)])
        misses = (shares < ends[:, :1]) | (shares > ends[:, 1:])
        missed += (grown * misses).sum(axis=0)
        grown[misses] = 0
        paths = grown
    return missed


def telling_shares(votes: int, confidences: Iterable[float]) -> npt.NDArray[np.float64]:
    """Shares at which coverage is least: just beside the ends of the exact intervals."""
    shares = list(np.linspace(0.02, 0.98, 97))
    for confidence in confidences:
        tail = (1 - confidence) / 2
        hits = np.arange(votes)
        ends = np.concatenate(
            [beta.ppf(tail, hits + 1, votes - hits), beta.ppf(1 - tail, hits + 1, votes - hits)]
        )
        shares += [share + step for share in ends for step in (-1e-9, 1e-9)]
    return np.array(sorted(share for share in shares if 0 < share < 1))
