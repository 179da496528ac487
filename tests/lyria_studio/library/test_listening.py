import math
import multiprocessing
import os
import pickle
import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support.comparison_rows import (
    answer,
    hear,
    made_comparison,
    new_comparison,
    new_test,
    open_test,
    vote_next,
)
from support.library_rows import Clock, in_state

from lyria_studio.library import Library, LibraryError
from lyria_studio.library.errors import (
    CannotUndo,
    ListeningOver,
    ListeningRefused,
    NotHeard,
    NotPrepared,
    TooManyListeners,
    UnknownComparison,
    UnknownTest,
    UnknownTrial,
)
from lyria_studio.limits import TextTooLong
from lyria_studio.model.listening_test import ListeningKind, ListeningTest, Over, Reveal
from lyria_studio.model.states import State
from lyria_studio.model.vote import Choice, NewVote, Trial

pytestmark = pytest.mark.slow

FIRST = answer()


def begin(library: Library, test: ListeningTest, count: int = 1) -> list[str]:
    """New listeners, each from a network address of their own."""
    ids = [f"listener-{number}" for number in range(count)]
    for one in ids:
        library.listening.begin_listening(test.id, one, f"hash-{one}")
    return ids


def drawn(library: Library, test: ListeningTest, listener_id: str) -> Trial:
    trial = library.listening.standing(test.id, listener_id).trial
    assert trial is not None
    return trial


# the owner's side


def test_a_test_is_opened_on_what_is_finished(library: Library, clock: Clock) -> None:
    saved = library.listening.save_comparison(new_comparison("ABC", takes=2))
    library.listening.set_offset(saved.id, "B", 1.5)
    one, two = in_state(library, State.READY), in_state(library, State.READY)
    library.listening.fill_slots(
        saved.id,
        {
            ("A", 1): in_state(library, State.FAILED).id,
            ("A", 2): one.id,
            ("B", 1): two.id,
            ("B", 2): in_state(library, State.QUEUED).id,
        },
    )
    asked = new_test(saved, letters=("B", "A"), ends_at=clock.now + timedelta(days=7))
    opened = library.listening.open_test(asked)
    assert [(side.letter, side.take) for side in opened.sides] == [("A", 2), ("B", 1)]
    assert [side.track_id for side in opened.sides] == [one.tracks[0].id, two.tracks[0].id]
    assert [side.offset_s for side in opened.sides] == [0.0, 1.5]
    assert [side.duration_s for side in opened.sides] == [30.5, 30.5]
    assert opened.letters == ("A", "B")
    assert (opened.ends_at, opened.created_at) == (asked.ends_at, clock.now)
    assert (opened.closed_at, opened.prepared, opened.problem) == (None, None, None)
    assert opened == library.listening.test(opened.id)
    assert library.listening.tests(saved.id) == [opened]
    assert opened.nonce not in repr(opened)
    with pytest.raises(LibraryError, match="Variant C has no finished take"):
        library.listening.open_test(new_test(saved))


def test_the_copies_of_a_test_are_in_step(library: Library) -> None:
    made = made_comparison(library, "ABC")
    library.listening.set_offset(made.id, "A", 2.0)
    library.listening.set_offset(made.id, "C", -1.5)
    opened = library.listening.open_test(new_test(made))
    assert [opened.start_s(side) for side in opened.sides] == [3.5, 1.5, 0.0]
    assert opened.copy_s == 27.0
    assert replace(opened, sides=()).copy_s is None


def test_a_form_that_is_sent_twice_opens_one_test(library: Library) -> None:
    asked = new_test(made_comparison(library))
    first = library.listening.open_test(asked)
    assert library.listening.open_test(asked) == first
    assert library.listening.tests(asked.comparison_id) == [first]


