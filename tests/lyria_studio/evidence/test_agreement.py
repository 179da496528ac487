"""Agreement of listeners, against the definition of Krippendorff's alpha."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lyria_studio.evidence import Ballot, agreement

said = st.sampled_from(["first", "second", "none"])


def ballots_of(pairs: list[list[str]]) -> list[Ballot]:
    """One inner list for each pair of variants: what listener 0, 1, … said."""
    result = []
    for number, answers in enumerate(pairs):
        one, other = f"{number}a", f"{number}b"
        winner = {"first": one, "second": other, "none": None}
        for listener, answer in enumerate(answers):
            result.append(Ballot(f"listener {listener}", one, other, winner[answer]))
    return result


def by_definition(pairs: list[list[str]]) -> tuple[float, float]:
    """Observed and expected disagreement, pair by pair of answers, with each unit mirrored."""
    turned = {"first": "second", "second": "first", "none": "none"}
    units = [unit for unit in pairs if len(unit) > 1]
    units = units + [[turned[answer] for answer in unit] for unit in units]
    values = [answer for unit in units for answer in unit]
    observed = sum(
        2 * sum(x != y for x, y in combinations(unit, 2)) / (len(unit) - 1) for unit in units
    ) / len(values)
    unlike = 2 * sum(x != y for x, y in combinations(values, 2))
    return observed, unlike / (len(values) * (len(values) - 1))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(said, min_size=1, max_size=6), min_size=1, max_size=5))
def test_alpha_is_krippendorffs(pairs: list[list[str]]) -> None:
    found = agreement(ballots_of(pairs))
    if not any(len(unit) > 1 for unit in pairs):
        assert found.alpha is None
        assert found.share is None
        return
    observed, expected = by_definition(pairs)
    assert found.share == pytest.approx(1 - observed)
    assert found.by_chance == pytest.approx(1 - expected)
    if expected:
        assert found.alpha == pytest.approx(1 - observed / expected)
    assert found.pairs == sum(len(unit) > 1 for unit in pairs)


def test_unanimous_and_split() -> None:
    alike = agreement(ballots_of([["first"] * 5, ["second"] * 5]))
    assert alike.alpha == 1
    assert alike.share == 1
    assert alike.listeners == 5
    split = agreement(ballots_of([["first", "second"] * 4]))
    assert split.alpha is not None
    assert split.alpha < 0.05
    assert "chose alike 43% of the time" in split.sentence


def test_the_names_of_variants_do_not_matter() -> None:
    one = agreement([Ballot("x", "A", "B", "A"), Ballot("y", "B", "A", "A")])
    other = agreement([Ballot("x", "A", "B", "B"), Ballot("y", "B", "A", "B")])
    assert one == other


def test_nobody_heard_the_same() -> None:
    found = agreement([Ballot("x", "A", "B", "A"), Ballot("y", "A", "C", "A")])
    assert found.alpha is None
    assert found.sentence.startswith("Too few listeners")
    assert agreement([]).listeners == 0


def test_all_heard_no_difference() -> None:
    found = agreement(ballots_of([["none"] * 4]))
    assert found.alpha is None
    assert found.share == 1
