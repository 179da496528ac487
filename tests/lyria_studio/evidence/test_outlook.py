"""Promises about more votes: silent on few, and as likely as they say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lyria_studio.evidence import Stage, preference
from lyria_studio.evidence.decision_rules import deciding_rule
from lyria_studio.evidence.outlook import FEWEST_DECISIVE, MOST_VOTES, new_test, promise


@settings(deadline=None, max_examples=60)
@given(a=st.integers(0, 7), b=st.integers(0, 7), ties=st.integers(0, 20))
def test_below_eight_decisive_votes_nothing_is_promised(a: int, b: int, ties: int) -> None:
    if a + b < FEWEST_DECISIVE:
        found = preference(a, b, ties, planned=60)
        assert (found.votes_needed, found.new_test) in ((None, None), (0, None))
        assert "odds" not in found.sentence
        assert "chance that" not in found.sentence


@settings(deadline=None, max_examples=40)
@given(a=st.integers(0, 25), b=st.integers(0, 25), left=st.integers(1, 60))
def test_a_promise_ends_with_the_plan_and_has_a_chance(a: int, b: int, left: int) -> None:
    found = preference(a, b, planned=a + b + left)
    if found.votes_needed:
        assert found.votes_needed <= left
        assert found.chance is not None
        assert 0 <= found.chance <= 1
        if found.votes_needed < left:
            assert found.chance >= 0.5


@pytest.mark.parametrize("stage", [Stage.PLANNED_END, Stage.ENDED_EARLY])
def test_a_test_that_is_over_promises_no_votes_but_a_new_test(stage: Stage) -> None:
    found = preference(4, 11, planned=15 if stage is Stage.PLANNED_END else 40, stage=stage)
    assert found.votes_needed is None
    assert found.new_test is not None
    assert "A new test of" in found.sentence


def test_a_clearer_lead_is_promised_to_decide_sooner() -> None:
    close, clear = promise(8, 12, 0, Stage.ONCE, None), promise(4, 12, 0, Stage.ONCE, None)
    assert close is not None
    assert clear is None or clear.votes < close.votes


def test_a_new_test_is_planned_from_a_shrunk_share() -> None:
    found = new_test(1, 9, 0)
    assert found is not None
    assert found.votes >= 15
    assert found.chance >= 0.8
    # Planned from 90:10 as observed, 9 votes would do.
    assert new_test(10, 10, 0) is None
    with_ties = new_test(4, 11, 15)
    alone = new_test(4, 11, 0)
    assert with_ties is not None
    assert alone is not None
    assert alone.votes < with_ties.votes <= MOST_VOTES


@pytest.mark.parametrize(("a", "b", "left"), [(2, 6, 12), (4, 9, 20), (10, 16, 30), (3, 5, 8)])
def test_promises_come_true_as_often_as_they_say(a: int, b: int, left: int) -> None:
    stated = promise(a, b, 0, Stage.OPEN, left)
    assert stated is not None
    rng = np.random.default_rng(8)
    tests = 1500
    # What the votes leave possible, if shares far from one half are rarer at first.
    shares = rng.beta(b + 3, a + 3, tests)
    votes = (rng.random((tests, stated.votes)) < shares[:, None]).cumsum(axis=1)
    kept = sum(
        any(
            deciding_rule(a + n - int(for_b), b + int(for_b), stage)
            for n, for_b in enumerate(more, start=1)
            for stage in ([Stage.OPEN, Stage.PLANNED_END] if n == left else [Stage.OPEN])
        )
        for more in votes
    )
    assert kept / tests == pytest.approx(stated.chance, abs=0.1)
