"""What the parts of the library share: one database, one folder, one clock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from lyria_studio.library._rows import Rows
from lyria_studio.library.database import Database

__all__ = ["Store", "now_utc"]


def now_utc() -> datetime:
    """Return the present time: the library's clock, unless a test gives another."""
    return datetime.now(UTC)


class Store:
    """The database, the folder and the clock.

    Attributes:
        home: the library's folder.
        clock: gives the time, aware.
    """

    def __init__(self, home: Path, database: Database, clock: Callable[[], datetime]) -> None:
        self.home = home
        self.clock = clock
        self._database = database
        self._joined = threading.local()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Read from one snapshot: that of `transaction` if this thread is inside one."""
        joined: Connection | None = getattr(self._joined, "connection", None)
        if joined is not None:
            yield joined
            return
        with self._database.read() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Commit at the end, or with `transaction` if this thread is inside one."""
        joined: Connection | None = getattr(self._joined, "connection", None)
        if joined is not None:
            yield joined
            return
        with self._database.write() as connection:
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all that this thread reads and writes meanwhile one transaction."""
        with self.write() as connection:
            outer = getattr(self._joined, "connection", None)
            self._joined.connection = connection
            try:
                yield
            finally:
                self._joined.connection = outer

    @contextmanager
    def reading(self) -> Iterator[Rows]:
        """Read the rows of generations from one snapshot, as `read` does."""
        with self.read() as connection:
            yield Rows(connection, self.home, self.clock)

    @contextmanager
    def writing(self) -> Iterator[Rows]:
        """Change the rows of generations in one transaction, as `write` does."""
        with self.write() as connection:
            yield Rows(connection, self.home, self.clock)
