"""A verdict over more than two variants that accounts for its many pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from lyria_studio.evidence import sentences
from lyria_studio.evidence.decision_rules import EARLY_ODDS, LATE_LEVEL, LEVEL, Stage
from lyria_studio.evidence.findings import Pair, Preference, Several
from lyria_studio.evidence.preference import preference
from lyria_studio.evidence.takes import TakeVote, takes_heard, takes_p_value


def several(
    matrix: npt.ArrayLike,
    ties: npt.ArrayLike | None = None,
    *,
    letters: Sequence[str] | None = None,
    stage: Stage = Stage.ONCE,
    divided: npt.ArrayLike | None = None,
    takes: Mapping[tuple[str, str], Sequence[TakeVote]] | None = None,
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
        divided: the same shape, symmetric; listeners who chose both equally often.
        takes: the votes of each pair with their takes, by the pair's names. With them the verdict
            says whether it is about the prompts.

    Raises:
        ValueError: matrices that do not fit each other or the letters, or negative votes.
    """
    wins = np.array(matrix, dtype=np.int64)
    drawn, split = (
        np.zeros_like(wins) if counts is None else np.array(counts, dtype=np.int64)
        for counts in (ties, divided)
    )
    names = tuple(letters) if letters is not None else tuple(map(_letter, range(len(wins))))
    if wins.shape != (len(names), len(names)) or len(names) < 2:
        raise ValueError("a row and a column for each of two or more variants")
    if drawn.shape != wins.shape or split.shape != wins.shape:
        raise ValueError("ties and divided votes have the shape of the matrix")
    found = [
        preference(
            int(wins[i, j]),
            int(wins[j, i]),
            int(drawn[i, j]),
            divided=int(split[i, j]),
            stage=stage,
            names=(names[i], names[j]),
        )
        for i, j in combinations(range(len(names)), 2)
    ]
    p_values = [_p(one) for one in found]
    pairs = _decided(found, p_values, stage)
    prompt_winner, fewest = None, None
    if takes is not None:
        votes = [takes.get(one.names, ()) for one in found]
        # A pair holds for the prompts when both listeners and takes carry it.
        over = [
            max(p_value, 1.0 if (own := takes_p_value(cast)) is None else own)
            for p_value, cast in zip(p_values, votes, strict=True)
        ]
        prompt_winner = _best(names, _decided(found, over, stage))
        fewest = min((min(takes_heard(cast)) for cast in votes if cast), default=0)
    verdict = Several(names, stage, pairs, _best(names, pairs), prompt_winner, fewest)
    return replace(
        verdict,
        headline=sentences.several_headline(verdict),
        sentence=sentences.several_sentence(verdict),
    )


def _decided(
    found: Sequence[Preference], p_values: Sequence[float], stage: Stage
) -> tuple[Pair, ...]:
    level = _level(stage)
    return tuple(
        Pair(one, p_value, _ahead(one) if p_value <= level else None)
        for one, p_value in zip(found, holm(p_values), strict=True)
    )


def _best(names: Sequence[str], pairs: Sequence[Pair]) -> str | None:
    """Return the variant that is preferred to every other one, if there is one."""
    won = [pair.winner for pair in pairs]
    return next((name for name in names if won.count(name) == len(names) - 1), None)


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


def holm(values: Sequence[float]) -> list[float]:
    """Return p values corrected for their number by Holm's method, in the order given."""
    corrected, so_far = [0.0] * len(values), 0.0
    for rank, place in enumerate(sorted(range(len(values)), key=lambda i: values[i])):
        so_far = max(so_far, min(1.0, values[place] * (len(values) - rank)))
        corrected[place] = so_far
    return corrected
