"""From the intent to the track, and what becomes of every fault on the way."""

import hashlib
import threading
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from support.library_rows import in_state
from support.stub_gateway import (
    Action,
    StubGateway,
    accepted,
    after,
    drop,
    garbage,
    job,
    job_body,
    media,
    reply,
    reset,
)
from support.worker_rig import HURRIED, Jobs, rig, sound

from lyria_core import Charge, Webhook
from lyria_studio.model.generation import new_intent_id
from lyria_studio.model.states import State
from lyria_studio.worker import SubmitRate

pytestmark = pytest.mark.slow


def test_an_order_becomes_a_measured_track(stub: StubGateway, tmp_path: Path) -> None:
    Jobs(stub)
    with rig(tmp_path, stub.url) as studio:
        (one,) = studio.order(prompt="Warm folk, 90 BPM.")
        done = studio.measured(one)
    assert (done.state, done.charge, done.price_usd) == (State.READY, Charge.YES, Decimal("0.04"))
    (track,) = done.tracks
    assert track.path == tmp_path / "tracks" / one.id / "lyria-3_00000001.mp3"
    assert track.path.read_bytes() == sound()
    assert track.sha256 == hashlib.sha256(sound()).hexdigest()
    assert track.file_name == "warm-folk_lyria-3.mp3"
    assert track.media_type == "audio/mpeg"
    assert track.duration_s == pytest.approx(0.5, abs=0.1)
    assert len(track.peaks) == 2000
    assert track.loudness_lufs is not None
    assert len(stub.posts) == 1
    states = [state for _, state in studio.events.heard]
    assert states[-1] == State.READY
    assert State.PROCESSING in states


def test_a_callback_of_the_sandbox_is_followed_at_once(stub: StubGateway, tmp_path: Path) -> None:
    Jobs(stub, polls=2)
    patient = replace(HURRIED, least_s=60.0)
    with rig(tmp_path, stub.url, timing=patient) as studio:
        studio.keyring.add(replace(studio.access, gateway="sandbox"))
        (one,) = studio.order(gateway="sandbox")
        for state in (State.QUEUED, State.PROCESSING):
            seen = studio.until(one, lambda now, state=state: now.state is state)  # type: ignore[misc]
            assert studio.worker.callback(one.id, seen.request_id or "")
        assert studio.ended(one).state is State.READY


def test_many_orders_are_all_made_and_each_is_sent_once(stub: StubGateway, tmp_path: Path) -> None:
    Jobs(stub, polls=3)
    with rig(tmp_path, stub.url, pace=lambda: SubmitRate(1000, 1000)) as studio:
        ordered = studio.order(20) + studio.order(20, model="lyria-2")
        ended = [studio.ended(one) for one in ordered]
    assert {one.state for one in ended} == {State.READY}
    assert len({one.request_id for one in ended}) == 40
    assert len(stub.posts) == 40


def test_every_file_of_a_job_becomes_a_track(stub: StubGateway, tmp_path: Path) -> None:
    Jobs(stub)
    urls = [f"{stub.url}/media/{name}" for name in ("a.mpeg", "b.mpeg", "c.wav")]
    stub.script(STATUS, job("lyria-3_00000001", "COMPLETED", *urls))
    stub.script("GET /media/b", media(sound(0.7)))
    stub.script("GET /media/c", media(sound(0.6, "WAV"), "application/octet-stream"))
    with rig(tmp_path, stub.url) as studio:
        (one,) = studio.order(prompt="Folk")
        done = studio.ended(one)
    assert [track.index for track in done.tracks] == [0, 1, 2]
    assert [track.path.read_bytes() for track in done.tracks] == [
        sound(),
        sound(0.7),
        sound(0.6, "WAV"),
    ]
    assert [track.file_name for track in done.tracks] == [
        "folk_lyria-3.mp3",
        "folk_lyria-3_part-2.mp3",
        "folk_lyria-3_part-3.wav",
    ]


STATUS = "GET /v2/requests/status/"
OK = {"request_id": "lyria-3_00000009", "status": "QUEUED"}
AZURE = {"statusCode": 401, "message": "Access denied due to invalid subscription key."}
NO_BALANCE = {"error": "Insufficient Balance", "message": "Not enough. Required: $0.04"}
HTML = "<html><body>Bad gateway</body></html>"

