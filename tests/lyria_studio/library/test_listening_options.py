"""What a listening test is told beforehand: a repeated pair, the device, an excerpt."""

from typing import Any

import pytest
from support.comparison_rows import made_comparison, new_test, open_test, vote_next
from support.library_rows import Clock

from lyria_studio.library import Library, LibraryError
from lyria_studio.listening.consistency import consistency_of
from lyria_studio.listening.vote_results import results
from lyria_studio.model.listening_test import ListeningTest
from lyria_studio.model.vote import Choice, Vote


def listen(
    library: Library, clock: Clock, test: ListeningTest, listener: str, prefers: str
) -> list[Vote]:
    """Vote for a letter in every trial; `prefers` "left" is for the side, not for a letter."""
    library.listening.begin_listening(test.id, listener, f"hash-{listener}")
    cast = []
    while (trial := library.listening.standing(test.id, listener).trial) is not None:
        first = prefers == "left" or trial.first.letter == prefers
        choice = Choice.FIRST if first else Choice.SECOND
        cast.append(vote_next(library, clock, test, listener, choice))
    return cast


def attentive_test(library: Library, **fields: Any) -> ListeningTest:
    return open_test(library, trials_per_listener=7, planned_votes=70, attention=True, **fields)


def test_the_last_pair_is_an_earlier_one_with_its_sides_exchanged(
    library: Library, clock: Clock
) -> None:
    test = attentive_test(library)
    votes = listen(library, clock, test, "listener-1", "B")
    *earlier, last = votes
    assert [vote.repeats for vote in earlier] == [None] * 6
    assert last.repeats is not None
    assert last.repeats <= 3
    before = votes[last.repeats - 1]
    assert (last.first, last.second) == (before.second, before.first)
    assert consistency_of(votes) == {"listener-1": True}


def test_who_always_takes_one_side_contradicts_the_own_answer(
    library: Library, clock: Clock
) -> None:
    votes = listen(library, clock, attentive_test(library), "listener-1", "left")
    assert consistency_of(votes) == {"listener-1": False}


@pytest.mark.parametrize("exclude", [True, False])
def test_listeners_are_left_out_only_by_a_rule_chosen_before(
    library: Library, clock: Clock, exclude: bool
) -> None:
    test = attentive_test(library, exclude_inconsistent=exclude)
    listen(library, clock, test, "listener-1", "B")
    listen(library, clock, test, "listener-2", "left")
    found = results(test, library.listening.votes(test.id), now=clock.now)
    assert found.votes == 14
    assert len(found.ballots) == (1 if exclude else 2)
    assert found.pairs[0].b >= 1
    said = " ".join(found.notes)
    assert "1 of 2 listeners answered the repeated pair alike." in said
    assert ("1 listener was left out" in said) is exclude


def test_the_repeated_pair_counts_for_nothing_else(library: Library, clock: Clock) -> None:
    test = attentive_test(library)
    listen(library, clock, test, "listener-1", "B")
    assert test.counted_trials == 6
    found = results(test, library.listening.votes(test.id), now=clock.now)
    assert found.takes is not None
    assert found.pairs[0].planned == 10  # 70 votes are ten listeners
    closed = library.listening.close_test(test.id)
    over = results(closed, library.listening.votes(test.id), now=clock.now)
    assert over.side is not None
    assert over.side.first + over.side.second == 6


def test_the_device_is_kept_where_the_test_asks_for_it(library: Library) -> None:
    asking, silent = open_test(library, ask_device=True), open_test(library)
    for test in (asking, silent):
        library.listening.begin_listening(test.id, "listener-1", "hash", None, "headphones")
    assert library.listening.listeners(asking.id)[0].device == "headphones"
    assert library.listening.listeners(silent.id)[0].device is None


def test_an_excerpt_is_stored_and_shortens_what_has_to_be_heard(library: Library) -> None:
    test = open_test(library, excerpt_start_s=12.0, excerpt_s=10.0)
    assert (test.excerpt_start_s, test.excerpt_s, test.copy_s) == (12.0, 10.0, 10.0)
    assert {test.start_s(side) for side in test.sides} == {12.0}
    whole = open_test(library)
    assert {whole.start_s(side) for side in whole.sides} == {0.0}
    with pytest.raises(LibraryError, match="An excerpt lasts 10 s at least"):
        library.listening.open_test(new_test(made_comparison(library), excerpt_s=5.0))


def test_each_variant_can_begin_at_a_place_of_its_own(library: Library) -> None:
    starts = {"A": 12.0, "B": 4.5}
    test = open_test(library, starts=starts, excerpt_start_s=30.0, excerpt_s=10.0)
    assert {side.letter: test.start_s(side) for side in test.sides} == starts
    assert test.excerpt_start_s is None


@pytest.mark.parametrize("starts", [{"A": 1.0}, {"A": 1.0, "B": -0.5}])
def test_no_variant_begins_before_its_recording(library: Library, starts: dict[str, float]) -> None:
    with pytest.raises(LibraryError, match="a place at which it begins"):
        library.listening.open_test(new_test(made_comparison(library), starts=starts))
