"""What a plan can show, as the test itself will be judged."""

import pytest
from support.vote_paths import outcome

from lyria_studio.evidence import Stage, abx, preference, several
from lyria_studio.evidence.decision_rules import deciding_rule
from lyria_studio.evidence.power import (
    Design,
    abx_power,
    fewest_answers,
    fewest_ballots,
    power,
    simulate,
)

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("votes", "share"), [(15, 0.85), (25, 0.8), (60, 0.7), (100, 0.65)])
def test_two_recordings_have_the_power_of_the_exact_test(votes: int, share: float) -> None:
    exact = outcome(
        votes,
        share,
        lambda a, b: False,
        lambda a, b: deciding_rule(a, b, Stage.PLANNED_END) is not None,
    )[0]
    assert power(Design(2, 1, votes, 1), share) == pytest.approx(exact, abs=0.03)


def test_five_variants_seldom_have_a_winner() -> None:
    assert 0.07 < power(Design(5, 1, 15, 10), 0.9) < 0.13


@pytest.mark.parametrize("variants", [2, 3, 4, 5, 6])
def test_fewer_votes_than_the_fewest_never_name_a_winner(variants: int) -> None:
    def unanimous(votes: int) -> str | None:
        if variants == 2:
            return preference(votes, 0, planned=votes).winner
        matrix = [[0] * variants for _ in range(variants)]
        matrix[0][1:] = [votes] * (variants - 1)
        return several(matrix, stage=Stage.PLANNED_END).winner

    fewest = fewest_ballots(variants)
    assert unanimous(fewest) == "A"
    assert unanimous(fewest - 1) is None


def test_fewer_answers_than_the_fewest_never_show_a_difference() -> None:
    fewest = fewest_answers()
    assert abx(fewest, fewest, planned=fewest).audible
    assert not abx(fewest - 1, fewest - 1, planned=fewest - 1).audible
    assert abx_power(fewest - 1, 0.99) == 0


@pytest.mark.parametrize("answers", [8, 16, 29, 30, 120])
def test_the_power_of_abx_is_that_of_its_rule(answers: int) -> None:
    passed = [n for n in range(answers + 1) if abx(n, answers, planned=answers).audible]
    assert abx_power(answers, 0.5) <= 0.05
    if passed:
        chance = 0.8 ** min(passed)
        assert abx_power(answers, 0.8) >= chance


@pytest.mark.parametrize("spread", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("design", [Design(2, 5, 40, 1), Design(2, 4, 40, 4), Design(3, 4, 40, 12)])
def test_equal_prompts_win_in_at_most_5_of_100_tests(design: Design, spread: float) -> None:
    found = simulate(design, 0.0, spread, 2000, seed=3)
    rate, tests = (found >= 0).mean(), len(found)
    assert rate <= 0.05 + 2 * (0.05 * 0.95 / tests) ** 0.5


def test_four_takes_have_the_most_power_for_a_dollar() -> None:
    each = {
        takes: power(Design(2, takes, 40, 4), 0.8) / takes for takes in range(1, 9) if takes >= 4
    }
    assert max(each, key=lambda takes: each[takes]) == 4
