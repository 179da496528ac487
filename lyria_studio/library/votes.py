"""Comparisons, their listening tests and the votes."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError

from lyria_studio.library import _comparisons, _listeners, _tests, _trials
from lyria_studio.library._outside import storable_text
from lyria_studio.library._store import Store
from lyria_studio.library.errors import UnknownTest
from lyria_studio.model.comparison import Comparison, ComparisonCursor, NewComparison
from lyria_studio.model.listening_test import Listener, ListeningTest, NewTest
from lyria_studio.model.vote import Cast, NewVote, Standing, Trial, Vote

__all__ = ["Listening"]


class Listening:
    """Keeps comparisons and listening tests, and takes the votes of listeners."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def save_comparison(self, new: NewComparison) -> Comparison:
        """Store a comparison, or replace it as long as none of its slots is filled.

        Saving again what is stored already changes nothing, whether or not it was ordered.

        Raises:
            LibraryError: it was ordered, and this would change it; or its parent is gone.
        """
        new = _comparisons.validate_comparison(new)
        try:
            with self._store.write() as connection:
                return _comparisons.save_form(connection, new, self._store.clock())
        except IntegrityError:
            # At this very moment somebody stored the same form or deleted the parent.
            with self._store.write() as connection:
                return _comparisons.save_form(connection, new, self._store.clock())

    def comparison(self, comparison_id: str) -> Comparison:
        """Return one comparison.

        Raises:
            UnknownComparison: there is none with this id.
        """
        with self._store.read() as connection:
            return _comparisons.get_comparison(connection, comparison_id)

    def comparisons(
        self,
        limit: int = 50,
        before: ComparisonCursor | None = None,
        *,
        parent_id: str | None = None,
    ) -> list[Comparison]:
        """List the newest comparisons, or those that follow after `before`, newest first.

        Args:
            limit: how many at most.
            before: `ComparisonCursor` of the last one of the list before.
            parent_id: only those that go on from this one.
        """
        with self._store.read() as connection:
            return _comparisons.list_comparisons(connection, limit, before, parent_id)

    def rename_comparison(self, comparison_id: str, name: str) -> Comparison:
        """Give a comparison another name; an empty one changes nothing.

        Raises:
            UnknownComparison: there is none with this id.
        """
        name = _comparisons.clean_name(name)
        with self._store.write() as connection:
            if name:
                _comparisons.change_comparison(
                    connection, comparison_id, self._store.clock(), name=name
                )
            return _comparisons.get_comparison(connection, comparison_id)

    def delete_comparison(self, comparison_id: str, *, votes_too: bool = False) -> tuple[str, ...]:
        """Delete a comparison and its listening tests; generations and tracks always stay.

        Comparisons that go on from it stay too and begin a chain of their own.

        Args:
            comparison_id: nothing happens if it is gone already.
            votes_too: the person was told that votes are lost with it, and wants that.

        Returns:
            The names of the folders with blind copies that nobody needs any longer.

        Raises:
            LibraryError: people have voted in its listening tests, and `votes_too` is not set.
        """
        with self._store.write() as connection:
            return _comparisons.delete_with_tests(connection, comparison_id, votes_too=votes_too)

    def fill_slots(self, comparison_id: str, filling: Mapping[tuple[str, int], str]) -> Comparison:
        """Store which generations fill these slots, all of them or none.

        A generation that is replaced goes into `Slot.earlier`. Filling a slot with what it holds
        changes nothing. Order first, with ids that follow from the slot, and fill then: whoever
        is interrupted in between orders again, gets the same generations, and fills.

        Args:
            comparison_id: which comparison.
            filling: (letter, take) to the id of a generation of this library.

        Raises:
            UnknownComparison: there is none with this id.
            UnknownGeneration: there is no such generation.
            LibraryError: the comparison has no such slot.
        """
        with self._store.write() as connection:
            now = self._store.clock()
            return _comparisons.fill_slots(connection, comparison_id, filling, now)

    def set_offset(self, comparison_id: str, letter: str, seconds: float) -> Comparison:
        """Align a variant by hand (`Variant.offset_s`).

        A listening test that is open keeps the offsets it was opened with.

        Args:
            comparison_id: which comparison.
            letter: which variant.
            seconds: what is skipped at its beginning; negative: silence before it.

        Raises:
            UnknownComparison: there is none with this id.
            LibraryError: it has no such variant, or this is no length of time.
        """
        with self._store.write() as connection:
            now = self._store.clock()
            return _comparisons.align_variant(connection, comparison_id, letter, seconds, now)

    def open_test(self, new: NewTest) -> ListeningTest:
        """Open a listening test on the recordings that its comparison has now.

        Opening again with the same id gives the test that was opened. A take that is replaced, or
        made, later is not in it.

        Raises:
            UnknownComparison: there is no such comparison.
            LibraryError: a variant has no finished take, or the numbers or letters cannot be.
        """
        new = _tests.validate_test(new)
        with self._store.write() as connection:
            return _tests.insert_test(connection, new, self._store.clock())

    def test(self, test_id: str, nonce: str | None = None) -> ListeningTest:
        """Return one listening test.

        Args:
            test_id: which test.
            nonce: what the link to it carries, if it is reached by a link.

        Raises:
            UnknownTest: there is none with this id, or the link was revoked.
        """
        with self._store.read() as connection:
            test = _tests.get_test(connection, test_id)
        if nonce is not None and not hmac.compare_digest(test.nonce.encode(), nonce.encode()):
            raise UnknownTest("This link was revoked.")
        return test

    def tests(self, comparison_id: str) -> list[ListeningTest]:
        """Return the listening tests of a comparison, newest first."""
        with self._store.read() as connection:
            return _tests.tests_of(connection, comparison_id)

    def close_test(self, test_id: str) -> ListeningTest:
        """Take no more votes, for good; nothing happens if it is closed already."""
        with self._store.write() as connection:
            if _tests.get_test(connection, test_id, lock=True).closed_at is None:
                _tests.change_test(connection, test_id, closed_at=self._store.clock())
            return _tests.get_test(connection, test_id)

    def revoke_test(self, test_id: str) -> ListeningTest:
        """Let the links of this test that were given away lead nowhere; new ones work."""
        with self._store.write() as connection:
            _tests.change_test(connection, test_id, nonce=secrets.token_urlsafe(16))
            return _tests.get_test(connection, test_id)

    def note_preparation(
        self, test_id: str, *, folder: str | None = None, problem: str | None = None
    ) -> ListeningTest:
        """Note that the blind copies are in a folder, or why they could not be made.

        Args:
            test_id: which test.
            folder: the name of the folder; listeners may begin.
            problem: one sentence for the owner.
        """
        values: dict[str, Any] = {"problem": storable_text(problem)}
        if folder is not None:
            values["prepared"] = folder
        with self._store.write() as connection:
            _tests.change_test(connection, test_id, **values)
            return _tests.get_test(connection, test_id)

    def preparations(self) -> tuple[list[ListeningTest], set[str]]:
        """List the tests that wait for their blind copies, oldest first, and all tests' folders.

        A test that failed, which its owner may try again, and one that was closed do not wait.
        """
        with self._store.read() as connection:
            return _tests.waiting_tests(connection), _tests.prepared_folders(connection)

    def votes(self, test_id: str, listener_id: str | None = None) -> list[Vote]:
        """List the votes that count, of all listeners or of one, in the order they were cast."""
        with self._store.read() as connection:
            return _tests.votes_of(connection, _tests.get_test(connection, test_id), listener_id)

    def vote_counts(self, test_ids: Sequence[str]) -> dict[str, int]:
        """Count the votes of each of these tests; 0 for one that there is not."""
        with self._store.read() as connection:
            return _tests.count_votes(connection, test_ids)

    def listeners(self, test_id: str) -> list[Listener]:
        """List who opened the link of a test, in the order in which they came."""
        with self._store.read() as connection:
            return _tests.listeners_of(connection, test_id)

    def begin_listening(
        self,
        test_id: str,
        listener_id: str,
        address_hash: str,
        name: str | None = None,
        device: str | None = None,
    ) -> Listener:
        """Let a listener in, or welcome one back who was here before.

        Whoever was here before is let in even when the test is over: to be told what was what.

        Args:
            test_id: which test.
            listener_id: what the browser's cookie holds; unguessable.
            address_hash: a salted hash of the network address, at most 64 characters.
            name: what the listener wants to be called; it replaces the one given before.
            device: "headphones" or "speaker"; kept where the test asks for it.

        Raises:
            UnknownTest: there is no such test.
            ListeningOver: the test takes no more votes, and this is a new listener.
            NotPrepared: its blind copies are not made yet.
            TooManyListeners: the address has brought its share of new listeners for a day.
            TextTooLong: the name is longer than its limit.
        """
        with self._store.write() as connection:
            now = self._store.clock()
            return _listeners.let_in(
                connection, test_id, listener_id, address_hash, name, device, now
            )

    def standing(self, test_id: str, listener_id: str | None) -> Standing:
        """Return where a listener stands in a test, with the next trial drawn if one is due."""
        with self._store.read() as connection:
            test = _tests.get_test(connection, test_id)
            standing = _trials.standing_of(connection, test, listener_id, self._store.clock())
        if not standing.awaits_trial:
            return standing
        with self._store.write() as connection:
            return _trials.draw_next(connection, test_id, listener_id, self._store.clock())

    def trial(self, trial_id: str, listener_id: str) -> Trial:
        """Return one trial of this listener, voted on or not."""
        with self._store.read() as connection:
            return _trials.own_trial(connection, trial_id, listener_id)[1]

    def heard_from(self, trial_id: str, listener_id: str) -> Trial:
        """Note that the first sound of a trial is served now; only the first call counts.

        Raises:
            UnknownTrial: this listener has no such trial.
        """
        found = self.trial(trial_id, listener_id)
        if found.heard_from is not None:
            return found
        with self._store.write() as connection:
            return _trials.note_heard(connection, trial_id, listener_id, self._store.clock())

    def vote(self, trial_id: str, listener_id: str, new: NewVote) -> Cast:
        """Cast the vote of a trial, once.

        Voting again changes nothing, and says so, whatever became of the test meanwhile. Texts
        that are too long are cut; a time that can be none is left out.

        Args:
            trial_id: which trial.
            listener_id: who votes.
            new: the answer.

        Raises:
            UnknownTrial: this listener has no such trial.
            ListeningOver: the test takes no more votes.
            NotHeard: both sides were not heard for long enough.
            ListeningRefused: "no difference" in an ABX trial.
        """
        with self._store.write() as connection:
            now = self._store.clock()
            return _listeners.cast_vote(connection, trial_id, listener_id, new, now)

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
        with self._store.write() as connection:
            now = self._store.clock()
            return _listeners.take_back(connection, test_id, listener_id, trial_id, now)

    def reveal(self, test_id: str, listener_id: str, trial_id: str | None = None) -> list[Vote]:
        """Mark votes as revealed, before the listener sees the answer.

        Args:
            test_id: which test.
            listener_id: whose votes.
            trial_id: the trial whose vote is meant; all of this listener if not given.

        Returns:
            The votes, in the order of their trials.

        Raises:
            UnknownTest: there is no such test.
            UnknownTrial: this listener has no such trial.
            ListeningRefused: it is not voted on yet, or the reveal comes at the end and the
                listener is not there yet.
        """
        with self._store.write() as connection:
            now = self._store.clock()
            return _listeners.reveal_votes(connection, test_id, listener_id, trial_id, now)
