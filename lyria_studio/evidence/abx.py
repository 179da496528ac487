"""Is there an audible difference at all? The ABX test."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.stats import binomtest

from lyria_studio.evidence import wording
from lyria_studio.evidence.rules import (
    ABX_WHOLE_LEVEL_UP_TO,
    EARLY_ODDS,
    Stage,
    exact_interval,
    final_level,
    log_odds_above,
    odds_of,
    stage_of,
)


@dataclass(frozen=True, slots=True)
class Abx:
    """What answers to "which of the two is X?" say.

    Attributes:
        correct: right answers.
        trials: all answers.
        stage: where the test stood.
        planned: the planned number of answers; None without a plan.
        share: right answers, 0 to 1; None without answers.
        low: lower limit of the share, one-sided at `1 - level` like the test, so it is above one
            half exactly when the exact test is significant. At an early look it describes the
            answers and decides nothing.
        high: the upper limit alike; both together hold 90% (92% from 30 answers of a plan).
        p_value: of the exact one-sided binomial test against guessing.
        odds: of the answers against guessing, valid at every look.
        audible: whether the rule of the stage says that the difference is heard.
    """

    correct: int
    trials: int
    stage: Stage
    planned: int | None
    share: float | None
    low: float
    high: float
    p_value: float
    odds: float
    audible: bool

    @property
    def headline(self) -> str:
        """The result in a few words."""
        return wording.abx_headline(self)

    @property
    def sentence(self) -> str:
        """The result in plain words."""
        return wording.abx_sentence(self)


def abx(
    correct: int, trials: int, *, planned: int | None = None, stage: Stage | None = None
) -> Abx:
    """Judge the answers of an ABX test by the exact one-sided binomial test at 5 in 100.

    Early looks are guarded as in `preference`, with odds that are averaged over shares above one
    half only: being wrong more often than by guessing is no sign of hearing.

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
    return Abx(
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
