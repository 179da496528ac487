"""The rows behind a listener: who it is, the trials that were drawn, the votes that were cast."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, func, insert, select, update

from lyria_studio.library._tests import get_test, own_trials, sides_of, vote_of, votes_joined
from lyria_studio.library.comparison_tables import (
    listening_listeners,
    listening_trials,
    listening_votes,
)
from lyria_studio.library.errors import ListeningOver, UnknownTrial
from lyria_studio.listening.trial_draw import Drawn, Pairing, Recording, draw
from lyria_studio.listening.vote_rules import must_hear_s
from lyria_studio.model.listening_test import Listener, ListeningKind, ListeningTest, Over
from lyria_studio.model.vote import Standing, Trial, Vote

_OVER = {
    Over.CLOSED: "This listening test is closed. Thank you for listening.",
    Over.TIME: "This listening test has ended. Thank you for listening.",
    Over.VOTES: "This listening test has all the votes it needs. Thank you for listening.",
}

_CHANCE = secrets.SystemRandom()


def over_sentence(connection: Connection, test: ListeningTest, now: datetime) -> str | None:
    """Return why a test takes no more votes; None while it does."""
    over = _over(connection, test, now)
    return None if over is None else _OVER[over]


def refuse_if_over(connection: Connection, test: ListeningTest, now: datetime) -> None:
    """Raise ListeningOver if a test takes no more votes."""
    over = _over(connection, test, now)
    if over is not None:
        raise ListeningOver(_OVER[over], over)


def _over(connection: Connection, test: ListeningTest, now: datetime) -> Over | None:
    votes = connection.execute(
        select(func.count()).where(listening_votes.c.test_id == test.id)
    ).scalar_one()
    return test.over_reason(now, votes)


def find_listener(connection: Connection, test_id: str, listener_id: str) -> Listener | None:
    """Find a listener who returned."""
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


def get_listener(connection: Connection, test_id: str, listener_id: str) -> Listener:
    """Return a listener who must have been here before."""
    found = find_listener(connection, test_id, listener_id)
    if found is None:
        raise UnknownTrial("Open the link of the listening test again to begin.")
    return found


def change_listener(connection: Connection, listener: Listener, **values: Any) -> None:
    """Change columns of a listener."""
    connection.execute(
        update(listening_listeners)
        .where(
            listening_listeners.c.test_id == listener.test_id,
            listening_listeners.c.id == listener.id,
        )
        .values(**values)
    )


def own_trial(
    connection: Connection, trial_id: str, listener_id: str, *, lock: bool = False
) -> tuple[ListeningTest, Trial]:
    """Return a trial of this listener, and its test."""
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
    test = get_test(connection, row["test_id"], lock=lock)
    return test, _trial(row, test)


def open_trial(connection: Connection, test: ListeningTest, listener_id: str) -> Trial | None:
    """Find the first of this listener's trials that waits for a vote."""
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


