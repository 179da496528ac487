from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lyria_studio.evidence import Stage, abx, preference, several
from lyria_studio.listening.remarks import RemarkKind
from lyria_studio.listening.vote_results import Results, results
from lyria_studio.model.listening_test import (
    Listener,
    ListeningKind,
    ListeningTest,
    Over,
    Reveal,
    Side,
)
from lyria_studio.model.vote import Choice, Vote

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def side(letter: str, take: int = 1, offset_s: float = 0.0) -> Side:
    return Side(letter, take, f"generation-{letter}{take}", f"track-{letter}{take}", offset_s, 30.0)


def a_test(letters: str = "AB", **fields: Any) -> ListeningTest:
    given: dict[str, Any] = {
        "id": "test-1",
        "comparison_id": "comparison-1",
        "kind": ListeningKind.PREFERENCE,
        "host_name": "Ada",
        "question": "Which?",
        "letters": tuple(letters),
        "trials_per_listener": 1,
        "planned_votes": 15,
        "reveal": Reveal.AFTER_VOTE,
        "ends_at": None,
        "nonce": "nonce",
        "created_at": NOW,
        "closed_at": None,
        "prepared": "folder",
        "problem": None,
        "sides": tuple(side(letter) for letter in letters),
    }
    return ListeningTest(**given | fields)


class Box:
    """Votes, numbered and timed as they are dropped in."""

    def __init__(self) -> None:
        self.votes: list[Vote] = []

    def drop(self, listener: str, said: str, **fields: Any) -> None:
        """`said` is "A>B": A, shown first, was preferred; "A<B": B was; "A=B": no difference."""
        first, sign, second = list(said)
        choice = {">": Choice.FIRST, "<": Choice.SECOND, "=": Choice.NONE}[sign]
        given: dict[str, Any] = {
            "trial_id": f"trial-{len(self.votes)}",
            "test_id": "test-1",
            "listener_id": listener,
            "trial_number": 1 + sum(vote.listener_id == listener for vote in self.votes),
            "first": side(first),
            "second": side(second),
            "x_is": None,
            "choice": choice,
            "reason": None,
            "comment": None,
            "comment_at_s": None,
            "comment_on": None,
            "heard_first_s": 6.0,
            "heard_second_s": 6.0,
            "cast_at": NOW + timedelta(minutes=len(self.votes)),
        }
        self.votes.append(Vote(**given | fields))


def votes_of(said: Iterable[str], listener: str | None = None) -> list[Vote]:
    """Each of another listener, unless one is named."""
    box = Box()
    for number, one in enumerate(said):
        box.drop(listener or f"listener-{number}", one)
    return box.votes


def read(test: ListeningTest, votes: Sequence[Vote], **fields: Any) -> Results:
    return results(test, votes, **{"now": NOW} | fields)


def test_two_variants_are_judged_by_their_votes() -> None:
    votes = votes_of(["A<B"] * 7 + ["B>A"] * 5 + ["A>B"] * 2 + ["B=A"])
    found = read(a_test(), votes)
    expected = preference(2, 12, 1, planned=15, stage=Stage.PLANNED_END, names=("A", "B"))
    assert found.preference == expected
    assert found.headline == "B is preferred, of these two recordings"
    assert found.sentence.startswith(expected.sentence)
    assert found.winner == "B"
    assert (found.stage, found.over) == (Stage.PLANNED_END, Over.VOTES)
    assert (found.votes, found.listeners, found.pending) == (15, 15, 0)
    assert found.matrix == ((0, 2), (12, 0))
    assert found.ties == ((0, 1), (1, 0))
    assert (found.several, found.strengths, found.abx) == (None, None, None)


@pytest.mark.parametrize(
    ("votes", "fields", "over", "stage"),
    [
        (14, {}, None, Stage.OPEN),
        (15, {}, Over.VOTES, Stage.PLANNED_END),
        (14, {"closed_at": NOW}, Over.CLOSED, Stage.ENDED_EARLY),
        (14, {"ends_at": NOW}, Over.TIME, Stage.ENDED_EARLY),
        (14, {"ends_at": NOW + timedelta(days=1)}, None, Stage.OPEN),
        (15, {"closed_at": NOW}, Over.CLOSED, Stage.PLANNED_END),
        (15, {"ends_at": NOW}, Over.TIME, Stage.PLANNED_END),
    ],
)
def test_the_rule_follows_from_how_the_test_ended(
    votes: int, fields: dict[str, Any], over: Over | None, stage: Stage
) -> None:
    found = read(a_test(**fields), votes_of(["A>B"] * votes))
    assert (found.over, found.stage) == (over, stage)
    assert found.preference is not None
    assert found.preference.stage is stage


