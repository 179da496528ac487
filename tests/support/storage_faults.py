"""Real faults of the storage under a library: a full disk, a database that another one holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import event

from lyria_studio.library import DATABASE_NAME, Library


@contextmanager
def _every_connection(library: Library, pragma: str) -> Iterator[None]:
    engine = library._database.engine

    def prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA {pragma}").close()

    event.listen(engine, "connect", prepare)
    engine.dispose()
    try:
        yield
    finally:
        event.remove(engine, "connect", prepare)
        engine.dispose()


@contextmanager
def full_disk(library: Library) -> Iterator[None]:
    """Let the database not grow by a single page."""
    with _every_connection(library, "max_page_count=1"):  # SQLite makes it what there is
        yield


@contextmanager
def locked_database(library: Library) -> Iterator[None]:
    """Let another process hold the database, for longer than anybody waits."""
    with (
        _every_connection(library, "busy_timeout=50"),
        closing(sqlite3.connect(library.home / DATABASE_NAME, isolation_level=None)) as other,
    ):
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")
