"""When votes carry a verdict: the two rules, their levels and their intervals."""

from __future__ import annotations

import math
from enum import StrEnum

from scipy.optimize import brentq
from scipy.special import bdtr, betaln
from scipy.stats import beta, binomtest

LEVEL = 0.05  # wrong winners among tests of equals, however often votes are read
EARLY_ODDS = 100.0  # asked before the planned end; 1/100 of the level is spent there
FEWEST_VOTES = 6  # that can name a winner: five alike happen by chance in 1 of 16 tests
LATE_LEVEL = 0.04  # of the final test where only the union bound is known
# The decisive votes up to which the final test may use the whole level, early looks counted.
WHOLE_LEVEL_UP_TO = 43
ABX_WHOLE_LEVEL_UP_TO = 29


class Stage(StrEnum):
    """The stage of a test when its votes are counted; it decides which rule applies."""

    ONCE = "once"
    """Counted once, with no look before it."""
    OPEN = "open"
    """Votes are still coming in."""
    PLANNED_END = "planned end"
    """The planned number of votes has come in."""
    ENDED_EARLY = "ended early"
    """Closed by hand or by its date before the planned number of votes."""
    POOLED = "pooled"
    """Several tests read together: each further one is another look."""

    @property
    def early(self) -> bool:
        """Whether only the rule for early looks may name a winner."""
        return self in (Stage.OPEN, Stage.ENDED_EARLY, Stage.POOLED)


class Rule(StrEnum):
    """What carried a verdict."""

    EXACT = "exact test"
    ODDS = "odds of early looks"


def stage_of(votes: int, planned: int | None, *, closed: bool = False) -> Stage:
    """Return the stage of a test with `votes` votes, ties included, of `planned`.

    A test may be over because time ran out or somebody closed it: say `closed`.

    Args:
        votes: how many were cast, ties included.
        planned: how many are planned; None: these are all.
        closed: whether the test takes no more votes.
    """
    if planned is None:
        return Stage.ONCE
    if votes >= planned:
        return Stage.PLANNED_END
    return Stage.ENDED_EARLY if closed else Stage.OPEN


def final_level(decisive: int, stage: Stage, whole_up_to: int = WHOLE_LEVEL_UP_TO) -> float:
    """Return the level of the exact test after `decisive` votes: 0.05, or 0.04 where looks cost.

    Args:
        decisive: votes for either side.
        stage: where the test stands.
        whole_up_to: up to so many votes the level is not shared with early looks.
    """
    if stage is Stage.ONCE or decisive <= whole_up_to:
        return LEVEL
    return LATE_LEVEL


def log_odds(a: int, b: int, share: float = 0.5) -> float:
    """Natural logarithm of the odds of the votes against "B is preferred with this share".

    The likelihood of the votes averaged over all shares from 0 to 1 alike, divided by their
    likelihood under `share`: a martingale with mean 1 if `share` is true (Robbins 1970), and the
    Bayes factor of a uniform prior.

    Args:
        a: votes for A.
        b: votes for B.
        share: the share of B that the votes are held against, 0 to 1.
    """
    return float(betaln(a + 1, b + 1) - a * math.log1p(-share) - b * math.log(share))


def log_odds_above(right: int, wrong: int) -> float:
    """Return the log odds against guessing, averaged over shares above one half: for ABX."""
    votes = right + wrong
    # The share of the mixture above one half, as a logarithm: it underflows for many wrong ones.
    above = float(beta.logsf(0.5, right + 1, wrong + 1))
    return math.log(2) * (votes + 1) + float(betaln(right + 1, wrong + 1)) + above


def odds_of(logarithm: float) -> float:
    """Odds from their logarithm, without overflow."""
    return math.exp(min(logarithm, 700.0))


def sign_p(a: int, b: int) -> float:
    """Return the p value of the exact two-sided sign test; 1 without votes."""
    # bdtr is the binomial distribution function; `binomtest` says the same a hundred times slower.
    return min(1.0, 2 * float(bdtr(min(a, b), a + b, 0.5))) if a + b else 1.0


def exact_interval(hits: int, votes: int, confidence: float) -> tuple[float, float]:
    """Clopper-Pearson interval of a share; 0 to 1 without votes.

    Args:
        hits: votes for one side.
        votes: votes for either side.
        confidence: of the interval, such as 0.95.
    """
    if not votes:
        return 0.0, 1.0
    found = binomtest(hits, votes).proportion_ci(confidence_level=confidence, method="exact")
    return float(found.low), float(found.high)


def anytime_interval(a: int, b: int) -> tuple[float, float]:
    """Return all shares for B that the votes do not contradict at 100 to 1: valid at every look.

    The confidence sequence of the mixture at 1 - 1/100 (Robbins 1970; Howard et al. 2021).
    """
    if not a + b:
        return 0.0, 1.0
    limit, tiny = math.log(EARLY_ODDS), 1e-12
    best = min(max(b / (a + b), tiny), 1 - tiny)

    def above(share: float) -> float:
        return log_odds(a, b, share) - limit

    low = brentq(above, tiny, best) if b and above(tiny) > 0 else 0.0
    high = brentq(above, best, 1 - tiny) if a and above(1 - tiny) > 0 else 1.0
    return float(low), float(high)


def deciding_rule(a: int, b: int, stage: Stage) -> Rule | None:
    """Return the rule by which these votes name the one with more of them, if any does.

    Args:
        a: votes for A.
        b: votes for B.
        stage: where the test stands.
    """
    if stage.early:
        return Rule.ODDS if log_odds(a, b) >= math.log(EARLY_ODDS) else None
    return Rule.EXACT if sign_p(a, b) <= final_level(a + b, stage) else None


def decision_bounds(votes: int) -> list[int | None]:
    """Return how many of n decisive votes one side needs at an early look, for n = 0 to `votes`.

    None where even all of them would not do.
    """
    found: list[int | None] = []
    lead = 0
    for n in range(votes + 1):
        lead = max(lead, (n + 1) // 2)
        while lead <= n and log_odds(n - lead, lead) < math.log(EARLY_ODDS):
            lead += 1
        found.append(lead if lead <= n else None)
    return found
