"""What a listening test is planned to be, before anybody listens."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from lyria_studio.evidence import votes_to_plan
from lyria_studio.model.listening_test import ListeningKind
from lyria_studio.phrases import count

__all__ = [
    "QUESTIONS",
    "default_trials",
    "end_of_day",
    "findable_share",
    "minutes",
    "plan_sentence",
]

QUESTIONS = {
    ListeningKind.PREFERENCE: "Which one do you like better?",
    ListeningKind.ABX: "Is there a difference that can be heard?",
}
TRIALS_OF_ABX = 8
MOST_TRIALS = 12
TRIAL_S = 45.0
"""About how long a listener takes for one pair: both sides, a switch back, and the answer."""

_SHARES = (0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)


def default_trials(kind: ListeningKind, letters: int, takes: int) -> int:
    """How many pairs each listener hears, unless somebody wants another number.

    Every pair of letters once, or with each take if that is not too long to listen to.
    """
    if kind is ListeningKind.ABX:
        return TRIALS_OF_ABX
    pairs = math.comb(max(letters, 2), 2)
    return min(max(pairs, min(pairs * takes, MOST_TRIALS)), MOST_TRIALS)


def minutes(trials: int) -> int:
    """About how long it takes a listener, in whole minutes."""
    return max(1, round(trials * TRIAL_S / 60))


def findable_share(ballots: int) -> float | None:
    """The smallest preference that so many ballots find in 8 of 10 tests, in steps of 5%.

    Args:
        ballots: decisive votes for one pair, each of another listener.

    Returns:
        The share of the preferred side, 0.6 to 0.95; None: not even that is found so often.
    """
    for share in _SHARES:
        needed = votes_to_plan(share)
        if needed is not None and needed <= ballots:
            return share
    return None


def plan_sentence(kind: ListeningKind, listeners: int, trials: int, letters: int) -> str:
    """What a plan of this size can show, and why it is fixed beforehand."""
    why = (
        "The number is fixed beforehand: who stops as soon as the votes look good finds winners "
        "where there are none."
    )
    votes = listeners * trials
    said = (
        f"{count(listeners, 'listener')} with {count(trials, 'pair')} each: {count(votes, 'vote')}."
    )
    if kind is ListeningKind.ABX:
        return f"{said} {why}"
    # Each listener counts once for a pair, and hears some of the pairs.
    heard = min(1.0, trials / math.comb(max(letters, 2), 2))
    ballots = votes if listeners == 1 else int(listeners * heard)
    share = findable_share(ballots)
    if share is None:
        found = "That is few: even a preference of 95 to 5 is often missed. Ask more people."
    else:
        percent = round(share * 100)
        found = f"A preference of {percent} to {100 - percent} is found in 8 of 10 such tests."
    return f"{said} {found} {why}"


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """The last instant of a day on the wall of the one who invites, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
