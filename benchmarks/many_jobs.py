"""Measure the worker with a thousand generations in flight in one process: lag, CPU and memory.

    python benchmarks/many_jobs.py [--jobs 1000] [--median 60] [--track-seconds 30]

The gateway runs in a process of its own (benchmarks/fake_gateway.py), so that the CPU share is that
of the worker alone: the submits, the looks, the downloads, the measuring and the database.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from datetime import timedelta
from pathlib import Path

from lyria_core import MusicRequest
from lyria_studio.events import Events
from lyria_studio.keys import KeyRing, access_for
from lyria_studio.library import Library
from lyria_studio.model.generation import NewGeneration, new_intent_id, take_ids
from lyria_studio.model.states import State
from lyria_studio.settings import Settings
from lyria_studio.worker import SubmitRate, Worker

HERE = Path(__file__).parent
MODELS = ("lyria-3-pro", "lyria-3", "lyria-2")


class Counting(Events):
    """Counts the generations that are done."""

    def __init__(self, expected: int) -> None:
        super().__init__()
        self._left = expected
        self._lock = threading.Lock()
        self.finished = threading.Event()

    def publish(self, generation_id: str, state: str) -> None:
        """Count, and go on as usual."""
        super().publish(generation_id, state)
        if State(state) is State.READY:
            with self._lock:
                self._left -= 1
                if self._left == 0:
                    self.finished.set()


def order(library: Library, count: int, base_url: str, fingerprint: str) -> None:
    """Order in clicks of ten takes."""
    for click in range(count // 10):
        form = new_intent_id()
        request = MusicRequest(MODELS[click % 3], f"Benchmark tune number {click}")
        library.jobs.order(
            [
                NewGeneration(one, request, "live", base_url, fingerprint, form, take, 10)
                for take, one in enumerate(take_ids(form, 10), start=1)
            ]
        )


def measure(jobs: int, home: Path, base_url: str, timeout_s: float) -> dict[str, object]:
    """Make all jobs and return what it took."""
    settings = Settings(home=home, api_key="benchmark-key", base_url=base_url)
    keyring, events = KeyRing(), Counting(jobs)
    access = access_for(settings, base_url)
    keyring.add(access)
    library = Library(home)
    # Faster than the usual 10 a second, so that all are in flight together.
    pace = SubmitRate(per_s=100, burst=100)
    worker = Worker(library, keyring, settings, events, pace=lambda: pace)
    worker.start()
    most_threads = 0
    began, cpu = time.perf_counter(), time.process_time()
    order(library, jobs, base_url, access.fingerprint)
    worker.wake()
    while not events.finished.wait(0.5) and time.perf_counter() - began < timeout_s:
        most_threads = max(most_threads, threading.active_count())
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    worker.stop(10)
    made = [one for one in library.tracks.latest(jobs) if one.state is State.READY]
    waits = [
        ((one.submitted_at or one.created_at) - one.created_at) / timedelta(seconds=1)
        for one in made
    ]
    shelved = [
        (one.tracks[0].stored_at - one.completed_at) / timedelta(seconds=1)
        for one in made
        if one.completed_at
    ]
    library.close()
    return {
        "jobs finished": f"{len(made)} of {jobs}",
        "wall time": f"{wall:.0f} s",
        "CPU of one core": f"{cpu / wall:.0%}",
        "memory, most": f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB",
        "threads, most": most_threads,
        "order to POST, median": f"{statistics.median(waits):.2f} s",
        "order to POST, longest": f"{max(waits):.2f} s",
        "made to on the shelf, median": f"{statistics.median(shelved):.2f} s",
        "made to on the shelf, longest": f"{max(shelved):.2f} s",
    }


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--median", type=float, default=60.0)
    parser.add_argument("--track-seconds", type=float, default=30.0)
    parser.add_argument("--timeout", type=float, default=900.0)
    arguments = parser.parse_args()
    command = [sys.executable, str(HERE / "fake_gateway.py")]
    command += ["--median", str(arguments.median)]
    command += ["--track-seconds", str(arguments.track_seconds)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as gateway,
        tempfile.TemporaryDirectory() as home,
    ):
        assert gateway.stdout is not None  # noqa: S101
        try:
            url = gateway.stdout.readline().strip()
            rows = measure(arguments.jobs, Path(home), url, arguments.timeout)
            with urllib.request.urlopen(f"{url}/stats", timeout=10) as answer:  # noqa: S310
                stats = json.load(answer)
        finally:
            gateway.kill()
    rows |= {
        "POSTs": stats["posts"],
        "looks a job": f"{stats['looks'] / arguments.jobs:.1f}",
        "made to noticed, mean": f"{stats['mean_lag_s']:.2f} s",
        "two looks at one job, closest": f"{stats['closest_looks_s']:.2f} s",
    }
    print(
        f"{arguments.jobs} jobs of {arguments.median:g} s (median), tracks of "
        f"{arguments.track_seconds:g} s; Python {platform.python_version()}, "
        f"{os.cpu_count()} cores\n"
    )
    for name, value in rows.items():
        print(f"{name:32} {value}")


if __name__ == "__main__":
    main()
