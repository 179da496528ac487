"""Callbacks at the worker of a real app over a stub gateway: hints that may be forged."""

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from support.library_rows import in_state
from support.serve import serve
from support.stub_gateway import StubGateway, drop, job, job_body, reply
from support.worker_rig import HURRIED, Jobs, Rig, rig

from lyria_core import Charge, Webhook
from lyria_studio.links import Signer
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State
from lyria_studio.services import Services
from lyria_studio.settings import Settings
from lyria_studio.web.webhook import MOST_BYTES, webhook_route

pytestmark = pytest.mark.slow

SIGNER = Signer(b"s" * 32)
STATUS = "GET /v2/requests/status/"


@dataclass
class App:
    """The part of the services that the route needs, on a worker that can be watched."""

    studio: Rig
    stub: StubGateway
    url: str
    signer: Signer = SIGNER

    @property
    def worker(self) -> Any:
        return self.studio.worker

    def address(self, one: Generation) -> str:
        return f"{self.url}/webhook/{one.id}/{SIGNER.callback_token(one.id)}"

    def call(self, one: Generation, body: object, **changes: Any) -> int:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        answer = requests.post(self.address(one), data, headers=headers, timeout=20, **changes)
        return answer.status_code


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The same with a worker that does nothing, for what only the route does."""
    with (
        StubGateway() as stub,
        rig(tmp_path_factory.mktemp("home"), stub.url, start=False) as studio,
    ):
        found: list[App] = []
        with serve(Starlette(routes=[webhook_route(lambda: found[0])])) as url:  # type: ignore[arg-type,return-value]
            found.append(App(studio, stub, url))
            yield found[0]


@pytest.fixture
def app(stub: StubGateway, tmp_path: Path) -> Iterator[App]:
    # No poll comes by itself: whatever happens, a callback made it happen.
    patient = replace(HURRIED, polling=lambda *_: 300.0)
    hook = Webhook("https://studio.example/webhook")
    with rig(tmp_path, stub.url, timing=patient, webhook_for=lambda _: hook) as studio:
        found: list[App] = []
        with serve(Starlette(routes=[webhook_route(lambda: found[0])])) as url:  # type: ignore[arg-type,return-value]
            found.append(App(studio, stub, url))
            yield found[0]


def test_a_callback_makes_the_worker_poll(app: App) -> None:
    Jobs(app.stub, polls=1)
    (one,) = app.studio.order()
    queued = app.studio.until(one, lambda g: g.state is State.QUEUED)
    assert app.call(one, job_body("lyria-3_00000001", "COMPLETED")) == 204
    done = app.studio.until(one, lambda g: g.state is State.READY)
    assert (queued.webhook, done.polls, len(app.stub.posts)) == (True, 1, 1)


def test_a_callback_is_not_believed_but_asked_about(app: App) -> None:
    Jobs(app.stub)
    app.stub.script(STATUS, job("lyria-3_00000001", "PROCESSING"))
    (one,) = app.studio.order()
    app.studio.until(one, lambda g: g.state is State.QUEUED)
    lie = job_body("lyria-3_00000001", "COMPLETED", "https://evil.example/x.mp3")
    assert app.call(one, lie) == 204
    seen = app.studio.until(one, lambda g: g.polls == 1)
    assert (seen.state, seen.media_urls, seen.charge) == (State.PROCESSING, (), Charge.MAYBE)


def test_duplicates_late_ones_and_many_at_once_change_nothing(app: App) -> None:
    Jobs(app.stub, polls=1)
    (one,) = app.studio.order()
    app.studio.until(one, lambda g: g.state is State.QUEUED)
    bodies = [job_body("lyria-3_00000001", word) for word in ("COMPLETED", "PROCESSING", "QUEUED")]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda body: app.call(one, body), bodies * 8))
    assert set(answers) == {204}
    done = app.studio.measured(one)
    assert app.call(one, bodies[1]) == 204
    assert app.studio.library.tracks.generation(one.id) == done
    assert (len(done.tracks), len(app.stub.posts)) == (1, 1)


def test_a_callback_gives_a_lost_request_id_and_settles_it(app: App) -> None:
    Jobs(app.stub, polls=1)
    app.stub.script("POST ", drop())
    (one,) = app.studio.order()
    assert app.studio.ended(one).state is State.UNKNOWN
    assert app.call(one, job_body("lyria-3_lost-0001", "COMPLETED")) == 204
    done = app.studio.until(one, lambda g: g.state is State.READY)
    assert (done.request_id, done.request_id_from) == ("lyria-3_lost-0001", "webhook")
    assert (done.charge, len(app.stub.posts)) == (Charge.YES, 1)


def test_a_callback_that_is_quicker_than_the_answer_is_remembered(still: App) -> None:
    one = in_state(still.studio.library, State.SUBMITTING, base_url=still.stub.url)
    assert still.call(one, job_body("lyria-3_quick-0001", "PROCESSING")) == 204
    known = still.studio.library.tracks.generation(one.id)
    assert (known.state, known.request_id) == (State.SUBMITTING, "lyria-3_quick-0001")


def test_an_id_of_another_job_is_not_taken_over(app: App) -> None:
    Jobs(app.stub)
    app.stub.script(STATUS, job("lyria-3_00000001", "PROCESSING"))
    (one,) = app.studio.order()
    queued = app.studio.until(one, lambda g: g.state is State.QUEUED)
    assert app.call(one, job_body("lyria-3_00000002", "COMPLETED")) == 204
    assert app.studio.library.tracks.generation(one.id) == queued


@pytest.mark.parametrize(
    "state", [s for s in State if (s.final and s is not State.REFUSED) or s is State.UNDELIVERED]
)
def test_what_has_ended_stays_as_it_is(still: App, state: State) -> None:
    one = in_state(still.studio.library, state, base_url=still.stub.url)
    known = one.request_id or "lyria-3_not-known-before"
    assert still.call(one, job_body(known, "COMPLETED", "https://x.example/y")) == 204
    after = still.studio.library.tracks.generation(one.id)
    assert replace(after, called_back_at=None) == one
    assert not still.stub.received


def test_a_callback_after_a_refused_submit_leads_to_the_track(app: App) -> None:
    Jobs(app.stub, polls=1)
    app.stub.script("POST ", reply(400, {"error": "Bad Request"}))
    (one,) = app.studio.order()
    assert app.studio.ended(one).state is State.REFUSED
    assert app.call(one, job_body("lyria-3_taken-0001", "COMPLETED")) == 204
    done = app.studio.until(one, lambda g: g.state is State.READY)
    assert (done.charge, len(app.stub.posts)) == (Charge.YES, 1)


def test_a_wrong_token_is_not_found_and_changes_nothing(still: App) -> None:
    one = in_state(still.studio.library, State.UNKNOWN, base_url=still.stub.url)
    body = json.dumps(job_body("lyria-3_evil-0001", "COMPLETED"))
    right = SIGNER.callback_token(one.id)
    other = Signer(b"o" * 32).callback_token(one.id)
    for token in ("x", other, right[:-1], right + "0", right.upper(), "%00", "é"):
        path = f"{still.url}/webhook/{one.id}/{token}"
        assert requests.post(path, body, timeout=20).status_code == 404
    assert requests.get(still.address(one), timeout=20).status_code == 405
    assert still.studio.library.tracks.generation(one.id) == one


def test_a_token_is_of_no_use_for_another_generation(still: App) -> None:
    one = in_state(still.studio.library, State.UNKNOWN, base_url=still.stub.url)
    other = in_state(still.studio.library, State.UNKNOWN, base_url=still.stub.url)
    path = f"{still.url}/webhook/{one.id}/{SIGNER.callback_token(other.id)}"
    body = json.dumps(job_body("lyria-3_evil-0001", "COMPLETED"))
    assert requests.post(path, body, timeout=20).status_code == 404
    assert still.studio.library.tracks.generation(one.id) == one


def test_a_right_token_for_a_generation_that_is_gone_changes_nothing(app: App) -> None:
    path = f"{app.url}/webhook/gone-1/{SIGNER.callback_token('gone-1')}"
    body = json.dumps(job_body("lyria-3_00000001", "COMPLETED"))
    assert requests.post(path, body, timeout=20).status_code == 204
    assert app.studio.library.tracks.page().total == 0


GARBAGE = {
    "nothing": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "null": b"null",
    "no id": {"status": "COMPLETED"},
    "no status": {"request_id": "lyria-3_00000001"},
    "an id that leads elsewhere": {"request_id": "../../../x", "status": "COMPLETED"},
    "an id that is no text": {"request_id": {"a": 1}, "status": "COMPLETED"},
    "very deep": b"[" * 30_000,
    "no text": bytes(range(256)),
}


@pytest.mark.parametrize("body", GARBAGE.values(), ids=GARBAGE)
def test_a_malformed_body_changes_nothing(still: App, body: object) -> None:
    one = in_state(still.studio.library, State.UNKNOWN, base_url=still.stub.url)
    assert still.call(one, body) == 400
    assert still.studio.library.tracks.generation(one.id) == one


@given(st.binary(max_size=300))
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_at_all_break_the_route(still: App, body: bytes) -> None:
    one = still.studio.library.tracks.find("fuzzed-0001-1") or in_state(
        still.studio.library, State.UNKNOWN, base_url=still.stub.url, form_id="fuzzed-0001"
    )
    assert still.call(one, body) == 400


def test_a_body_just_within_the_limit_is_read(still: App) -> None:
    one = in_state(still.studio.library, State.UNKNOWN, base_url=still.stub.url)
    body = json.dumps(job_body("lyria-3_00000001", "QUEUED")).encode()
    assert still.call(one, body + b" " * (MOST_BYTES - len(body))) == 204


def test_an_oversized_body_is_refused_by_what_it_declares(still: App) -> None:
    one = in_state(still.studio.library, State.UNKNOWN, base_url=still.stub.url)
    assert still.call(one, b" " * (MOST_BYTES + 1)) == 413
    assert still.studio.library.tracks.generation(one.id) == one


def test_an_endless_body_is_cut_off_while_it_streams(still: App) -> None:
    one = in_state(still.studio.library, State.UNKNOWN, base_url=still.stub.url)
    parts = urlsplit(still.address(one))
    chunk = b"2000\r\n" + b" " * 0x2000 + b"\r\n"
    cut_off = False
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20) as sock:
        head = f"POST {parts.path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        sock.sendall(head.encode())
        try:
            for _ in range(64 * MOST_BYTES // 0x2000):
                sock.sendall(chunk)
        except ConnectionError:
            cut_off = True
        # The end of the body never came: whoever answers has stopped reading before.
        assert cut_off or sock.recv(100).startswith(b"HTTP/1.1 413")
    assert still.studio.library.tracks.generation(one.id) == one


def test_a_hint_that_could_not_be_stored_is_asked_for_again(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = in_state(app.studio.library, State.UNKNOWN, base_url=app.stub.url)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(app.studio.library.jobs.callbacks, "received", full)
    assert app.call(one, job_body("lyria-3_00000001", "COMPLETED")) == 503


def test_the_services_give_out_addresses_that_the_route_takes(tmp_path: Path) -> None:
    services = Services(Settings(home=tmp_path, public_url="https://studio.example/app"))
    one = in_state(services.library, State.UNKNOWN)
    hook = services.webhook_for(one)
    assert hook is not None
    start, _, token = hook.url.rpartition("/")
    assert start == f"https://studio.example/app/webhook/{one.id}"
    assert services.signer.callback_matches(one.id, token)
    services.stop()
