"""How strong each of several variants is: Bradley-Terry, with ties Davidson."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import evalica
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse.csgraph import connected_components
from scipy.stats import norm, t

from lyria_studio.evidence import sentences
from lyria_studio.evidence.ballots import Ballot, Counts, tally

ANCHOR = 0.5  # wins, and as many losses, that each variant is given, spread over the others
RESAMPLES = 300
CONFIDENCE = 0.95
_LIMIT = 2000  # iterations; a dozen is usual


@dataclass(frozen=True, slots=True)
class Strengths:
    """The strengths of variants as shares that people understand.

    Attributes:
        letters: the variants, in the order of the matrix; the other fields go along with it.
        values: the expected share of votes against the other variants, each alike, ties left
            out: 0 to 1, one half is the average.
        low: lower ends of 95% bootstrap intervals of `values`.
        high: upper ends.
        log_strengths: the parameters of the model, natural logarithms, mean 0.
        tie_rate: Davidson's nu; 0 without ties.
        expected: shape (variants, variants); the model's share of the row against the column.
        wins: votes for the row over the column.
        ties: "no difference" between row and column.
        groups: variants that votes join, directly or by way of others. More than one group:
            between groups `values` say nothing, and the intervals show it.
        unbeaten: variants without a lost vote: their strength has no upper limit.
        winless: variants without a won vote.
        by_listener: whether whole listeners were resampled, rather than votes.
    """

    letters: tuple[str, ...]
    values: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    log_strengths: tuple[float, ...]
    tie_rate: float
    expected: tuple[tuple[float, ...], ...]
    wins: tuple[tuple[int, ...], ...]
    ties: tuple[tuple[int, ...], ...]
    groups: tuple[tuple[str, ...], ...]
    unbeaten: tuple[str, ...]
    winless: tuple[str, ...]
    by_listener: bool

    @property
    def order(self) -> tuple[str, ...]:
        """The letters from the strongest on. An order, not a verdict: for that see `several`."""
        ranked = sorted(zip(self.values, self.letters, strict=True), key=lambda one: -one[0])
        return tuple(letter for _, letter in ranked)

    @property
    def sentence(self) -> str:
        """What the numbers cannot say; empty if there is nothing to warn of."""
        warning = sentences.groups_sentence(self.groups)
        return warning or sentences.extremes_sentence(self.unbeaten, self.winless)


def strengths(
    matrix: npt.ArrayLike,
    ties: npt.ArrayLike | None = None,
    *,
    letters: Sequence[str] | None = None,
    ballots: Sequence[Ballot] | None = None,
    anchor: float = ANCHOR,
    resamples: int = RESAMPLES,
    seed: int = 20_260_522,
) -> Strengths:
    """Fit Bradley and Terry's model (with ties Davidson's, by Newman's iteration) with evalica.

    Few votes leave the model without a finite answer: a variant that won everything would be
    infinitely strong, and unconnected ones have no common scale. So each variant is given half a
    win and half a loss, spread evenly over the others (for two variants Jeffreys' prior).

    The intervals are percentiles of a Bayesian bootstrap (Rubin, Ann. Statist. 9, 1981): each
    listener gets a random weight, or each vote if ballots are not given, and the given half votes
    get gamma weights. An ordinary bootstrap would draw the same answer again and again from a
    variant that won all, and claim an interval of no width; this one goes down to Jeffreys'. Its
    weights vary as much more than exponential ones as Student's t for so many listeners asks,
    without which few listeners give intervals that are too narrow (`benchmarks/evidence.py`). The
    same votes and seed give the same intervals.

    Args:
        matrix: shape (variants, variants); votes for the row over the column.
        ties: the same shape, symmetric; "no difference" between the two.
        letters: names of the rows; A, B, … if not given.
        ballots: the votes one by one, so that listeners are resampled; they must add up to
            `matrix` and `ties`.
        anchor: wins and losses given to each variant; 0 fits the votes alone, and then wants
            every variant to have lost to and won over the others, directly or by way of others.
        resamples: how many weightings to draw.
        seed: of their random numbers.

    Raises:
        ValueError: matrices of the wrong shape, negative votes, ballots that do not add up, or
            votes without a finite answer when `anchor` is 0.
    """
    wins, drawn, names = _checked(matrix, ties, letters)
    parts = _parts(wins, drawn, names, ballots)
    given = _given(len(names), anchor)
    if not anchor and _pieces(wins + drawn, strong=True) > 1:
        raise ValueError("these votes alone do not bound all strengths")
    logs, nu = _fit(wins + given, drawn)
    rng = np.random.default_rng(seed)
    drawn_values = np.array(
        [_values(_fit(*_reweighted(parts, given, rng))[0]) for _ in range(resamples)]
    )
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(drawn_values, [tail, 1 - tail], axis=0)
    lost, won = wins.sum(axis=0), wins.sum(axis=1)
    tied = drawn.sum(axis=1)
    return Strengths(
        letters=names,
        values=_floats(_values(logs)),
        low=_floats(low),
        high=_floats(high),
        log_strengths=_floats(logs),
        tie_rate=nu,
        expected=tuple(_floats(row) for row in _expected(logs)),
        wins=_whole(wins),
        ties=_whole(drawn),
        groups=_groups(wins + drawn, names),
        unbeaten=_where(names, (lost + tied == 0) & (won > 0)),
        winless=_where(names, (won + tied == 0) & (lost > 0)),
        by_listener=ballots is not None,
    )


def _checked(
    matrix: npt.ArrayLike, ties: npt.ArrayLike | None, letters: Sequence[str] | None
) -> tuple[Counts, Counts, tuple[str, ...]]:
    wins = np.array(matrix, dtype=np.float64)
    drawn = np.zeros_like(wins) if ties is None else np.array(ties, dtype=np.float64)
    if wins.ndim != 2 or wins.shape[0] != wins.shape[1] or len(wins) < 2:
        raise ValueError("the matrix has a row and a column for each of two or more variants")
    if drawn.shape != wins.shape or (drawn != drawn.T).any():
        raise ValueError("ties are symmetric and have the shape of the matrix")
    both = np.stack([wins, drawn])
    if not np.isfinite(both).all() or (both < 0).any() or np.einsum("ijj->", both):
        raise ValueError("votes are counted from 0, with none of a variant against itself")
    names = tuple(letters) if letters is not None else _alphabet(len(wins))
    if len(names) != len(wins) or len(set(names)) != len(names):
        raise ValueError("each variant has its own letter")
    return wins, drawn, names


def _alphabet(variants: int) -> tuple[str, ...]:
    return tuple(chr(ord("A") + i) if i < 26 else f"V{i + 1}" for i in range(variants))


def _parts(
    wins: Counts, ties: Counts, names: tuple[str, ...], ballots: Sequence[Ballot] | None
) -> npt.NDArray[np.float64]:
    """Return wins and ties of each bootstrap part: shape (parts, 2, variants, variants)."""
    if ballots is None:
        return _single_votes(wins, ties)
    by_listener: dict[str, list[Ballot]] = {}
    for ballot in ballots:
        by_listener.setdefault(ballot.listener, []).append(ballot)
    counted = [tally(mine, names) for mine in by_listener.values()]
    parts = np.array([[one.wins, one.ties] for one in counted]).reshape(-1, 2, *wins.shape)
    if (parts.sum(axis=0) != np.stack([wins, ties])).any():
        raise ValueError("the ballots do not add up to the matrix")
    return parts


def _single_votes(wins: Counts, ties: Counts) -> npt.NDArray[np.float64]:
    places = [(0, i, j) for i, j in np.argwhere(wins > 0) for _ in range(int(wins[i, j]))] + [
        (1, i, j) for i, j in np.argwhere(np.triu(ties) > 0) for _ in range(int(ties[i, j]))
    ]
    parts = np.zeros((len(places), 2, *wins.shape))
    for number, (kind, i, j) in enumerate(places):
        parts[number, kind, i, j] = 1
        if kind:
            parts[number, kind, j, i] = 1
    return parts


def _given(variants: int, anchor: float) -> Counts:
    return (np.ones((variants, variants)) - np.eye(variants)) * anchor / (variants - 1)


def _reweighted(
    parts: npt.NDArray[np.float64], given: Counts, rng: np.random.Generator
) -> tuple[Counts, Counts]:
    shape = 1 / _variance(len(parts))
    weights = rng.standard_gamma(shape, len(parts)) / shape
    wins, ties = np.tensordot(weights, parts, axes=1)
    return wins + rng.standard_gamma(given), ties


@cache
def _variance(parts: int) -> float:
    """Return the variance of the weights: 1 for many parts, more for few."""
    known = max(parts, 2)
    tail = (1 + CONFIDENCE) / 2
    return float((known + 1) / (known - 1) * (t.ppf(tail, known - 1) / norm.ppf(tail)) ** 2)


def _fit(wins: Counts, ties: Counts) -> tuple[Counts, float]:
    """Logarithms of the strengths, mean 0, and the rate of ties."""
    variants = len(wins)
    won = np.argwhere(wins > 0)
    drawn = np.argwhere(np.triu(ties) > 0)
    places = np.concatenate([won, drawn])
    weights = np.concatenate([wins[tuple(won.T)], ties[tuple(drawn.T)]])
    winners = [evalica.Winner.X] * len(won) + [evalica.Winner.Draw] * len(drawn)
    xs, ys = places[:, 0].tolist(), places[:, 1].tolist()
    index = pd.RangeIndex(variants)
    nu = 0.0
    if len(drawn):
        fitted = evalica.newman(
            xs, ys, winners, index=index, weights=weights, tolerance=1e-8, limit=_LIMIT
        )
        scores, nu = fitted.scores, float(fitted.v)
    else:
        scores = evalica.bradley_terry(
            xs, ys, winners, index=index, weights=weights, tolerance=1e-8, limit=_LIMIT
        ).scores
    values = scores.reindex(index).to_numpy(dtype=np.float64)
    logs: Counts = np.log(np.clip(values, 1e-12, 1e12))
    return logs - logs.mean(), nu


def _expected(logs: Counts) -> Counts:
    found: Counts = 1 / (1 + np.exp(np.clip(logs[None, :] - logs[:, None], -500, 500)))
    return found


def _values(logs: Counts) -> Counts:
    found: Counts = (_expected(logs).sum(axis=1) - 0.5) / (len(logs) - 1)
    return found


def _pieces(votes: Counts, *, strong: bool = False) -> int:
    kind = "strong" if strong else "weak"
    return int(connected_components(votes > 0, directed=True, connection=kind)[0])


def _groups(votes: Counts, names: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    number, labels = connected_components(votes > 0, directed=True, connection="weak")
    return tuple(_where(names, labels == label) for label in range(number))


def _where(names: tuple[str, ...], mask: npt.NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(name for name, here in zip(names, mask, strict=True) if here)


def _floats(values: npt.NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _whole(counts: Counts) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(int(value) for value in row) for row in counts)