def draw_trial(
    connection: Connection, test: ListeningTest, listener: Listener, now: datetime
) -> Trial:
    """Draw a trial, on what was drawn for everybody before, and store it.

    Args:
        connection: of a transaction that has locked the test.
        test: which test.
        listener: for whom.
        now: the present, aware.
    """
    own = _drawn(connection, *_of(test, listener.id))
    everybody = _drawn(connection, listening_trials.c.test_id == test.id)
    takes: dict[str, list[int]] = {}
    for side in test.sides:
        takes.setdefault(side.letter, []).append(side.take)
    number = 1 + sum(own.values())
    repeats = None
    drawn = draw(takes, own, everybody, abx=test.kind is ListeningKind.ABX, rng=_CHANCE)
    if test.attention and number == test.trials_per_listener and number > 1:
        repeats = 1 + _CHANCE.randrange(max(1, number // 2))  # not one that the listener just heard
        first, second = _sides_of_trial(connection, test, listener.id, repeats)
        drawn = Drawn(second, first, None)
    trial_id = secrets.token_hex(16)
    connection.execute(
        insert(listening_trials).values(
            id=trial_id,
            test_id=test.id,
            listener_id=listener.id,
            number=number,
            repeats=repeats,
            first_letter=drawn.first.letter,
            first_take=drawn.first.take,
            second_letter=drawn.second.letter,
            second_take=drawn.second.take,
            x_is=drawn.x_is,
            drawn_at=now,
        )
    )
    return own_trial(connection, trial_id, listener.id)[1]


def _sides_of_trial(
    connection: Connection, test: ListeningTest, listener_id: str, number: int
) -> Pairing:
    trial = listening_trials.c
    row = connection.execute(
        select(trial.first_letter, trial.first_take, trial.second_letter, trial.second_take).where(
            *_of(test, listener_id), trial.number == number
        )
    ).one()
    return Pairing(Recording(row[0], row[1]), Recording(row[2], row[3]))


def _drawn(connection: Connection, *where: ColumnElement[bool]) -> dict[Pairing, int]:
    """Return how often each pairing was drawn."""
    pairing = (
        listening_trials.c.first_letter,
        listening_trials.c.first_take,
        listening_trials.c.second_letter,
        listening_trials.c.second_take,
    )
    # A pair that comes again to test attention is no part of the balance.
    fresh = (*where, listening_trials.c.repeats.is_(None))
    rows = connection.execute(select(*pairing, func.count()).where(*fresh).group_by(*pairing))
    return {
        Pairing(Recording(first, take), Recording(second, other_take)): count
        for first, take, second, other_take, count in rows
    }


def find_vote(connection: Connection, test: ListeningTest, trial_id: str) -> Vote | None:
    """Find the vote of a trial."""
    found = select_votes(connection, test, listening_votes.c.trial_id == trial_id)
    return found[0] if found else None


def own_votes(connection: Connection, test: ListeningTest, listener_id: str) -> list[Vote]:
    """List the votes of a listener, in the order in which they were cast."""
    return select_votes(connection, test, *_of(test, listener_id))


def select_votes(
    connection: Connection, test: ListeningTest, *where: ColumnElement[bool]
) -> list[Vote]:
    """List matching votes of a test, in the order in which they were cast."""
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


def standing_of(
    connection: Connection, test: ListeningTest, listener_id: str | None, now: datetime
) -> Standing:
    """Return where a listener stands in a test.

    Args:
        connection: of the transaction.
        test: which test.
        listener_id: what the browser's cookie holds; None: it holds nothing.
        now: the present, aware.
    """
    over = over_sentence(connection, test, now)
    listener = None if listener_id is None else find_listener(connection, test.id, listener_id)
    if listener is None:
        return Standing(None, over, None, ())
    trial = None if over else open_trial(connection, test, listener.id)
    return Standing(listener, over, trial, tuple(own_votes(connection, test, listener.id)))


def note_heard(connection: Connection, trial_id: str, listener_id: str, now: datetime) -> Trial:
    """Note when the first sound of a trial was handed out; only the first call counts.

    Args:
        connection: of the transaction.
        trial_id: which trial.
        listener_id: whose.
        now: the present, aware.
    """
    connection.execute(
        update(listening_trials)
        .where(listening_trials.c.id == trial_id, listening_trials.c.heard_from.is_(None))
        .values(heard_from=now)
    )
    return own_trial(connection, trial_id, listener_id)[1]


def draw_next(
    connection: Connection, test_id: str, listener_id: str | None, now: datetime
) -> Standing:
    """Draw a listener's next trial, unless another tab just did, and return the standing.

    Args:
        connection: of a transaction that writes.
        test_id: which test.
        listener_id: for whom.
        now: the present, aware.
    """
    test = get_test(connection, test_id, lock=True)
    standing = standing_of(connection, test, listener_id, now)
    if not standing.awaits_trial or standing.listener is None:
        return standing
    return replace(standing, trial=draw_trial(connection, test, standing.listener, now))