SUBMIT_FAULTS = {
    "400": (reply(400, {"error": "Bad Request", "message": "no"}), State.REFUSED, 1),
    "401 in the words of Azure": (reply(401, AZURE), State.REFUSED, 1),
    "402": (reply(402, NO_BALANCE), State.REFUSED, 1),
    "403": (reply(403, {"error": "Forbidden"}), State.REFUSED, 1),
    "429 without Retry-After": (reply(429, {}), State.REFUSED, 1),
    "429 that asks for two minutes": (reply(429, {}, {"Retry-After": "120"}), State.REFUSED, 1),
    "429 every time": (reply(429, {}, {"Retry-After": "0"}), State.REFUSED, 3),
    "dropped after the request was read": (drop(), State.UNKNOWN, 1),
    "reset after the request was read": (reset(), State.UNKNOWN, 1),
    "202 that is HTML": (reply(202, HTML), State.UNKNOWN, 1),
    "202 without an id": (reply(202, {"status": "QUEUED"}), State.UNKNOWN, 1),
    "202 that is empty": (reply(202), State.UNKNOWN, 1),
    "307 to another host": (
        reply(307, "", {"Location": "http://127.0.0.1:9/"}),
        State.UNKNOWN,
        1,
    ),
    "500": (reply(500, {"error": "Internal Server Error"}), State.UNKNOWN, 1),
    "502 as HTML": (reply(502, HTML), State.UNKNOWN, 1),
    "503": (reply(503, ""), State.UNKNOWN, 1),
    "504 with an empty body": (reply(504), State.UNKNOWN, 1),
    "no HTTP": (garbage(b"hello\r\n\r\n"), State.UNKNOWN, 1),
}


@pytest.mark.parametrize(("action", "state", "posts"), SUBMIT_FAULTS.values(), ids=SUBMIT_FAULTS)
def test_a_submit_that_fails(
    stub: StubGateway, tmp_path: Path, action: Action, state: State, posts: int
) -> None:
    stub.script("POST ", action)
    with rig(tmp_path, stub.url, pace=lambda: SubmitRate(1000, 1000)) as studio:
        (one,) = studio.order()
        done = studio.ended(one)
        # Neither waking nor a restart of the worker sends it again.
        studio.worker.wake()
    with rig(tmp_path, stub.url):
        pass
    assert done.state is state
    assert done.charge is (Charge.NO if state is State.REFUSED else Charge.MAYBE)
    assert len(stub.posts) == posts == done.submits
    assert done.error
    assert done.advice
    assert "charged" in done.error


def test_a_gateway_that_is_not_there_is_asked_three_times(tmp_path: Path) -> None:
    with StubGateway() as gone:
        url = gone.url
    with rig(tmp_path, url, pace=lambda: SubmitRate(1000, 1000)) as studio:
        (one,) = studio.order()
        done = studio.ended(one)
    assert (done.state, done.charge, done.submits) == (State.REFUSED, Charge.NO, 3)


def test_an_order_that_was_held_up_goes_through(stub: StubGateway, tmp_path: Path) -> None:
    jobs = Jobs(stub)
    busy = reply(429, {}, {"Retry-After": "0"})
    stub.script("POST ", busy, busy, jobs.submit)
    with rig(tmp_path, stub.url, pace=lambda: SubmitRate(1000, 1000)) as studio:
        (one,) = studio.order()
        done = studio.ended(one)
    assert (done.state, done.submits, len(stub.posts)) == (State.READY, 3, 3)


def test_a_refusal_slows_all_orders_of_the_gateway_down(stub: StubGateway, tmp_path: Path) -> None:
    Jobs(stub)
    stub.script("POST ", reply(429, {}, {"Retry-After": "50"}))
    paces: list[SubmitRate] = []

    def pace() -> SubmitRate:
        paces.append(SubmitRate(per_s=1000, burst=1))
        return paces[-1]

    with rig(tmp_path, stub.url, pace=pace) as studio:
        (refused,) = studio.order()
        studio.until(refused, lambda one: one.error is not None)
        others = studio.order(5)
        (pace_of_gateway,) = paces
        assert pace_of_gateway.wait(time.monotonic()) > 0
        # Not one of them has left: each can still be taken back.
        assert [studio.library.jobs.cancel(one.id) for one in others] == [True] * 5
    assert pace_of_gateway.per_s < 1000
    assert len(stub.posts) == 1


def test_an_id_saved_from_a_broken_answer_leads_to_the_track(
    stub: StubGateway, tmp_path: Path
) -> None:
    Jobs(stub)
    stub.script("POST ", reply(202, OK, cut_at=45))
    with rig(tmp_path, stub.url) as studio:
        (one,) = studio.order()
        done = studio.ended(one)
    assert (done.state, done.request_id_from) == (State.READY, "salvaged")
    assert len(stub.posts) == 1


