"""Real faults of the storage under a library: a full disk, a locked or read-only database."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
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
def read_only_database(library: Library) -> Iterator[None]:
    """Let nothing be written, as when the file is read-only (for root no file mode is)."""
    with _every_connection(library, "query_only=1"):
        yield


@contextmanager
def filled_disk(library: Library) -> Iterator[None]:
    """Fill the disk that the library is on, to the last byte; it must be a small one."""
    assert shutil.disk_usage(library.home).total < 64 * 2**20
    with closing(sqlite3.connect(library.home / DATABASE_NAME)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    filling = library.home / "filling"
    with filling.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    try:
        yield
    finally:
        filling.unlink()


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Put a disk of 16 MiB where a folder is; a test is skipped where that is not allowed."""
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, check=False).returncode:
        pytest.skip("A disk can be mounted by root only.")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


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