def test_a_form_that_is_sent_eight_times_at_once(library: Library) -> None:
    form = new_comparison()
    asked = new_test(made_comparison(library))
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: library.listening.save_comparison(form), range(8)))) == 1
        assert (
            len(
                {
                    one.nonce
                    for one in pool.map(lambda _: library.listening.open_test(asked), range(8))
                }
            )
            == 1
        )
    assert len(library.listening.comparisons()) == 2


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"letters": ("A",)}, "at least two"),
        ({"letters": ("A", "A")}, "at least two"),
        ({"letters": ("A", "F")}, "no variant F"),
        ({"kind": ListeningKind.ABX}, "exactly two"),
        ({"trials_per_listener": 0}, "1 to 50 times"),
        ({"trials_per_listener": 51}, "1 to 50 times"),
        ({"planned_votes": 0}, "1 to 10,000 votes"),
    ],
)
def test_a_test_that_cannot_be_is_not_opened(
    library: Library, wrong: dict[str, Any], says: str
) -> None:
    made = made_comparison(library, "ABC")
    with pytest.raises(LibraryError, match=says):
        library.listening.open_test(new_test(made, **wrong))
    assert library.listening.tests(made.id) == []


def test_what_is_not_there_says_so(library: Library) -> None:
    test = open_test(library)
    with pytest.raises(UnknownComparison):
        library.listening.open_test(
            new_test(made_comparison(library), comparison_id="nothing-here")
        )
    for act in (
        library.listening.test,
        library.listening.close_test,
        library.listening.revoke_test,
        library.listening.votes,
        lambda one: library.listening.note_preparation(one, folder="folder"),
        lambda one: library.listening.note_preparation(one, problem="No."),
        lambda one: library.listening.begin_listening(one, "listener-1", "hash"),
        lambda one: library.listening.standing(one, "listener-1"),
        lambda one: library.listening.undo_vote(one, "listener-1"),
        lambda one: library.listening.reveal(one, "listener-1"),
    ):
        with pytest.raises(UnknownTest):
            act("nothing-here")
    assert library.listening.tests("nothing-here") == []
    assert library.listening.listeners("nothing-here") == []
    assert library.listening.vote_counts(["nothing-here", test.id]) == {
        "nothing-here": 0,
        test.id: 0,
    }


def test_preparing_can_fail_and_be_tried_again(library: Library) -> None:
    opened = library.listening.open_test(new_test(made_comparison(library)))
    failed = library.listening.note_preparation(opened.id, problem="The disk is full.")
    assert (failed.prepared, failed.problem) == (None, "The disk is full.")
    with pytest.raises(NotPrepared):
        library.listening.begin_listening(opened.id, "listener-1", "hash")
    ready = library.listening.note_preparation(opened.id, folder="folder")
    assert (ready.prepared, ready.problem) == ("folder", None)
    assert library.listening.begin_listening(opened.id, "listener-1", "hash").voted == 0


def test_a_revoked_link_leads_nowhere(library: Library) -> None:
    test = open_test(library)
    assert library.listening.test(test.id, test.nonce) == test
    again = library.listening.revoke_test(test.id)
    for test_id, nonce in (
        (test.id, again.nonce + "x"),
        (test.id, "ü"),
        ("nothing-here", again.nonce),
        (test.id, test.nonce),
    ):
        with pytest.raises(UnknownTest):
            library.listening.test(test_id, nonce)
    assert library.listening.test(test.id, again.nonce) == again
    assert len({open_test(library).nonce for _ in range(5)}) == 5


def test_a_take_that_is_replaced_changes_no_test(library: Library, clock: Clock) -> None:
    made = made_comparison(library)
    test = library.listening.open_test(new_test(made))
    library.listening.note_preparation(test.id, folder="folder")
    library.listening.fill_slots(made.id, {("A", 1): in_state(library, State.READY).id})
    library.listening.set_offset(made.id, "A", 3.0)
    begin(library, test)
    vote = vote_next(library, clock, test, "listener-0")
    assert {vote.first, vote.second} == set(test.sides)


# when it is over


