import threading
import time

import pytest

from lyria_studio.worker.action_threads import ActionThreads


def test_no_more_threads_run_than_were_asked_for() -> None:
    threads = ActionThreads("test", 3)
    inside, most = 0, 0
    lock, gate, done = threading.Lock(), threading.Event(), threading.Semaphore(0)

    def action() -> None:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        gate.wait()
        with lock:
            inside -= 1
        done.release()

    for _ in range(10):
        threads.run(action)
    gate.set()
    for _ in range(10):
        done.acquire()
    assert most <= 3
    assert threads.close(time.monotonic() + 10)


def test_threads_are_started_only_as_needed() -> None:
    threads = ActionThreads("needed", 30)
    for _ in range(5):
        done = threading.Event()
        threads.run(done.set)
        assert done.wait(10)
        while threads.free < 30:
            pass
    alive = [t for t in threading.enumerate() if t.name.startswith("needed-")]
    assert len(alive) == 1
    assert threads.close(time.monotonic() + 10)


def test_a_mistake_in_an_action_ends_no_thread(
    caplog: pytest.LogCaptureFixture,
) -> None:
    threads = ActionThreads("test", 1)
    threads.run(lambda: 1 // 0)  # type: ignore[arg-type]
    done = threading.Event()
    threads.run(done.set)
    assert done.wait(10)
    assert "ZeroDivisionError" in caplog.text
    assert threads.close(time.monotonic() + 10)


def test_closing_waits_for_what_runs_but_not_for_ever() -> None:
    threads = ActionThreads("test", 2)
    gate, started = threading.Event(), threading.Event()

    def action() -> None:
        started.set()
        gate.wait()

    threads.run(action)
    assert started.wait(10)
    assert not threads.close(time.monotonic())
    gate.set()
    assert threads.close(time.monotonic() + 10)
