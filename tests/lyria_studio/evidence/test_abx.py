"""ABX against the table that listeners use, biases, and what they say."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from lyria_studio.evidence import Stage, abx, bias


@pytest.mark.parametrize(
    ("correct", "trials", "p_value"),
    [
        # The table of ABX results of ABX comparator users (e.g. Boley & Lester, "Statistical
        # analysis of ABX results using signal detection theory", AES 127 (2009)).
        (12, 16, 0.0384),
        (13, 16, 0.0106),
        (9, 10, 0.0107),
        (8, 10, 0.0547),
        (5, 5, 0.0313),
        (15, 20, 0.0207),
    ],
)
def test_as_published(correct: int, trials: int, p_value: float) -> None:
    found = abx(correct, trials)
    assert found.p_value == pytest.approx(p_value, abs=5.1e-5)
    assert found.audible == (p_value <= 0.05)


@settings(deadline=None)
@given(correct=st.integers(0, 80), wrong=st.integers(0, 80))
def test_interval_and_test_say_the_same(correct: int, wrong: int) -> None:
    found = abx(correct, correct + wrong)
    assert found.audible == (found.low > 0.5)
    if correct + wrong:
        exact = binomtest(correct, correct + wrong, alternative="greater")
        assert found.p_value == pytest.approx(exact.pvalue)
        low = exact.proportion_ci(0.95, method="exact").low
        assert found.low == pytest.approx(low, abs=1e-9)
        assert found.share is not None
        assert found.low <= found.share <= found.high


def test_early_looks_are_guarded() -> None:
    assert not abx(12, 16, planned=20).audible
    assert abx(9, 9, planned=20).audible
    assert not abx(12, 16, planned=20, stage=Stage.ENDED_EARLY).audible


def test_being_wrong_is_no_sign_of_hearing() -> None:
    assert not abx(0, 16).audible
    assert abx(0, 16, planned=20).odds < 1


@pytest.mark.parametrize("wrong", [(-1, 4), (5, 4)])
def test_impossible_answers_are_refused(wrong: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="between 0 and all"):
        abx(*wrong)
    with pytest.raises(ValueError, match="at least one"):
        abx(1, 2, planned=0)


def test_bias_is_the_exact_test() -> None:
    found = bias(42, 18, what="Listening-order", names=("heard first", "heard second"))
    assert found.p_value == pytest.approx(binomtest(42, 60).pvalue)
    assert found.found
    assert found.low > 0.5
    assert found.sentence.startswith("Listening-order bias shown: 42 of 60 votes")
    assert not bias(31, 29).found
    assert not bias(0, 0).found
    with pytest.raises(ValueError, match="from 0"):
        bias(-1, 0)


def test_eleven_votes_say_nothing_of_a_bias() -> None:
    assert (bias(11, 0).found, bias(11, 0).sentence) == (False, "")
    assert bias(12, 0).found
