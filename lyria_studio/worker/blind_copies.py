"""The blind copies of listening tests, made in the background when a test is opened."""

from __future__ import annotations

import logging
import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from lyria_studio.audio.blind import BlindError, BlindSource, Interrupted, make_blind_copies
from lyria_studio.audio.blind_files import BlindCopies, load_blind_copies
from lyria_studio.library import Library, LibraryError
from lyria_studio.model.listening_test import ListeningTest, Side

__all__ = ["BLIND_FOLDER", "Preparations", "blind_copies", "side_name"]

BLIND_FOLDER = "blind"
_FOLDER_NAME = re.compile(r"[0-9a-f]{32}")
_LEFT_BEHIND_S = 3600.0  # another process may be at work in the same home

_log = logging.getLogger(__name__)


def side_name(side: Side) -> str:
    """Return the name of the blind copy of a side: "A1" for take 1 of A."""
    return f"{side.letter}{side.take}"


@lru_cache(maxsize=64)
def blind_copies(folder: Path) -> BlindCopies:
    """Return the blind copies in a folder; it never changes once it is there.

    Raises:
        OSError: it is not there.
        ValueError: it is damaged.
    """
    return load_blind_copies(folder)


class Preparations:
    """Makes blind copies, one test after the other: three minutes of sound take some 200 MB."""

    def __init__(self, library: Library, announce: Callable[[str, str], None]) -> None:
        """Prepare nothing yet.

        Args:
            library: knows the tests and their tracks.
            announce: told the id of a test and "prepared" or "problem" when it is done with it.
        """
        self._library = library
        self._announce = announce
        self._home = library.home / BLIND_FOLDER
        self._idle = threading.Condition()
        self._asked: set[str] = set()
        self._ended = threading.Event()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="blind-copies")

    def resume(self) -> None:
        """Go on with the tests that a stop or a crash left unprepared; call it at start."""
        waiting, folders = self._library.listening.preparations()
        self._sweep(folders)
        for test in waiting:
            self.prepare(test.id)

    def prepare(self, test_id: str) -> None:
        """Make the blind copies of a test, once, however often this is called.

        Returns at once. What becomes of it is stored with the test: `ListeningTest.prepared`, or
        one sentence in `problem`, after which it may be asked for again.
        """
        with self._idle:
            if test_id in self._asked or self._ended.is_set():
                return
            self._asked.add(test_id)
            self._pool.submit(self._run, test_id)

    def wait(self, timeout: float) -> bool:
        """Wait until all copies are made; return False after a timeout.

        Args:
            timeout: seconds.
        """
        with self._idle:
            return self._idle.wait_for(lambda: not self._asked, timeout)

    def remove(self, folders: Iterable[str]) -> None:
        """Delete the blind copies of tests that were deleted with their comparison."""
        for name in folders:
            if _FOLDER_NAME.fullmatch(name):
                shutil.rmtree(self._home / name, ignore_errors=True)

    def stop(self, timeout: float) -> None:
        """Stop making copies; the unfinished ones are made at the next start.

        Args:
            timeout: seconds to wait for the step that is under way.
        """
        self._ended.set()
        done = threading.Thread(
            target=self._pool.shutdown, kwargs={"wait": True, "cancel_futures": True}, daemon=True
        )
        done.start()
        done.join(timeout)

    def _run(self, test_id: str) -> None:
        news = ""
        try:
            news = self._prepare(test_id)
        except Interrupted:
            pass
        except LibraryError:
            pass  # the test was deleted meanwhile, or the database is gone with the process
        except Exception:  # noqa: BLE001 - whatever it was, the owner has to be told
            _log.exception("The blind copies of a listening test could not be made")
            news = self._failed(test_id, "The sounds could not be prepared; try again.")
        if news:
            self._announce(test_id, news)
        with self._idle:
            self._asked.discard(test_id)
            self._idle.notify_all()

    def _prepare(self, test_id: str) -> str:
        test = self._library.listening.test(test_id)
        if test.prepared is not None and (self._home / test.prepared).is_dir():
            return ""
        folder = self._home / secrets.token_hex(16)
        try:
            make_blind_copies(
                self._sources(test),
                folder,
                excerpt=(test.excerpt_start_s or 0.0, test.excerpt_s),
                interrupted=self._ended.is_set,
            )
        except BlindError as error:
            return self._failed(test_id, str(error))
        try:
            self._library.listening.note_preparation(test_id, folder=folder.name)
        except LibraryError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return "prepared"

    def _sources(self, test: ListeningTest) -> list[BlindSource]:
        sources = []
        for side in test.sides:
            title = f"take {side.take} of {side.letter}"
            try:
                path = self._library.tracks.track(side.track_id).path
                model = self._library.tracks.generation(side.generation_id).model_id
            except LibraryError:
                raise BlindError(f"The track of {title} is no longer in the library.") from None
            sources.append(BlindSource(side_name(side), title, path, side.offset_s, model))
        return sources

    def _failed(self, test_id: str, sentence: str) -> str:
        with suppress(LibraryError):
            self._library.listening.note_preparation(test_id, problem=sentence)
            return "problem"
        return ""

    def _sweep(self, wanted: set[str]) -> None:
        """Delete what a crash left half made, and the copies of tests that were deleted."""
        if not self._home.is_dir():
            return
        for path in self._home.iterdir():
            ours = path.name.startswith(".making-") or _FOLDER_NAME.fullmatch(path.name)
            with suppress(OSError):
                old = time.time() - path.stat().st_mtime > _LEFT_BEHIND_S
                if ours and old and path.name not in wanted:
                    shutil.rmtree(path, ignore_errors=True)
