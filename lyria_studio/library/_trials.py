"""The rows behind a listener: who it is, the trials that were drawn, the votes that were cast."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, func, insert, select, update

from lyria_studio.library._listening import Listening
from lyria_studio.library._test_rows import own_trials, sides_of, vote_of, votes_joined
from lyria_studio.library.comparison_tables import (
    listening_listeners,
    listening_trials,
    listening_votes,
)
from lyria_studio.library.errors import ListeningOver, UnknownTrial
from lyria_studio.listening.trial_draw import Pairing, Recording, draw
from lyria_studio.listening.vote_rules import must_hear_s
from lyria_studio.model.listening_test import (
    Listener,
    ListeningKind,
    ListeningTest,
    Over,
    Trial,
    Vote,
)

__all__ = ["Trials"]

_OVER = {
    Over.CLOSED: "This listening test is closed. Thank you for listening.",
    Over.TIME: "This listening test has ended. Thank you for listening.",
    Over.VOTES: "This listening test has all the votes it needs. Thank you for listening.",
}

_CHANCE = secrets.SystemRandom()


class Trials(Listening):
    """What `Listeners` is made of; all of it inside the caller's transaction."""

    def _refuse_if_over(self, connection: Connection, test: ListeningTest) -> None:
        votes = connection.execute(
            select(func.count()).where(listening_votes.c.test_id == test.id)
        ).scalar_one()
        reason = test.over_reason(self._clock(), votes)
        if reason is not None:
            raise ListeningOver(_OVER[reason], reason)

    def _find_listener(
        self, connection: Connection, test_id: str, listener_id: str
    ) -> Listener | None:
        voted = (
            select(func.count(listening_votes.c.trial_id))
            .join(listening_trials, listening_trials.c.id == listening_votes.c.trial_id)
            .where(own_trials())
            .correlate(listening_listeners)
            .scalar_subquery()
        )
        row = (
            connection.execute(
                select(listening_listeners, voted.label("voted")).where(
                    listening_listeners.c.test_id == test_id,
                    listening_listeners.c.id == listener_id,
                )
            )
            .mappings()
            .one_or_none()
        )
        return None if row is None else Listener(**row)

    def _listener(self, connection: Connection, test_id: str, listener_id: str) -> Listener:
        found = self._find_listener(connection, test_id, listener_id)
        if found is None:
            raise UnknownTrial("Open the link of the listening test again to begin.")
        return found

    def _change_listener(self, connection: Connection, listener: Listener, **values: Any) -> None:
        connection.execute(
            update(listening_listeners)
            .where(
                listening_listeners.c.test_id == listener.test_id,
                listening_listeners.c.id == listener.id,
            )
            .values(**values)
        )

    def _own_trial(
        self, connection: Connection, trial_id: str, listener_id: str, *, lock: bool = False
    ) -> tuple[ListeningTest, Trial]:
        """A trial of this listener, and its test."""
        row = (
            connection.execute(
                select(listening_trials).where(
                    listening_trials.c.id == trial_id,
                    listening_trials.c.listener_id == listener_id,
                )
            )
            .mappings()
            .one_or_none()
        )
        if row is None:
            raise UnknownTrial("This is not one of your pairs; load the page again.")
        test = self._test(connection, row["test_id"], lock=lock)
        return test, _trial(row, test)

    def _open_trial(
        self, connection: Connection, test: ListeningTest, listener_id: str
    ) -> Trial | None:
        """The first of this listener's trials that waits for a vote."""
        row = (
            connection.execute(
                select(listening_trials)
                .outerjoin(listening_votes, listening_votes.c.trial_id == listening_trials.c.id)
                .where(*_of(test, listener_id), listening_votes.c.trial_id.is_(None))
                .order_by(listening_trials.c.number)
                .limit(1)
            )
            .mappings()
            .one_or_none()
        )
        return None if row is None else _trial(row, test)

    def _draw(self, connection: Connection, test: ListeningTest, listener: Listener) -> Trial:
        """Draw a trial, on what was drawn for everybody before, and store it."""
        own = self._drawn(connection, *_of(test, listener.id))
        everybody = self._drawn(connection, listening_trials.c.test_id == test.id)
        takes: dict[str, list[int]] = {}
        for side in test.sides:
            takes.setdefault(side.letter, []).append(side.take)
        drawn = draw(takes, own, everybody, abx=test.kind is ListeningKind.ABX, rng=_CHANCE)
        trial_id = secrets.token_hex(16)
        connection.execute(
            insert(listening_trials).values(
                id=trial_id,
                test_id=test.id,
                listener_id=listener.id,
                number=1 + sum(own.values()),
                first_letter=drawn.first.letter,
                first_take=drawn.first.take,
                second_letter=drawn.second.letter,
                second_take=drawn.second.take,
                x_is=drawn.x_is,
                drawn_at=self._clock(),
            )
        )
        return self._own_trial(connection, trial_id, listener.id)[1]

    def _drawn(self, connection: Connection, *where: ColumnElement[bool]) -> dict[Pairing, int]:
        """How often each pairing was drawn."""
        pairing = (
            listening_trials.c.first_letter,
            listening_trials.c.first_take,
            listening_trials.c.second_letter,
            listening_trials.c.second_take,
        )
        rows = connection.execute(select(*pairing, func.count()).where(*where).group_by(*pairing))
        return {
            Pairing(Recording(first, take), Recording(second, other_take)): count
            for first, take, second, other_take, count in rows
        }

    def _find_vote(self, connection: Connection, test: ListeningTest, trial_id: str) -> Vote | None:
        found = self._select_votes(connection, test, listening_votes.c.trial_id == trial_id)
        return found[0] if found else None

    def _own_votes(
        self, connection: Connection, test: ListeningTest, listener_id: str
    ) -> list[Vote]:
        """The votes of a listener, in the order in which they were cast."""
        return self._select_votes(connection, test, *_of(test, listener_id))

    def _select_votes(
        self, connection: Connection, test: ListeningTest, *where: ColumnElement[bool]
    ) -> list[Vote]:
        statement = votes_joined().where(*where)
        statement = statement.order_by(listening_votes.c.cast_at, listening_trials.c.number)
        sides = sides_of(test)
        return [vote_of(row, sides) for row in connection.execute(statement).mappings()]


def _of(test: ListeningTest, listener_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        listening_trials.c.test_id == test.id,
        listening_trials.c.listener_id == listener_id,
    )


def _trial(row: RowMapping, test: ListeningTest) -> Trial:
    values = dict(row)
    sides = sides_of(test)
    first = sides[values.pop("first_letter"), values.pop("first_take")]
    second = sides[values.pop("second_letter"), values.pop("second_take")]
    return Trial(first=first, second=second, must_hear_s=must_hear_s(test.copy_s), **values)
