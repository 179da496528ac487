"""The library and the worker in a process of their own, to be killed.

    python -m support.studio_process HOME GATEWAY [FORM_ID TAKES]

Orders the takes of a form if one is given, then works until its standard input is closed. The
environment variable LYRIA_FAILPOINT names the place where it dies by itself.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import event
from support.library_rows import takes
from support.worker_rig import Rig, rig

from lyria_studio.worker.failpoints import ENVIRONMENT_VARIABLE, failpoint

TESTS = Path(__file__).resolve().parents[1]


@contextmanager
def studio_process(
    home: Path, gateway: str, *order: str, failpoint: str = ""
) -> Iterator[subprocess.Popen[bytes]]:
    """Start it; at the end its standard input is closed, and it is given time to stop."""
    process = subprocess.Popen(
        [sys.executable, "-m", "support.studio_process", str(home), gateway, *order],
        env={**os.environ, "PYTHONPATH": str(TESTS), ENVIRONMENT_VARIABLE: failpoint},
        stdin=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(30)
        finally:
            process.kill()
            process.wait()


def was_killed(process: subprocess.Popen[bytes]) -> bool:
    """Wait until it ends; whether it died as a power cut would make it."""
    return process.wait(60) == -signal.SIGKILL


def main() -> None:
    """Order, work, stop."""
    home, gateway, *order = sys.argv[1:]
    with rig(Path(home), gateway, start=False) as studio:
        if order:
            place(studio, order[0], int(order[1]))
        failpoint("ordered")
        studio.worker.start()
        sys.stdin.read()


def place(studio: Rig, form_id: str, count: int) -> None:
    """Order, and die in the middle of the transaction if asked to."""

    @event.listens_for(studio.library._database.engine, "commit")
    def _(_connection: object) -> None:
        failpoint("before the commit")

    studio.library.jobs.order(
        takes(
            count,
            form_id=form_id,
            base_url=studio.base_url,
            fingerprint=studio.access.fingerprint,
        )
    )


if __name__ == "__main__":
    main()
