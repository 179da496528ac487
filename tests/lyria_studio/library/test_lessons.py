"""What a comparison taught: which of its tests speaks for it, and which are read together."""

from dataclasses import replace

import pytest
from support.comparison_rows import made_comparison, new_comparison, new_test, vote_next
from support.library_rows import Clock

from lyria_studio.comparisons.lessons import pooled_results, step_of
from lyria_studio.evidence import Stage
from lyria_studio.library import Library
from lyria_studio.model.comparison import Comparison
from lyria_studio.model.listening_test import ListeningKind, ListeningTest
from lyria_studio.model.vote import Choice

pytestmark = pytest.mark.slow


def with_votes(
    library: Library, clock: Clock, comparison: Comparison, winners: str, **fields: object
) -> ListeningTest:
    """A test with one listener for each winner."""
    planned = {"trials_per_listener": 1, "planned_votes": 30}
    test = library.listening.open_test(new_test(comparison, **planned | fields))
    test = library.listening.note_preparation(test.id, folder=f"blind-{test.id}")
    for number, winner in enumerate(winners):
        listener = f"{test.id}-{number}" if test.host_name else f"{test.id}-me"
        library.listening.begin_listening(test.id, listener, f"hash-{number}")
        trial = library.listening.standing(test.id, listener).trial
        assert trial is not None
        first = trial.first.letter == winner
        choice = Choice.FIRST if first else Choice.SECOND
        vote_next(library, clock, test, listener, choice)
    return test


def test_a_preference_of_invited_listeners_comes_first(library: Library, clock: Clock) -> None:
    comparison = made_comparison(library)
    with_votes(library, clock, comparison, "BBB")
    with_votes(library, clock, comparison, "A" * 16, kind=ListeningKind.ABX, trials_per_listener=16)
    with_votes(library, clock, comparison, "A" * 10, host_name="", trials_per_listener=10)
    step = step_of(library, comparison)
    assert step.found is not None
    assert (step.found.abx, step.found.own, step.found.listeners) == (None, None, 3)
    assert step.summary == "Too early to say, 3 listeners (1 of 3 tests)"


def test_the_test_that_was_continued_decides(library: Library, clock: Clock) -> None:
    comparison = made_comparison(library)
    small = with_votes(library, clock, comparison, "BB", question="Which fits?")
    with_votes(library, clock, comparison, "A" * 12)
    child = replace(
        new_comparison(), parent_id=comparison.id, parent_letter="B", parent_test_id=small.id
    )
    library.listening.save_comparison(child)
    assert library.listening.comparison(child.id).parent_test_id == small.id
    step = step_of(library, comparison)
    assert step.found is not None
    assert step.found.test.id == small.id
    assert step.summary == "Too early to say, 2 listeners (1 of 2 tests)"


def test_tests_of_one_kind_are_read_together_under_the_rule_of_early_looks(
    library: Library, clock: Clock
) -> None:
    comparison = made_comparison(library)
    # Each alone has a winner at its planned end; together they are read twice.
    tests = [
        with_votes(library, clock, comparison, "BBBBBB", planned_votes=6),
        with_votes(library, clock, comparison, "BBBA", planned_votes=4),
    ]
    found = pooled_results(library, tests)
    assert found.stage is Stage.POOLED
    assert (found.listeners, len(found.ballots)) == (10, 10)
    assert found.winner is None
    assert "Several tests together need a clearer lead." in found.sentence
    step = step_of(library, comparison)
    assert step.summary == "No winner, 10 listeners, 2 tests"
    third = with_votes(library, clock, comparison, "B" * 8, planned_votes=8)
    more = pooled_results(library, [*tests, third])
    assert more.winner == "B"
    assert "That is enough over all tests." in more.sentence


@pytest.mark.parametrize("fields", [{"question": "Which is calmer?"}, {"host_name": ""}])
def test_tests_of_other_kinds_stay_apart(
    library: Library, clock: Clock, fields: dict[str, object]
) -> None:
    comparison = made_comparison(library)
    with_votes(library, clock, comparison, "BB")
    with_votes(library, clock, comparison, "A", **fields)
    assert step_of(library, comparison).summary == "Too early to say, 2 listeners (1 of 2 tests)"
