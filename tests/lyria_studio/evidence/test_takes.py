"""The verdict over takes: about prompts only where takes carry it."""

import numpy as np
import pytest

from lyria_studio.evidence import TAKES_NEEDED, Stage, TakeVote, over_takes, preference, several
from lyria_studio.evidence.takes import p_values, takes_p_value

pytestmark = pytest.mark.slow


def cast(takes: int, votes: int, lead: float, spread: float, seed: int) -> list[TakeVote]:
    """Votes of as many listeners, each on another pair of takes in turn."""
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, takes)) * spread
    found = []
    for number in range(votes):
        one, other = number % takes, number // takes % takes
        for_b = rng.random() < 1 / (1 + np.exp(-(lead + b[other] - a[one])))
        found.append(TakeVote(str(number), one, other, 1 if for_b else -1))
    return found


def judged(votes: list[TakeVote]) -> str | None:
    b = sum(vote.for_b > 0 for vote in votes)
    return over_takes(preference(len(votes) - b, b, planned=len(votes)), votes).winner


@pytest.mark.parametrize("takes", range(1, TAKES_NEEDED))
def test_few_takes_never_carry_a_verdict_about_prompts(takes: int) -> None:
    votes = cast(takes, 36, 4.0, 0.0, seed=1)
    found = over_takes(preference(0, 36, planned=36), votes)
    assert (found.winner, found.p_value) == (None, None)
    assert found.takes == (takes, takes)
    assert "recordings" in found.headline


def test_equal_prompts_with_varying_takes_seldom_win() -> None:
    false = [judged(cast(4, 40, 0.0, 1.0, seed)) for seed in range(300)]
    recordings = [cast(1, 40, 0.0, 1.0, seed) for seed in range(300)]
    called = [
        preference(40 - b, b, planned=40).winner
        for votes in recordings
        if (b := sum(vote.for_b > 0 for vote in votes)) is not None
    ]
    assert sum(map(bool, false)) / 300 <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 300)
    # One take each would have called many of them different.
    assert sum(map(bool, called)) / 300 > 0.3


def test_a_clear_preference_over_four_takes_is_found() -> None:
    found = [judged(cast(4, 60, np.log(9), 0.3, seed)) for seed in range(60)]
    assert found.count("B") > 45


def test_one_test_is_judged_as_many_at_once() -> None:
    rng = np.random.default_rng(4)
    outcomes = rng.choice([-1.0, 0.0, 1.0], size=(5, 48))
    a, b, listeners = np.arange(48) % 4, np.arange(48) // 4 % 4, np.arange(48) // 2
    at_once = p_values(outcomes, a, b, listeners)
    for row, expected in zip(outcomes, at_once, strict=True):
        votes = [
            TakeVote(str(listener), int(one), int(other), int(said))
            for listener, one, other, said in zip(listeners, a, b, row, strict=True)
        ]
        assert takes_p_value(votes) == pytest.approx(expected)


def test_exchanging_the_variants_exchanges_nothing_but_the_sign() -> None:
    votes = cast(5, 50, 0.8, 0.5, seed=7)
    turned = [TakeVote(v.listener, v.take_b, v.take_a, -v.for_b) for v in votes]
    assert takes_p_value(turned) == pytest.approx(takes_p_value(votes))


def test_an_early_look_asks_for_more() -> None:
    votes = cast(4, 40, 2.0, 0.2, seed=3)
    b = sum(vote.for_b > 0 for vote in votes)
    end = over_takes(preference(40 - b, b, planned=40), votes)
    early = over_takes(preference(40 - b, b, planned=80), votes)
    assert end.p_value == early.p_value
    assert end.winner == "B"
    assert end.p_value is not None
    assert (early.winner is None) == (end.p_value > 0.0075)


def test_several_variants_say_what_their_winner_is_about() -> None:
    matrix = [[0, 2, 8], [18, 0, 18], [8, 2, 0]]

    def takes(count: int) -> dict[tuple[str, str], list[TakeVote]]:
        return {
            pair: [
                TakeVote(str(number), number % count, number // count % count, said)
                for number, said in enumerate([1] * ups + [-1] * downs)
            ]
            for pair, ups, downs in ((("A", "B"), 18, 2), (("A", "C"), 8, 8), (("B", "C"), 2, 18))
        }

    one = several(matrix, stage=Stage.PLANNED_END, takes=takes(1))
    assert (one.winner, one.prompt_winner, one.takes) == ("B", None, 1)
    assert one.headline == "B is preferred, of these recordings"
    assert one.sentence.endswith("Repeat with new takes to compare the prompts.")
    four = several(matrix, stage=Stage.PLANNED_END, takes=takes(4))
    assert four.winner == "B"
    assert four.takes == 4