def test_without_votes_there_is_no_verdict() -> None:
    for letters in ("AB", "ABC"):
        found = read(a_test(letters), [])
        assert (found.winner, found.strengths, found.side, found.order) == (None,) * 4
        assert found.sentence == "No votes yet."
    assert "No answers yet" in read(a_test(kind=ListeningKind.ABX), []).sentence


def test_the_votes_of_one_listener_count_once() -> None:
    box = Box()
    for said in ("A>B", "B>A", "A<B"):
        box.drop("mostly-b", said)
    for said in ("A>B", "A<B", "A=B"):
        box.drop("divided", said)
    for said in ("B<A", "A>B", "A>B"):
        box.drop("always-a", said)
    found = read(a_test(trials_per_listener=3, planned_votes=30), box.votes)
    assert found.preference == preference(1, 1, 0, divided=1, planned=10, names=("A", "B"))
    assert (found.votes, found.listeners, len(found.ballots)) == (9, 3, 3)
    assert (found.ties[0][1], found.divided[0][1]) == (0, 1)


def test_four_divided_listeners_did_not_hear_no_difference() -> None:
    box = Box()
    for number in range(4):
        for said in ("A>B", "A<B"):
            box.drop(f"listener-{number}", said)
    found = read(a_test(trials_per_listener=2, planned_votes=8), box.votes)
    assert found.sentence == "All 4 chose A as often as B."


def test_votes_count_when_their_listener_finishes() -> None:
    box = Box()
    for said in ("A<B",) * 3:
        box.drop("first", said)
    test = a_test(trials_per_listener=4, planned_votes=60)
    begun = read(test, box.votes)
    assert (begun.headline, begun.sentence) == (
        "3 votes so far",
        "They count when their listeners finish.",
    )
    assert (begun.ballots, begun.pending, begun.waiting) == ((), 3, True)
    box.drop("first", "A<B")
    finished = read(test, box.votes)
    assert (len(finished.ballots), finished.pending) == (1, 0)
    # Somebody else begins: nothing of what was said turns.
    box.drop("second", "A>B")
    joined = read(test, box.votes)
    assert joined.preference == finished.preference
    assert joined.notes == ("1 more vote counts when its listener finishes.",)
    closed = read(replace(test, closed_at=NOW), box.votes)
    assert (len(closed.ballots), closed.pending, closed.notes) == (2, 0, ())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2)), max_size=40))
def test_there_are_never_no_votes_while_there_are_votes(cast: list[tuple[int, int]]) -> None:
    box = Box()
    for listener, sign in cast:
        box.drop(f"listener-{listener}", f"A{'>=<'[sign]}B")
        for fields in ({}, {"host_name": ""}):
            found = read(a_test(trials_per_listener=4, planned_votes=60, **fields), box.votes)
            assert "No votes" not in f"{found.headline} {found.sentence}"


def test_a_test_for_oneself_says_what_one_person_chose() -> None:
    votes = votes_of(["A<B"] * 9 + ["A>B"], "listener-1")
    test = a_test(trials_per_listener=10, planned_votes=10, host_name="")
    found = read(test, votes)
    assert found.headline == "You chose B 9 of 10 times"
    assert found.sentence == (
        "You chose A 1 time. This is your own taste. Invite others to learn what listeners prefer."
    )
    assert (found.winner, found.favourite, found.preference) == (None, "B", None)
    assert (found.pairs, found.several, found.strengths) == ((), None, None)
    assert "preferred" not in f"{found.headline} {found.sentence}"
    one_short = read(test, votes[:9])
    assert one_short.hidden
    assert one_short.headline == "9 votes so far"
    assert one_short.favourite is None


def test_a_test_for_oneself_of_different_pairs_hides_nothing() -> None:
    votes = votes_of(["A<B", "B>C"], "listener-1")
    test = a_test("ABC", trials_per_listener=3, planned_votes=3, host_name="")
    assert read(test, votes).headline == "You chose B 2 of 2 times"
    assert read(test, []).headline == "No votes yet"
    level = read(test, votes_of(["A<B", "A<C"], "listener-1"))
    assert level.headline == "You chose B and C equally often"


