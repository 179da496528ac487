"""Promises about more votes: silent on few, and as likely as they say."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lyria_studio.evidence import Stage, preference
from lyria_studio.evidence.promises import FEWEST_DECISIVE, MOST_VOTES, new_test, promise


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
        low, high = found.chance
        assert 0 <= low <= high <= 1
        assert high - low < 0.31
        if found.votes_needed < left:
            assert high >= 0.5


@pytest.mark.parametrize("stage", [Stage.PLANNED_END, Stage.ENDED_EARLY])
def test_a_test_that_is_over_promises_no_votes_but_a_new_test(stage: Stage) -> None:
    found = preference(4, 11, planned=15 if stage is Stage.PLANNED_END else 40, stage=stage)
    assert found.votes_needed is None
    assert found.new_test is not None
    assert "a new test of" in found.sentence


def test_a_clearer_lead_is_promised_to_decide_sooner() -> None:
    close, clear = promise(20, 33, 0, Stage.ONCE, None), promise(20, 34, 0, Stage.ONCE, None)
    assert close is not None
    assert clear is not None
    assert clear.votes < close.votes


def test_where_the_odds_depend_on_what_nobody_knows_nothing_is_promised() -> None:
    assert promise(1, 7, 0, Stage.OPEN, 7) is None
    assert promise(7, 8, 0, Stage.ONCE, None) is None


def test_a_new_test_is_planned_from_a_shrunk_share() -> None:
    found = new_test(1, 9, 0)
    assert found is not None
    assert found.votes >= 15
    assert found.share == 0.75
    assert found.chance >= 0.8
    # Planned from 90:10 as observed, 15 votes would do.
    assert found.votes > 15
    assert new_test(10, 10, 0) is None
    with_ties = new_test(4, 11, 15)
    alone = new_test(4, 11, 0)
    assert with_ties is not None
    assert alone is not None
    assert alone.votes < with_ties.votes <= MOST_VOTES
