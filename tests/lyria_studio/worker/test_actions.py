"""The two actions, called by many at once and again and again, without the engine around them."""

import itertools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from support.library_rows import takes
from support.stub_gateway import StubGateway
from support.worker_rig import HURRIED, Jobs, Rig, rig, sound

from lyria_studio.model.states import State
from lyria_studio.worker.actions import Actions
from lyria_studio.worker.clients import Clients
from lyria_studio.worker.rescue import Rescue

pytestmark = pytest.mark.slow

CROWD = 12


@pytest.fixture(autouse=True)
def jobs(stub: StubGateway) -> Jobs:
    return Jobs(stub, polls=3)


@pytest.fixture
def studio(stub: StubGateway, tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path, stub.url, start=False) as studio:
        yield studio


@pytest.fixture
def actions(studio: Rig) -> Actions:
    stopping = threading.Event()
    return Actions(
        studio.library,
        Clients(studio.keyring, stopping),
        Rescue(studio.library.home),
        studio.library.home / "tracks",
        webhook_for=lambda _: None,
        after_submit=lambda _, __: None,
        timing=HURRIED,
        stopping=stopping,
    )


def crowd(action: Callable[[str], object], generation_id: str) -> list[object]:
    """Call an action from many threads at the same time."""
    start = threading.Barrier(CROWD)

    def one(_: int) -> object:
        start.wait()
        return action(generation_id)

    with ThreadPoolExecutor(CROWD) as pool:
        return list(pool.map(one, range(CROWD)))


def test_a_crowd_submits_once(stub: StubGateway, studio: Rig, actions: Actions) -> None:
    (one,) = studio.order()
    answers = crowd(actions.submit, one.id)
    assert sum(answer is not None for answer in answers) == 1
    assert studio.library.tracks.generation(one.id).state is State.QUEUED
    assert actions.submit(one.id) is None
    assert len(stub.posts) == 1


@pytest.mark.parametrize("gateway", ["sandbox", "live"])
def test_takes_share_seeds_by_number_in_the_sandbox_alone(
    stub: StubGateway, tmp_path: Path, gateway: str
) -> None:
    variants = ("piano", "harp")
    with rig(tmp_path, stub.url) as studio:
        studio.keyring.add(replace(studio.access, gateway=gateway))
        for prompt in variants:
            ordered = takes(
                2,
                prompt=prompt,
                gateway=gateway,
                base_url=stub.url,
                fingerprint=studio.access.fingerprint,
            )
            studio.library.jobs.order(
                [
                    replace(one, id=f"take-of-{prompt}-{one.take}", batch_id="comparison")
                    for one in ordered
                ]
            )
        studio.worker.wake()
        studio.events.until(lambda: len(stub.posts) == 4)
    seeds: dict[str, set[str | None]] = {prompt: set() for prompt in variants}
    for post in stub.posts:
        seeds[post.json["prompt"]].add(post.headers.get("x-sandbox-seed"))
    if gateway == "sandbox":
        assert seeds["piano"] == seeds["harp"]
        assert len(seeds["piano"]) == 2
    else:
        assert seeds == {"piano": {None}, "harp": {None}}


def test_polling_and_fetching_at_once_do_no_harm(
    stub: StubGateway, studio: Rig, actions: Actions
) -> None:
    (one,) = studio.order()
    assert actions.poll(one.id) is None
    assert actions.deliver(one.id) is None
    actions.submit(one.id)
    while studio.library.tracks.generation(one.id).active:
        crowd(actions.poll, one.id)
        crowd(actions.deliver, one.id)
    done = studio.library.tracks.generation(one.id)
    assert done.state is State.READY
    (track,) = done.tracks
    assert track.path.read_bytes() == sound()
    crowd(actions.poll, one.id)
    crowd(actions.deliver, one.id)
    assert studio.library.tracks.generation(one.id) == done
    assert len(stub.posts) == 1


def test_of_cancelling_and_submitting_at_once_one_wins(
    stub: StubGateway, studio: Rig, actions: Actions
) -> None:
    turns = itertools.count()

    def either(name: str) -> object:
        return studio.library.jobs.cancel(name) if next(turns) % 2 else actions.submit(name)

    for one in studio.order(10):
        assert sum(bool(answer) for answer in crowd(either, one.id)) == 1
    states = [one.state for one in studio.library.tracks.latest(20)]
    assert set(states) <= {State.CANCELLED, State.QUEUED}
    assert len(stub.posts) == states.count(State.QUEUED)


def test_nothing_is_done_to_a_generation_that_is_not_there(actions: Actions) -> None:
    assert actions.submit("nobody-0001") is None
    assert actions.poll("nobody-0001") is None
    assert actions.deliver("nobody-0001") is None