def test_a_closed_test_takes_nothing_more(library: Library, clock: Clock) -> None:
    test = open_test(library)
    (one,) = begin(library, test)
    trial = drawn(library, test, one)
    hear(library, clock, trial)
    closed = library.listening.close_test(test.id)
    assert closed.closed_at == clock.now
    clock.forward(hours=1)
    assert library.listening.close_test(test.id) == closed
    for act in (
        lambda: library.listening.vote(trial.id, one, FIRST),
        lambda: library.listening.begin_listening(test.id, "somebody-new", "hash"),
    ):
        with pytest.raises(ListeningOver, match="closed") as caught:
            act()
        assert caught.value.reason == Over.CLOSED
    standing = library.listening.standing(test.id, one)
    assert (standing.trial, standing.over) == (None, str(caught.value))
    assert library.listening.votes(test.id) == []


def test_a_test_ends_on_its_day(library: Library, clock: Clock) -> None:
    test = open_test(library, ends_at=clock.now + timedelta(hours=1), planned_votes=5)
    (one,) = begin(library, test)
    vote_next(library, clock, test, one)
    trial = drawn(library, test, one)
    hear(library, clock, trial)
    clock.now = test.ends_at or clock.now
    with pytest.raises(ListeningOver, match="has ended") as caught:
        library.listening.vote(trial.id, one, FIRST)
    assert caught.value.reason == Over.TIME
    with pytest.raises(ListeningOver):
        library.listening.undo_vote(test.id, one)
    assert len(library.listening.votes(test.id)) == 1


def test_a_test_ends_at_its_number_of_votes(library: Library, clock: Clock) -> None:
    test = open_test(library, planned_votes=4, trials_per_listener=3)
    one, two = begin(library, test, 2)
    last = drawn(library, test, two)
    for _ in range(3):
        vote_next(library, clock, test, one)
    hear(library, clock, last)
    library.listening.vote(last.id, two, FIRST)
    standing = library.listening.standing(test.id, two)
    assert standing.trial is None
    assert standing.over is not None
    assert "all the votes" in standing.over
    assert library.listening.vote_counts([test.id]) == {test.id: 4}
    # Whoever was here is let in again, for the thanks and the reveal.
    assert library.listening.begin_listening(test.id, one, "hash").voted == 3
    assert library.listening.standing(test.id, one).trial is None


def test_why_a_test_is_over(library: Library, clock: Clock) -> None:
    test = open_test(library, ends_at=clock.now + timedelta(hours=1), planned_votes=4)
    assert test.over_reason(clock.now, 3) is None
    assert test.over_reason(clock.now, 4) is Over.VOTES
    assert test.over_reason(clock.now + timedelta(hours=1), 4) is Over.TIME
    assert library.listening.close_test(test.id).over_reason(clock.now, 0) is Over.CLOSED


# a listener


def test_a_listener_is_taken_once(library: Library, clock: Clock) -> None:
    test = open_test(library, trials_per_listener=2)
    first = library.listening.begin_listening(
        test.id, "listener-1", "hash", " Grace\u202e\n Hopper "
    )
    assert (first.name, first.voted, first.finished_at) == ("Grace Hopper", 0, None)
    assert library.listening.begin_listening(test.id, "listener-1", "other") == first
    assert library.listening.begin_listening(test.id, "listener-1", "hash", "Ada").name == "Ada"
    vote_next(library, clock, test, "listener-1")
    back = library.listening.begin_listening(test.id, "listener-1", "hash")
    assert (back.name, back.voted, back.created_at) == ("Ada", 1, first.created_at)
    vote_next(library, clock, test, "listener-1")
    assert library.listening.standing(test.id, "listener-1").trial is None
    done = library.listening.begin_listening(test.id, "listener-1", "hash")
    assert (done.voted, done.finished_at) == (2, clock.now)
    assert library.listening.listeners(test.id) == [done]
    assert library.listening.standing(test.id, "listener-1").listener == done
    assert "listener-1" not in repr(done)


