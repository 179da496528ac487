"""Two variants: the numbers against published examples, the sentences against the numbers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.vote_paths import outcome

from lyria_studio.evidence import Preference, Rule, Stage, preference, votes_to_plan
from lyria_studio.evidence.decision_rules import deciding_rule
from lyria_studio.evidence.planning import MOST_VOTES

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
    assert found.sentence == "12 of 15 preferred B; chance alone does this 3.5 times in 100."


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
    undecided = ("Too early", "No winner", "No votes yet")
    assert found.sentence.startswith(undecided) == (found.winner is None)
    assert found.headline.startswith(undecided) == (found.winner is None)
    assert 0 <= found.p_value <= 1
    if found.winner is not None:
        assert found.winner == ("B" if b > a else "A")
        assert found.rule is (Rule.ODDS if stage.early else Rule.EXACT)


@settings(max_examples=40, deadline=None)
@given(a=counts, b=counts)
def test_one_more_vote_for_b_never_speaks_against_b(a: int, b: int) -> None:
    now, then = preference(a, b), preference(a, b + 1)
    assert then.low >= now.low
    assert then.high >= now.high - 1e-12
    if b >= a:
        assert then.p_value <= now.p_value + 1e-12


@settings(deadline=None)
@given(a=st.integers(0, 60), b=st.integers(0, 60))
def test_votes_needed_bring_the_verdict_that_they_promise(a: int, b: int) -> None:
    found = preference(a, b)
    if found.votes_needed is None:
        assert a == b or abs(b / (a + b) - 0.5) < 0.06
    elif a + b:
        scale = found.votes_needed / (a + b)
        assert deciding_rule(a + round(a * scale), b + round(b * scale), Stage.ONCE)
        assert 0 <= found.votes_needed <= MOST_VOTES


def test_votes_needed_of_known_shares() -> None:
    assert preference(0, 0).votes_needed == 6  # six alike are the least that an exact test takes
    assert preference(0, 3).votes_needed == 3
    assert preference(7, 7).votes_needed is None
    assert preference(2, 6, 8).votes_needed == pytest.approx(2 * 9, abs=3)  # half of them ties


def test_an_open_test_needs_votes_to_its_planned_end_or_to_the_odds() -> None:
    # Nine more would do for votes that are read once; here they end with the plan.
    assert preference(2, 6).votes_needed == 9
    assert preference(2, 6, planned=20).votes_needed == 12
    assert preference(0, 8, planned=20).votes_needed == 3  # 11 of 11 have the odds
    assert preference(0, 8, planned=10).votes_needed == 2


def test_an_open_test_waits_for_odds_or_its_planned_end() -> None:
    early = preference(3, 12, planned=30)
    assert early.winner is None
    assert early.p_value < 0.05
    assert early.sentence.startswith("Too early: about ")
    enough = preference(0, 11, planned=30)
    assert enough.sentence == (
        "11 of 11 preferred B: 170 to 1 against chance, "
        "enough for a verdict before the planned end."
    )
    done = preference(3, 12, planned=15)
    assert done.stage is Stage.PLANNED_END
    assert done.winner == "B"
    ended = preference(3, 12, planned=30, stage=Stage.ENDED_EARLY)
    assert ended.winner is None
    assert "4 to 1 against chance, where 100 to 1 are asked" in ended.sentence


def test_ties_count_towards_the_plan_and_for_nobody() -> None:
    found = preference(3, 12, 5, planned=20)
    assert found.stage is Stage.PLANNED_END
    assert found.share_b == 0.8
    assert found.sentence.endswith("5 more heard no difference.")


def test_a_near_miss_after_many_looks_says_why() -> None:
    found = preference(27, 45, planned=72)
    assert 0.04 < found.p_value < 0.05
    assert found.winner is None
    assert "and 4 in 100 is the limit" in found.sentence


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (preference(0, 0), "No votes yet."),
        (preference(0, 0, 1), "No winner: the only vote heard no difference."),
        (preference(0, 0, 2), "No winner: both heard no difference."),
        (preference(1, 1, 0, names=("C", "D")).sentence, "No winner: C and D got 1 vote each"),
        (preference(5, 4, planned=15).sentence, "Too early: if it goes on like this, the 6 votes"),
    ],
)
def test_sentences_at_the_edges(found: Preference | str, sentence: str) -> None:
    said = found if isinstance(found, str) else found.sentence
    assert said.startswith(sentence)


def test_planning() -> None:
    assert votes_to_plan(0.5) is None
    assert votes_to_plan(1.0) == 6
    assert votes_to_plan(0.3) == votes_to_plan(0.7)
    found = [votes_to_plan(share) for share in (0.6, 0.7, 0.8, 0.9)]
    assert all(votes is not None for votes in found)
    assert found == sorted(found, key=lambda votes: -(votes or 0))
    with pytest.raises(ValueError, match="parts of one"):
        votes_to_plan(1.2)


@pytest.mark.parametrize("share", [0.65, 0.7, 0.8, 0.9])
def test_a_planned_test_has_the_power_that_was_asked(share: float) -> None:
    votes = votes_to_plan(share)
    assert votes is not None

    def at_end(a: int, b: int) -> bool:
        return deciding_rule(a, b, Stage.PLANNED_END) is not None

    def early(a: int, b: int) -> bool:
        return deciding_rule(a, b, Stage.OPEN) is not None

    assert outcome(votes, share, early, at_end)[0] >= 0.8
    assert outcome(votes - 1, share, lambda a, b: False, at_end)[0] < 0.8


@pytest.mark.parametrize("wrong", [(-1, 2, 0), (1, -2, 0), (1, 2, -1)])
def test_negative_votes_are_refused(wrong: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="from 0"):
        preference(*wrong)
    with pytest.raises(ValueError, match="at least one"):
        preference(1, 2, planned=0)
