"""Is there an audible difference at all? The ABX test."""

from __future__ import annotations

import math
from dataclasses import replace

from scipy.stats import binomtest

from lyria_studio.evidence import sentences
from lyria_studio.evidence.decision_rules import (
    ABX_WHOLE_LEVEL_UP_TO,
    EARLY_ODDS,
    Stage,
    exact_interval,
    final_level,
    log_odds_above,
    odds_of,
    stage_of,
)
from lyria_studio.evidence.findings import Abx


def abx(
    correct: int, trials: int, *, planned: int | None = None, stage: Stage | None = None
) -> Abx:
    """Judge the answers of an ABX test by the exact one-sided binomial test at 5 in 100.

    Early looks are guarded as in `preference`, with odds that are averaged over shares above one
    half only: being wrong more often than by guessing is no sign of hearing.

    Args:
        correct: how many answers were right.
        trials: how many there were.
        planned: how many are planned; None: these are all.
        stage: where the test stands; found from the numbers if not given.

    Raises:
        ValueError: more right answers than trials, a negative number, or a plan below 1.
    """
    if not 0 <= correct <= trials:
        raise ValueError("right answers are between 0 and all")
    if planned is not None and planned < 1:
        raise ValueError("a plan has at least one answer")
    stage = stage_of(trials, planned) if stage is None else stage
    level = final_level(trials, stage, ABX_WHOLE_LEVEL_UP_TO)
    p_value = float(binomtest(correct, trials, alternative="greater").pvalue) if trials else 1.0
    logarithm = log_odds_above(correct, trials - correct)
    low, high = exact_interval(correct, trials, 1 - 2 * level)
    found = Abx(
        correct=correct,
        trials=trials,
        stage=stage,
        planned=planned,
        share=correct / trials if trials else None,
        low=low,
        high=high,
        p_value=p_value,
        odds=odds_of(logarithm),
        audible=logarithm >= math.log(EARLY_ODDS) if stage.early else p_value <= level,
    )
    return replace(
        found, headline=sentences.abx_headline(found), sentence=sentences.abx_sentence(found)
    )
