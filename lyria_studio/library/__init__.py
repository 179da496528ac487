"""The library: every generation from its intent to its tracks, in one durable table.

The row in `generations` is the only truth. Whoever acts on a generation (the worker, a person, a
callback) first moves its row by a compare-and-set that only one of them can win.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import URL

from lyria_studio.library._accounts import Accounts
from lyria_studio.library._comparisons import Comparisons
from lyria_studio.library._downloads import Downloads
from lyria_studio.library._drafts import Drafts
from lyria_studio.library._link import Link
from lyria_studio.library._looks import Looks
from lyria_studio.library._orders import Orders
from lyria_studio.library._pages import Pages
from lyria_studio.library._people import People, is_request_id
from lyria_studio.library._preferences import Choices, Preferences
from lyria_studio.library._reading import Reading
from lyria_studio.library._schedule import Schedule
from lyria_studio.library._shelf import Shelf
from lyria_studio.library._store import now_utc
from lyria_studio.library._submits import Submits
from lyria_studio.library._templates import OwnTemplates
from lyria_studio.library.database import Database, sqlite_url
from lyria_studio.library.errors import LibraryError, NotSettled, UnknownGeneration

__all__ = [
    "Library",
    "LibraryError",
    "NotSettled",
    "Preferences",
    "UnknownGeneration",
    "is_request_id",
]

DATABASE_NAME = "library.sqlite3"


class Jobs(Reading, Orders, Schedule, Submits, Looks, Downloads, People):
    """Generations from the order to the finished track: each step happens once."""


class Tracks(Shelf, Pages, Drafts, OwnTemplates):
    """What a person keeps: tracks and their pages, drafts and templates."""


class ListeningTests(Comparisons, Link):
    """Comparisons, their listening tests and the votes."""


class Ledger(Accounts, Choices):
    """Where the money is, and the limits that a person set."""


class Library:
    """The library in a folder. Safe to use from many threads and from several processes.

    Args:
        home: the folder; made if it is not there. Tracks inside it are stored by relative path,
            so the whole folder may be moved.
        database_url: another database than the SQLite file in `home`.
        clock: gives the time, aware; for tests.

    Attributes:
        jobs: generations from the order to the finished track.
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
        self.jobs = Jobs(self.home, self._database, clock)
        self.tracks = Tracks(self.home, self._database, clock)
        self.listening = ListeningTests(self.home, self._database, clock)
        self.ledger = Ledger(self.home, self._database, clock)

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
