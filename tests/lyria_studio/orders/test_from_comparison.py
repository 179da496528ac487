"""Comparisons of tracks that exist."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.library_rows import in_state

from lyria_core import InvalidRequest
from lyria_studio.comparisons import lane_names
from lyria_studio.library import Library
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State
from lyria_studio.orders.from_comparison import compare_tracks

PROMPT = "Calm piano waltz, 96 BPM."


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path) as opened:
        yield opened


def made(library: Library, *models: str, state: State = State.READY) -> list[Generation]:
    return [in_state(library, state, model=model, prompt=PROMPT) for model in models]


@pytest.mark.parametrize(
    ("models", "variants", "takes", "names"),
    [
        (("lyria-3", "lyria-3"), 2, 1, ("Take 1", "Take 2")),
        (("lyria-3", "lyria-3-pro", "lyria-2"), 3, 1, ("Lyria 3", "Lyria 3 Pro", "Lyria 2")),
        (("lyria-3", "lyria-2", "lyria-3", "lyria-2"), 2, 2, ("Lyria 3", "Lyria 2")),
        (("lyria-3", "lyria-3", "lyria-2"), 2, 1, ("Lyria 3", "Lyria 2")),
        (("lyria-3",) * 8, 6, 1, tuple(f"Take {n}" for n in range(1, 7))),
    ],
)
def test_tracks_of_an_order_are_compared_without_ordering(
    library: Library, models: tuple[str, ...], variants: int, takes: int, names: tuple[str, ...]
) -> None:
    tracks = made(library, *models)
    comparison = compare_tracks(library, tracks)
    assert (len(comparison.variants), comparison.takes) == (variants, takes)
    assert all(slot.generation_id for slot in comparison.slots)
    assert lane_names(comparison.variants) == names
    assert library.tracks.page().total == len(tracks)


def test_the_same_tracks_give_the_same_comparison_again(library: Library) -> None:
    tracks = made(library, "lyria-3", "lyria-3-pro")
    first = compare_tracks(library, tracks)
    library.listening.rename_comparison(first.id, "Mine")
    assert compare_tracks(library, tracks[::-1]).name == "Mine"
    library.listening.delete_comparison(first.id)
    assert compare_tracks(library, tracks).name == "Lyria 3 or Lyria 3 Pro"


def test_failed_tracks_are_left_out_and_one_alone_is_refused(library: Library) -> None:
    ready, failed = made(library, "lyria-3"), made(library, "lyria-3", state=State.ERROR)
    with pytest.raises(InvalidRequest, match="fewer than two"):
        compare_tracks(library, [*ready, *failed])
    assert not library.listening.comparisons()
    more = made(library, "lyria-2")
    comparison = compare_tracks(library, [*ready, *failed, *more])
    assert {slot.generation_id for slot in comparison.slots} == {ready[0].id, more[0].id}