def test_a_test_with_several_takes_is_judged_over_them() -> None:
    box = Box()
    for number in range(40):
        first, second = side("A", number % 4 + 1), side("B", number // 4 % 4 + 1)
        box.drop(
            f"listener-{number}", "A>B" if number in (3, 17) else "A<B", first=first, second=second
        )
    sides = tuple(side(letter, take) for letter in "AB" for take in range(1, 5))
    found = read(a_test(planned_votes=40, sides=sides), box.votes)
    assert found.takes is not None
    assert (found.takes.takes, found.takes.winner) == ((4, 4), "B")
    assert found.headline == "B is preferred"


def test_several_variants_are_judged_together() -> None:
    box = Box()
    for number in range(10):
        for said in ("A<B", "B>C", "C=A"):
            box.drop(f"listener-{number}", said)
    found = read(a_test("ABC", trials_per_listener=3, planned_votes=30), box.votes)
    expected = several(
        [[0, 0, 0], [10, 0, 10], [0, 0, 0]],
        [[0, 0, 10], [0, 0, 0], [10, 0, 0]],
        letters="ABC",
        stage=Stage.PLANNED_END,
    )
    assert found.several is not None
    assert found.several.pairs == expected.pairs
    assert (found.winner, found.preference) == ("B", None)
    assert found.headline == "B is preferred, of these recordings"
    assert found.sentence.startswith(expected.sentence)
    assert [pair.names for pair in found.pairs] == [("A", "B"), ("A", "C"), ("B", "C")]
    assert {pair.planned for pair in found.pairs} == {10}
    assert found.strengths is not None
    assert found.strengths.order[0] == "B"
    assert found.strengths.by_listener


def test_letters_keep_their_names() -> None:
    found = read(a_test("BE", planned_votes=12), votes_of(["E>B"] * 12))
    assert found.winner == "E"
    assert found.preference is not None
    assert found.preference.names == ("B", "E")


def test_in_abx_every_answer_counts() -> None:
    box = Box()
    for number in range(16):
        x_is = "first" if number % 3 else "second"
        right = ">" if x_is == "first" else "<"
        wrong = "<" if x_is == "first" else ">"
        sign = right if number < 12 else wrong
        box.drop(f"listener-{number % 2}", f"A{sign}B", x_is=x_is)
    found = read(a_test(kind=ListeningKind.ABX, planned_votes=16), box.votes)
    expected = abx(12, 16, planned=16)
    assert found.abx == expected
    assert (found.headline, found.sentence) == (expected.headline, expected.sentence)
    assert (found.pairs, found.ballots, found.pending) == ((), (), 0)
    assert (found.winner, found.preference) == (None, None)


def test_the_place_and_the_order_are_examined_by_themselves() -> None:
    box = Box()
    for number in range(12):
        # The first place wins, whatever is in it; what was played first loses.
        said = "A>B" if number % 2 else "B>A"
        box.drop(f"listener-{number}", said, began_with="second")
    box.drop("listener-12", "A<B")
    box.drop("listener-13", "A=B", began_with="first")
    found = read(a_test(planned_votes=14), box.votes)
    assert found.side is not None
    assert found.order is not None
    assert read(a_test(planned_votes=15), box.votes).side is None  # judged once, at the end
    assert (found.side.first, found.side.second, found.side.found) == (12, 1, True)
    assert (found.order.first, found.order.second, found.order.found) == (0, 12, True)
    assert "heard second" in found.order.sentence
    assert "balanced" not in f"{found.side.sentence} {found.order.sentence}"
    assert found.winner is None


def test_many_listeners_from_one_address_are_reported() -> None:
    votes = votes_of(["A>B"] * 5)
    people = [
        Listener(f"listener-{number}", "test-1", None, f"hash-{number // 4}", NOW, NOW, 1)
        for number in range(5)
    ]
    quiet = Listener("never-voted", "test-1", None, "hash-0", NOW, None, 0)
    (note,) = read(a_test(), votes, listeners=[*people, quiet]).notes
    assert note.startswith("4 of 5 listeners came from one network address")
    assert read(a_test(), votes, listeners=people[1:]).notes == ()
    assert read(a_test(), votes).notes == ()


def test_remarks_say_what_they_are_about() -> None:
    box = Box()
    test = a_test(sides=(side("A", offset_s=2.0), side("B", offset_s=-1.0)))
    a, b = test.sides
    box.drop(
        "listener-1",
        "B<A",
        first=b,
        second=a,
        reason="warmer",
        comment="Here it rushes.",
        comment_at_s=10.0,
        comment_on="second",
    )
    box.drop("listener-2", "A=B", first=a, second=b, reason="alike", comment="Both are good.")
    names = [Listener("listener-1", "test-1", "Grace", "hash", NOW, NOW, 1)]
    reason, comment, alike, both = read(test, box.votes, listeners=names).remarks
    assert (reason.kind, reason.text, reason.about) == (RemarkKind.REASON, "warmer", a)
    assert (reason.name, reason.at_s, reason.at_track_s) == ("Grace", None, None)
    assert (reason.place, comment.place) == ("chose A", "chose A, about A at 0:13")
    assert both.place == "heard no difference"
    assert (comment.kind, comment.about) == (RemarkKind.COMMENT, a)
    assert (comment.at_s, comment.at_track_s) == (10.0, 13.0)
    assert (alike.about, alike.name) == (None, None)
    assert (both.about, both.at_track_s) == (None, None)
    assert both.vote == box.votes[1]
    assert "rushes" not in repr(comment)


said = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(list(combinations("ABC", 2))), st.integers(0, 2)),
    max_size=40,
)


