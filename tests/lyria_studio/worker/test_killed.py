"""The process is killed at every dangerous instant; a restart loses and repeats nothing."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from support.app_process import ROOT, free_port
from support.library_rows import takes
from support.stub_gateway import Action, Exchange, StubGateway, media
from support.studio_process import studio_process, was_killed
from support.worker_rig import KEY, Jobs, Rig, rig, sound

from lyria_core import Charge
from lyria_studio.library import Library
from lyria_studio.model.generation import Generation, new_intent_id
from lyria_studio.model.states import State
from lyria_studio.worker.failpoints import ENVIRONMENT_VARIABLE

pytestmark = pytest.mark.slow

STATUS = "GET /v2/requests/status/"


class Killer:
    """Kills a process when a request arrives at the stub, and goes on as if nothing were."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self._known = threading.Event()
        self._done = threading.Lock()

    def aim(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self._known.set()

    def kill(self) -> None:
        assert self._known.wait(60)
        assert self.process is not None
        if self._done.acquire(blocking=False):
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def before(self, then: Action) -> Action:
        def act(exchange: Exchange) -> None:
            self.kill()
            then(exchange)

        return act


def orphans(library: Library) -> list[Path]:
    kept = {track.path for one in library.tracks.latest(100) for track in one.tracks}
    return [p for p in (library.home / "tracks").rglob("*") if p.is_file() and p not in kept]


def check_whole(studio: Rig, stub: StubGateway, one: Generation, data: bytes | None = None) -> None:
    """The generation came through: its music is here, and its POST left once."""
    assert (one.state, one.charge) == (State.READY, Charge.YES)
    (track,) = studio.measured(one).tracks
    assert track.path.read_bytes() == (sound() if data is None else data)
    assert orphans(studio.library) == []
    assert len(stub.posts) == 1


def check_unknown(studio: Rig, one: Generation) -> None:
    """Nobody can know what became of the POST: the person is told, and the money is held back."""
    assert (one.state, one.charge) == (State.UNKNOWN, Charge.MAYBE)
    assert one.error
    assert one.advice
    assert studio.library.ledger.spending().total.maybe == Decimal("0.04")
    assert orphans(studio.library) == []


def restart(home: Path, stub: StubGateway, check: Callable[[Rig, Generation], None]) -> None:
    with rig(home, stub.url) as studio:
        (one,) = studio.library.tracks.latest()
        check(studio, studio.ended(one))


def run_to_failpoint(home: Path, stub: StubGateway, name: str) -> None:
    with studio_process(home, stub.url, new_intent_id(), "1", failpoint=name) as process:
        assert was_killed(process)


def test_before_the_intent_is_committed(stub: StubGateway, tmp_path: Path) -> None:
    Jobs(stub)
    run_to_failpoint(tmp_path, stub, "before the commit")
    with rig(tmp_path, stub.url) as studio:
        assert studio.library.tracks.latest() == []
        assert studio.library.ledger.spending().total.committed == 0
    assert not stub.received


def test_after_the_intent_and_before_anything_else(stub: StubGateway, tmp_path: Path) -> None:
    Jobs(stub)
    run_to_failpoint(tmp_path, stub, "ordered")
    assert not stub.posts
    restart(tmp_path, stub, lambda studio, one: check_whole(studio, stub, one))


def test_after_the_row_says_submitting_and_before_the_post(
    stub: StubGateway, tmp_path: Path
) -> None:
    Jobs(stub)
    run_to_failpoint(tmp_path, stub, "claimed")
    restart(tmp_path, stub, check_unknown)
    # It did not leave, but nobody can know: so it is never sent again.
    assert not stub.posts


def test_during_the_post(stub: StubGateway, tmp_path: Path) -> None:
    jobs, killer = Jobs(stub), Killer()
    stub.script("POST ", killer.before(jobs.submit))
    with studio_process(tmp_path, stub.url, new_intent_id(), "1") as process:
        killer.aim(process)
        assert was_killed(process)
    restart(tmp_path, stub, check_unknown)
    assert len(stub.posts) == 1


def test_after_the_202_and_before_it_is_stored(stub: StubGateway, tmp_path: Path) -> None:
    Jobs(stub)
    run_to_failpoint(tmp_path, stub, "answered")
    restart(tmp_path, stub, check_unknown)
    assert len(stub.posts) == 1


@pytest.mark.parametrize("name", ["stored", "polled", "renamed", "shelved"])
def test_once_the_request_id_is_stored(stub: StubGateway, tmp_path: Path, name: str) -> None:
    Jobs(stub)
    run_to_failpoint(tmp_path, stub, name)
    restart(tmp_path, stub, lambda studio, one: check_whole(studio, stub, one))
    fetched = [r for r in stub.gets if r.path.startswith("/media/")]
    # What arrived before is not fetched again.
    assert len(fetched) == 1


def test_while_polling(stub: StubGateway, tmp_path: Path) -> None:
    jobs, killer = Jobs(stub), Killer()
    stub.script(STATUS, killer.before(jobs.status), jobs.status)
    with studio_process(tmp_path, stub.url, new_intent_id(), "1") as process:
        killer.aim(process)
        assert was_killed(process)
    restart(tmp_path, stub, lambda studio, one: check_whole(studio, stub, one))


def test_during_the_download(stub: StubGateway, tmp_path: Path) -> None:
    data = sound(5.0, "WAV")
    Jobs(stub, data=data)
    killer = Killer()

    def send_half_then_kill(exchange: Exchange) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(data)}\r\n\r\n"
        exchange.send(head.encode() + data[: len(data) // 2])
        while [p.stat().st_size for p in tmp_path.rglob("*.part")] != [len(data) // 2]:
            assert not exchange.stopping.wait(0.01)
        killer.kill()
        exchange.close()

    stub.script("GET /media/", send_half_then_kill, media(data))
    with studio_process(tmp_path, stub.url, new_intent_id(), "1") as process:
        killer.aim(process)
        assert was_killed(process)
    (have,) = [p.stat().st_size for p in tmp_path.rglob("*.part")]
    restart(tmp_path, stub, lambda studio, one: check_whole(studio, stub, one, data))
    resumed = [r for r in stub.gets if r.path.startswith("/media/")][-1]
    start = int(resumed.headers["range"].removeprefix("bytes=").removesuffix("-"))
    assert 0 < start <= have


@pytest.mark.parametrize("number", [2, 5, 8])
def test_at_any_request_with_several_takes_on_their_way(
    stub: StubGateway, tmp_path: Path, number: int
) -> None:
    jobs, killer = Jobs(stub), Killer()
    arrived = threading.Semaphore(number - 1)

    def deadly(then: Action) -> Action:
        def act(exchange: Exchange) -> None:
            if not arrived.acquire(blocking=False):
                killer.kill()
            then(exchange)

        return act

    stub.script("POST ", deadly(jobs.submit))
    stub.script(STATUS, deadly(jobs.status))
    stub.script("GET /media/", deadly(media(sound())))
    with studio_process(tmp_path, stub.url, new_intent_id(), "3") as process:
        killer.aim(process)
        assert was_killed(process)
    with rig(tmp_path, stub.url) as studio:
        ended = [studio.ended(one) for one in studio.library.tracks.latest()]
        assert len(ended) == 3
        assert orphans(studio.library) == []
    ready = [one for one in ended if one.state is State.READY]
    unknown = [one for one in ended if one.state is State.UNKNOWN]
    assert len(ready) + len(unknown) == 3
    assert all(one.submits == 1 for one in ended)
    assert len({one.request_id for one in ready}) == len(ready)
    # Never a second POST for one intent; and one that is unknown may or may not have left.
    assert len(ready) <= len(stub.posts) <= 3


def test_of_two_processes_one_works_and_the_other_takes_over(
    stub: StubGateway, tmp_path: Path
) -> None:
    jobs, killer = Jobs(stub), Killer()
    arrived = threading.Event()

    def first_is_slow(exchange: Exchange) -> None:
        arrived.set()
        killer.before(jobs.submit)(exchange)

    stub.script("POST ", first_is_slow, jobs.submit)
    with studio_process(tmp_path, stub.url, new_intent_id(), "1") as process:
        assert arrived.wait(60)
        # The POST of the first is on its way: the second must not call it lost, nor work.
        with rig(tmp_path, stub.url) as studio:
            (other,) = studio.order()
            (first,) = [one for one in studio.library.tracks.latest() if one.id != other.id]
            assert first.state is State.SUBMITTING
            assert studio.library.tracks.generation(other.id).state is State.INTENDED
            killer.aim(process)
            assert was_killed(process)
            assert studio.ended(first).state is State.UNKNOWN
            assert studio.ended(other).state is State.READY
    assert len(stub.posts) == 2


@pytest.mark.parametrize("name", ["claimed", "answered", "stored", "polled", "renamed", "shelved"])
def test_the_whole_app(stub: StubGateway, tmp_path: Path, name: str) -> None:
    Jobs(stub, polls=1)
    with rig(tmp_path, stub.url, start=False) as studio:
        studio.library.jobs.order(takes(base_url=stub.url, fingerprint=studio.access.fingerprint))
    command = ["-m", "streamlit", "run", "app.py", "--server.port", str(free_port())]
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={
            **os.environ,
            "LYRIA_HOME": str(tmp_path),
            "LYRIA_BASE_URL": stub.url,
            "PIXAZO_API_KEY": KEY,
            ENVIRONMENT_VARIABLE: name,
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert was_killed(process)
    finally:
        process.kill()
        process.wait()
    # Once the answer is stored nothing is lost; before, nobody can know what became of the POST.
    if name in ("claimed", "answered"):
        restart(tmp_path, stub, check_unknown)
    else:
        restart(tmp_path, stub, lambda studio, one: check_whole(studio, stub, one))
    assert len(stub.posts) == (0 if name == "claimed" else 1)