POLL_FAULTS = {
    "500": reply(500, {}),
    "HTML": reply(200, HTML),
    "nothing": drop(),
    "404": reply(404, {"error": "not found"}),
    "429": reply(429, {}, {"Retry-After": "0"}),
    "401": reply(401, AZURE),
    "another job": job("lyria-3_other", "COMPLETED", "http://127.0.0.1:9/x"),
    "a status nobody knows": job("lyria-3_00000001", "DREAMING"),
    "a status that goes backwards": job("lyria-3_00000001", "QUEUED"),
    "completed without a file": job("lyria-3_00000001", "COMPLETED"),
}


@pytest.mark.parametrize("fault", POLL_FAULTS.values(), ids=POLL_FAULTS)
def test_a_poll_that_brings_nothing_is_followed_by_another(
    stub: StubGateway, tmp_path: Path, fault: Action
) -> None:
    jobs = Jobs(stub, polls=1)
    processing = job("lyria-3_00000001", "PROCESSING")
    stub.script(STATUS, processing, fault, fault, processing, jobs.status)
    with rig(tmp_path, stub.url) as studio:
        (one,) = studio.order()
        done = studio.ended(one)
    assert (done.state, done.polls, done.error) == (State.READY, 5, None)
    assert len(stub.posts) == 1


@pytest.mark.parametrize(
    ("status", "state", "charge", "words"),
    [
        ("FAILED", State.FAILED, Charge.MAYBE, "it may have been charged"),
        ("ERROR", State.ERROR, Charge.NO, "nothing was charged"),
    ],
)
def test_a_job_that_fails_says_why_and_what_it_cost(
    stub: StubGateway, tmp_path: Path, status: str, state: State, charge: Charge, words: str
) -> None:
    Jobs(stub)
    stub.script(STATUS, job("lyria-3_00000001", status, error="No artist names, please."))
    with rig(tmp_path, stub.url) as studio:
        (one,) = studio.order()
        done = studio.ended(one)
    assert (done.state, done.charge) == (state, charge)
    assert done.error is not None
    assert done.error == f"The gateway could not make the track (No artist names, please); {words}."
    assert done.advice


PROMPT = "A velvet waltz for nine bassoons and one reluctant accordion"


@pytest.mark.parametrize(
    ("echo", "state"),
    [
        (job("lyria-3_00000001", "FAILED", error=f"Refused: {PROMPT}"), State.FAILED),
        (reply(500, {"message": f"Cannot read {PROMPT!r}"}), State.STALLED),
        (reply(401, {"message": f"No key for {PROMPT!r}"}), State.STALLED),
    ],
    ids=["FAILED", "500", "401"],
)
def test_a_prompt_that_is_echoed_after_a_restart_is_hidden(
    stub: StubGateway, tmp_path: Path, echo: Action, state: State
) -> None:
    Jobs(stub)
    with rig(tmp_path, stub.url, start=False) as studio:
        (one,) = studio.order(prompt=PROMPT)
        studio.library.jobs.claim_for_submit(one.id)
        studio.library.jobs.accepted(one.id, "lyria-3_00000001")
    stub.script(STATUS, echo)
    with rig(tmp_path, stub.url, timing=replace(HURRIED, stalled_s=0.0)) as studio:
        done = studio.ended(one)
    assert done.state is state
    assert done.error is not None
    assert "[hidden]" in done.error
    assert PROMPT not in f"{done.error} {done.advice} {done.raw}"


@pytest.mark.parametrize("fault", [job("lyria-3_00000001", "PROCESSING"), reply(404, {})])
def test_a_job_that_takes_too_long_can_be_polled_again(
    stub: StubGateway, tmp_path: Path, fault: Action
) -> None:
    jobs = Jobs(stub, polls=1)
    stub.script(STATUS, fault)
    with rig(tmp_path, stub.url, timing=replace(HURRIED, stalled_s=0.0)) as studio:
        (one,) = studio.order()
        stalled = studio.ended(one)
        assert (stalled.state, stalled.charge) == (State.STALLED, Charge.MAYBE)
        stub.script(STATUS, jobs.status)
        assert studio.library.jobs.poll_again(one.id)
        studio.worker.wake()
        done = studio.until(one, lambda g: g.state is State.READY)
    assert done.charge is Charge.YES
    assert len(stub.posts) == 1