def test_one_address_brings_no_crowd(library: Library, clock: Clock) -> None:
    test, other = open_test(library), open_test(library)
    for number in range(40):
        library.listening.begin_listening(test.id, f"listener-{number}", "office")
    with pytest.raises(TooManyListeners, match="try again tomorrow"):
        library.listening.begin_listening(test.id, "listener-40", "office")
    library.listening.begin_listening(test.id, "listener-7", "office")
    library.listening.begin_listening(test.id, "listener-40", "elsewhere")
    library.listening.begin_listening(other.id, "listener-40", "office")
    clock.forward(days=1)
    library.listening.begin_listening(test.id, "listener-41", "office")
    assert len(library.listening.listeners(test.id)) == 42


def test_an_hour_brings_no_crowd_unless_its_owner_expects_one(
    library: Library, clock: Clock
) -> None:
    test, event = open_test(library), open_test(library, listeners_an_hour=70)
    for number in range(60):
        for one in (test, event):
            library.listening.begin_listening(one.id, f"listener-{number}", f"hash-{number}")
    with pytest.raises(TooManyListeners, match="try again in an hour"):
        library.listening.begin_listening(test.id, "listener-60", "hash-60")
    library.listening.begin_listening(test.id, "listener-7", "hash-7")
    for number in range(60, 70):
        library.listening.begin_listening(event.id, f"listener-{number}", f"hash-{number}")
    with pytest.raises(TooManyListeners):
        library.listening.begin_listening(event.id, "listener-70", "hash-70")
    clock.forward(hours=1)
    library.listening.begin_listening(test.id, "listener-60", "hash-60")
    assert library.listening.test(event.id).listeners_an_hour == 70


@pytest.mark.parametrize("cap", [0, -1, 1001])
def test_an_hour_has_a_number_of_listeners_that_can_be(library: Library, cap: int) -> None:
    with pytest.raises(LibraryError, match="An hour has 1 to 1000 new listeners"):
        open_test(library, listeners_an_hour=cap)


def test_the_trial_stays_until_it_is_voted_on(library: Library, clock: Clock) -> None:
    test = open_test(library, "ABC", takes=2)
    (one,) = begin(library, test)
    first = drawn(library, test, one)
    assert (first.number, first.drawn_at, first.heard_from) == (1, clock.now, None)
    assert first.must_hear_s == 5.0
    assert first.x_is is None
    assert first.side("first") == first.first
    assert first.side("second") == first.second
    assert drawn(library, test, one) == first == library.listening.trial(first.id, one)
    hear(library, clock, first)
    assert library.listening.vote(first.id, one, FIRST).vote.winner_letter == first.first.letter
    second = drawn(library, test, one)
    assert second.number == 2
    assert second.id != first.id


def test_an_unknown_listener_has_no_trials(library: Library, clock: Clock) -> None:
    test = open_test(library)
    one, two = begin(library, test, 2)
    trial = drawn(library, test, one)
    hear(library, clock, trial)
    acts: tuple[Callable[[str, str], object], ...] = (
        library.listening.trial,
        library.listening.heard_from,
        lambda trial_id, listener: library.listening.reveal(test.id, listener, trial_id),
    )
    for act in acts:
        with pytest.raises(UnknownTrial):
            act(trial.id, two)
        with pytest.raises(UnknownTrial):
            act("nothing-here", one)
    with pytest.raises(UnknownTrial):
        library.listening.vote(trial.id, two, FIRST)
    stranger = library.listening.standing(test.id, "somebody-else")
    assert (stranger.listener, stranger.trial, stranger.votes) == (None, None, ())
    assert library.listening.votes(test.id) == []


# votes


