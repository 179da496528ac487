"""A home that the app cannot start with is one sentence, status 2 and no traceback."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.app_process import ROOT, free_port

from lyria_studio.services import Services
from lyria_studio.settings import Settings

pytestmark = pytest.mark.timeout(120)


def corrupt_library(home: Path) -> None:
    (home / "library.sqlite3").write_bytes(b"not a database" * 1000)


def newer_schema(home: Path) -> None:
    with sqlite3.connect(home / "library.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_future'")
    connection.close()


def bad_secret(home: Path) -> None:
    (home / "secrets" / "links").write_bytes(b"short")


def tracks_are_a_file(home: Path) -> None:
    shutil.rmtree(home / "tracks", ignore_errors=True)
    (home / "tracks").write_text("x")


def sandbox_is_a_file(home: Path) -> None:
    (home / "sandbox").write_text("x")


def home_is_gone(home: Path) -> None:
    shutil.rmtree(home)
    home.write_text("x")


def nothing(home: Path) -> None:
    """The disk is full; see below."""


def fill_the_disk() -> None:
    """Let no file grow any more, as on a full disk."""
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (corrupt_library, "file is not a database"),
        (newer_schema, "newer version of Lyria Studio"),
        (bad_secret, "damaged file"),
        (tracks_are_a_file, "tracks"),
        (sandbox_is_a_file, "sandbox"),
        (home_is_gone, "LYRIA_HOME must be a folder"),
        (nothing, "disk I/O error"),
        (shutil.rmtree, "disk I/O error"),
    ],
)
def test_broken_home_is_one_sentence(
    tmp_path: Path, spoil: Callable[[Path], None], said: str
) -> None:
    home = tmp_path / "home"
    Services(Settings(home=home)).stop()
    spoil(home)
    full = spoil in (nothing, shutil.rmtree)
    ended = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(free_port())],
        cwd=ROOT,
        env=os.environ | {"LYRIA_HOME": str(home)},
        preexec_fn=fill_the_disk if full else None,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2, ended.stderr
    [line] = ended.stderr.splitlines()
    assert line.startswith("Lyria Studio cannot start: ")
    assert said in line
