"""The promise of the whole: at most 5 of 100 tests of equals name a winner; short simulations.

`python -m benchmarks.evidence` runs the long ones.
"""

import math

import pytest

from benchmarks.evidence_simulation import (
    POPULATIONS,
    new_tests,
    promises,
    several_variants,
    two_variants,
)

pytestmark = pytest.mark.slow


def chance_limit(rate: float, tests: int) -> float:
    """The rate that a simulation of so many tests may show if the true one is `rate`."""
    return rate + 3 * math.sqrt(rate * (1 - rate) / tests)


@pytest.mark.parametrize("takes", [1, 3, 4, 5])
@pytest.mark.parametrize(("spread", "ties"), [(0.0, 0.0), (0.5, 0.3), (1.0, 0.0)])
def test_equal_prompts_rarely_win_however_often_one_looks(
    takes: int, spread: float, ties: float
) -> None:
    found = two_variants(takes, 40, spread, ties=ties, tests=1500)
    assert found.prompts <= chance_limit(0.05, 1500)
    if not spread:
        assert found.recordings <= chance_limit(0.05, 1500)


@pytest.mark.parametrize(("variants", "takes", "spread"), [(3, 1, 0.0), (3, 5, 1.0), (5, 4, 1.0)])
def test_several_equal_variants_rarely_win(variants: int, takes: int, spread: float) -> None:
    found = several_variants(variants, takes, 24, spread, tests=500)
    assert found.prompts <= chance_limit(0.05, 500)
    if not spread:
        assert found.recordings <= chance_limit(0.05, 500)


def test_one_take_each_calls_many_equal_prompts_different() -> None:
    assert two_variants(1, 40, 1.0, tests=500).recordings > 0.5


def test_four_takes_find_a_clear_preference_that_three_cannot_show() -> None:
    four = two_variants(4, 40, 0.5, lead=math.log(4), tests=500)
    assert four.prompts > 0.4
    assert two_variants(3, 40, 0.5, lead=math.log(4), tests=100).prompts == 0


@pytest.mark.parametrize("population", POPULATIONS)
def test_promises_come_true_within_ten_points_whatever_listeners_prefer(population: str) -> None:
    found, spoken = promises(population, tests=1200)
    assert len(found) == 5
    assert spoken > 0.7
    for kind, one in found.items():
        noise = 2.5 * math.sqrt(one.kept * (1 - one.kept) / one.made)
        assert one.missed_by <= 0.10 + noise, kind


def test_a_new_test_finds_the_share_that_it_is_planned_for_as_often_as_it_says() -> None:
    found = new_tests(tests=2000)
    assert found
    for name, one in found.items():
        assert one.kept == pytest.approx(one.low, abs=0.04), name
