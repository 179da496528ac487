"""A sleeping computer, a clock that is set and a restart keep no job waiting."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.library_rows import in_state
from support.stub_gateway import Action, StubGateway, job, reply
from support.worker_rig import HURRIED, Jobs, rig

from lyria_studio.library import Library
from lyria_studio.model.states import State
from lyria_studio.worker import Timing, decide

pytestmark = pytest.mark.slow

DAY_S = 24 * 3600.0
STATUS = "GET /v2/requests/status/"

SHIFTS = {
    "nothing happens": 0.0,
    "31 minutes of sleep": 31 * 60.0,
    "set back a day": -DAY_S,
    "set back a year": -365 * DAY_S,
    "set forward a day": DAY_S,
    "set forward a year": 365 * DAY_S,
}


@dataclass
class ShiftedClock:
    """The time of day, which a test sets."""

    shift_s: float = 0.0

    def __call__(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.shift_s)


def wait_in(library: Library, state: State, base_url: str, fingerprint: str, timing: Timing) -> str:
    """A generation in a state, whose next step is due after the longest wait of that state."""
    one = in_state(library, state, base_url=base_url, fingerprint=fingerprint)
    at = library.now() + timedelta(seconds=decide.longest_wait_s(timing, state))
    with library._store.writing() as rows:
        if state is not State.STALLED:
            urls = [f"{base_url}/media/1.mpeg"]
            rows.change(one.id, {state}, next_attempt_at=at, media_urls=urls)
    return one.id


@pytest.mark.parametrize("restart", [False, True], ids=["running", "restarted"])
@pytest.mark.parametrize("shift_s", SHIFTS.values(), ids=SHIFTS)
@pytest.mark.parametrize(
    "state", [State.INTENDED, State.QUEUED, State.PROCESSING, State.STALLED, State.DOWNLOADING]
)
def test_no_wait_is_longer_than_the_longest_of_its_state(
    stub: StubGateway,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    state: State,
    shift_s: float,
    restart: bool,
) -> None:
    Jobs(stub, polls=1)
    monkeypatch.setattr("lyria_studio.worker.engine._RESYNC_S", 0.02)
    monkeypatch.setattr(decide, "LONGEST_REST_S", -0.6)  # and a second of jitter
    timing = replace(HURRIED, longest_poll_s=0.4, backstop_s=0.4)
    clock = ShiftedClock()
    with rig(tmp_path, stub.url, timing=timing, clock=clock, start=False) as studio:
        waiting = wait_in(studio.library, state, stub.url, studio.access.fingerprint, timing)
        if not restart:
            studio.worker.start()
        clock.shift_s = shift_s
        studio.worker.start()
        studio.worker.wake()
        one = studio.library.tracks.generation(waiting)
        done = studio.until(one, lambda g: g.state is State.READY)
    assert done.submits == 1
    assert len(stub.posts) == (state is State.INTENDED)


FAULTS: dict[str, Callable[[], Action]] = {
    "no network yet": lambda: reply(503, {}),
    "still being made": lambda: job("lyria-3_00000001", "PROCESSING"),
    "key refused": lambda: reply(401, {}),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("shift_s", SHIFTS.values(), ids=SHIFTS)
def test_one_poll_in_vain_never_makes_a_job_stalled(
    stub: StubGateway, tmp_path: Path, shift_s: float, fault: Callable[[], Action]
) -> None:
    jobs = Jobs(stub, polls=1)
    stub.script(STATUS, fault(), fault(), jobs.status)
    clock = ShiftedClock()
    with rig(tmp_path, stub.url, clock=clock, start=False) as studio:
        (one,) = studio.order()
        studio.library.jobs.claim_for_submit(one.id)
        studio.library.jobs.accepted(one.id, "lyria-3_00000001")
        clock.shift_s = shift_s
        studio.worker.start()
        studio.worker.wake()
        studio.until(one, lambda g: g.state is State.READY)
    assert (one.id, "stalled") not in studio.events.heard
