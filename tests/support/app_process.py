"""The real app in a process of its own, started as the README says."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OWN_VARIABLES = ("PIXAZO_API_KEY", "LYRIA_", "STREAMLIT_")


@dataclass
class RunningApp:
    """A started app."""

    url: str
    process: "subprocess.Popen[bytes]"
    log: Path

    def kill(self) -> None:
        """End it without a chance to tidy up, as a power cut would."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)

    def stop(self) -> None:
        """Ask it to end, as Ctrl+C does, and see that it does so soon."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(timeout=5)
                raise AssertionError(f"the app did not stop:\n{self.output()}") from None

    def output(self) -> str:
        """What it has printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def wait_for_port(port: int, timeout_s: float = 20) -> None:
    """Wait until something on this machine accepts connections at a port."""
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


@contextmanager
def running_app(
    home: Path,
    env: Mapping[str, str] | None = None,
    port: int | None = None,
    script: str = "app.py",
) -> Iterator[RunningApp]:
    """Start the app, or another script, with a library of its own, and stop it at the end."""
    port = port or free_port()
    clean = {k: v for k, v in os.environ.items() if not k.startswith(OWN_VARIABLES)}
    home.mkdir(parents=True, exist_ok=True)
    log = home / f"app-{port}-{time.monotonic_ns()}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)],
            cwd=ROOT,
            env={
                **clean,
                "LYRIA_HOME": str(home),
                "LYRIA_SANDBOX_PACE": "instant",
                "PYTHONWARNINGS": "default",
                **(env or {}),
            },
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    app = RunningApp(f"http://127.0.0.1:{port}", process, log)
    try:
        _wait_until_healthy(app)
        yield app
    finally:
        app.stop()


def _wait_until_healthy(app: RunningApp, timeout_s: float = 60) -> None:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if app.process.poll() is not None:
            raise AssertionError(f"the app ended at once:\n{app.output()}")
        try:
            with urllib.request.urlopen(f"{app.url}/_stcore/health", timeout=2) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"the app did not come up:\n{app.output()}")
