"""Files that do not come, or come damaged: nothing is lost, and nothing is paid twice."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
import soundfile
from support.stub_gateway import Action, StubGateway, accepted, job, job_body, media, reply
from support.worker_rig import HURRIED, Jobs, Rig, rig, sound

from lyria_core import Charge
from lyria_studio.model.generation import FetchKind, Generation
from lyria_studio.model.states import State

pytestmark = pytest.mark.slow

ID = "lyria-3_00000001"
STATUS = "GET /v2/requests/status/"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(500)
EXPIRED = "<Error><Code>ExpiredToken</Code><Message>Invalid argument.</Message></Error>"


def wav(samples: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, 44_100, format="WAV", subtype="FLOAT")
    return buffer.getvalue()


def asked(stub: StubGateway, path: str) -> int:
    return sum(get.path.startswith(path) for get in stub.gets)


def kinds(generation: Generation) -> list[FetchKind]:
    return [fetch.kind for fetch in generation.fetches]


@pytest.mark.parametrize(
    "dead",
    [
        *(pytest.param(reply(status), id=str(status)) for status in (401, 403, 404, 410)),
        pytest.param(reply(400, EXPIRED), id="400 expired"),
        pytest.param(reply(200, "<html>This link has expired</html>"), id="a page"),
        pytest.param(reply(200, b""), id="empty"),
    ],
)
def test_an_expired_address_is_asked_once_and_the_new_one_used(
    stub: StubGateway, tmp_path: Path, dead: Action
) -> None:
    Jobs(stub)
    stub.script("GET /old", dead)
    old, new = (job(ID, "COMPLETED", f"{stub.url}/{name}.mpeg") for name in ("old", "media/new"))
    stub.script(STATUS, old, new)
    with rig(tmp_path, stub.url) as studio:
        (one,) = studio.order()
        done = studio.ended(one)
    assert (done.state, done.charge, done.error) == (State.READY, Charge.YES, None)
    assert done.tracks[0].path.read_bytes() == sound()
    assert (asked(stub, "/old"), asked(stub, "/media/new"), asked(stub, "/v2/")) == (1, 1, 2)
    assert kinds(done) == [FetchKind.FAILED, FetchKind.STATUS]
    assert done.fetches[1].outcome == "The gateway gave a new address."
    assert len(stub.posts) == 1


def test_fetching_again_asks_for_the_address_again(stub: StubGateway, tmp_path: Path) -> None:
    Jobs(stub)
    stub.script("GET /old", reply(403))
    stub.script(STATUS, job(ID, "COMPLETED", f"{stub.url}/old.mpeg"))
    with rig(tmp_path, stub.url) as studio:
        (one,) = studio.order()
        failed = studio.ended(one)
        assert (failed.state, failed.charge, failed.http_status) == (
            State.UNDELIVERED,
            Charge.YES,
            403,
        )
        # Four tries, each followed by a question for a better address.
        assert (asked(stub, "/old"), asked(stub, "/v2/")) == (4, 5)
        assert kinds(failed) == [FetchKind.FAILED, FetchKind.STATUS] * 4
        assert failed.fetches[0].http_status == 403
        assert failed.fetches[1].outcome == "The gateway gave the same address."
        stub.script(STATUS, job(ID, "COMPLETED", f"{stub.url}/media/new.mpeg"))
        assert studio.library.jobs.retry_download(one.id)
        studio.worker.wake()
        done = studio.until(one, lambda one: one.state is State.READY)
    assert kinds(done)[8:] == [FetchKind.AGAIN, FetchKind.FAILED, FetchKind.STATUS]
    assert len(stub.posts) == 1


def test_a_gateway_that_forgot_the_job_leaves_the_address_as_it_is(
    stub: StubGateway, tmp_path: Path
) -> None:
    Jobs(stub)
    stub.script("GET /media/", reply(404), media(sound()))
    stub.script(STATUS, job(ID, "COMPLETED", f"{stub.url}/media/a.mpeg"), reply(404))
    with rig(tmp_path, stub.url) as studio:
        (one,) = studio.order()
        done = studio.ended(one)
    assert (done.state, done.charge) == (State.READY, Charge.YES)
    assert "could not tell the status" in done.fetches[1].outcome


DAMAGED = {
    "silent": (wav(np.zeros((44_100, 2))), "silent"),
    "44 bytes": (wav(np.zeros((0, 1)))[:44], ""),
    "NaN": (wav(np.full((44_100, 1), np.nan)), "valid samples"),
    "cut short": (wav(np.sin(np.arange(44_100)))[:90_000], "shorter"),
    "tags only": (b"ID3" + bytes(range(256)), "decoded"),
}


@pytest.mark.parametrize(("data", "says"), DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_file_is_fetched_three_times_and_kept_for_a_person(
    stub: StubGateway, tmp_path: Path, data: bytes, says: str
) -> None:
    Jobs(stub, data=data)
    with rig(tmp_path, stub.url) as studio:
        (one,) = studio.order()
        asks = studio.ended(one)
        assert (asks.state, asks.charge, asks.tracks) == (State.UNDELIVERED, Charge.YES, ())
        assert says in (asks.error or "")
        assert asks.advice == "Keep it as it is, or fetch it again; both are free."
        assert asked(stub, "/media/") == 3
        assert kinds(asks) == [FetchKind.DAMAGED, FetchKind.STATUS] * 3
        kept = tmp_path / "tracks" / one.id / asks.set_aside[0]
        assert kept.read_bytes() == data
        assert studio.library.jobs.fetches.keep_as_is(one.id)
        studio.worker.wake()
        done = studio.until(one, lambda one: one.state is State.READY)
    (track,) = done.tracks
    assert track.path.read_bytes() == data
    assert (done.charge, done.error, done.set_aside) == (Charge.YES, None, {})
    assert asked(stub, "/media/") == 3
    assert len(stub.posts) == 1


def test_a_new_address_at_every_poll_causes_no_fourth_download(
    stub: StubGateway, tmp_path: Path
) -> None:
    Jobs(stub, data=DAMAGED["silent"][0])
    looks = [
        job(ID, "COMPLETED", *(f"{stub.url}/media/{name}?signed={number}" for name in "ab"))
        for number in range(9)
    ]
    stub.script(STATUS, *looks)
    with rig(tmp_path, stub.url) as studio:
        (one,) = studio.order()
        asks = studio.ended(one)
    assert (asks.state, sorted(asks.set_aside)) == (State.UNDELIVERED, [0, 1])
    assert (asked(stub, "/media/a"), asked(stub, "/media/b")) == (3, 3)


def test_a_damaged_file_can_be_fetched_again_and_may_then_be_whole(
    stub: StubGateway, tmp_path: Path
) -> None:
    Jobs(stub, data=DAMAGED["silent"][0])
    with rig(tmp_path, stub.url) as studio:
        (one,) = studio.order()
        studio.ended(one)
        assert studio.library.jobs.retry_download(one.id)
        stub.script("GET /media/", media(DAMAGED["cut short"][0]), media(sound()))
        studio.worker.wake()
        done = studio.until(one, lambda one: one.state is State.READY)
    assert done.tracks[0].path.read_bytes() == sound()


def test_keeping_is_for_files_that_arrived(stub: StubGateway, tmp_path: Path) -> None:
    Jobs(stub)
    stub.script("GET /media/", reply(404))
    with rig(tmp_path, stub.url) as studio:
        (one,) = studio.order()
        assert studio.ended(one).state is State.UNDELIVERED
        assert not studio.library.jobs.fetches.keep_as_is(one.id)


def test_a_cover_among_the_files_keeps_nothing_from_being_delivered(
    stub: StubGateway, tmp_path: Path
) -> None:
    Jobs(stub)
    stub.script("GET /cover", media(PNG))
    stub.script(STATUS, job(ID, "COMPLETED", f"{stub.url}/cover", f"{stub.url}/media/a"))
    with rig(tmp_path, stub.url) as studio:
        (one,) = studio.order()
        done = studio.ended(one)
    assert (done.state, [track.index for track in done.tracks]) == (State.READY, [1])
    assert asked(stub, "/cover") == 1


def test_a_page_among_the_files_is_a_file_that_is_missing(
    stub: StubGateway, tmp_path: Path
) -> None:
    Jobs(stub)
    stub.script("GET /page", reply(200, "<html>expired</html>"))
    stub.script(STATUS, job(ID, "COMPLETED", f"{stub.url}/media/a", f"{stub.url}/page"))
    with rig(tmp_path, stub.url) as studio:
        (one,) = studio.order()
        done = studio.ended(one)
    assert (done.state, len(done.tracks)) == (State.UNDELIVERED, 1)


def test_only_a_cover_is_no_delivery(stub: StubGateway, tmp_path: Path) -> None:
    Jobs(stub, data=PNG)
    with rig(tmp_path, stub.url) as studio:
        (one,) = studio.order()
        assert studio.ended(one).state is State.UNDELIVERED


def test_a_file_in_the_answer_becomes_a_track_and_leaves_the_record(
    stub: StubGateway, tmp_path: Path
) -> None:
    Jobs(stub)
    data = base64.b64encode(sound(kind="WAV")).decode()
    stub.script(STATUS, job(ID, "COMPLETED", f"data:audio/wav;base64,{data}"))
    with rig(tmp_path, stub.url) as studio:
        (one,) = studio.order()
        done = studio.ended(one)
    assert done.state is State.READY
    assert done.tracks[0].path.read_bytes() == sound(kind="WAV")
    assert data[:50] not in json.dumps(done.raw) + "".join(done.media_urls)
    assert asked(stub, "/media") == 0


def test_a_file_in_the_answer_that_was_lost_is_asked_for_again(
    stub: StubGateway, tmp_path: Path
) -> None:
    Jobs(stub)
    data = base64.b64encode(sound(kind="WAV")).decode()
    stub.script(STATUS, job(ID, "COMPLETED", f"data:audio/wav;base64,{data}"))
    with rig(tmp_path, stub.url, start=False) as studio:
        (one,) = studio.order()
        studio.library.jobs.claim_for_submit(one.id, webhook=False)
        taken = studio.library.jobs.accepted(one.id, ID, raw={}, next_attempt_at=one.created_at)
        assert taken is not None
        gone = replace_urls(studio, one, "data:audio/wav;bytes=9;sha256=0,")
        assert gone.state is State.DOWNLOADING
        studio.worker.start()
        done = studio.ended(one)
    assert done.tracks[0].path.read_bytes() == sound(kind="WAV")


def replace_urls(studio: Rig, one: Generation, *urls: str) -> Generation:
    from lyria_core import parse_job

    finished = replace(parse_job(job_body(ID, "COMPLETED", *urls)), inline={}, media_urls=urls)
    stored = studio.library.jobs.observed(one.id, finished)
    assert stored is not None
    return stored


def test_output_in_the_answer_to_the_submit_needs_no_look(
    stub: StubGateway, tmp_path: Path
) -> None:
    Jobs(stub)
    stub.script("POST ", reply(202, job_body(ID, "COMPLETED", f"{stub.url}/media/a.mpeg")))
    with rig(tmp_path, stub.url) as studio:
        (one,) = studio.order()
        done = studio.ended(one)
    assert (done.state, done.charge) == (State.READY, Charge.YES)
    assert asked(stub, "/v2/") == 0


def test_a_status_that_stays_unknown_is_shown_in_the_gateways_words(
    stub: StubGateway, tmp_path: Path
) -> None:
    Jobs(stub)
    stub.script(STATUS, job(ID, "Polishing"))
    with rig(tmp_path, stub.url, timing=replace(HURRIED, stalled_s=0.5)) as studio:
        (one,) = studio.order()
        shown = studio.until(one, lambda one: one.error is not None)
        assert "“Polishing”" in (shown.error or "")
        stalled = studio.ended(one)
    assert (stalled.state, stalled.charge) == (State.STALLED, Charge.MAYBE)
    assert "“Polishing”" in (stalled.error or "")


def test_an_http_error_that_is_the_outcome_may_be_charged_and_can_be_checked_again(
    stub: StubGateway, tmp_path: Path
) -> None:
    Jobs(stub)
    stub.script(STATUS, reply(500, job_body(ID, "ERROR", error="The model is down")))
    with rig(tmp_path, stub.url) as studio:
        (one,) = studio.order()
        failed = studio.ended(one)
        assert (failed.state, failed.charge) == (State.FAILED, Charge.MAYBE)
        assert "The model is down" in (failed.error or "")
        assert "Check again" in (failed.advice or "")
        stub.script(STATUS, job(ID, "COMPLETED", f"{stub.url}/media/a.mpeg"))
        assert studio.library.jobs.poll_again(one.id)
        studio.worker.wake()
        studio.until(one, lambda one: one.state is State.READY)


@pytest.mark.parametrize("odd", ["jobs/7", "..", "ä 夜%2F", "x" * 1024])
def test_an_id_of_any_form_leads_to_its_track(stub: StubGateway, tmp_path: Path, odd: str) -> None:
    Jobs(stub)
    stub.script("POST ", accepted(odd))
    segment = quote(odd, safe="").replace("..", "%2E%2E")
    stub.script(f"{STATUS}{segment}", job(odd, "COMPLETED", f"{stub.url}/media/a.mpeg"))
    stub.script(STATUS, reply(500))
    stub.script(f"{STATUS}{segment}", job(odd, "COMPLETED", f"{stub.url}/media/a.mpeg"))
    with rig(tmp_path, stub.url) as studio:
        (one,) = studio.order()
        done = studio.ended(one)
    assert (done.state, done.request_id) == (State.READY, odd)
