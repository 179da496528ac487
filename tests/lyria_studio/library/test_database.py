import gc
import os
import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from support.library_rows import takes

from lyria_studio.library import Library, LibraryError, StorageError
from lyria_studio.library.database import Database, sqlite_url
from lyria_studio.library.tables import generations


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.sqlite3"


def test_a_commit_survives_a_power_cut_by_setting(path: Path) -> None:
    database = Database(sqlite_url(path))
    for transaction in (database.read, database.write):
        with transaction() as connection:
            for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
                assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value
    database.close()


def test_a_write_holds_the_write_lock_from_its_beginning(path: Path) -> None:
    database = Database(sqlite_url(path))
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    with database.write() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()
    database.close()


def test_a_read_sees_one_snapshot_and_stops_no_writer(path: Path) -> None:
    database = Database(sqlite_url(path))
    count = text("SELECT orders FROM purses WHERE gateway = 'live'")
    with database.read() as reading:
        assert reading.execute(count).scalar_one() == 0
        with database.write() as writing:
            writing.execute(text("UPDATE purses SET orders = 1"))
        assert reading.execute(count).scalar_one() == 0
    with database.read() as reading:
        assert reading.execute(count).scalar_one() == 1
    database.close()


def test_an_exception_rolls_everything_back(path: Path) -> None:
    database = Database(sqlite_url(path))
    with pytest.raises(KeyError), database.write() as writing:
        writing.execute(text("UPDATE purses SET orders = 7"))
        raise KeyError
    with database.read() as reading:
        assert reading.execute(text("SELECT max(orders) FROM purses")).scalar_one() == 0
    database.close()


def test_no_error_of_the_database_shows_a_prompt(library: Library) -> None:
    secret = "the prompt that nobody may see"
    (order,) = library.jobs.order(takes(prompt=secret))
    with pytest.raises(IntegrityError) as caught, library._database.write() as connection:
        connection.execute(generations.insert().values(id=order.id, prompt=secret))
    assert secret not in str(caught.value)
    assert secret not in repr(order)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
def test_closing_leaves_no_file_open(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        library.jobs.order(takes())
        assert library.tracks.page().total == 1
    gc.collect()
    still_open = [fd.resolve() for fd in Path("/proc/self/fd").iterdir()]
    assert not [file for file in still_open if file.is_relative_to(tmp_path)]
    assert {file.name for file in tmp_path.iterdir()} == {"library.sqlite3"}, "the WAL is merged"


def test_a_full_disk_is_one_sentence_and_changes_nothing(library: Library) -> None:
    with library._database.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(LibraryError, match=r"full.*Nothing was sent. Nothing was charged"):
        library.jobs.order(takes(8, prompt="long " * 2000))
    assert library.tracks.page().total == 0
    assert library.ledger.spending("live").total.ordered == 0


def test_a_file_that_is_no_library_is_named_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "library.sqlite3").write_bytes(b"this is not a database at all" * 100)
    with pytest.raises(LibraryError, match="could not be opened"):
        Library(tmp_path)


def test_a_home_that_is_a_file_is_named_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(LibraryError, match="LYRIA_HOME"):
        Library(tmp_path / "home")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_home_that_cannot_be_written_to_is_named_in_one_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(LibraryError, match="can be written to"):
        Library(tmp_path)
    tmp_path.chmod(stat.S_IRWXU)


@pytest.mark.parametrize(
    "url", ["nonsense", "nodatabase://user:secret@host/name", "sqlite:////no/such/folder/x.db"]
)
def test_database_that_cannot_be_opened_is_one_sentence_without_its_password(url: str) -> None:
    with pytest.raises(StorageError, match="could not be opened") as caught:
        Database(url)
    assert "secret" not in str(caught.value)
