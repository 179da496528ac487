"""What a listener does, inside a transaction that locks the test: begin, vote, undo, reveal.

So two tabs, fifty listeners or two processes never draw one trial twice, vote twice, or pass the
planned number of votes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from lyria_studio.library._outside import storable_text
from lyria_studio.library._tests import get_test
from lyria_studio.library._trials import (
    change_listener,
    find_listener,
    find_vote,
    get_listener,
    own_trial,
    own_votes,
    refuse_if_over,
    select_votes,
)
from lyria_studio.library.comparison_tables import listening_listeners, listening_votes
from lyria_studio.library.errors import (
    CannotUndo,
    ListeningOver,
    ListeningRefused,
    NotHeard,
    NotPrepared,
    TooManyListeners,
)
from lyria_studio.limits import within_limit
from lyria_studio.listening.vote_rules import (
    LONGEST_S,
    NEW_LISTENERS_A_DAY,
    clean_text,
    comment_time_s,
    not_heard,
    one_line,
)
from lyria_studio.model.listening_test import Listener, ListeningKind, ListeningTest, Reveal
from lyria_studio.model.vote import Cast, Choice, NewVote, Trial, Vote

__all__ = ["cast_vote", "let_in", "reveal_votes", "take_back"]


def let_in(
    connection: Connection,
    test_id: str,
    listener_id: str,
    address_hash: str,
    name: str | None,
    device: str | None,
    now: datetime,
) -> Listener:
    """Let a listener in; see `Listening.begin_listening` for the arguments."""
    name = one_line(storable_text(name))
    if name is not None:
        within_limit(name, "name")
    test = get_test(connection, test_id, lock=True)
    known = find_listener(connection, test_id, listener_id)
    if known is not None:
        if name is not None and name != known.name:
            change_listener(connection, known, name=name)
        return get_listener(connection, test_id, listener_id)
    refuse_if_over(connection, test, now)
    if test.prepared is None:
        raise NotPrepared("This listening test is not ready yet; try again in a minute.")
    columns = listening_listeners.c
    came = select(func.count()).where(columns.test_id == test_id)
    of_network = came.where(
        columns.address_hash == address_hash, columns.created_at > now - timedelta(days=1)
    )
    if connection.execute(of_network).scalar_one() >= NEW_LISTENERS_A_DAY:
        raise TooManyListeners(
            "Many listeners came from your network today; please try again tomorrow."
        )
    of_hour = came.where(columns.created_at > now - timedelta(hours=1))
    if connection.execute(of_hour).scalar_one() >= test.listeners_an_hour:
        raise TooManyListeners("Many listeners joined just now. Please try again in an hour.")
    connection.execute(
        insert(listening_listeners).values(
            test_id=test_id,
            id=listener_id,
            name=name,
            address_hash=address_hash,
            device=device if test.ask_device else None,
            created_at=now,
        )
    )
    return get_listener(connection, test_id, listener_id)


def cast_vote(
    connection: Connection, trial_id: str, listener_id: str, new: NewVote, now: datetime
) -> Cast:
    """Cast the vote of a trial, once; see `Listening.vote` for the arguments."""
    test, trial = own_trial(connection, trial_id, listener_id, lock=True)
    voted = find_vote(connection, test, trial_id)
    if voted is not None:
        return Cast(voted, repeated=True, differs=voted.choice is not new.choice)
    refuse_if_over(connection, test, now)
    if test.kind is ListeningKind.ABX and new.choice is Choice.NONE:
        raise ListeningRefused("Say which of the two X is, even if you have to guess.")
    elapsed = None if trial.heard_from is None else (now - trial.heard_from).total_seconds()
    problem = not_heard(new.heard_first_s, new.heard_second_s, elapsed, trial.must_hear_s)
    if problem is not None:
        raise NotHeard(problem)
    connection.execute(
        insert(listening_votes).values(
            trial_id=trial_id, test_id=test.id, cast_at=now, **_answer_values(new)
        )
    )
    listener = get_listener(connection, test.id, listener_id)
    if listener.voted >= test.trials_per_listener:
        change_listener(connection, listener, finished_at=now)
    (cast,) = select_votes(connection, test, listening_votes.c.trial_id == trial_id)
    return Cast(cast)


def take_back(
    connection: Connection, test_id: str, listener_id: str, trial_id: str | None, now: datetime
) -> Trial:
    """Take back the last vote; see `Listening.undo_vote` for the arguments."""
    test = get_test(connection, test_id, lock=True)
    votes = own_votes(connection, test, listener_id)
    if trial_id is not None and all(vote.trial_id != trial_id for vote in votes):
        return own_trial(connection, trial_id, listener_id)[1]
    if not votes:
        raise CannotUndo("There is no vote to take back.")
    refuse_if_over(connection, test, now)
    last = votes[-1]
    if trial_id not in (None, last.trial_id):
        raise CannotUndo("Only the last vote can be taken back.")
    if last.revealed_at is not None:
        raise CannotUndo("You were told what you heard, so this vote can no longer be taken back.")
    connection.execute(delete(listening_votes).where(listening_votes.c.trial_id == last.trial_id))
    listener = get_listener(connection, test_id, listener_id)
    change_listener(connection, listener, finished_at=None)
    return own_trial(connection, last.trial_id, listener_id)[1]


def _mark_revealed(
    connection: Connection,
    test: ListeningTest,
    listener_id: str,
    votes: list[Vote],
    now: datetime,
) -> list[Vote]:
    """Mark votes as revealed and return them, if this listener may see the answer now.

    Args:
        connection: of a transaction that has locked the test.
        test: which test.
        listener_id: who asks.
        votes: of this listener.
        now: the present, aware.

    Raises:
        ListeningRefused: the reveal comes at the end and the listener is not there yet.
    """
    if test.reveal is Reveal.AT_END:
        _refuse_unless_at_the_end(connection, test, listener_id, now)
    fresh = [vote.trial_id for vote in votes if vote.revealed_at is None]
    connection.execute(
        update(listening_votes).where(listening_votes.c.trial_id.in_(fresh)).values(revealed_at=now)
    )
    return [
        vote if vote.revealed_at is not None else replace(vote, revealed_at=now) for vote in votes
    ]


def _refuse_unless_at_the_end(
    connection: Connection, test: ListeningTest, listener_id: str, now: datetime
) -> None:
    if get_listener(connection, test.id, listener_id).finished_at is None:
        try:
            refuse_if_over(connection, test, now)
        except ListeningOver:
            return
        raise ListeningRefused("You are told what you heard after your last answer.")


def _answer_values(new: NewVote) -> dict[str, Any]:
    """Return the columns of an answer.

    Raises:
        TextTooLong: a text is longer than its limit.
    """
    comment = clean_text(storable_text(new.comment))
    reason = one_line(storable_text(new.reason))
    return {
        "choice": new.choice,
        "reason": reason and within_limit(reason, "reason"),
        "comment": comment and within_limit(comment, "remark"),
        # A time without words is no comment.
        "comment_at_s": None if comment is None else comment_time_s(new.comment_at_s),
        "comment_on": None if comment is None else new.comment_on,
        "heard_first_s": min(new.heard_first_s, LONGEST_S),
        "heard_second_s": min(new.heard_second_s, LONGEST_S),
        "began_with": new.began_with,
    }


def reveal_votes(
    connection: Connection, test_id: str, listener_id: str, trial_id: str | None, now: datetime
) -> list[Vote]:
    """Mark votes as revealed; see `Listening.reveal` for the arguments."""
    test = get_test(connection, test_id, lock=True)
    votes = own_votes(connection, test, listener_id)
    if trial_id is not None:
        own_trial(connection, trial_id, listener_id)
        votes = [vote for vote in votes if vote.trial_id == trial_id]
        if not votes:
            raise ListeningRefused("Vote first; then you are told what you heard.")
    revealed = _mark_revealed(connection, test, listener_id, votes, now)
    return sorted(revealed, key=lambda vote: vote.trial_number)