@settings(max_examples=40, deadline=None)
@given(said, st.booleans())
def test_no_vote_is_lost_or_doubled(
    said: list[tuple[int, tuple[str, str], int]], closed: bool
) -> None:
    box = Box()
    for listener, (one, two), sign in said:
        box.drop(f"listener-{listener}", f"{one}{'>=<'[sign]}{two}")
    test = a_test("ABC", trials_per_listener=5, planned_votes=100)
    found = read(replace(test, closed_at=NOW if closed else None), box.votes)
    neither = sum(map(sum, found.ties)) + sum(map(sum, found.divided))
    counted = sum(map(sum, found.matrix)) + neither / 2
    assert counted == len(found.ballots) == sum(pair.votes for pair in found.pairs)
    assert found.pending + len(found.ballots) <= found.votes
    if closed:
        assert found.pending == 0


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 8), st.integers(0, 8), st.integers(0, 4))
def test_nothing_depends_on_which_side_was_first(a: int, b: int, ties: int) -> None:
    straight = votes_of(["A>B"] * a + ["A<B"] * b + ["A=B"] * ties)
    turned = votes_of(["B<A"] * a + ["B>A"] * b + ["B=A"] * ties)
    one, other = read(a_test(), straight), read(a_test(), turned)
    assert one.preference == other.preference
    assert (one.matrix, one.ties) == (other.matrix, other.ties)


def test_the_box_understands_every_sign() -> None:
    box = Box()
    for first, sign, second in product("AB", "<=>", "AB"):
        if first != second:
            box.drop("listener-1", f"{first}{sign}{second}")
    winners = [vote.winner_letter for vote in box.votes]
    assert winners == ["B", None, "A", "A", None, "B"]


def joined(seconds: list[int]) -> list[Listener]:
    return [
        Listener(
            f"listener-{number}", "test-1", None, f"hash-{number}",
            NOW + timedelta(seconds=after), NOW, 1,
        )
        for number, after in enumerate(seconds)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (list(range(12)), "12 of 12 listeners joined within 10 minutes."),
        ([*range(0, 700, 70), *range(5000, 9000, 2000)], None),
        ([*range(0, 600, 60), 9000], "10 of 11 listeners joined within 10 minutes."),
        (list(range(0, 12_000, 1000)), None),
        (list(range(9)), None),
    ],
)
def test_a_burst_of_listeners_is_reported(seconds: list[int], said: str | None) -> None:
    votes = votes_of(["A>B"] * len(seconds))
    notes = read(a_test(), votes, listeners=joined(seconds)).notes
    if said is None:
        assert notes == ()
    else:
        (note,) = notes
        assert note.startswith(said)
        assert "one person may have voted many times" in note


def test_an_unusual_number_of_listeners_is_reported() -> None:
    (note,) = read(a_test(listeners_an_hour=500), []).notes
    assert note == "Up to 500 new listeners an hour could join, instead of 60."
