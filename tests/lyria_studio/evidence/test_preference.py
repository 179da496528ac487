"""Two variants: the numbers against published examples, the sentences against the numbers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lyria_studio.evidence import Rule, Stage, preference
from lyria_studio.evidence.decision_rules import deciding_rule

pytestmark = pytest.mark.slow

counts = st.integers(0, 120)
stages = st.sampled_from(Stage)


@pytest.mark.parametrize(
    ("hits", "votes", "low", "high"),
    [
        # Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in
        # Medicine 17 (1998), table I, the Clopper-Pearson method.
        (81, 263, 0.2527, 0.3676),
        (15, 148, 0.0578, 0.1617),
        (0, 20, 0.0000, 0.1684),
        (1, 29, 0.0009, 0.1776),
    ],
)
def test_interval_as_published(hits: int, votes: int, low: float, high: float) -> None:
    found = preference(votes - hits, hits)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert found.confidence == 0.95


def test_sign_test_as_published() -> None:
    # Zar, "Biostatistical Analysis" (1999), example 24.11: the legs of ten deer, 8 longer behind.
    assert preference(2, 8).p_value == pytest.approx(0.10937, abs=6e-6)


def test_the_example_of_the_house() -> None:
    found = preference(3, 12)
    assert found.share_b == 0.8
    assert found.winner == "B"
    assert found.votes_needed == 0
    assert found.headline == "B is preferred"
    assert found.sentence == "12 of 15 preferred B. Chance alone does this in about 1 of 28 tests."


@settings(deadline=None)
@given(a=counts, b=counts, ties=counts, stage=stages)
def test_exchanging_the_sides_exchanges_the_answer(a: int, b: int, ties: int, stage: Stage) -> None:
    one = preference(a, b, ties, planned=100, stage=stage)
    other = preference(b, a, ties, planned=100, stage=stage, names=("B", "A"))
    assert one.p_value == other.p_value
    assert one.odds == pytest.approx(other.odds)
    assert one.winner == other.winner
    assert one.votes_needed == other.votes_needed
    assert one.new_test == other.new_test
    assert one.low == pytest.approx(1 - other.high, abs=1e-9)
    assert one.sentence == other.sentence or a == b


@settings(deadline=None)
@given(a=counts, b=counts, ties=counts, stage=stages)
def test_a_winner_is_named_only_where_the_votes_carry_one(
    a: int, b: int, ties: int, stage: Stage
) -> None:
    found = preference(a, b, ties, planned=100, stage=stage)
    assert (found.winner is not None) == (deciding_rule(a, b, stage) is not None)
    assert (found.votes_needed == 0) == (found.winner is not None)
    assert (found.low > 0.5 or found.high < 0.5) == (found.winner is not None)
    if "is preferred" in found.headline:
        assert found.headline.startswith(f"{found.winner} is preferred")
    elif found.winner is not None:
        assert 2 * ties > found.votes
    assert 0 <= found.p_value <= 1
    if found.winner is not None:
        assert found.winner == ("B" if b > a else "A")
        assert found.rule is (Rule.ODDS if stage.early else Rule.EXACT)


@settings(max_examples=40, deadline=None)
@given(a=counts, b=counts)
def test_one_more_vote_for_b_never_lowers_b(a: int, b: int) -> None:
    now, then = preference(a, b), preference(a, b + 1)
    assert then.low >= now.low
    assert then.high >= now.high - 1e-12
    if b >= a:
        assert then.p_value <= now.p_value + 1e-12


def test_ties_count_towards_the_plan_and_for_no_variant() -> None:
    found = preference(3, 12, 5, planned=20)
    assert found.stage is Stage.PLANNED_END
    assert found.share_b == 0.8
    assert found.sentence.endswith("5 more heard no difference.")
    assert preference(3, 12, 3, divided=2, planned=20).stage is Stage.PLANNED_END


@pytest.mark.parametrize("wrong", [(-1, 2, 0), (1, -2, 0), (1, 2, -1)])
def test_negative_votes_are_refused(wrong: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="from 0"):
        preference(*wrong)
    with pytest.raises(ValueError, match="at least one"):
        preference(1, 2, planned=0)
