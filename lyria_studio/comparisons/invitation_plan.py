"""What a listening test is planned to be, before anybody listens."""

from __future__ import annotations

import math
from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from lyria_studio.evidence.power import (
    Design,
    abx_power,
    fewest_answers,
    fewest_ballots,
    power,
)
from lyria_studio.evidence.takes import TAKES_NEEDED
from lyria_studio.model.listening_test import ListeningKind, NewTest, Reveal
from lyria_studio.phrases import count

__all__ = [
    "QUESTIONS",
    "attentive",
    "default_trials",
    "end_of_day",
    "findable_hearing",
    "findable_share",
    "minutes",
    "own_test",
    "plan_sentence",
]

QUESTIONS = {
    ListeningKind.PREFERENCE: "Which one do you like better?",
    ListeningKind.ABX: "Is there a difference that can be heard?",
}
TRIALS_OF_ABX = 8
OWN_TRIALS = 10
ATTENTION_FROM = 6
MOST_TRIALS = 12
TRIAL_S = 45.0
"""About how long a listener takes for one pair: both sides, a switch back, and the answer."""

POWER = 0.8
_SHARES = (0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)


def default_trials(kind: ListeningKind, letters: int, takes: int) -> int:
    """Return the default number of pairs for each listener.

    Every pair of letters once, or with each take if that is not too long to listen to.

    Args:
        kind: what the test asks.
        letters: how many variants are compared.
        takes: how many takes each of them has.
    """
    if kind is ListeningKind.ABX:
        return TRIALS_OF_ABX
    pairs = math.comb(max(letters, 2), 2)
    return min(max(pairs, min(pairs * takes, MOST_TRIALS)), MOST_TRIALS)


def own_test(test_id: str, comparison_id: str, letters: tuple[str, ...]) -> NewTest:
    """Return the settings of a test for oneself: ten pairs, no host.

    Where a pair comes again, what was what is told at the end only, so that all of it is blind.

    Args:
        test_id: id of the new test.
        comparison_id: what it compares.
        letters: the variants in it.
    """
    repeats = math.comb(len(letters), 2) < OWN_TRIALS
    return NewTest(
        id=test_id,
        comparison_id=comparison_id,
        kind=ListeningKind.PREFERENCE,
        host_name="",
        question=QUESTIONS[ListeningKind.PREFERENCE],
        letters=letters,
        trials_per_listener=OWN_TRIALS,
        planned_votes=OWN_TRIALS,
        reveal=Reveal.AT_END if repeats else Reveal.AFTER_VOTE,
    )


def attentive(kind: ListeningKind, trials: int) -> bool:
    """Return whether a test is long enough for a pair that comes twice, to test attention."""
    return kind is ListeningKind.PREFERENCE and trials >= ATTENTION_FROM


def minutes(trials: int) -> int:
    """About how long it takes a listener, in whole minutes."""
    return max(1, round(trials * TRIAL_S / 60))


def findable_share(design: Design) -> float | None:
    """Return the smallest preference that a test finds in 8 of 10 cases, in steps of 5%.

    Returns:
        The share of the preferred variant, 0.6 to 0.95; None: not even that is found so often.
    """
    place = bisect_left(_SHARES, POWER, key=lambda share: power(design, share))
    return _SHARES[place] if place < len(_SHARES) else None


def findable_hearing(answers: int) -> float | None:
    """Return the smallest share of right answers that an ABX test finds in 8 of 10 cases."""
    place = bisect_left(_SHARES, POWER, key=lambda share: abx_power(answers, share))
    return _SHARES[place] if place < len(_SHARES) else None


def plan_sentence(
    kind: ListeningKind, listeners: int, trials: int, letters: int, takes: int = 1
) -> str:
    """Say what a plan of this size can show, and why it is fixed beforehand.

    Args:
        kind: preference or ABX.
        listeners: how many are planned.
        trials: how many pairs each of them hears.
        letters: how many variants are compared.
        takes: the fewest finished takes of a variant.
    """
    votes = listeners * trials
    size = f"{count(listeners, 'listener')}, {count(trials, 'pair')} each: {count(votes, 'vote')}."
    if kind is ListeningKind.ABX:
        return f"{size} {_abx_found(votes)} {_FIXED}"
    design = Design(max(letters, 2), takes, listeners, trials)
    about = "" if takes >= TAKES_NEEDED else f" {_about_recordings(letters * takes)}"
    return f"{size} {_found(design)}{about} {_FIXED}"


_FIXED = "The plan is fixed beforehand: stopping at a good moment finds false winners."


def _found(design: Design) -> str:
    fewest = fewest_ballots(design.variants)
    if design.ballots < fewest:
        if design.variants == 2:
            return f"Fewer than {fewest} votes can never name a winner."
        return (
            f"Each pair gets {count(design.ballots, 'vote')}; fewer than {fewest} can never name "
            "a winner."
        )
    share = findable_share(design)
    if share is None:
        return "Even a preference of 95 to 5 is often missed. Ask more listeners."
    percent = round(share * 100)
    which = " over each other variant" if design.variants > 2 else ""
    return f"A preference of {percent} to {100 - percent}{which} is found in 8 of 10 such tests."


def _about_recordings(recordings: int) -> str:
    which = "these two recordings" if recordings == 2 else "these recordings"
    return (
        f"The result is about {which}; to compare the prompts, {TAKES_NEEDED} takes each are "
        "needed."
    )


def _abx_found(answers: int) -> str:
    if answers < fewest_answers():
        return f"Fewer than {fewest_answers()} answers can never show a difference."
    share = findable_hearing(answers)
    if share is None:
        return "Even a difference named right 95% of the time is often missed. Ask for more."
    return f"A difference named right {share:.0%} of the time is found in 8 of 10 such tests."


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """Return the end of a day in the host's time zone, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
