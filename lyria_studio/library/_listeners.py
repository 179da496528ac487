"""Listening tests as a listener meets them: beginning, the next trial, the vote, the reveal."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from lyria_studio.library._outside import storable_text
from lyria_studio.library._trials import Trials
from lyria_studio.library.comparison_tables import (
    listening_listeners,
    listening_trials,
    listening_votes,
)
from lyria_studio.library.errors import (
    CannotUndo,
    ListeningOver,
    ListeningRefused,
    NotHeard,
    NotPrepared,
    TooManyListeners,
)
from lyria_studio.listening.vote_rules import (
    COMMENT_MAX,
    LONGEST_S,
    NEW_LISTENERS_A_DAY,
    REASON_MAX,
    clean_line,
    clean_text,
    comment_time_s,
    not_heard,
)
from lyria_studio.model.listening_test import (
    Cast,
    Choice,
    Listener,
    ListeningKind,
    ListeningTest,
    NewVote,
    Reveal,
    Trial,
    Vote,
)

__all__ = ["Listeners"]


class Listeners(Trials):
    """The part of the library that listeners reach through their link.

    Every change is made in one transaction that holds the test's row, so two tabs, fifty listeners
    or two processes never draw one trial twice, vote twice, or pass the planned number of votes.
    """

    def begin_listening(
        self, test_id: str, listener_id: str, address_hash: str, name: str | None = None
    ) -> Listener:
        """Let a listener in, or welcome one back who was here before.

        Whoever was here before is let in even when the test is over: to be told what was what.

        Args:
            test_id: which test.
            listener_id: what the browser's cookie holds; unguessable.
            address_hash: a salted hash of the network address, at most 64 characters.
            name: what the listener wants to be called; it replaces the one given before.

        Raises:
            UnknownTest: there is no such test.
            ListeningOver: the test takes no more votes, and this is a new listener.
            NotPrepared: its blind copies are not made yet.
            TooManyListeners: the address has brought its share of new listeners for a day.
        """
        name = clean_line(storable_text(name))
        with self._database.write() as connection:
            test = self._test(connection, test_id, lock=True)
            known = self._find_listener(connection, test_id, listener_id)
            if known is not None:
                if name is not None and name != known.name:
                    self._change_listener(connection, known, name=name)
                return self._listener(connection, test_id, listener_id)
            self._refuse_if_over(connection, test)
            if test.prepared is None:
                raise NotPrepared("This listening test is not ready yet; try again in a minute.")
            now = self._clock()
            recent = connection.execute(
                select(func.count()).where(
                    listening_listeners.c.test_id == test_id,
                    listening_listeners.c.address_hash == address_hash,
                    listening_listeners.c.created_at > now - timedelta(days=1),
                )
            ).scalar_one()
            if recent >= NEW_LISTENERS_A_DAY:
                raise TooManyListeners(
                    "Many listeners came from your network today; please try again tomorrow."
                )
            connection.execute(
                insert(listening_listeners).values(
                    test_id=test_id,
                    id=listener_id,
                    name=name,
                    address_hash=address_hash,
                    created_at=now,
                )
            )
            return self._listener(connection, test_id, listener_id)

    def listener(self, test_id: str, listener_id: str) -> Listener | None:
        """Somebody who was here before; None for somebody who was not."""
        with self._database.read() as connection:
            return self._find_listener(connection, test_id, listener_id)

    def next_trial(self, test_id: str, listener_id: str) -> Trial | None:
        """What this listener hears next: the same until it is voted on; None: finished.

        Raises:
            UnknownTest: there is no such test.
            UnknownTrial: this listener never began.
            ListeningOver: the test takes no more votes.
        """
        # Most calls find the open trial again and need no lock.
        with self._database.read() as connection:
            test = self._test(connection, test_id)
            open_trial = self._open_trial(connection, test, listener_id)
            if open_trial is not None:
                self._refuse_if_over(connection, test)
                return open_trial
        with self._database.write() as connection:
            test = self._test(connection, test_id, lock=True)
            listener = self._listener(connection, test_id, listener_id)
            if listener.finished_at is not None:
                return None
            self._refuse_if_over(connection, test)
            return self._open_trial(connection, test, listener_id) or self._draw(
                connection, test, listener
            )

    def trial(self, trial_id: str, listener_id: str) -> Trial:
        """One trial of this listener, voted on or not.

        Raises:
            UnknownTrial: this listener has no such trial.
        """
        with self._database.read() as connection:
            return self._own_trial(connection, trial_id, listener_id)[1]

    def heard_from(self, trial_id: str, listener_id: str) -> Trial:
        """Say that the first sound of a trial is handed out now; only the first call counts.

        Raises:
            UnknownTrial: this listener has no such trial.
        """
        found = self.trial(trial_id, listener_id)
        if found.heard_from is not None:
            return found
        with self._database.write() as connection:
            connection.execute(
                update(listening_trials)
                .where(listening_trials.c.id == trial_id, listening_trials.c.heard_from.is_(None))
                .values(heard_from=self._clock())
            )
            return self._own_trial(connection, trial_id, listener_id)[1]

    def vote(self, trial_id: str, listener_id: str, new: NewVote) -> Cast:
        """Cast the vote of a trial, once.

        Voting again changes nothing, and says so, whatever became of the test meanwhile. Texts
        that are too long are cut; a time that can be none is left out.

        Raises:
            UnknownTrial: this listener has no such trial.
            ListeningOver: the test takes no more votes.
            NotHeard: both sides were not heard for long enough.
            ListeningRefused: "no difference" in an ABX trial.
        """
        with self._database.write() as connection:
            test, trial = self._own_trial(connection, trial_id, listener_id, lock=True)
            voted = self._find_vote(connection, test, trial_id)
            if voted is not None:
                return Cast(voted, repeated=True, differs=voted.choice is not new.choice)
            self._refuse_if_over(connection, test)
            if test.kind is ListeningKind.ABX and new.choice is Choice.NONE:
                raise ListeningRefused("Say which of the two X is, even if you have to guess.")
            now = self._clock()
            elapsed = None if trial.heard_from is None else (now - trial.heard_from).total_seconds()
            problem = not_heard(new.heard_first_s, new.heard_second_s, elapsed, trial.must_hear_s)
            if problem is not None:
                raise NotHeard(problem)
            connection.execute(
                insert(listening_votes).values(
                    trial_id=trial_id, test_id=test.id, cast_at=now, **_answer(new)
                )
            )
            listener = self._listener(connection, test.id, listener_id)
            if listener.voted >= test.trials_per_listener:
                self._change_listener(connection, listener, finished_at=now)
            (cast,) = self._select_votes(connection, test, listening_votes.c.trial_id == trial_id)
            return Cast(cast)

    def undo_vote(self, test_id: str, listener_id: str, trial_id: str | None = None) -> Trial:
        """Take back this listener's last vote; its trial is open again and comes next.

        Args:
            test_id: which test.
            listener_id: whose vote.
            trial_id: the trial whose vote is meant. With it, taking it back again (a second click,
                an answer that got lost) changes nothing, rather than taking back one more.

        Raises:
            UnknownTest: there is no such test.
            UnknownTrial: this listener has no such trial.
            ListeningOver: the test takes no more votes, and gives none back.
            CannotUndo: there is no vote, it is not the last, or the listener was told what was
                what.
        """
        with self._database.write() as connection:
            test = self._test(connection, test_id, lock=True)
            votes = self._own_votes(connection, test, listener_id)
            if trial_id is not None and all(vote.trial_id != trial_id for vote in votes):
                return self._own_trial(connection, trial_id, listener_id)[1]
            if not votes:
                raise CannotUndo("There is no vote to take back.")
            self._refuse_if_over(connection, test)
            last = votes[-1]
            if trial_id not in (None, last.trial_id):
                raise CannotUndo("Only the last vote can be taken back.")
            if last.revealed_at is not None:
                raise CannotUndo(
                    "You were told what you heard, so this vote can no longer be taken back."
                )
            connection.execute(
                delete(listening_votes).where(listening_votes.c.trial_id == last.trial_id)
            )
            listener = self._listener(connection, test_id, listener_id)
            self._change_listener(connection, listener, finished_at=None)
            return self._own_trial(connection, last.trial_id, listener_id)[1]

    def reveal(self, trial_id: str, listener_id: str) -> Vote:
        """Mark a vote as revealed, before its listener is told what was what.

        Raises:
            UnknownTrial: this listener has no such trial.
            ListeningRefused: it is not voted on yet, or the reveal comes at the end and the
                listener is not there yet.
        """
        with self._database.write() as connection:
            test, _ = self._own_trial(connection, trial_id, listener_id, lock=True)
            vote = self._find_vote(connection, test, trial_id)
            if vote is None:
                raise ListeningRefused("Vote first; then you are told what you heard.")
            return self._revealed(connection, test, listener_id, [vote])[0]

    def reveal_all(self, test_id: str, listener_id: str) -> list[Vote]:
        """The same for all votes of a listener, in the order of their trials.

        Raises:
            UnknownTest: there is no such test.
            ListeningRefused: the reveal comes at the end and the listener is not there yet.
        """
        with self._database.write() as connection:
            test = self._test(connection, test_id, lock=True)
            votes = self._own_votes(connection, test, listener_id)
            revealed = self._revealed(connection, test, listener_id, votes)
            return sorted(revealed, key=lambda vote: vote.trial_number)

    def _revealed(
        self, connection: Connection, test: ListeningTest, listener_id: str, votes: list[Vote]
    ) -> list[Vote]:
        """The votes, marked as revealed, if this listener may be told now."""
        if test.reveal is Reveal.AT_END:
            self._refuse_unless_at_the_end(connection, test, listener_id)
        fresh = [vote.trial_id for vote in votes if vote.revealed_at is None]
        now = self._clock()
        connection.execute(
            update(listening_votes)
            .where(listening_votes.c.trial_id.in_(fresh))
            .values(revealed_at=now)
        )
        return [
            vote if vote.revealed_at is not None else replace(vote, revealed_at=now)
            for vote in votes
        ]

    def _refuse_unless_at_the_end(
        self, connection: Connection, test: ListeningTest, listener_id: str
    ) -> None:
        if self._listener(connection, test.id, listener_id).finished_at is None:
            try:
                self._refuse_if_over(connection, test)
            except ListeningOver:
                return
            raise ListeningRefused("You are told what you heard after your last answer.")


def _answer(new: NewVote) -> dict[str, Any]:
    """What a listener said, as it is stored."""
    comment = clean_text(storable_text(new.comment), COMMENT_MAX)
    return {
        "choice": new.choice,
        "reason": clean_line(storable_text(new.reason), REASON_MAX),
        "comment": comment,
        # A time without words is no comment.
        "comment_at_s": None if comment is None else comment_time_s(new.comment_at_s),
        "comment_on": None if comment is None else new.comment_on,
        "heard_first_s": min(new.heard_first_s, LONGEST_S),
        "heard_second_s": min(new.heard_second_s, LONGEST_S),
        "began_with": new.began_with,
    }