def test_a_vote_says_what_was_compared(library: Library, clock: Clock) -> None:
    test = open_test(library, "ABC")
    (one,) = begin(library, test)
    trial = drawn(library, test, one)
    hear(library, clock, trial)
    said = NewVote(
        Choice.SECOND,
        heard_first_s=7.5,
        heard_second_s=5.0,
        reason="warmer\nbass",
        comment="The bridge\x07 drags.\n\nElse fine.",
        comment_at_s=12.25,
        comment_on="first",
        began_with="second",
    )
    cast = library.listening.vote(trial.id, one, said)
    assert (cast.repeated, cast.differs) == (False, False)
    vote = cast.vote
    assert [vote] == library.listening.votes(test.id)
    assert (vote.trial_id, vote.listener_id, vote.trial_number) == (trial.id, one, 1)
    assert (vote.first, vote.second, vote.cast_at) == (trial.first, trial.second, clock.now)
    assert (vote.winner_letter, vote.correct) == (trial.second.letter, None)
    assert (vote.heard_first_s, vote.heard_second_s) == (7.5, 5.0)
    assert vote.reason == "warmer bass"
    assert vote.comment == "The bridge drags.\n\nElse fine."
    assert (vote.comment_at_s, vote.comment_on, vote.began_with) == (12.25, "first", "second")
    assert "bridge" not in repr(vote)
    assert "warmer" not in repr(said)


def test_no_difference_is_an_answer(library: Library, clock: Clock) -> None:
    test = open_test(library)
    (one,) = begin(library, test)
    vote = vote_next(library, clock, test, one, Choice.NONE)
    assert (vote.winner_letter, vote.correct) == (None, None)


def test_in_abx_the_answer_is_right_or_wrong(library: Library, clock: Clock) -> None:
    test = open_test(library, kind=ListeningKind.ABX, trials_per_listener=12)
    (one,) = begin(library, test)
    trial = drawn(library, test, one)
    hear(library, clock, trial)
    with pytest.raises(ListeningRefused, match="guess"):
        library.listening.vote(trial.id, one, answer(Choice.NONE))
    for _ in range(12):
        vote = vote_next(library, clock, test, one, Choice.SECOND)
        assert vote.correct is (vote.x_is == "second")
        assert vote.winner_letter is None


@pytest.mark.parametrize("first_s", [0.0, 4.99, -1.0, math.nan, -math.inf])
@pytest.mark.parametrize("swapped", [False, True])
def test_both_sides_have_to_be_heard(
    library: Library, clock: Clock, first_s: float, swapped: bool
) -> None:
    test = open_test(library)
    (one,) = begin(library, test)
    trial = drawn(library, test, one)
    hear(library, clock, trial)
    heard = (5.0, first_s) if swapped else (first_s, 5.0)
    with pytest.raises(NotHeard, match="at least 5 seconds"):
        library.listening.vote(trial.id, one, NewVote(Choice.FIRST, *heard))
    assert library.listening.votes(test.id) == []
    assert not library.listening.vote(trial.id, one, NewVote(Choice.FIRST, 5.0, 5.0)).repeated


def test_the_server_has_a_clock_of_its_own(library: Library, clock: Clock) -> None:
    test = open_test(library)
    one, two = begin(library, test, 2)
    trial, other = drawn(library, test, one), drawn(library, test, two)
    clock.forward(hours=1)
    with pytest.raises(NotHeard):
        library.listening.vote(trial.id, one, NewVote(Choice.FIRST, 60.0, 60.0))
    begun = library.listening.heard_from(trial.id, one)
    assert begun.heard_from == clock.now
    assert library.listening.trial(other.id, two).heard_from is None
    clock.forward(seconds=9)
    assert library.listening.heard_from(trial.id, one) == begun
    with pytest.raises(NotHeard, match="very quick"):
        library.listening.vote(trial.id, one, NewVote(Choice.FIRST, 60.0, 60.0))
    clock.forward(seconds=1)
    vote = library.listening.vote(trial.id, one, NewVote(Choice.FIRST, 5.0, math.inf)).vote
    assert vote.heard_second_s == 3600.0


