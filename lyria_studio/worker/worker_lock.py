"""One worker for each library: of several processes on one folder, one works."""

import contextlib
import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class WorkerLock:
    """A lock that ends with the process that holds it, however it ends.

    A record lock and not `flock`: processes forked from this one (renderers) must not keep it when
    this one is killed.
    """

    def __init__(self, home: Path) -> None:
        """Use a file in the library's folder; nothing is locked yet."""
        self._path = home / "worker.lock"
        self._handle: int | None = None

    def take(self) -> bool:
        """Take the lock, or keep it.

        Returns:
            Whether this process has it. On a file system without locks: always.
        """
        if self._handle is not None:
            return True
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(handle)
        except (BlockingIOError, PermissionError):
            os.close(handle)
            return False
        except OSError:
            pass  # not every network file system can; then two workers share, as rows allow
        self._handle = handle
        return True

    def release(self) -> None:
        """Let another process have it."""
        if self._handle is not None:
            with contextlib.suppress(OSError):
                os.close(self._handle)
            self._handle = None


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
