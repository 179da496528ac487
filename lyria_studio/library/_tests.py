"""The rows of listening tests and of their votes."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, func, insert, select, update

from lyria_studio.library._outside import storable_text
from lyria_studio.library._rows import portions
from lyria_studio.library.comparison_tables import (
    comparison_slots,
    comparisons,
    listening_listeners,
    listening_tests,
    listening_trials,
    listening_votes,
)
from lyria_studio.library.errors import LibraryError, UnknownComparison, UnknownTest
from lyria_studio.library.tables import tracks
from lyria_studio.limits import within_limit
from lyria_studio.listening.vote_rules import one_line
from lyria_studio.model.listening_test import (
    MOST_LISTENERS_AN_HOUR,
    Listener,
    ListeningKind,
    ListeningTest,
    NewTest,
    Side,
)
from lyria_studio.model.vote import Vote

__all__ = [
    "change_test",
    "count_votes",
    "get_test",
    "insert_test",
    "listeners_of",
    "own_trials",
    "prepared_folders",
    "sides_of",
    "test_of",
    "test_row",
    "tests_of",
    "validate_test",
    "vote_of",
    "votes_joined",
    "votes_of",
    "waiting_tests",
]

MAX_TRIALS = 50
MAX_PLANNED_VOTES = 10_000
SHORTEST_EXCERPT_S = 10.0


def test_of(row: RowMapping) -> ListeningTest:
    """Return a row of `listening_tests` as a test."""
    values = dict(row)
    values["letters"] = tuple(row["letters"])
    values["sides"] = tuple(Side(**fields) for fields in row["sides"])
    return ListeningTest(**values)


def sides_of(test: ListeningTest) -> dict[tuple[str, int], Side]:
    """Return the recordings of a test by letter and take."""
    return {(side.letter, side.take): side for side in test.sides}


def own_trials() -> ColumnElement[bool]:
    """Return the condition that a trial belongs to the listener in the same row."""
    return (listening_trials.c.test_id == listening_listeners.c.test_id) & (
        listening_trials.c.listener_id == listening_listeners.c.id
    )


def votes_joined() -> Select[Any]:
    """Return the query of all votes, each with its trial."""
    trial = listening_trials.c
    return select(
        listening_votes,
        trial.listener_id,
        trial.number.label("trial_number"),
        trial.first_letter,
        trial.first_take,
        trial.second_letter,
        trial.second_take,
        trial.x_is,
        trial.repeats,
    ).join(listening_trials, trial.id == listening_votes.c.trial_id)


def vote_of(row: RowMapping, sides: Mapping[tuple[str, int], Side]) -> Vote:
    """Return a row of `votes_joined` as a vote."""
    values = dict(row)
    first = sides[values.pop("first_letter"), values.pop("first_take")]
    second = sides[values.pop("second_letter"), values.pop("second_take")]
    return Vote(first=first, second=second, **values)


def change_test(connection: Connection, test_id: str, **values: Any) -> None:
    """Change columns of a test.

    Args:
        connection: of the transaction.
        test_id: which test.
        values: by the names of the columns.
    """
    connection.execute(
        update(listening_tests).where(listening_tests.c.id == test_id).values(**values)
    )


def test_row(connection: Connection, test_id: str, *, lock: bool = True) -> RowMapping | None:
    """Return the row; locked, it makes "may they, and what next" one step for all processes.

    Args:
        connection: of the transaction.
        test_id: which test.
        lock: until the transaction ends, where the database locks rows.
    """
    statement = select(listening_tests).where(listening_tests.c.id == test_id)
    if lock:
        statement = statement.with_for_update()
    return connection.execute(statement).mappings().one_or_none()


def get_test(connection: Connection, test_id: str, *, lock: bool = False) -> ListeningTest:
    """Return a test that must be there.

    Args:
        connection: of the transaction.
        test_id: which test.
        lock: until the transaction ends, where the database locks rows.
    """
    row = test_row(connection, test_id, lock=lock)
    if row is None:
        raise UnknownTest("There is no such listening test; it may be deleted.")
    return test_of(row)


def _locked_offsets(connection: Connection, comparison_id: str) -> dict[str, float]:
    """Return the offset of each variant, by letter."""
    variants = connection.execute(
        select(comparisons.c.variants).where(comparisons.c.id == comparison_id).with_for_update()
    ).scalar_one_or_none()
    if variants is None:
        raise UnknownComparison("The comparison of this listening test was deleted.")
    return {variant["letter"]: variant["offset_s"] for variant in variants}


def _recorded_sides(
    connection: Connection, new: NewTest, offsets: Mapping[str, float]
) -> list[Side]:
    """List the takes that have a track, by letter and take."""
    rows = connection.execute(
        select(
            comparison_slots.c.letter,
            comparison_slots.c.take,
            comparison_slots.c.generation_id,
            tracks.c.id.label("track_id"),
            tracks.c.duration_s,
        )
        .join(tracks, tracks.c.generation_id == comparison_slots.c.generation_id)
        .where(
            comparison_slots.c.comparison_id == new.comparison_id,
            comparison_slots.c.letter.in_(new.letters),
            tracks.c.position == 0,
        )
        .order_by(comparison_slots.c.letter, comparison_slots.c.take)
    ).mappings()
    begins = offsets if new.starts is None else new.starts
    sides = [Side(offset_s=begins[row["letter"]], **row) for row in rows]
    for letter in new.letters:
        if letter not in offsets:
            raise LibraryError(f"The comparison has no variant {letter}.")
        if all(side.letter != letter for side in sides):
            raise LibraryError(
                f"Variant {letter} has no finished take yet; open the listening test when "
                "there is one."
            )
    return sides


def validate_test(new: NewTest) -> NewTest:
    """Return a test with clean texts and sorted letters.

    Raises:
        LibraryError: numbers or letters that no test can have.
    """
    letters = tuple(sorted(set(new.letters)))
    if len(letters) < 2:
        raise LibraryError("A listening test compares at least two variants.")
    if new.kind is ListeningKind.ABX and len(letters) != 2:
        raise LibraryError("An ABX test compares exactly two variants.")
    if not 1 <= new.trials_per_listener <= MAX_TRIALS:
        raise LibraryError(f"A listener answers 1 to {MAX_TRIALS} times.")
    if not 1 <= new.planned_votes <= MAX_PLANNED_VOTES:
        raise LibraryError(f"A listening test is planned for 1 to {MAX_PLANNED_VOTES:,} votes.")
    if new.excerpt_s is not None and new.excerpt_s < SHORTEST_EXCERPT_S:
        raise LibraryError(f"An excerpt lasts {SHORTEST_EXCERPT_S:.0f} s at least.")
    if new.starts is not None:
        if any(new.starts.get(letter, -1.0) < 0.0 for letter in letters):
            raise LibraryError("Each variant needs a place at which it begins, 0 s or later.")
        new = replace(new, excerpt_start_s=None)
    if not 1 <= new.listeners_an_hour <= MOST_LISTENERS_AN_HOUR:
        raise LibraryError(f"An hour has 1 to {MOST_LISTENERS_AN_HOUR} new listeners.")
    return replace(
        new,
        letters=letters,
        host_name=within_limit(one_line(storable_text(new.host_name)) or "", "name of who invites"),
        question=within_limit(one_line(storable_text(new.question)) or "", "question"),
    )


def votes_of(connection: Connection, test: ListeningTest, listener_id: str | None) -> list[Vote]:
    """List the votes of a test, or of one of its listeners, in the order they were cast.

    Args:
        connection: of the transaction.
        test: which test.
        listener_id: whose; None: everybody's.
    """
    statement = votes_joined().where(listening_votes.c.test_id == test.id)
    if listener_id is not None:
        statement = statement.where(listening_trials.c.listener_id == listener_id)
    statement = statement.order_by(
        listening_votes.c.cast_at, listening_trials.c.number, listening_votes.c.trial_id
    )
    sides = sides_of(test)
    return [vote_of(row, sides) for row in connection.execute(statement).mappings()]


def listeners_of(connection: Connection, test_id: str) -> list[Listener]:
    """List who opened the link of a test, in the order in which they came."""
    statement = (
        select(listening_listeners, func.count(listening_votes.c.trial_id).label("voted"))
        .outerjoin(listening_trials, own_trials())
        .outerjoin(listening_votes, listening_votes.c.trial_id == listening_trials.c.id)
        .where(listening_listeners.c.test_id == test_id)
        .group_by(listening_listeners.c.test_id, listening_listeners.c.id)
        .order_by(listening_listeners.c.created_at, listening_listeners.c.id)
    )
    return [Listener(**row) for row in connection.execute(statement).mappings()]


def count_votes(connection: Connection, test_ids: Sequence[str]) -> dict[str, int]:
    """Count the votes of each of these tests; 0 for one that there is not."""
    counts = dict.fromkeys(test_ids, 0)
    for some in portions(list(counts)):
        rows = connection.execute(
            select(listening_votes.c.test_id, func.count())
            .where(listening_votes.c.test_id.in_(some))
            .group_by(listening_votes.c.test_id)
        )
        counts.update((test_id, count) for test_id, count in rows)
    return counts


def insert_test(connection: Connection, new: NewTest, now: datetime) -> ListeningTest:
    """Store a test with the recordings that its comparison has now, unless it is stored.

    Args:
        connection: of the transaction.
        new: valid (`validate_test`).
        now: the present, aware.
    """
    # Locked, so that a form that is sent twice at once finds the test it opened first.
    offsets = _locked_offsets(connection, new.comparison_id)
    known = test_row(connection, new.id)
    if known is not None:
        return test_of(known)
    sides = _recorded_sides(connection, new, offsets)
    values = asdict(new) | {
        "letters": "".join(new.letters),
        "nonce": secrets.token_urlsafe(16),
        "created_at": now,
        "sides": [asdict(side) for side in sides],
    }
    del values["starts"]  # they are in the sides
    connection.execute(insert(listening_tests).values(**values))
    return get_test(connection, new.id)


def tests_of(connection: Connection, comparison_id: str) -> list[ListeningTest]:
    """List the tests of a comparison, newest first."""
    statement = (
        select(listening_tests)
        .where(listening_tests.c.comparison_id == comparison_id)
        .order_by(listening_tests.c.created_at.desc(), listening_tests.c.id.desc())
    )
    return [test_of(row) for row in connection.execute(statement).mappings()]


def waiting_tests(connection: Connection) -> list[ListeningTest]:
    """List the tests that wait for their blind copies, oldest first."""
    column = listening_tests.c
    statement = (
        select(listening_tests)
        .where(column.prepared.is_(None), column.problem.is_(None), column.closed_at.is_(None))
        .order_by(column.created_at, column.id)
    )
    return [test_of(row) for row in connection.execute(statement).mappings()]


def prepared_folders(connection: Connection) -> set[str]:
    """List the names of the folders with the blind copies of all tests."""
    column = listening_tests.c.prepared
    return set(connection.execute(select(column).where(column.is_not(None))).scalars())