def test_a_vote_for_a_trial_is_cast_once(library: Library, clock: Clock) -> None:
    test = open_test(library, planned_votes=2)
    (one,) = begin(library, test)
    trial = drawn(library, test, one)
    hear(library, clock, trial)
    first = library.listening.vote(trial.id, one, FIRST)
    again = library.listening.vote(trial.id, one, FIRST)
    assert (again.vote, again.repeated, again.differs) == (first.vote, True, False)
    other = library.listening.vote(trial.id, one, answer(Choice.SECOND))
    assert (other.vote, other.repeated, other.differs) == (first.vote, True, True)
    library.listening.close_test(test.id)
    assert library.listening.vote(trial.id, one, FIRST).repeated
    assert library.listening.votes(test.id) == [first.vote]


def test_what_strangers_write_is_made_storable(library: Library, clock: Clock) -> None:
    test = open_test(library)
    (one,) = begin(library, test)
    vote = vote_next(
        library,
        clock,
        test,
        one,
        comment="\0half \ud83c " + "c" * 990,
        comment_at_s=math.nan,
        comment_on="second",
    )
    assert vote.comment == "half ? " + "c" * 990
    assert (vote.comment_at_s, vote.comment_on) == (None, "second")
    silent = vote_next(library, clock, test, one, comment=" ", comment_at_s=3.0, comment_on="first")
    assert (silent.comment, silent.comment_at_s, silent.comment_on) == (None, None, None)


@pytest.mark.parametrize(
    ("field", "text", "what"),
    [("comment", "c" * 1001, "remark has 1,001"), ("reason", "r" * 201, "reason has 201")],
)
def test_a_text_over_its_limit_is_refused_and_not_cut(
    library: Library, clock: Clock, field: str, text: str, what: str
) -> None:
    test = open_test(library)
    (one,) = begin(library, test)
    too_long: dict[str, Any] = {field: text}
    with pytest.raises(TextTooLong, match=what):
        vote_next(library, clock, test, one, **too_long)
    assert library.listening.votes(test.id) == []
    fits: dict[str, Any] = {field: text[1:]}
    assert getattr(vote_next(library, clock, test, one, **fits), field) == text[1:]


def test_a_name_over_its_limit_is_refused_and_not_cut(library: Library) -> None:
    test = open_test(library)
    with pytest.raises(TextTooLong, match="name has 61 characters, and the limit is 60"):
        library.listening.begin_listening(test.id, "listener-1", "hash", "n" * 61)
    assert library.listening.listeners(test.id) == []
    listener = library.listening.begin_listening(test.id, "listener-1", "hash", f" {'n' * 60} ")
    assert listener.name == "n" * 60


# undoing and revealing


def test_the_last_vote_can_be_taken_back(library: Library, clock: Clock) -> None:
    test = open_test(library, trials_per_listener=2)
    (one,) = begin(library, test)
    with pytest.raises(CannotUndo, match="no vote"):
        library.listening.undo_vote(test.id, one)
    kept = vote_next(library, clock, test, one)
    wrong = vote_next(library, clock, test, one, Choice.FIRST)
    assert library.listening.standing(test.id, one).trial is None
    trial = library.listening.undo_vote(test.id, one)
    assert trial.id == wrong.trial_id
    assert library.listening.votes(test.id) == [kept]
    assert library.listening.begin_listening(test.id, one, "hash").finished_at is None
    assert drawn(library, test, one) == trial
    # What was heard counts still.
    right = library.listening.vote(trial.id, one, answer(Choice.SECOND)).vote
    assert library.listening.votes(test.id) == [kept, right]
    assert library.listening.standing(test.id, one).trial is None


def test_an_undone_trial_comes_before_one_that_was_drawn_after_it(
    library: Library, clock: Clock
) -> None:
    test = open_test(library)
    (one,) = begin(library, test)
    vote_next(library, clock, test, one)
    later = drawn(library, test, one)
    undone = library.listening.undo_vote(test.id, one)
    assert drawn(library, test, one) == undone
    library.listening.vote(undone.id, one, FIRST)
    assert drawn(library, test, one) == later


