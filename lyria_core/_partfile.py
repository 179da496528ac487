"""The file of a download while it is not whole, and how it becomes the track."""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from weakref import WeakValueDictionary

from lyria_core._media import HEAD_BYTES, audio_extension, is_image_or_video

_LONGEST_STEM = 120
# Some encoders leave room before an MP3 that they never fill.
_MOST_PADDING = 1024 * 1024
EXTENSIONS = (
    *("mp3", "wav", "flac", "ogg", "m4a", "aac"),
    *("aiff", "mp2", "w64", "caf", "webm"),
)

_locks: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()
_locks_guard = threading.Lock()


class PartFile:
    """A ``.part`` file beside the place of the track.

    It outlives a crash: the next download of the same file continues where it ended.

    Args:
        directory: Where the track will be.
        stem: The track's name without extension.
    """

    def __init__(self, directory: Path, stem: str) -> None:
        self._directory = directory
        self._stem = stem
        self._path = directory / f"{stem}.part"

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Lock this file against other threads."""
        with _locks_guard:
            lock = _locks.setdefault(str(self._path.absolute()), threading.Lock())
        with lock:
            yield

    def finished(self) -> Path | None:
        """Return the track if an earlier download brought it."""
        paths = (self._directory / f"{self._stem}.{extension}" for extension in EXTENSIONS)
        return next((path for path in paths if _size(path) > 0), None)

    def size(self) -> int:
        """Return how many bytes are there."""
        return _size(self._path)

    def tail(self, start: int) -> bytes:
        """Return the bytes from a position to the end."""
        if self.size() <= start:
            return b""
        with self._path.open("rb") as file:
            file.seek(start)
            return file.read()

    def clear(self) -> None:
        """Delete its contents."""
        if self.size() > 0:
            os.truncate(self._path, 0)

    def remove(self) -> None:
        """Delete the file if possible."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def appending(self) -> Iterator[BinaryIO]:
        """Open it for appending; without an error the bytes are on the disk at the end."""
        with self._path.open("ab") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())

    def extension(self) -> str | None:
        """Return the extension for its bytes, or ``None`` if they are not audio."""
        with self._path.open("rb") as file:
            head = file.read(_MOST_PADDING + HEAD_BYTES)
        behind = head.lstrip(b"\0")
        return audio_extension(head[:HEAD_BYTES]) or audio_extension(behind[:HEAD_BYTES])

    def is_image_or_video(self) -> bool:
        """Return whether its bytes are those of an image or a video."""
        with self._path.open("rb") as file:
            return is_image_or_video(file.read(HEAD_BYTES))

    def keep(self, extension: str) -> Path:
        """Make it the track in one atomic step."""
        path = self._directory / f"{self._stem}.{extension}"
        self._path.replace(path)
        # Not every system can open a directory; the rename itself stands either way.
        with contextlib.suppress(OSError):
            handle = os.open(self._directory, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        return path


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def file_stem(request_id: str) -> str:
    """Return a file name for an id of any form; two ids never share one."""
    safe = "".join(c if c.isalnum() or c in "-_." else "_" for c in request_id)
    if safe == request_id and safe.isascii() and len(safe) <= _LONGEST_STEM and safe[0] != ".":
        return safe
    digest = hashlib.sha256(request_id.encode()).hexdigest()[:16]
    return f"{safe.lstrip('.')[:40]}-{digest}"
