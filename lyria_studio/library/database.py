"""The connection to the database: read and write transactions, and a clean close."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DataError,
    IntegrityError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from lyria_studio.library.errors import LibraryError, StorageError
from lyria_studio.library.migrations import upgrade
from lyria_studio.library.tables import metadata

__all__ = ["Database", "sqlite_url"]

BUSY_TIMEOUT_S = 30.0


def sqlite_url(path: Path) -> URL:
    """Return the URL of a SQLite file."""
    return URL.create("sqlite", database=str(path))


class Database:
    """One engine, migrated to the newest schema, safe to use from many threads.

    Reads see one snapshot each. On SQLite a write takes the write lock at its first statement
    (BEGIN IMMEDIATE), so what it reads cannot change before it commits; writers of this process
    queue on a lock of our own first, because SQLite's busy handler sleeps and is not fair. A
    commit returns only when it would survive a power cut (synchronous=FULL).
    """

    def __init__(self, url: str | URL) -> None:
        with _opening():
            self.url = make_url(url)
            self.is_sqlite = self.url.get_backend_name() == "sqlite"
            self._write_lock = threading.Lock() if self.is_sqlite else nullcontext()
            self._migrate()
            self.engine = self._engine()
        self._writing = self.engine.execution_options(lyria_write=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that only reads.

        Raises:
            StorageError: the database does not answer.
        """
        with (
            _in_a_sentence("The library could not be read"),
            self.engine.connect() as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that writes: commits at the end, rolls back on an exception.

        Raises:
            StorageError: the disk is full, or the database does not answer; nothing was changed.
        """
        with (
            _in_a_sentence("This could not be saved", "Nothing was changed."),
            self._write_lock,
            self._writing.connect() as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        """Close every pooled connection.

        Whoever still comes later opens a new one: an answer of the gateway that arrives while the
        app ends must be stored, not lost.
        """
        self.engine.dispose()

    def _engine(self, **options: Any) -> Engine:
        if self.is_sqlite:
            # isolation_level=None: sqlite3 begins nothing by itself, our listener does.
            options["connect_args"] = {"isolation_level": None, "timeout": BUSY_TIMEOUT_S}
        if "poolclass" not in options:
            # Worker threads, Streamlit's script threads and the web's threads all read at once;
            # none should wait for a connection.
            options |= {"pool_size": 8, "max_overflow": -1}
        # hide_parameters: an error of the database never shows a prompt.
        engine = create_engine(self.url, hide_parameters=True, **options)
        if self.is_sqlite:
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _migrate(self) -> None:
        engine = self._engine(poolclass=NullPool).execution_options(lyria_write=True)
        with engine.connect() as connection:
            if self.is_sqlite:
                _use_wal(connection)
            upgrade(connection)
            _check_columns(connection)


@contextmanager
def _in_a_sentence(what: str, outcome: str = "") -> Iterator[None]:
    """Raise faults of the disk or the server as a StorageError, and mistakes in the code as is."""
    try:
        yield
    except DatabaseError as error:
        if isinstance(error, (IntegrityError, ProgrammingError, DataError)):
            raise
        # The driver's words name the fault and neither prompt nor password.
        fault = " ".join(str(error.orig).split())
        raise StorageError(f"{what} ({fault}). {outcome}".rstrip()) from None


@contextmanager
def _opening() -> Iterator[None]:
    """Raise every failure to open the library as a StorageError."""
    what = "The library could not be opened"
    try:
        with _in_a_sentence(what):
            yield
    except ArgumentError:  # its text holds the URL, which may hold a password
        raise StorageError(
            f"{what} (LYRIA_DATABASE_URL is not the URL of a database).",
            advice="Correct it, then start again.",
        ) from None
    except (SQLAlchemyError, sqlite3.Error) as error:
        fault = " ".join(str(getattr(error, "orig", None) or error).split())
        raise StorageError(f"{what} ({fault}).") from None


def _check_columns(connection: Connection) -> None:
    """Refuse a database that lacks a column although its revision says otherwise."""
    found = inspect(connection).get_multi_columns()
    there = {(name, column["name"]) for (_, name), columns in found.items() for column in columns}
    for table in metadata.sorted_tables:
        for column in table.columns:
            if (table.name, column.name) not in there:
                raise LibraryError(
                    f"This library is damaged: {table.name}.{column.name} is missing.",
                    advice="Restore a backup, or choose another folder with LYRIA_HOME.",
                )


def _prepare_sqlite(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    for pragma in ("foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    mode = "IMMEDIATE" if connection.get_execution_options().get("lyria_write") else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {mode}")


def _use_wal(connection: Connection) -> None:
    """Switch the file to write-ahead logging; it stays so. Needs to be alone for a moment.

    SQLite does not wait for its busy timeout here, so two processes that open a new library at
    the same time would otherwise meet "database is locked".
    """
    raw = connection.connection.dbapi_connection
    if not isinstance(raw, sqlite3.Connection):
        raise TypeError("a SQLite URL that is not served by the standard driver")
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            raw.execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return
