"""How numbers are said."""

import pytest

from lyria_studio.evidence import sentences


@pytest.mark.parametrize(
    ("p_value", "said"),
    [
        (1.0, "100 times in 100"),
        (0.29, "29 times in 100"),
        (0.0949, "9.5 times in 100"),
        (0.0352, "3.5 times in 100"),
        (0.03, "3 times in 100"),
        (0.0099, "9.9 times in 1,000"),
        (0.00052, "5.2 times in 10,000"),
        (0.00001, "less than once in 10,000"),
    ],
)
def test_chance(p_value: float, said: str) -> None:
    assert sentences.chance(p_value) == said


def test_odds() -> None:
    assert sentences.against_chance(0.3) == "less than 1 to 1"
    assert sentences.against_chance(186.9) == "186 to 1"
    assert sentences.against_chance(1e9) == "more than a million to 1"


def test_results_without_an_upper_or_lower_limit_are_named() -> None:
    assert sentences.extremes_sentence(["A", "B"], ["C"]) == (
        "A and B have not lost a vote yet, so no upper limit is known; "
        "C has not won a vote yet, so no lower limit is known."
    )
    assert sentences.groups_sentence([["A", "B"]]) == ""