def test_taking_back_twice_takes_back_once(library: Library, clock: Clock) -> None:
    test = open_test(library)
    one, two = begin(library, test, 2)
    first, second = (vote_next(library, clock, test, one) for _ in range(2))
    with pytest.raises(CannotUndo, match="Only the last"):
        library.listening.undo_vote(test.id, one, first.trial_id)
    with pytest.raises(UnknownTrial):
        library.listening.undo_vote(test.id, two, second.trial_id)
    with ThreadPoolExecutor(4) as pool:
        trials = list(
            pool.map(lambda _: library.listening.undo_vote(test.id, one, second.trial_id), range(4))
        )
    assert {trial.id for trial in trials} == {second.trial_id}
    assert library.listening.votes(test.id) == [first]


def test_who_was_told_takes_nothing_back(library: Library, clock: Clock) -> None:
    test = open_test(library, reveal=Reveal.AFTER_VOTE)
    (one,) = begin(library, test)
    trial = drawn(library, test, one)
    with pytest.raises(ListeningRefused, match="Vote first"):
        library.listening.reveal(test.id, one, trial.id)
    vote = vote_next(library, clock, test, one)
    assert vote.revealed_at is None
    (told,) = library.listening.reveal(test.id, one, trial.id)
    assert told.revealed_at == clock.now
    clock.forward(minutes=1)
    assert library.listening.reveal(test.id, one, trial.id) == [told]
    with pytest.raises(CannotUndo, match="were told"):
        library.listening.undo_vote(test.id, one)
    assert library.listening.votes(test.id) == [told]


def test_at_the_end_means_after_the_last_answer(library: Library, clock: Clock) -> None:
    test = open_test(library, reveal=Reveal.AT_END, trials_per_listener=2)
    one, two = begin(library, test, 2)
    first = vote_next(library, clock, test, one)
    for trial_id in (first.trial_id, None):
        with pytest.raises(ListeningRefused, match="after your last answer"):
            library.listening.reveal(test.id, one, trial_id)
    second = vote_next(library, clock, test, one)
    told = library.listening.reveal(test.id, one)
    assert [vote.trial_id for vote in told] == [first.trial_id, second.trial_id]
    assert [vote.revealed_at for vote in told] == [clock.now, clock.now]
    assert library.listening.votes(test.id) == told
    with pytest.raises(CannotUndo):
        library.listening.undo_vote(test.id, one)
    # Where the test ends, everybody's end has come.
    cut_short = vote_next(library, clock, test, two)
    library.listening.close_test(test.id)
    (told_early,) = library.listening.reveal(test.id, two, cut_short.trial_id)
    assert told_early.revealed_at == clock.now


# balance


def test_drawing_is_balanced_over_everybody(library: Library, clock: Clock) -> None:
    test = open_test(library, "ABC", takes=2, trials_per_listener=3)
    pairs: Counter[tuple[str, str]] = Counter()
    leads: Counter[str] = Counter()
    for one in begin(library, test, 16):
        own = set()
        for _ in range(3):
            vote = vote_next(library, clock, test, one)
            pair = (vote.first.letter, vote.second.letter)
            own.add(frozenset(pair))
            pairs[pair] += 1
            leads[f"{vote.first.letter}{vote.first.take}"] += 1
        assert len(own) == 3
    assert set(pairs.values()) == {8}
    assert sum(leads.values()) == 48


# many at once


def listen_through(library: Library, test_id: str, listener_id: str) -> int:
    """One whole visit of a listener who listens to nothing; returns how many votes it cast."""
    cast = 0
    try:
        library.listening.begin_listening(test_id, listener_id, f"hash-{listener_id}")
        while (trial := library.listening.standing(test_id, listener_id).trial) is not None:
            library.listening.heard_from(trial.id, listener_id)
            vote = library.listening.vote(trial.id, listener_id, NewVote(Choice.FIRST, 0.0, 0.0))
            cast += not vote.repeated
    except ListeningOver:
        pass
    return cast


