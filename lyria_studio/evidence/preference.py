"""Which of two is preferred."""

from __future__ import annotations

from dataclasses import replace

from lyria_studio.evidence import sentences
from lyria_studio.evidence.decision_rules import (
    EARLY_ODDS,
    Stage,
    anytime_interval,
    deciding_rule,
    exact_interval,
    final_level,
    log_odds,
    odds_of,
    sign_p,
    stage_of,
)
from lyria_studio.evidence.findings import Preference
from lyria_studio.evidence.promises import new_test, promise


def preference(
    a: int,
    b: int,
    ties: int = 0,
    *,
    divided: int = 0,
    planned: int | None = None,
    stage: Stage | None = None,
    names: tuple[str, str] = ("A", "B"),
) -> Preference:
    """Judge the votes between two variants.

    Votes must be independent of each other: count a listener who heard the pair several times
    once (`ballot_per_listener`), and only when done with it, or the guard of early looks is
    weaker than it says.

    Args:
        a: votes for A.
        b: votes for B.
        ties: votes for "no difference"; they count towards the plan, not for a side.
        divided: listeners who chose both equally often; alike.
        planned: how many votes the test was planned to have, all kinds included. None: the
            votes are read once, nobody looked before.
        stage: where the test stands; from `planned` and the votes if not given (then a test
            below its plan is open). Give `Stage.ENDED_EARLY` for one that was closed.
        names: what A and B are called in the sentences.

    Raises:
        ValueError: a negative number of votes, or a plan below 1.
    """
    if min(a, b, ties, divided) < 0:
        raise ValueError("votes are counted from 0")
    if planned is not None and planned < 1:
        raise ValueError("a plan has at least one vote")
    stage = stage_of(a + b + ties + divided, planned) if stage is None else stage
    decisive = a + b
    rule = deciding_rule(a, b, stage)
    if stage.early:
        confidence = 1 - 1 / EARLY_ODDS
        low, high = anytime_interval(a, b)
    else:
        confidence = 1 - final_level(decisive, stage)
        low, high = exact_interval(b, decisive, confidence)
    neither = ties + divided
    remaining = None if planned is None else max(0, planned - decisive - neither)
    promised = None if rule else promise(a, b, neither, stage, remaining)
    planned_anew = None if rule or stage is Stage.OPEN else new_test(a, b, neither)
    found = Preference(
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
        votes_needed=0 if rule else None if promised is None else promised.votes,
        new_test=None if planned_anew is None else planned_anew.votes,
        divided=divided,
        chance=None if promised is None else (promised.low, promised.high),
        new_test_share=None if planned_anew is None else planned_anew.share,
        new_test_chance=None if planned_anew is None else planned_anew.chance,
    )
    return replace(
        found,
        headline=sentences.preference_headline(found),
        sentence=sentences.preference_sentence(found),
        range_sentence=sentences.range_sentence(found),
        rule_sentence=sentences.rule_sentence(stage, planned),
    )
