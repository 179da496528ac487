"""What the page behind a listening test's link asks beside the listener's own steps."""

from __future__ import annotations

from sqlalchemy import select

from lyria_studio.library._listeners import Listeners
from lyria_studio.library._test_rows import test_of
from lyria_studio.library.comparison_tables import listening_tests
from lyria_studio.model.listening_test import ListeningTest, Vote

__all__ = ["Link"]


class Link(Listeners):
    """The part of the library behind the link of a listening test."""

    def own_votes(self, test_id: str, listener_id: str) -> list[Vote]:
        """The votes of one listener, in the order in which they were cast.

        Raises:
            UnknownTest: there is no such test.
        """
        with self._database.read() as connection:
            test = self._test(connection, test_id)
            return self._own_votes(connection, test, listener_id)

    def refuse_if_over(self, test_id: str) -> None:
        """Find out whether a test takes votes.

        Raises:
            UnknownTest: there is no such test.
            ListeningOver: it takes no more; the message says why.
        """
        with self._database.read() as connection:
            self._refuse_if_over(connection, self._test(connection, test_id))

    def unprepared_tests(self) -> list[ListeningTest]:
        """The tests that still wait for their blind copies, oldest first.

        Neither one that failed, which its owner may try again, nor one that was closed is among
        them.
        """
        column = listening_tests.c
        statement = (
            select(listening_tests)
            .where(column.prepared.is_(None), column.problem.is_(None), column.closed_at.is_(None))
            .order_by(column.created_at, column.id)
        )
        with self._database.read() as connection:
            return [test_of(row) for row in connection.execute(statement).mappings()]

    def prepared_folders(self) -> set[str]:
        """The names of the folders with the blind copies of all tests."""
        column = listening_tests.c.prepared
        with self._database.read() as connection:
            return set(connection.execute(select(column).where(column.is_not(None))).scalars())
