import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.library_rows import Clock

from lyria_studio.library import Library


@pytest.fixture(scope="session")
def new_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a library with nothing in it, so that not every test has to migrate one."""
    home = tmp_path_factory.mktemp("new")
    Library(home).close()
    return home / "library.sqlite3"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def library(tmp_path: Path, new_library: Path, clock: Clock) -> Iterator[Library]:
    shutil.copy(new_library, tmp_path)
    with Library(tmp_path, clock=clock) as opened:
        yield opened