def test_a_stalled_job_is_polled_once_in_a_while_unasked(stub: StubGateway, tmp_path: Path) -> None:
    jobs = Jobs(stub, polls=1)
    processing = job("lyria-3_00000001", "PROCESSING")
    stub.script(STATUS, processing, processing, processing, jobs.status)
    timing = replace(HURRIED, stalled_s=0.0, backstop_s=0.01)
    with rig(tmp_path, stub.url, timing=timing) as studio:
        (one,) = studio.order()
        studio.until(one, lambda g: g.state is State.READY)
    assert len(stub.posts) == 1


def test_a_failed_download_is_tried_again_and_never_ordered_again(
    stub: StubGateway, tmp_path: Path
) -> None:
    Jobs(stub)
    missing = reply(404, HTML)
    stub.script("GET /media/", missing, missing, media(sound()))
    with rig(tmp_path, stub.url) as studio:
        (one,) = studio.order()
        done = studio.ended(one)
    assert (done.state, done.download_failures, done.error) == (State.READY, 2, None)
    assert len(stub.posts) == 1


DOWNLOAD_FAULTS = {
    "404": reply(404, HTML),
    "an HTML page": reply(200, HTML),
    "an empty file": media(b""),
    "not audio": media(b"%PDF-1.7" + bytes(500)),
    "a redirect to a private address": reply(302, "", {"Location": "http://10.0.0.1/x"}),
}


@pytest.mark.parametrize("fault", DOWNLOAD_FAULTS.values(), ids=DOWNLOAD_FAULTS)
def test_what_could_not_be_fetched_can_be_asked_for_again(
    stub: StubGateway, tmp_path: Path, fault: Action
) -> None:
    Jobs(stub)
    stub.script("GET /media/", fault)
    with rig(tmp_path, stub.url) as studio:
        (one,) = studio.order()
        failed = studio.ended(one)
        assert (failed.state, failed.charge) == (State.UNDELIVERED, Charge.YES)
        assert failed.download_failures == 4
        assert failed.error
        assert "paid" in failed.error
        assert not failed.tracks
        stub.script("GET /media/", media(sound()))
        assert studio.library.jobs.retry_download(one.id)
        studio.worker.wake()
        done = studio.until(one, lambda g: g.state is State.READY)
    assert done.tracks[0].path.read_bytes() == sound()
    assert len(stub.posts) == 1


def test_a_full_disk_loses_nothing(stub: StubGateway, tmp_path: Path) -> None:
    Jobs(stub)
    form_id = new_intent_id()
    with rig(tmp_path, stub.url) as studio:
        in_the_way = tmp_path / "tracks" / f"{form_id}-1"
        in_the_way.write_text("a file where the folder should be")
        (one,) = studio.order(form_id=form_id)
        failed = studio.ended(one)
        assert (failed.state, failed.charge) == (State.UNDELIVERED, Charge.YES)
        in_the_way.unlink()
        assert studio.library.jobs.retry_download(one.id)
        studio.worker.wake()
        studio.until(one, lambda g: g.state is State.READY)
    assert len(stub.posts) == 1


def test_an_order_can_be_cancelled_until_its_post_leaves(stub: StubGateway, tmp_path: Path) -> None:
    Jobs(stub)
    with rig(tmp_path, stub.url, pace=lambda: SubmitRate(per_s=1e-6, burst=1)) as studio:
        first, second = studio.order(2)
        assert studio.ended(first).state is State.READY
        assert studio.library.jobs.cancel(second.id)
        assert not studio.library.jobs.cancel(first.id)
    assert len(stub.posts) == 1


def test_without_its_key_a_generation_waits_and_no_other_key_is_used(
    stub: StubGateway, tmp_path: Path
) -> None:
    Jobs(stub)
    with rig(tmp_path, stub.url, with_key=False) as studio:
        (one,) = studio.order()
        waiting = studio.until(one, lambda g: g.waiting_for_key)
        assert waiting.state is State.INTENDED
        studio.keyring.add(replace(studio.access, key="another-key", fingerprint="0" * 32))
        studio.worker.wake()
        assert not stub.received
        studio.keyring.add(studio.access)
        assert studio.library.jobs.key_arrived(studio.access.fingerprint, "live") == 1
        studio.worker.wake()
        studio.until(one, lambda g: g.state is State.READY)
    assert b"another-key" not in stub.bytes_received


def test_the_key_goes_to_the_gateway_and_not_to_the_media_host(
    stub: StubGateway, tmp_path: Path
) -> None:
    Jobs(stub)
    with rig(tmp_path, stub.url) as studio:
        (one,) = studio.order()
        studio.ended(one)
    for request in stub.received:
        has_key = "ocp-apim-subscription-key" in request.headers
        assert has_key == (not request.path.startswith("/media/"))


