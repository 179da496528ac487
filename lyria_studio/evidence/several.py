"""A verdict over more than two variants that accounts for its many pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from lyria_studio.evidence import sentences
from lyria_studio.evidence.decision_rules import EARLY_ODDS, LATE_LEVEL, LEVEL, Stage
from lyria_studio.evidence.findings import Pair, Preference, Several
from lyria_studio.evidence.preference import preference


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
            once for a pair (`ballot_per_listener`).
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
    verdict = Several(names, stage, pairs, best[0] if best else None)
    return replace(
        verdict,
        headline=sentences.several_headline(verdict),
        sentence=sentences.several_sentence(verdict),
    )


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
