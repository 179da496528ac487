"""How numbers are said."""

import pytest

from lyria_studio.evidence import chances
from lyria_studio.evidence.sentences import extremes_sentence, groups_sentence


@pytest.mark.parametrize(
    ("p_value", "said"),
    [
        (1.0, "about 100 of 100 tests"),
        (0.29, "about 29 of 100 tests"),
        (0.0352, "about 1 of 28 tests"),
        (0.0099, "about 1 of 100 tests"),
        (0.00052, "about 1 of 1,920 tests"),
        (0.00001, "less than 1 of 10,000 tests"),
    ],
)
def test_what_chance_does_is_said_in_tests(p_value: float, said: str) -> None:
    assert chances.by_chance(p_value) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.4, 0.6, "About even odds"),
        (0.5, 0.5, "About even odds"),
        (0.0, 0.0, "Less than 5% chance"),
        (0.0, 0.2, "Less than 20% chance"),
        (0.3, 0.3, "About 30% chance"),
        (0.2, 0.4, "20–40% chance"),
        (0.5, 0.7, "50–70% chance"),
        (0.8, 1.0, "More than 80% chance"),
        (1.0, 1.0, "More than 95% chance"),
    ],
)
def test_a_chance_is_shown_as_a_range(low: float, high: float, said: str) -> None:
    assert chances.chance_of(low, high) == said


def test_limits_and_groups_of_strengths_are_reported() -> None:
    assert chances.tenths(0.81) == "8 of 10"
    assert extremes_sentence(["A", "B"], ["C"]) == (
        "A and B have not lost a vote yet, so no upper limit is known; "
        "C has not won a vote yet, so no lower limit is known."
    )
    assert groups_sentence([["A", "B"]]) == ""
