"""A second place for request ids that the database would not take (a full disk, a broken file).

A request id is the only way back to a track that is paid for. So one that cannot be stored is
written to a plain file beside the database, and stored from there at the next start.
"""

import contextlib
import json
import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

log = logging.getLogger(__name__)


class Rescue:
    """The file of rescued request ids. Safe to use from many threads."""

    def __init__(self, home: Path) -> None:
        """Use the file in a library's folder; nothing is made before it is needed."""
        self._path = home / "rescued-request-ids.jsonl"
        self._lock = threading.Lock()

    def keep(self, generation_id: str, request_id: str) -> None:
        """Write an id down; never raises: where even this fails, the log has it."""
        log.error("Request id %s of generation %s: not stored.", request_id, generation_id)
        line = json.dumps({"generation_id": generation_id, "request_id": request_id})
        with self._lock, contextlib.suppress(OSError), self._path.open("a") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())

    def kept(self) -> Iterator[tuple[str, str]]:
        """Yield what was written down: generation id and request id."""
        with self._lock:
            try:
                lines = self._path.read_text(errors="replace").splitlines()
            except FileNotFoundError:
                return
        for line in lines:
            try:
                entry = json.loads(line)
                yield str(entry["generation_id"]), str(entry["request_id"])
            except (ValueError, KeyError, TypeError):
                continue  # cut off by the fault that made it necessary

    def clear(self) -> None:
        """Forget everything, once it is in the database."""
        with self._lock:
            self._path.unlink(missing_ok=True)
