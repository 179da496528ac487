"""Which of two is preferred."""

from __future__ import annotations

from dataclasses import dataclass

from lyria_studio.evidence import wording
from lyria_studio.evidence.planning import votes_needed, votes_to_plan
from lyria_studio.evidence.rules import (
    EARLY_ODDS,
    Rule,
    Stage,
    anytime_interval,
    carries,
    exact_interval,
    final_level,
    log_odds,
    odds_of,
    sign_p,
    stage_of,
)


@dataclass(frozen=True, slots=True)
class Preference:
    """What votes between two say.

    Attributes:
        a: votes for A.
        b: votes for B.
        ties: votes for "no difference".
        names: what A and B are called in the sentences.
        stage: where the test stood.
        planned: the planned number of votes, ties included; None without a plan.
        share_b: B's share of the decisive votes, 0 to 1; None without any.
        low: lower end of the interval of the share, 0 to 1.
        high: its upper end.
        confidence: what the interval holds: 0.95 (0.96 from 44 decisive votes of a test with a
            plan), Clopper-Pearson; 0.99 at an early look, valid at all looks together. It leaves
            out one half exactly when there is a verdict.
        p_value: of the exact two-sided sign test; a verdict only if the votes are read once.
        odds: of the votes against chance, valid at every look.
        rule: what carried the verdict; None without one.
        winner: the name of the preferred one; None without a verdict.
        votes_needed: about how many more votes bring a verdict if all goes on as it did; 0 with
            a verdict, None if 400 would not do (see `planning.votes_needed`).
        new_test: decisive votes to plan in a new test that would find a preference of this size
            in 8 of 10 tries; None if more than 400, or without decisive votes.
    """

    a: int
    b: int
    ties: int
    names: tuple[str, str]
    stage: Stage
    planned: int | None
    share_b: float | None
    low: float
    high: float
    confidence: float
    p_value: float
    odds: float
    rule: Rule | None
    winner: str | None
    votes_needed: int | None
    new_test: int | None

    @property
    def decisive(self) -> int:
        """Votes for one of the two."""
        return self.a + self.b

    @property
    def votes(self) -> int:
        """All votes, ties included."""
        return self.a + self.b + self.ties

    @property
    def remaining(self) -> int | None:
        """Votes until the planned end; None without a plan."""
        return None if self.planned is None else max(0, self.planned - self.votes)

    @property
    def headline(self) -> str:
        """The verdict in a few words, e.g. `B is preferred` or `Too early to say`."""
        return wording.preference_headline(self)

    @property
    def sentence(self) -> str:
        """The verdict in plain words, or what is missing for one."""
        return wording.preference_sentence(self)

    @property
    def range_sentence(self) -> str:
        """The interval in plain words."""
        return wording.range_sentence(self)

    @property
    def rule_sentence(self) -> str:
        """How it was judged, in one sentence."""
        return wording.rule_sentence(self.stage, self.planned)


def preference(
    a: int,
    b: int,
    ties: int = 0,
    *,
    planned: int | None = None,
    stage: Stage | None = None,
    names: tuple[str, str] = ("A", "B"),
) -> Preference:
    """Judge the votes between two variants.

    Votes must be independent of each other: count a listener who heard the pair several times
    once (`one_voice`), and only when done with it, or the guard of early looks is weaker than
    it says.

    Args:
        a: votes for A.
        b: votes for B.
        ties: votes for "no difference"; they count towards the plan, not for a side.
        planned: how many votes the test was planned to have, ties included. None: the votes are
            read once, nobody looked before.
        stage: where the test stands; from `planned` and the votes if not given (then a test
            below its plan is open). Give `Stage.ENDED_EARLY` for one that was closed.
        names: what A and B are called in the sentences.

    Raises:
        ValueError: a negative number of votes, or a plan below 1.
    """
    if min(a, b, ties) < 0:
        raise ValueError("votes are counted from 0")
    if planned is not None and planned < 1:
        raise ValueError("a plan has at least one vote")
    stage = stage_of(a + b + ties, planned) if stage is None else stage
    decisive = a + b
    rule = carries(a, b, stage)
    if stage.early:
        confidence = 1 - 1 / EARLY_ODDS
        low, high = anytime_interval(a, b)
    else:
        confidence = 1 - final_level(decisive, stage)
        low, high = exact_interval(b, decisive, confidence)
    remaining = None if planned is None else max(0, planned - decisive - ties)
    return Preference(
        a=a,
        b=b,
        ties=ties,
        names=names,
        stage=stage,
        planned=planned,
        share_b=b / decisive if decisive else None,
        low=low,
        high=high,
        confidence=confidence,
        p_value=sign_p(a, b),
        odds=odds_of(log_odds(a, b)) if decisive else 1.0,
        rule=rule,
        winner=(names[1] if b > a else names[0]) if rule else None,
        votes_needed=votes_needed(a, b, ties, stage, remaining),
        new_test=votes_to_plan(b / decisive) if decisive else None,
    )
