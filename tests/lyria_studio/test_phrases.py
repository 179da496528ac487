import pytest

from lyria_studio.phrases import clock, count, listed


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 votes"), (1, "1 vote"), (2, "2 votes"), (1200, "1,200 votes")]
)
def test_a_number_agrees_with_its_noun(number: int, text: str) -> None:
    assert count(number, "vote") == text


def test_a_noun_may_have_a_plural_of_its_own() -> None:
    assert [count(n, "match", "matches") for n in (1, 2)] == ["1 match", "2 matches"]


@pytest.mark.parametrize(("names", "text"), [("A", "A"), ("AB", "A and B"), ("ABC", "A, B and C")])
def test_names_are_joined_as_in_a_sentence(names: str, text: str) -> None:
    assert listed(list(names)) == text


def test_a_position_has_minutes_and_seconds() -> None:
    assert [clock(s) for s in (0, 9.9, 32.8, 60, 185)] == ["0:00", "0:09", "0:32", "1:00", "3:05"]