@pytest.fixture
def silent(library: Library) -> ListeningTest:
    """A test on recordings so short that nobody has to wait: 30 listeners' worth of votes."""
    made = made_comparison(library, "AB")
    library.listening.set_offset(made.id, "A", 30.5)
    opened = library.listening.open_test(new_test(made, trials_per_listener=4, planned_votes=101))
    return library.listening.note_preparation(opened.id, folder="folder")


def sound(library: Library, test: ListeningTest) -> None:
    """Nothing doubled, nothing lost, nothing beyond the plan."""
    votes = library.listening.votes(test.id)
    assert len(votes) == len({vote.trial_id for vote in votes}) <= test.planned_votes
    for listener in library.listening.listeners(test.id):
        numbers = [vote.trial_number for vote in votes if vote.listener_id == listener.id]
        assert sorted(numbers) == list(range(1, len(numbers) + 1))
        assert len(numbers) == listener.voted <= test.trials_per_listener
        assert (listener.finished_at is not None) is (len(numbers) == test.trials_per_listener)
    orders = Counter(vote.first.letter for vote in votes)
    # Each listener of the end may hold one trial that was drawn and not voted on.
    assert abs(orders["A"] - orders["B"]) <= 2 + len(library.listening.listeners(test.id))


def test_two_tabs_of_one_listener(library: Library, silent: ListeningTest) -> None:
    with ThreadPoolExecutor(8) as pool:
        cast = list(pool.map(lambda _: listen_through(library, silent.id, "listener-1"), range(8)))
    assert sum(cast) == 4
    assert [vote.trial_number for vote in library.listening.votes(silent.id)] == [1, 2, 3, 4]
    sound(library, silent)


def test_fifty_listeners_at_once(library: Library, silent: ListeningTest) -> None:
    with ThreadPoolExecutor(50) as pool:
        cast = pool.map(lambda n: listen_through(library, silent.id, f"listener-{n}"), range(50))
        assert sum(cast) == 101
    assert library.listening.vote_counts([silent.id]) == {silent.id: 101}
    sound(library, silent)


def visit(home: str, test_id: str, cast: "multiprocessing.Queue[int]") -> None:
    with Library(Path(home)) as library, ThreadPoolExecutor(8) as pool:
        cast.put(sum(pool.map(lambda n: listen_through(library, test_id, f"l-{n}"), range(20))))


def test_two_processes_take_the_same_listeners(library: Library, silent: ListeningTest) -> None:
    """Each of the twenty listeners has a tab at either process."""
    context = multiprocessing.get_context("spawn")
    cast: multiprocessing.Queue[int] = context.Queue()
    children = [
        context.Process(target=visit, args=(str(library.home), silent.id, cast)) for _ in range(2)
    ]
    for child in children:
        child.start()
    assert cast.get(timeout=60) + cast.get(timeout=60) == 80
    for child in children:
        child.join(60)
    cast.close()
    cast.join_thread()
    assert library.listening.vote_counts([silent.id]) == {silent.id: 80}
    sound(library, silent)


def vote_and_die(home: str, test_id: str) -> None:
    library = Library(Path(home))
    library.listening.begin_listening(test_id, "listener-1", "hash")
    trial = library.listening.standing(test_id, "listener-1").trial
    assert trial is not None
    library.listening.heard_from(trial.id, "listener-1")
    library.listening.vote(trial.id, "listener-1", NewVote(Choice.FIRST, 0.0, 0.0))
    library.listening.standing(test_id, "listener-1")
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_vote_outlives_a_killed_process(library: Library, silent: ListeningTest) -> None:
    context = multiprocessing.get_context("spawn")
    child = context.Process(target=vote_and_die, args=(str(library.home), silent.id))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    assert [vote.trial_number for vote in library.listening.votes(silent.id)] == [1]
    assert drawn(library, silent, "listener-1").number == 2


def test_the_errors_pickle() -> None:
    for error in (ListeningOver("Over.", Over.TIME), UnknownTest("There is no such test.")):
        copied = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
        assert (type(copied), str(copied)) == (type(error), str(error))
        assert vars(copied) == vars(error)
