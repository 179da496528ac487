"""How many votes a test needs."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.stats import binom

from lyria_studio.evidence.decision_rules import (
    LATE_LEVEL,
    LEVEL,
    WHOLE_LEVEL_UP_TO,
    Stage,
    deciding_rule,
)

MOST_VOTES = 400  # beyond, a number would be no advice: such a share is within 45% and 55%


def votes_needed(a: int, b: int, ties: int, stage: Stage, remaining: int | None) -> int | None:
    """About how many more votes bring a verdict if all goes on as it did.

    Further votes are dealt out in the proportions of those that came (a test without votes: all
    for one side). The answer is the first number at which the rule that applies then carries a
    verdict: the rule for early looks before the planned end, the exact test at it. Where the
    planned end comes too early, or has passed, it is counted as if the exact test came later.

    Args:
        a: votes for A.
        b: votes for B.
        ties: votes for neither.
        stage: where the test stands.
        remaining: votes until the planned end; None without one.

    Returns:
        0 if the votes carry a verdict now; None if 400 more would not do, as for equal votes.
    """
    if deciding_rule(a, b, stage):
        return 0
    lead, trail = max(a, b), min(a, b)
    if lead == trail and lead + ties:
        return None
    votes = a + b + ties
    for more in range(1, MOST_VOTES + 1):
        scale = more / votes if votes else 0.0
        further = lead + round(lead * scale) if votes else more
        other = trail + round(trail * scale)
        before_end = remaining is not None and more < remaining
        if deciding_rule(further, other, Stage.OPEN if before_end else _last(stage)):
            return more
    return None


def _last(stage: Stage) -> Stage:
    return Stage.ONCE if stage is Stage.ONCE else Stage.PLANNED_END


@lru_cache(maxsize=512)
def votes_to_plan(share: float, power: float = 0.8) -> int | None:
    """How many decisive votes to plan so that a preference of this size is found.

    Args:
        share: the true share of either side, e.g. 0.7 for 70 : 30.
        power: how often the exact test at the planned end shall find it.

    Returns:
        The smallest number from which on the power stays at least as large (it rises in a
        sawtooth), or None if more than 400 votes are needed.

    Raises:
        ValueError: a share outside 0 to 1, or a power outside 0 to 1.
    """
    if not 0 <= share <= 1 or not 0 < power < 1:
        raise ValueError("share and power are parts of one")
    larger = max(share, 1 - share)
    votes = np.arange(1, MOST_VOTES + 1)
    level = np.where(votes <= WHOLE_LEVEL_UP_TO, LEVEL, LATE_LEVEL)
    # The largest count that the exact test still calls too few for the smaller side.
    few = binom.ppf(level / 2, votes, 0.5) - 1
    reached = binom.cdf(few, votes, larger) + binom.cdf(few, votes, 1 - larger) >= power
    if not reached[-1]:
        return None
    short = np.flatnonzero(~reached)
    return int(votes[short[-1]] + 1) if short.size else 1
