import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.prompts import sections as any_section

from lyria_studio.prompts import Section, check_sections, longest_s, timeline

PRO, CLIP, STUDIO = "lyria-3-pro", "lyria-3", "lyria-2"


def row(name: str, start_s: float | None = None, end_s: float | None = None) -> Section:
    return Section(name, start_s, end_s, "something happens")


def kinds(sections: list[Section], model: str = PRO) -> list[tuple[str, int]]:
    return [(problem.kind, problem.index) for problem in check_sections(sections, model)]


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ([], []),
        ([row("Intro", 0, 10), row("Verse", 10, 40), row("Chorus", 40, 60)], []),
        ([row("Intro"), row("Verse"), row("Chorus")], []),
        ([row("Intro", 0), row("Verse", 12), row("Chorus", 30)], []),
        ([row("Intro", None, 10), row("Verse", None, 30)], []),
        ([row("Intro", 0, 10), row("Verse"), row("Chorus", 40, 60)], []),
        ([row("Intro", 0, 12), row("Verse", 10, 40)], [("overlap", 1)]),
        ([row("Intro", 0, 40), row("Verse"), row("Chorus", 30, 60)], [("overlap", 2)]),
        ([row("Intro", 0, 10), row("Verse", 14, 40)], [("gap", 1)]),
        ([row("Intro", 5, 10)], [("gap", 0)]),
        ([row("Intro", 0), row("Verse", 14, 40)], []),
        ([row("Intro", 0, 10), row("Verse", 10, 10)], [("backwards", 1)]),
        ([row("Intro", 0, 30), row("Verse", None, 20)], [("backwards", 1)]),
        ([row("Intro", 0, 170), row("Outro", 170, 200)], [("too long", 1)]),
        ([row(" ", 0, 10)], [("no name", 0)]),
        ([row("Intro", 0, 10), Section(), row("Verse", 10, 20)], []),
    ],
)
def test_rows_are_checked(sections: list[Section], expected: list[tuple[str, int]]) -> None:
    assert kinds(sections) == expected


def test_limits_are_those_of_the_model() -> None:
    rows = [row("Intro", 0, 10), row("Chorus", 10, 45)]
    assert kinds(rows, PRO) == []
    assert kinds(rows, CLIP) == [("too long", 1)]
    assert kinds(rows, STUDIO) == [("not read", 0)]
    assert kinds([Section()], STUDIO) == []


def test_problems_say_what_is_wrong() -> None:
    rows = [row("Intro", 0, 12), row("Verse", 10, 40)]
    assert check_sections(rows, CLIP)[0].message == (
        "Verse starts at 0:10, but the rows above go to 0:12."
    )
    assert check_sections(rows, CLIP)[1].message == (
        "Verse goes to 0:40, but Lyria 3 makes about 0:30."
    )


@given(st.lists(any_section, max_size=6), st.sampled_from([PRO, CLIP, STUDIO]))
def test_checking_never_fails_and_points_at_rows(sections: list[Section], model: str) -> None:
    assert all(0 <= problem.index < len(sections) for problem in check_sections(sections, model))


def test_times_are_drawn_to_scale() -> None:
    blocks = timeline([row("Intro", 0, 10), row("Verse", 20, 60)], 100)
    assert [block.left for block in blocks] == pytest.approx([0.0, 0.2])
    assert [block.width for block in blocks] == pytest.approx([0.1, 0.4])
    assert not any(block.guessed for block in blocks)


def test_rows_without_times_share_what_lies_between() -> None:
    rows = [row("Intro", 0, 10), row("Verse"), row("Bridge"), row("Chorus", 70), Section()]
    spans = [(block.start_s, block.end_s) for block in timeline(rows, 100)]
    assert spans == [(0, 10), (10, 40), (40, 70), (70, 100)]


def test_a_row_meets_its_neighbours() -> None:
    rows = [row("Intro", 0), row("Verse", 20), row("Chorus", None, 60), row("Outro")]
    spans = [(block.start_s, block.end_s) for block in timeline(rows, 100)]
    assert spans == [(0, 20), (20, 40), (40, 60), (60, 100)]


@given(st.lists(any_section, max_size=8), st.floats(0.01, 10_000))
def test_blocks_lie_within_the_width(sections: list[Section], total_s: float) -> None:
    blocks = timeline(sections, total_s)
    assert [block.index for block in blocks] == [
        index for index, section in enumerate(sections) if not section.is_empty
    ]
    assert all(0 <= b.left <= 1 and 0 <= b.width <= 1 and b.left + b.width <= 1 for b in blocks)


@given(st.integers(1, 12), st.floats(1, 1000))
def test_rows_that_the_model_decides_fill_the_width_evenly(count: int, total_s: float) -> None:
    blocks = timeline([row(f"Part {i}") for i in range(count)], total_s)
    assert math.isclose(sum(block.width for block in blocks), 1)
    assert all(math.isclose(block.width, 1 / count) for block in blocks)
    assert all(block.guessed for block in blocks)


@pytest.mark.parametrize("total_s", [0.0, -1.0, math.nan, math.inf])
def test_a_timeline_has_a_length(total_s: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        timeline([row("Intro")], total_s)


def test_longest_music_is_the_catalogues() -> None:
    assert [longest_s(model) for model in (PRO, CLIP)] == [180.0, 30.0]
