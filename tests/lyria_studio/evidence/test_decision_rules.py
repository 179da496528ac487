"""The guard of early looks, computed exactly over all paths of votes."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta, binom, binomtest
from support.vote_paths import at_once, ever_decided, ever_missed, outcome, telling_shares

from lyria_studio.evidence.decision_rules import (
    ABX_WHOLE_LEVEL_UP_TO,
    EARLY_ODDS,
    LATE_LEVEL,
    LEVEL,
    WHOLE_LEVEL_UP_TO,
    Stage,
    anytime_interval,
    deciding_rule,
    decision_bounds,
    exact_interval,
    final_level,
    log_odds,
    log_odds_above,
    sign_p,
    stage_of,
)

pytestmark = pytest.mark.slow

counts = st.integers(0, 300)


def early(a: int, b: int) -> bool:
    return deciding_rule(a, b, Stage.OPEN) is not None


def final(a: int, b: int) -> bool:
    return deciding_rule(a, b, Stage.PLANNED_END) is not None


def never(_a: int, _b: int) -> bool:
    return False


def naive(a: int, b: int) -> bool:
    return sign_p(a, b) <= LEVEL


@pytest.mark.parametrize("planned", [*range(1, WHOLE_LEVEL_UP_TO + 3), 51, 67, 100])
def test_looking_after_every_vote_keeps_the_false_positive_rate(planned: int) -> None:
    assert ever_decided(planned, early, final) <= Fraction(5, 100)


def test_looking_at_the_ordinary_test_would_not() -> None:
    assert ever_decided(30, naive, naive) > Fraction(13, 100)


def test_the_whole_level_is_used_as_far_as_it_can_be() -> None:
    def ordinary(a: int, b: int) -> bool:
        return naive(a, b)

    assert ever_decided(WHOLE_LEVEL_UP_TO, early, ordinary) <= Fraction(5, 100)
    assert ever_decided(WHOLE_LEVEL_UP_TO + 1, early, ordinary) > Fraction(5, 100)


def test_looking_costs_no_power() -> None:
    for planned in (10, 15, 20, 30, 40):
        for share in (0.65, 0.75, 0.85):
            looked, _, votes = outcome(planned, share, early, final)
            once, _, _ = outcome(planned, share, never, naive)
            assert looked >= once
            assert votes <= planned


def test_a_wrong_winner_is_rarer_than_a_coin_flip_would_make_it() -> None:
    for share in (0.55, 0.7):
        won, right, _ = outcome(20, share, early, final)
        assert won - right <= 0.025


def test_early_looks_alone_stay_below_one_in_a_hundred_for_ever() -> None:
    rate = ever_decided(400, early, never)
    assert Fraction(5, 1000) < rate < Fraction(1, 100)


def test_abx_keeps_its_level_with_looks() -> None:
    def heard(right: int, wrong: int) -> bool:
        return log_odds_above(right, wrong) >= math.log(EARLY_ODDS)

    def at_end(right: int, wrong: int) -> bool:
        level = final_level(right + wrong, Stage.PLANNED_END, ABX_WHOLE_LEVEL_UP_TO)
        return bool(binom.sf(right - 1, right + wrong, 0.5) <= level)

    for planned in [*range(1, ABX_WHOLE_LEVEL_UP_TO + 4), 53, 62]:
        # B stands for "right" here: paths count a, b.
        rate = ever_decided(planned, lambda a, b: heard(b, a), lambda a, b: at_end(b, a))
        assert rate <= Fraction(5, 100), planned


@pytest.mark.parametrize("planned", [5, 12, 17, 25, 34, 43, 60])
def test_intervals_cover_whenever_one_looks(planned: int) -> None:
    shares = telling_shares(planned, [1 - LEVEL, 1 - LATE_LEVEL])

    def last(a: int, b: int) -> tuple[float, float]:
        return exact_interval(b, a + b, 1 - final_level(a + b, Stage.PLANNED_END))

    always = ever_missed(planned, shares, anytime_interval, last)
    looks = ever_missed(planned, shares, anytime_interval, anytime_interval)
    assert always.max() <= 0.053  # every interval that was ever shown, together
    assert looks.max() <= 0.01  # those of the looks


@pytest.mark.parametrize("votes", [1, 7, 15, 40])
def test_the_exact_interval_covers_as_it_says(votes: int) -> None:
    ends = np.array([exact_interval(hits, votes, 0.95) for hits in range(votes + 1)])
    shares = telling_shares(votes, [0.95])
    inside = (ends[:, :1] <= shares) & (shares <= ends[:, 1:])
    likely = binom.pmf(np.arange(votes + 1)[:, None], votes, shares)
    assert (likely * inside).sum(axis=0).min() >= 0.95 - 1e-9


@settings(deadline=None)
@given(a=counts, b=counts)
def test_sign_test_is_scipys(a: int, b: int) -> None:
    if a + b:
        assert sign_p(a, b) == pytest.approx(binomtest(b, a + b).pvalue, rel=1e-9)


@settings(deadline=None)
@given(hits=st.integers(0, 60), misses=st.integers(0, 60))
def test_clopper_pearson_are_quantiles_of_the_beta_distribution(hits: int, misses: int) -> None:
    low, high = exact_interval(hits, hits + misses, 0.95)
    assert low == pytest.approx(beta.ppf(0.025, hits, misses + 1) if hits else 0.0, abs=1e-9)
    assert high == pytest.approx(beta.ppf(0.975, hits + 1, misses) if misses else 1.0, abs=1e-9)


@pytest.mark.parametrize(("a", "b", "share"), [(0, 0, 0.5), (3, 12, 0.5), (7, 2, 0.3), (0, 9, 0.9)])
def test_odds_are_the_average_of_the_likelihood_ratio(a: int, b: int, share: float) -> None:
    def ratio(p: float) -> float:
        return float((p / share) ** b * ((1 - p) / (1 - share)) ** a)

    assert math.exp(log_odds(a, b, share)) == pytest.approx(quad(ratio, 0, 1)[0], rel=1e-7)


@pytest.mark.parametrize(("right", "wrong"), [(0, 0), (12, 4), (4, 12), (20, 20)])
def test_odds_of_abx_average_over_better_than_guessing(right: int, wrong: int) -> None:
    def ratio(p: float) -> float:
        return float(2 * (2 * p) ** right * (2 * (1 - p)) ** wrong)

    expected = quad(ratio, 0.5, 1)[0]
    assert math.exp(log_odds_above(right, wrong)) == pytest.approx(expected, rel=1e-7)


def test_odds_of_abx_survive_many_wrong_answers() -> None:
    assert log_odds_above(0, 3000) < 0
    assert log_odds_above(3000, 0) > 1000


@settings(deadline=None)
@given(a=st.integers(0, 120), b=st.integers(0, 120), share=st.floats(0.05, 0.95))
def test_odds_are_a_martingale(a: int, b: int, share: float) -> None:
    now = math.exp(log_odds(a, b, share))
    later = share * math.exp(log_odds(a, b + 1, share)) + (1 - share) * math.exp(
        log_odds(a + 1, b, share)
    )
    assert later == pytest.approx(now, rel=1e-9)


@settings(deadline=None)
@given(a=counts, b=counts)
def test_the_interval_of_a_look_agrees_with_its_verdict(a: int, b: int) -> None:
    low, high = anytime_interval(a, b)
    assert 0 <= low <= high <= 1
    assert (low > 0.5 or high < 0.5) == early(a, b)
    if a + b:
        assert low <= b / (a + b) <= high
    other_low, other_high = anytime_interval(b, a)
    assert other_low == pytest.approx(1 - high, abs=1e-9)
    assert other_high == pytest.approx(1 - low, abs=1e-9)


def test_bounds_are_the_least_counts_that_do() -> None:
    bounds = decision_bounds(60)
    assert bounds[:11] == [None] * 11
    assert bounds[11] == 11
    assert bounds[20] == 18
    for n, lead in enumerate(bounds):
        if lead is not None:
            assert early(n - lead, lead)
            assert 2 * lead - n < 2 or not early(n - lead + 1, lead - 1)


@pytest.mark.parametrize(
    ("votes", "planned", "closed", "stage"),
    [
        (3, None, False, Stage.ONCE),
        (3, 10, False, Stage.OPEN),
        (3, 10, True, Stage.ENDED_EARLY),
        (10, 10, False, Stage.PLANNED_END),
        (12, 10, True, Stage.PLANNED_END),
    ],
)
def test_stage(votes: int, planned: int | None, closed: bool, stage: Stage) -> None:
    assert stage_of(votes, planned, closed=closed) is stage


def test_rates_by_hand() -> None:
    assert at_once(6, naive) == Fraction(2, 64)
    assert ever_decided(2, never, lambda a, b: a == 0 or b == 0) == Fraction(1, 2)
