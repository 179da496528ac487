"""Jobs whose key is gone or no longer accepted, and checking them with another one."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.library_rows import in_state
from support.stub_gateway import Exchange, StubGateway, reply
from support.worker_rig import Jobs, rig

from lyria_core import AuthenticationError, Charge, LyriaError
from lyria_studio.keys import Access
from lyria_studio.model.states import State

pytestmark = pytest.mark.slow

STATUS = "GET /v2/requests/status/"
NEW_KEY = "rotated-key-0123456789"


def known_by(stub: StubGateway, key: str, jobs: Jobs) -> None:
    """Let the gateway accept one key only."""

    def answer(exchange: Exchange) -> None:
        given = exchange.request.headers["ocp-apim-subscription-key"]
        (jobs.status if given == key else reply(401, {"message": "Access denied."}))(exchange)

    stub.script(STATUS, answer)


@pytest.mark.parametrize(
    "state", [State.QUEUED, State.PROCESSING, State.STALLED, State.FAILED, State.UNDELIVERED]
)
@pytest.mark.parametrize("old_key_here", [False, True], ids=["gone", "refused"])
def test_a_paid_track_is_recovered_with_the_current_key(
    stub: StubGateway, tmp_path: Path, state: State, old_key_here: bool
) -> None:
    known_by(stub, NEW_KEY, Jobs(stub, polls=1))
    with rig(tmp_path, stub.url, with_key=old_key_here) as studio:
        one = in_state(
            studio.library, state, base_url=stub.url, fingerprint=studio.access.fingerprint
        )
        if state is State.UNDELIVERED:
            with studio.library._store.writing() as rows:
                rows.change(one.id, {state}, media_urls=[f"{stub.url}/media/x.mpeg"])
        current = Access("live", stub.url, NEW_KEY, "c" * 32, "environment")
        studio.keyring.add(current)
        studio.worker.check_with_key(one.id, current)
        done = studio.until(one, lambda g: g.state is State.READY)
    assert (done.charge, done.key_fingerprint) == (Charge.YES, "c" * 32)
    assert not stub.posts


@pytest.mark.parametrize("answer", [reply(401, {}), reply(403, {}), reply(404, {}), reply(503, {})])
def test_a_key_that_does_not_know_the_job_changes_nothing(
    stub: StubGateway, tmp_path: Path, answer: object
) -> None:
    stub.script(STATUS, answer)  # type: ignore[arg-type]
    with rig(tmp_path, stub.url, start=False) as studio:
        one = in_state(studio.library, State.STALLED, base_url=stub.url)
        current = Access("live", stub.url, NEW_KEY, "c" * 32, "typed")
        with pytest.raises(LyriaError):
            studio.worker.check_with_key(one.id, current)
        assert studio.library.tracks.generation(one.id) == one
        assert one.charge is Charge.MAYBE


def test_a_key_of_another_gateway_is_never_sent(stub: StubGateway, tmp_path: Path) -> None:
    with rig(tmp_path, stub.url, start=False) as studio:
        one = in_state(studio.library, State.STALLED, base_url=stub.url)
        elsewhere = Access("live", "https://other.example", NEW_KEY, "c" * 32, "typed")
        with pytest.raises(AuthenticationError, match="another gateway"):
            studio.worker.check_with_key(one.id, elsewhere)
        sandbox = replace(elsewhere, gateway="sandbox", base_url=stub.url)
        with pytest.raises(AuthenticationError):
            studio.worker.check_with_key(one.id, sandbox)
    assert not stub.received


def test_no_other_key_is_used_unasked(stub: StubGateway, tmp_path: Path) -> None:
    known_by(stub, NEW_KEY, Jobs(stub, polls=1))
    with rig(tmp_path, stub.url) as studio:
        studio.keyring.add(Access("live", stub.url, NEW_KEY, "c" * 32, "environment"))
        (one,) = studio.order()
        studio.until(one, lambda g: g.http_status == 401)
    assert NEW_KEY.encode() not in stub.bytes_received
    assert done_states(studio.events.heard) <= {"submitting", "queued", "processing"}


@pytest.mark.parametrize("state", [State.INTENDED, State.QUEUED, State.PROCESSING])
def test_a_job_without_its_key_says_so_at_the_start_and_not_at_its_next_poll(
    stub: StubGateway, tmp_path: Path, state: State
) -> None:
    with rig(tmp_path, stub.url, with_key=False, start=False) as studio:
        own = {"base_url": stub.url, "fingerprint": studio.access.fingerprint}
        one = in_state(studio.library, state, **own)
        paid = in_state(studio.library, State.DOWNLOADING, **own)
        in_five_minutes = studio.library.now() + timedelta(minutes=5)
        with studio.library._store.writing() as rows:
            for id_ in (one.id, paid.id):
                rows.change(id_, set(State), next_attempt_at=in_five_minutes)
        studio.worker.start()
        assert studio.library.tracks.generation(one.id).waiting_for_key
        assert not studio.library.tracks.generation(paid.id).waiting_for_key, "it needs no key"
    assert not stub.received


def done_states(heard: list[tuple[str, str]]) -> set[str]:
    """The states that were told."""
    return {state for _, state in heard}
