"""A verdict over more than two variants that accounts for its many pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from lyria_studio.evidence import wording
from lyria_studio.evidence.preference import Preference, preference
from lyria_studio.evidence.rules import EARLY_ODDS, LATE_LEVEL, LEVEL, Stage


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair among several.

    Attributes:
        preference: the votes of this pair by themselves, without regard to the other pairs.
        p_value: corrected for the number of pairs (Holm); at an early look made of the odds.
        winner: the preferred one if the corrected value carries it; None otherwise.
    """

    preference: Preference
    p_value: float
    winner: str | None

    @property
    def loser(self) -> str | None:
        """The other one of a decided pair."""
        if self.winner is None:
            return None
        first, second = self.preference.names
        return second if self.winner == first else first


@dataclass(frozen=True, slots=True)
class Several:
    """The verdict over several variants.

    Attributes:
        letters: the variants.
        stage: where the test stood.
        pairs: all pairs, in the order of the letters, heard or not.
        winner: the one that is preferred to each other one; None if there is none.
    """

    letters: tuple[str, ...]
    stage: Stage
    pairs: tuple[Pair, ...]
    winner: str | None

    @property
    def votes(self) -> int:
        """All votes, ties included."""
        return sum(pair.preference.votes for pair in self.pairs)

    @property
    def headline(self) -> str:
        """The verdict in a few words."""
        return wording.several_headline(self)

    @property
    def sentence(self) -> str:
        """The verdict in plain words."""
        return wording.several_sentence(self)


def several(
    matrix: npt.ArrayLike,
    ties: npt.ArrayLike | None = None,
    *,
    letters: Sequence[str] | None = None,
    stage: Stage = Stage.ONCE,
) -> Several:
    """Judge all pairs so that the chance of any wrong winner among equals is at most 5 in 100.

    Exact sign tests corrected by Holm's step-down method ("A simple sequentially rejective
    multiple test procedure", Scand. J. Statist. 6, 1979). In a test with a plan 1 of the 5 in 100
    is for early looks, where one over the odds takes the place of p: by Ville's inequality it is
    valid at all looks together. The other 4 are for the planned end.

    Args:
        matrix: shape (variants, variants); votes for the row over the column, each listener
            once for a pair (`one_voice`).
        ties: the same shape, symmetric.
        letters: names of the rows; A, B, … if not given.
        stage: where the test stands.

    Raises:
        ValueError: matrices that do not fit each other or the letters, or negative votes.
    """
    wins = np.array(matrix, dtype=np.int64)
    drawn = np.zeros_like(wins) if ties is None else np.array(ties, dtype=np.int64)
    names = tuple(letters) if letters is not None else tuple(map(_letter, range(len(wins))))
    if wins.shape != (len(names), len(names)) or drawn.shape != wins.shape or len(names) < 2:
        raise ValueError("a row and a column for each of two or more variants")
    found = [
        preference(
            int(wins[i, j]),
            int(wins[j, i]),
            int(drawn[i, j]),
            stage=stage,
            names=(names[i], names[j]),
        )
        for i, j in combinations(range(len(names)), 2)
    ]
    level = _level(stage)
    pairs = tuple(
        Pair(one, p_value, _ahead(one) if p_value <= level else None)
        for one, p_value in zip(found, _holm([_p(one) for one in found]), strict=True)
    )
    won = [pair.winner for pair in pairs]
    best = [name for name in names if won.count(name) == len(names) - 1]
    return Several(names, stage, pairs, best[0] if best else None)


def _letter(number: int) -> str:
    return chr(ord("A") + number)


def _level(stage: Stage) -> float:
    if stage.early:
        return 1 / EARLY_ODDS
    return LEVEL if stage is Stage.ONCE else LATE_LEVEL


def _p(found: Preference) -> float:
    return min(1.0, 1 / found.odds) if found.stage.early else found.p_value


def _ahead(found: Preference) -> str:
    return found.names[1] if found.b > found.a else found.names[0]


def _holm(values: list[float]) -> list[float]:
    """Holm's corrected p values, in the order given."""
    corrected, so_far = [0.0] * len(values), 0.0
    for rank, place in enumerate(sorted(range(len(values)), key=lambda i: values[i])):
        so_far = max(so_far, min(1.0, values[place] * (len(values) - rank)))
        corrected[place] = so_far
    return corrected