def test_stopping_does_not_wait_for_a_gateway_that_hangs(stub: StubGateway, tmp_path: Path) -> None:
    arrived, never = threading.Event(), threading.Event()

    def hang(exchange: object) -> None:
        arrived.set()
        after(never, accepted("lyria-3_00000001"))(exchange)  # type: ignore[arg-type]

    stub.script("POST ", hang)
    with rig(tmp_path, stub.url) as studio:
        (one,) = studio.order()
        assert arrived.wait(20)
        assert not studio.worker.stop(0.1)
        assert studio.library.tracks.generation(one.id).state is State.SUBMITTING
        never.set()


def test_what_was_being_sent_at_a_crash_is_unknown_and_not_sent_again(
    stub: StubGateway, tmp_path: Path
) -> None:
    Jobs(stub)
    with rig(tmp_path, stub.url, start=False) as studio:
        one = in_state(studio.library, State.SUBMITTING, base_url=stub.url)
    with rig(tmp_path, stub.url) as studio:
        done = studio.ended(one)
        assert (done.state, done.charge) == (State.UNKNOWN, Charge.MAYBE)
        assert done.advice
        # The person finds the request id in their account: the music is theirs after all.
        studio.library.jobs.settlements.settle(one.id, request_id="lyria-3_00000077")
        studio.keyring.add(replace(studio.access, fingerprint="f" * 32))
        studio.worker.wake()
        assert studio.until(one, lambda g: g.state is State.READY).tracks
    assert not stub.posts


@pytest.mark.parametrize("state", [State.INTENDED, State.QUEUED, State.PROCESSING])
def test_a_restart_takes_up_what_was_unfinished(
    stub: StubGateway, tmp_path: Path, state: State
) -> None:
    Jobs(stub)
    with rig(tmp_path, stub.url, start=False) as studio:
        one = in_state(
            studio.library, state, base_url=stub.url, fingerprint=studio.access.fingerprint
        )
    with rig(tmp_path, stub.url) as studio:
        assert studio.ended(one).state is State.READY
    assert len(stub.posts) == (1 if state is State.INTENDED else 0)


def test_a_file_that_arrived_before_a_crash_is_not_fetched_again(
    stub: StubGateway, tmp_path: Path
) -> None:
    with rig(tmp_path, stub.url, start=False) as studio:
        one = in_state(studio.library, State.DOWNLOADING, base_url=stub.url)
        assert one.request_id is not None
        arrived = tmp_path / "tracks" / one.id / f"{one.request_id}.mp3"
        arrived.parent.mkdir(parents=True)
        arrived.write_bytes(sound())
    with rig(tmp_path, stub.url) as studio:
        done = studio.ended(one)
    assert done.state is State.READY
    assert done.tracks[0].path == arrived
    assert not stub.received


def test_a_webhook_is_asked_for_where_it_can_be_reached(stub: StubGateway, tmp_path: Path) -> None:
    Jobs(stub)
    with rig(
        tmp_path, stub.url, webhook_for=lambda one: Webhook(f"https://me.example/{one.id}")
    ) as studio:
        (one,) = studio.order()
        assert studio.ended(one).webhook
    (post,) = stub.posts
    assert post.headers["x-webhook-url"] == f"https://me.example/{one.id}"
    assert post.headers["x-webhook-mode"] == "terminal"


def test_a_library_that_cannot_be_written_to_loses_no_request_id(
    stub: StubGateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Jobs(stub)
    tried = threading.Event()
    with rig(tmp_path, stub.url, start=False) as studio:

        def full(*_: object, **__: object) -> None:
            tried.set()
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(studio.library.jobs, "accepted", full)
        studio.worker.start()
        (one,) = studio.order()
        assert tried.wait(20)
        studio.worker.stop(20)
        assert studio.library.tracks.generation(one.id).state is State.SUBMITTING
    with rig(tmp_path, stub.url) as studio:
        done = studio.until(one, lambda g: g.state is State.READY)
    assert done.request_id == "lyria-3_00000001"
    assert len(stub.posts) == 1
    assert not (tmp_path / "rescued-request-ids.jsonl").exists()


def test_an_answer_of_the_gateway_is_kept_whole(stub: StubGateway, tmp_path: Path) -> None:
    Jobs(stub)
    body = job_body("lyria-3_00000001", "COMPLETED", f"{stub.url}/media/x") | {
        "understood": {"tempo_bpm": 90}
    }
    stub.script(STATUS, reply(200, body))
    with rig(tmp_path, stub.url) as studio:
        (one,) = studio.order()
        done = studio.ended(one)
    assert done.understood == {"tempo_bpm": 90}
    assert done.raw == body
