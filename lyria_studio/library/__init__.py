"""The library: every generation from its intent to its tracks, in one durable table.

The row in `generations` is the only truth. Whoever acts on a generation (the worker, a person, a
callback) first moves its row by a compare-and-set that only one of them can win.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import URL

from lyria_studio.library._store import Store, now_utc
from lyria_studio.library.database import Database, sqlite_url
from lyria_studio.library.errors import LibraryError, NotSettled, StorageError, UnknownGeneration
from lyria_studio.library.jobs import Jobs
from lyria_studio.library.ledger import Ledger, Preferences
from lyria_studio.library.settlements import is_request_id
from lyria_studio.library.tracks import Tracks
from lyria_studio.library.votes import Listening

__all__ = [
    "Library",
    "LibraryError",
    "NotSettled",
    "Preferences",
    "StorageError",
    "UnknownGeneration",
    "is_request_id",
]

DATABASE_NAME = "library.sqlite3"


class Library:
    """The library in a folder. Safe to use from many threads and from several processes.

    Args:
        home: the folder; made if it is not there. Tracks inside it are stored by relative path,
            so the whole folder may be moved.
        database_url: another database than the SQLite file in `home`.
        clock: gives the time, aware; for tests.

    Attributes:
        jobs: generations from the order to the finished track; `jobs.fetches` keeps what goes
            wrong with their files, `jobs.callbacks` what the gateway reports by itself.
        tracks: the tracks and their pages, drafts and templates.
        listening: comparisons, listening tests and votes.
        ledger: where the money is, and the limits.

    Raises:
        LibraryError: the database cannot be opened, or was written by a newer version.
    """

    def __init__(
        self,
        home: Path,
        *,
        database_url: str | URL | None = None,
        clock: Callable[[], datetime] = now_utc,
    ) -> None:
        self.home = Path(home)
        try:
            self.home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(
                f"The library's folder {home} cannot be made ({error.strerror}); "
                "choose another one with LYRIA_HOME."
            ) from None
        self._database = Database(database_url or sqlite_url(self.home / DATABASE_NAME))
        self._store = Store(self.home, self._database, clock)
        self.jobs = Jobs(self._store)
        self.tracks = Tracks(self._store)
        self.listening = Listening(self._store)
        self.ledger = Ledger(self._store)

    def transaction(self) -> AbstractContextManager[None]:
        """Make all that this thread reads and writes meanwhile one transaction.

        It holds the only write lock of SQLite: keep it short, and never wait for anything in it.
        """
        return self._store.transaction()

    def now(self) -> datetime:
        """Return the present by the clock of the stored times, aware."""
        return self._store.clock()

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
