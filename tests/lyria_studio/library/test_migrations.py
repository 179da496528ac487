import multiprocessing
import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from support.library_rows import takes

from lyria_studio.library import Library, LibraryError
from lyria_studio.library.database import Database, sqlite_url
from lyria_studio.library.migrations import alembic_config, head
from lyria_studio.library.tables import metadata

pytestmark = pytest.mark.slow


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.sqlite3"


def revision_of(path: Path) -> str | None:
    connection = sqlite3.connect(path)
    try:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    finally:
        connection.close()


def migrate(path: Path, revision: str, *, down: bool = False) -> None:
    engine = create_engine(sqlite_url(path))
    config = alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, revision)
    engine.dispose()


def test_the_migrated_schema_is_the_one_in_the_code(path: Path) -> None:
    database = Database(sqlite_url(path))
    with database.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []
    database.close()


def test_a_library_of_the_first_version_keeps_its_rows(path: Path) -> None:
    migrate(path, "0001")
    old = sqlite3.connect(path)
    old.execute("UPDATE purses SET orders = 41 WHERE gateway = 'live'")
    old.commit()
    old.close()
    with Library(path.parent) as library:
        library.jobs.order(takes())
    assert revision_of(path) == head()
    new = sqlite3.connect(path)
    assert new.execute("SELECT orders FROM purses WHERE gateway = 'live'").fetchone() == (42,)
    new.close()


def test_every_step_can_be_taken_back(path: Path) -> None:
    migrate(path, "head")
    migrate(path, "base", down=True)
    migrate(path, "head")
    assert revision_of(path) == head()


def test_a_library_of_a_newer_version_is_left_alone(path: Path) -> None:
    Library(path.parent).close()
    newer = sqlite3.connect(path)
    newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.commit()
    newer.close()
    with pytest.raises(LibraryError, match="newer version"):
        Library(path.parent)
    assert revision_of(path) == "9999"


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ("ALTER TABLE generations DROP COLUMN fetches", "generations.fetches"),
        ("ALTER TABLE listening_votes RENAME COLUMN choice TO chosen", "listening_votes.choice"),
        ("DROP TABLE purses", "purses."),
    ],
)
def test_a_library_without_a_column_that_its_revision_promises_is_refused(
    path: Path, change: str, missing: str
) -> None:
    Library(path.parent).close()
    damaged = sqlite3.connect(path)
    damaged.execute(change)
    damaged.commit()
    damaged.close()
    with pytest.raises(LibraryError, match=rf"damaged: {missing}\S* is missing") as refused:
        Library(path.parent)
    assert "LYRIA_HOME" in refused.value.advice


def test_a_migration_that_fails_changes_nothing(path: Path) -> None:
    """The tables before the one in the way are rolled back with it."""
    foreign = sqlite3.connect(path)
    foreign.execute("CREATE TABLE tracks (song TEXT)")
    foreign.commit()
    with pytest.raises(LibraryError):
        Database(sqlite_url(path))
    names = {name for (name,) in foreign.execute("SELECT name FROM sqlite_master")}
    foreign.close()
    assert names == {"tracks"}


def open_library(home: str, ready: "multiprocessing.synchronize.Barrier") -> None:
    ready.wait()
    with Library(Path(home)) as library:
        library.jobs.order(takes())


def test_many_processes_may_open_a_new_library_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(4)
    children = [context.Process(target=open_library, args=(str(tmp_path), ready)) for _ in range(4)]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0, 0, 0, 0]
    with Library(tmp_path) as library:
        assert library.tracks.page().total == 4
