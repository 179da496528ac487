"""Listening tests as their owner sees them: opening, preparing, closing, and the votes."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from lyria_studio.library._outside import storable_text
from lyria_studio.library._store import Store, portions
from lyria_studio.library._test_rows import own_trials, sides_of, test_of, vote_of, votes_joined
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
from lyria_studio.listening.vote_rules import QUESTION_MAX, clean_line
from lyria_studio.model.listening_test import (
    Listener,
    ListeningKind,
    ListeningTest,
    NewTest,
    Side,
    Vote,
)

__all__ = ["MAX_PLANNED_VOTES", "MAX_TRIALS", "Listening"]

MAX_TRIALS = 50
MAX_PLANNED_VOTES = 10_000


class Listening(Store):
    """The part of the library that keeps listening tests."""

    def open_test(self, new: NewTest) -> ListeningTest:
        """Open a listening test on the recordings that its comparison has now.

        Opening again with the same id gives the test that was opened. A take that is replaced, or
        made, later is not in it.

        Raises:
            UnknownComparison: there is no such comparison.
            LibraryError: a variant has no finished take, or the numbers or letters cannot be.
        """
        new = _sound(new)
        with self._database.write() as connection:
            # Locked, so that a form that is sent twice at once finds the test it opened first.
            offsets = _locked_offsets(connection, new.comparison_id)
            known = self._test_row(connection, new.id)
            if known is not None:
                return test_of(known)
            sides = _sides(connection, new, offsets)
            values = asdict(new) | {"letters": "".join(new.letters)}
            connection.execute(
                insert(listening_tests).values(
                    **values,
                    nonce=secrets.token_urlsafe(16),
                    created_at=self._clock(),
                    sides=[asdict(side) for side in sides],
                )
            )
            return self._test(connection, new.id)

    def test(self, test_id: str) -> ListeningTest:
        """One listening test.

        Raises:
            UnknownTest: there is none with this id.
        """
        with self._database.read() as connection:
            return self._test(connection, test_id)

    def test_by_nonce(self, test_id: str, nonce: str) -> ListeningTest | None:
        """The listening test that a link leads to; None if there is none, or it was revoked."""
        with self._database.read() as connection:
            row = self._test_row(connection, test_id, lock=False)
        if row is None or not hmac.compare_digest(row["nonce"].encode(), nonce.encode()):
            return None
        return test_of(row)

    def tests(self, comparison_id: str) -> list[ListeningTest]:
        """The listening tests of a comparison, newest first."""
        statement = (
            select(listening_tests)
            .where(listening_tests.c.comparison_id == comparison_id)
            .order_by(listening_tests.c.created_at.desc(), listening_tests.c.id.desc())
        )
        with self._database.read() as connection:
            return [test_of(row) for row in connection.execute(statement).mappings()]

    def close_test(self, test_id: str) -> ListeningTest:
        """Take no more votes, for good; nothing happens if it is closed already.

        Raises:
            UnknownTest: there is none with this id.
        """
        with self._database.write() as connection:
            if self._test(connection, test_id, lock=True).closed_at is None:
                self._change_test(connection, test_id, closed_at=self._clock())
            return self._test(connection, test_id)

    def revoke_test(self, test_id: str) -> ListeningTest:
        """Let the links of this test that were given away lead nowhere; new ones work.

        Raises:
            UnknownTest: there is none with this id.
        """
        with self._database.write() as connection:
            self._change_test(connection, test_id, nonce=secrets.token_urlsafe(16))
            return self._test(connection, test_id)

    def test_prepared(self, test_id: str, folder: str) -> ListeningTest:
        """The blind copies are in this folder: listeners may begin.

        Raises:
            UnknownTest: there is none with this id.
        """
        with self._database.write() as connection:
            self._change_test(connection, test_id, prepared=folder, problem=None)
            return self._test(connection, test_id)

    def test_failed(self, test_id: str, sentence: str) -> ListeningTest:
        """The blind copies could not be made; one sentence for the owner.

        Raises:
            UnknownTest: there is none with this id.
        """
        with self._database.write() as connection:
            self._change_test(connection, test_id, problem=storable_text(sentence))
            return self._test(connection, test_id)

    def votes(self, test_id: str) -> list[Vote]:
        """All votes that count, in the order in which they were cast.

        Raises:
            UnknownTest: there is no such test.
        """
        with self._database.read() as connection:
            sides = sides_of(self._test(connection, test_id))
            statement = votes_joined().where(listening_votes.c.test_id == test_id)
            statement = statement.order_by(
                listening_votes.c.cast_at, listening_trials.c.number, listening_votes.c.trial_id
            )
            return [vote_of(row, sides) for row in connection.execute(statement).mappings()]

    def vote_counts(self, test_ids: Sequence[str]) -> dict[str, int]:
        """How many votes each of these tests has; 0 for one that there is not."""
        counts = dict.fromkeys(test_ids, 0)
        with self._database.read() as connection:
            for some in portions(list(counts)):
                rows = connection.execute(
                    select(listening_votes.c.test_id, func.count())
                    .where(listening_votes.c.test_id.in_(some))
                    .group_by(listening_votes.c.test_id)
                )
                counts.update((test_id, count) for test_id, count in rows)
        return counts

    def listeners(self, test_id: str) -> list[Listener]:
        """Who opened the link of a test, in the order in which they came."""
        statement = (
            select(listening_listeners, func.count(listening_votes.c.trial_id).label("voted"))
            .outerjoin(listening_trials, own_trials())
            .outerjoin(listening_votes, listening_votes.c.trial_id == listening_trials.c.id)
            .where(listening_listeners.c.test_id == test_id)
            .group_by(listening_listeners.c.test_id, listening_listeners.c.id)
            .order_by(listening_listeners.c.created_at, listening_listeners.c.id)
        )
        with self._database.read() as connection:
            return [Listener(**row) for row in connection.execute(statement).mappings()]

    def _change_test(self, connection: Connection, test_id: str, **values: Any) -> None:
        connection.execute(
            update(listening_tests).where(listening_tests.c.id == test_id).values(**values)
        )

    def _test_row(
        self, connection: Connection, test_id: str, *, lock: bool = True
    ) -> RowMapping | None:
        """The row; locked, it makes "may they, and what next" one step for all processes."""
        statement = select(listening_tests).where(listening_tests.c.id == test_id)
        if lock:
            statement = statement.with_for_update()
        return connection.execute(statement).mappings().one_or_none()

    def _test(self, connection: Connection, test_id: str, *, lock: bool = False) -> ListeningTest:
        """The picture of a test that must be there."""
        row = self._test_row(connection, test_id, lock=lock)
        if row is None:
            raise UnknownTest("There is no such listening test; it may be deleted.")
        return test_of(row)


def _locked_offsets(connection: Connection, comparison_id: str) -> dict[str, float]:
    """The offset of each variant, by letter."""
    variants = connection.execute(
        select(comparisons.c.variants).where(comparisons.c.id == comparison_id).with_for_update()
    ).scalar_one_or_none()
    if variants is None:
        raise UnknownComparison("The comparison of this listening test was deleted.")
    return {variant["letter"]: variant["offset_s"] for variant in variants}


def _sides(connection: Connection, new: NewTest, offsets: Mapping[str, float]) -> list[Side]:
    """The takes that have a track, by letter and take."""
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
    sides = [Side(offset_s=offsets[row["letter"]], **row) for row in rows]
    for letter in new.letters:
        if letter not in offsets:
            raise LibraryError(f"The comparison has no variant {letter}.")
        if all(side.letter != letter for side in sides):
            raise LibraryError(
                f"Variant {letter} has no finished take yet; open the listening test when "
                "there is one."
            )
    return sides


def _sound(new: NewTest) -> NewTest:
    letters = tuple(sorted(set(new.letters)))
    if len(letters) < 2:
        raise LibraryError("A listening test compares at least two variants.")
    if new.kind is ListeningKind.ABX and len(letters) != 2:
        raise LibraryError("An ABX test compares exactly two variants.")
    if not 1 <= new.trials_per_listener <= MAX_TRIALS:
        raise LibraryError(f"A listener answers 1 to {MAX_TRIALS} times.")
    if not 1 <= new.planned_votes <= MAX_PLANNED_VOTES:
        raise LibraryError(f"A listening test is planned for 1 to {MAX_PLANNED_VOTES:,} votes.")
    return replace(
        new,
        letters=letters,
        host_name=clean_line(storable_text(new.host_name)) or "",
        question=clean_line(storable_text(new.question), QUESTION_MAX) or "",
    )
