"""Where the excerpt of a listening test begins in each variant."""

import pytest

from lyria_studio.comparisons.excerpts import ExcerptSide, starts_of

LENGTH_S = 25.0
EQUAL = (ExcerptSide("A", 120.0), ExcerptSide("B", 90.0))
ALIGNED = (ExcerptSide("A", 120.0), ExcerptSide("B", 90.0, lead_s=4.0))


@pytest.mark.parametrize(
    ("sides", "reported", "linked", "starts"),
    [
        (EQUAL, None, True, {"A": 30, "B": 30}),
        (ALIGNED, None, True, {"A": 30, "B": 34}),
        ((ExcerptSide("A", 46.0), ExcerptSide("B", 90.0)), None, True, {"A": 21, "B": 21}),
        (EQUAL, {"A": 50.0, "B": 12.0}, True, {"A": 50, "B": 50}),
        (EQUAL, {"A": 80.0, "B": 12.0}, True, {"A": 65, "B": 65}),
        (ALIGNED, {"A": 80.0}, True, {"A": 61, "B": 65}),
        (EQUAL, {"A": 50.0, "B": 12.3}, False, {"A": 50, "B": 12.3}),
        (EQUAL, {"A": 50.0}, False, {"A": 50, "B": 50}),
        (EQUAL, {"A": 1e9, "B": -3.0}, False, {"A": 95, "B": 0}),
        (EQUAL, {"A": "50", "B": True, "Z": 3.0}, False, {"A": 30, "B": 30}),
        (EQUAL, {"A": float("nan"), "B": float("inf")}, False, {"A": 30, "B": 30}),
        (EQUAL, ["A", 3], False, {"A": 30, "B": 30}),
    ],
)
def test_start_of_each_side(
    sides: tuple[ExcerptSide, ...], reported: object, linked: bool, starts: dict[str, float]
) -> None:
    assert starts_of(sides, LENGTH_S, reported, linked=linked) == starts
