"""Looking at jobs: what is borne, until when, and how often it is asked."""

from __future__ import annotations

import pickle
import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.stub_gateway import (
    Action,
    Exchange,
    StubGateway,
    accepted,
    drip,
    drop,
    garbage,
    job,
    job_body,
    refused_port,
    reply,
    reset,
)

from lyria_core import (
    AuthenticationError,
    Charge,
    InvalidRequest,
    JobFailed,
    LyriaClient,
    LyriaError,
    MusicRequest,
    RateLimited,
    Status,
    StatusUnavailable,
    WaitTimeout,
)
from lyria_core._watch import Memory

KEY = "5f0d7c2b9a1e4c3d8b6f0a9e7d5c3b1a"
ID = "lyria-3-pro_019d5721-c333-7002-426f-b50cf48bab67"
PROMPT = "A velvet waltz for nine bassoons and one reluctant accordion"
BORN = datetime(2026, 5, 22, 13, 0, tzinfo=UTC)


@dataclass
class Time:
    """A clock that moves only when somebody sleeps."""

    seconds: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.slept.append(seconds)
        self.seconds += seconds

    def now(self) -> datetime:
        return BORN + timedelta(seconds=self.seconds - 1000.0)


@dataclass
class Rig:
    stub: StubGateway
    time: Time
    looks: list[float] = field(default_factory=list)

    def client(self, **changes: Any) -> LyriaClient:
        settings: dict[str, Any] = {
            "base_url": self.stub.url,
            "clock": self.time.monotonic,
            "sleep": self.time.sleep,
            "now": self.time.now,
            "rng": random.Random(5),
        }
        return LyriaClient(KEY, **(settings | changes))

    def looks_play(self, *actions: Action) -> None:
        """Script the looks, and note when each arrives."""

        def noted(action: Action) -> Action:
            def act(exchange: Exchange) -> None:
                self.looks.append(self.time.seconds)
                action(exchange)

            return act

        self.stub.script("GET /v2/requests/status/", *map(noted, actions))

    def gaps(self) -> list[float]:
        return [b - a for a, b in zip(self.looks, self.looks[1:], strict=False)]


@pytest.fixture
def rig() -> Iterator[Rig]:
    with StubGateway() as stub:
        yield Rig(stub, Time())


def copied(error: LyriaError) -> LyriaError:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert isinstance(again, type(error))
    return again


HTML = "<html><body>Service Unavailable</body></html>"

BORNE: dict[str, Action] = {
    "dropped": drop(),
    "reset": reset(),
    "not HTTP": garbage(b"\x00\x01\x02"),
    "200 HTML": reply(200, HTML),
    "200 empty": reply(200),
    "200 list": reply(200, b"[]"),
    "200 without status": reply(200, {"request_id": ID}),
    "200 of another job": job("lyria-3-pro_other", "COMPLETED", "https://e.example/x"),
    "200 cut short": reply(200, job_body(ID, "COMPLETED", "https://e.example/x"), cut_at=40),
    "301": reply(301, b"", {"Location": "http://127.0.0.1:1/"}),
    "400": reply(400, {"error": "bad"}),
    "402": reply(402, {"error": "Insufficient Balance"}),
    "404": reply(404, {"error": "Request not found"}),
    "429": reply(429),
    "429 for 7 s": reply(429, headers={"Retry-After": "7"}),
    "429 for a day": reply(429, headers={"Retry-After": "86400"}),
    "500": reply(500, {"message": "oops"}),
    "502 HTML": reply(502, HTML),
    "503 for 3 s": reply(503, headers={"Retry-After": "3"}),
    "504 empty": reply(504),
}


@pytest.mark.parametrize("trouble", BORNE.values(), ids=BORNE.keys())
def test_troubles_are_tolerated_while_watching(rig: Rig, trouble: Action) -> None:
    rig.looks_play(
        job(ID, "PROCESSING"),
        trouble,
        trouble,
        trouble,
        job(ID, "COMPLETED", "https://media.example/output.mpeg"),
    )
    with rig.client() as client:
        seen = [seen.status for seen in client.watch(ID)]
    assert seen == [Status.PROCESSING, Status.COMPLETED]
    assert len(rig.looks) == 5
    assert min(rig.gaps()) >= 2.0


def test_job_survives_all_troubles_in_a_row(rig: Rig) -> None:
    rig.looks_play(*BORNE.values(), job(ID, "COMPLETED", "https://media.example/a"))
    with rig.client() as client:
        done = client.wait(ID)
    assert done.charge is Charge.YES
    assert done.media_urls == ("https://media.example/a",)


def test_retry_after_is_obeyed_within_reason(rig: Rig) -> None:
    rig.looks_play(
        reply(429, headers={"Retry-After": "33"}),
        reply(503, headers={"Retry-After": "21"}),
        reply(429, headers={"Retry-After": "86400"}),
        job(ID, "COMPLETED"),
    )
    with rig.client() as client:
        client.wait(ID)
    first, second, third = rig.gaps()
    assert first >= 33
    assert second >= 21
    assert 60 <= third < 70


def test_unknown_and_backward_statuses_do_not_end_a_job(rig: Rig) -> None:
    words = ["PROCESSING", "QUEUED", "PAUSED", "PAUSED", "processing", "COMPLETED"]
    rig.looks_play(*(job(ID, word) for word in words))
    with rig.client() as client:
        seen = list(client.watch(ID))
    assert [s.raw_status for s in seen] == [
        "PROCESSING",
        "QUEUED",
        "PAUSED",
        "processing",
        "COMPLETED",
    ]
    assert [s.status for s in seen][2:4] == [Status.UNKNOWN, Status.PROCESSING]


@pytest.mark.parametrize("timeout", [0.0, 1.0, 2.0, 3.0, 30.0, 600.0])
def test_job_that_never_ends_times_out_and_did_not_fail(rig: Rig, timeout: float) -> None:
    rig.looks_play(job(ID, "PROCESSING"))
    started = rig.time.seconds
    with rig.client() as client, pytest.raises(WaitTimeout) as caught:
        client.wait(ID, timeout=timeout)
    error = caught.value
    assert rig.time.seconds <= started + timeout
    assert rig.time.seconds >= started + timeout - 4.1
    assert (error.charge, error.request_id) == (Charge.MAYBE, ID)
    assert "did not fail" in str(error)
    if timeout > 0:
        assert error.job is not None
        assert error.job.status is Status.PROCESSING
    assert all(gap >= 2.0 for gap in rig.gaps())
    assert vars(copied(error)) == vars(error)


def test_job_that_is_never_seen_times_out(rig: Rig) -> None:
    rig.looks_play(reply(404))
    with rig.client() as client, pytest.raises(WaitTimeout) as caught:
        client.wait(ID, timeout=60)
    assert "no usable answer" in str(caught.value)
    assert caught.value.job is None
    assert caught.value.__context__ is None


def test_gateway_that_is_down_times_out(rig: Rig) -> None:
    with (
        refused_port() as port,
        rig.client(base_url=f"http://127.0.0.1:{port}") as client,
        pytest.raises(WaitTimeout),
    ):
        client.wait(ID, timeout=60)


def test_job_can_be_watched_again_later(rig: Rig) -> None:
    rig.looks_play(job(ID, "PROCESSING"))
    with rig.client() as client:
        with pytest.raises(WaitTimeout):
            client.wait(ID, timeout=30)
        rig.time.seconds += 3 * 86_400
        rig.looks_play(job(ID, "COMPLETED", "https://media.example/a"))
        assert client.wait(ID, timeout=30).status is Status.COMPLETED


def test_old_job_is_polled_at_once(rig: Rig) -> None:
    rig.looks_play(job(ID, "COMPLETED", "https://media.example/a"))
    with rig.client() as client:
        client.wait(ID)
    assert rig.looks == [1000.0]


def test_new_job_is_first_polled_after_two_seconds(rig: Rig) -> None:
    rig.stub.script("POST", accepted(ID))
    rig.looks_play(job(ID, "COMPLETED", "https://media.example/a"))
    with rig.client() as client:
        client.submit(MusicRequest("lyria-3-pro", "A waltz"))
        client.wait(ID)
    assert 2.0 <= rig.looks[0] - 1000.0 <= 2.2


def test_manual_polls_count_towards_the_pause(rig: Rig) -> None:
    rig.looks_play(job(ID, "PROCESSING"), job(ID, "COMPLETED"))
    with rig.client() as client:
        client.status(ID)
        client.wait(ID)
    assert rig.gaps() == [2.0]


def test_client_learns_how_long_its_models_take(rig: Rig) -> None:
    def play(exchange: Exchange) -> None:
        if exchange.request.method == "POST":
            born[0] = rig.time.seconds
            accepted(f"lyria-3-pro_{len(rig.stub.posts)}")(exchange)
            return
        rig.looks.append(rig.time.seconds - born[0])
        request_id = exchange.request.path.rpartition("/")[2]
        ended = rig.time.seconds >= born[0] + 100
        body = job_body(request_id, "COMPLETED" if ended else "PROCESSING")
        start = BORN + timedelta(seconds=born[0] - 1000.0)
        body["created_at"] = start.isoformat()
        body["completed_at"] = (start + timedelta(seconds=100)).isoformat() if ended else None
        reply(200, body)(exchange)

    born = [0.0]
    rig.stub.script("", play)
    counts = []
    with rig.client() as client:
        for _ in range(12):
            rig.looks.clear()
            ordered = client.submit(MusicRequest("lyria-3-pro", "A waltz"))
            client.wait(ordered.request_id)
            counts.append(len(rig.looks))
    assert rig.looks[0] > 30  # the first look waits until jobs begin to end
    assert rig.looks[-1] < 103
    assert counts[-1] <= 10  # as many as at every 10 s
    assert counts[0] > 15


def test_failed_may_have_been_charged(rig: Rig) -> None:
    rig.looks_play(job(ID, "FAILED", error="Blocked by the safety filter."))
    with rig.client() as client, pytest.raises(JobFailed) as caught:
        client.wait(ID)
    error = caught.value
    assert error.charge is Charge.MAYBE
    assert str(error) == (
        "The gateway could not make the track (“Blocked by the safety filter”), "
        "and it may have been charged."
    )
    assert error.job is not None
    assert error.job.status is Status.FAILED
    assert vars(copied(error)) == vars(error)


def test_error_was_not_charged(rig: Rig) -> None:
    rig.looks_play(job(ID, "ERROR"))
    with rig.client() as client, pytest.raises(JobFailed) as caught:
        client.wait(ID)
    assert caught.value.charge is Charge.NO
    assert "nothing was charged" in str(caught.value)


def test_failure_that_repeats_key_and_prompt_is_redacted(rig: Rig) -> None:
    rig.stub.script("POST", accepted(ID))
    rig.looks_play(job(ID, "FAILED", error=f"{KEY}: prompt {PROMPT!r} is refused"))
    with rig.client() as client:
        client.submit(MusicRequest("lyria-3-pro", PROMPT))
        with pytest.raises(JobFailed) as caught:
            client.wait(ID)
    shown = f"{caught.value} {vars(caught.value)} {pickle.dumps(caught.value)!r}"
    assert KEY not in shown
    assert PROMPT not in shown
    assert "[hidden]" in str(caught.value)


@pytest.mark.parametrize(
    "action",
    [
        job(ID, "FAILED", error=f"Prompt {PROMPT!r} is refused"),
        reply(500, {"message": f"No {PROMPT}"}),
        reply(401, {"message": f"No {PROMPT}"}),
        reply(429, {"message": f"No {PROMPT}"}),
    ],
    ids=["FAILED", "500", "401", "429"],
)
def test_prompt_of_another_client_s_job_is_redacted(rig: Rig, action: Action) -> None:
    rig.looks_play(action)
    with rig.client() as client:
        try:
            shown = repr(client.status(ID, hide=(PROMPT, "")))
            shown += repr(client.status(ID).raw)  # it is remembered
        except LyriaError as error:
            shown = f"{error} {vars(error)}"
    assert PROMPT not in shown
    assert "[hidden]" in shown


def test_prompt_of_a_job_that_is_waited_for_is_redacted(rig: Rig) -> None:
    rig.looks_play(job(ID, "FAILED", error=f"Prompt {PROMPT!r} is refused"))
    with rig.client() as client, pytest.raises(JobFailed) as caught:
        client.wait(ID, hide=PROMPT)
    assert PROMPT not in f"{caught.value} {vars(caught.value)}"
    assert "[hidden]" in str(caught.value)


@pytest.mark.parametrize("status", [401, 403])
def test_key_that_may_not_see_the_job_ends_watching(rig: Rig, status: int) -> None:
    rig.looks_play(reply(status, {"statusCode": status, "message": "Access denied"}))
    with rig.client() as client, pytest.raises(AuthenticationError) as caught:
        client.wait(ID)
    assert caught.value.charge is Charge.MAYBE  # the job itself is as it was
    assert (caught.value.http_status, caught.value.request_id) == (status, ID)
    assert len(rig.looks) == 1


@pytest.mark.parametrize(
    ("action", "raised", "http_status"),
    [
        (reply(404), StatusUnavailable, 404),
        (reply(502, HTML), StatusUnavailable, 502),
        (drop(), StatusUnavailable, None),
        (reply(429, headers={"Retry-After": "9"}), RateLimited, 429),
    ],
    ids=["404", "502 HTML", "dropped", "429"],
)
def test_status_polls_once(
    rig: Rig, action: Action, raised: type[LyriaError], http_status: int | None
) -> None:
    rig.looks_play(action)
    with rig.client() as client, pytest.raises(LyriaError) as caught:
        client.status(ID)
    error = caught.value
    assert type(error) is raised
    assert (error.charge, error.http_status, error.request_id) == (Charge.MAYBE, http_status, ID)
    assert "job is not affected" in str(error)
    assert getattr(error, "retry_after", None) == (9.0 if raised is RateLimited else None)
    assert error.__context__ is None


@pytest.mark.parametrize(
    "action",
    [drip(b"HTTP/1.1 200 O"), drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", 0.001)],
    ids=["head", "body"],
)
def test_dripping_status_answer_ends_at_the_deadline(rig: Rig, action: Action) -> None:
    rig.looks_play(action)
    with rig.client(status_timeout=0.3) as client, pytest.raises(StatusUnavailable):
        client.status(ID)


def test_polls_share_a_connection_and_stay_on_the_gateway(rig: Rig) -> None:
    with StubGateway() as foreign:
        body = job_body(ID, "PROCESSING") | {"polling_url": f"{foreign.url}/v2/steal"}
        rig.looks_play(reply(200, body))
        with rig.client() as client:
            for _ in range(3):
                client.status(ID)
        assert rig.stub.connections == 1
        assert all(get.headers["ocp-apim-subscription-key"] == KEY for get in rig.stub.gets)
        assert foreign.connections == 0


@pytest.mark.parametrize(
    "request_id",
    ["", " ", "../keys", "a/../b", "a/.", "a\n", "\x7f", "\ud800", "x" * 1025],
)
def test_impossible_request_id_is_refused_locally(rig: Rig, request_id: str) -> None:
    with rig.client() as client:
        for action in (client.status, client.watch, client.wait):
            with pytest.raises(InvalidRequest):
                action(request_id)
    assert not rig.stub.received


@pytest.mark.parametrize(
    ("odd", "segment"),
    [
        ("lyria-2:job;v=1@x&y", "lyria-2%3Ajob%3Bv%3D1%40x%26y"),
        ("a/b", "a%2Fb"),
        ("a%2Fb", "a%252Fb"),
        (".", "%2E"),
        ("..", "%2E%2E"),
        ("a?b#c", "a%3Fb%23c"),
        ("ä 夜", "%C3%A4%20%E5%A4%9C"),
        ("x" * 1024, "x" * 1024),
    ],
)
def test_odd_request_id_is_one_path_segment(rig: Rig, odd: str, segment: str) -> None:
    rig.looks_play(job(odd, "PROCESSING"))
    with rig.client() as client:
        assert client.status(odd).request_id == odd
    assert rig.stub.gets[0].path == f"/v2/requests/status/{segment}"


def test_key_is_redacted_in_the_gateway_s_words(rig: Rig) -> None:
    body = job_body(ID, "PROCESSING") | {"debug": {"subscription": [KEY]}}
    rig.looks_play(reply(200, body))
    with rig.client() as client:
        seen = client.status(ID)
    assert seen.raw["debug"] == {"subscription": ["[hidden]"]}
    assert KEY not in pickle.dumps(seen).decode("latin-1")


def test_polls_of_many_threads_are_two_seconds_apart() -> None:
    time = Time()
    memory = Memory(time.monotonic)
    barrier = threading.Barrier(8)

    def take(_: int) -> list[float]:
        barrier.wait(10)
        return [memory.take_slot(ID) for _ in range(50)]

    with ThreadPoolExecutor(8) as pool:
        waits = sorted(wait for waits in pool.map(take, range(8)) for wait in waits)
    assert waits == [2.0 * number for number in range(400)]


def test_memory_is_bounded() -> None:
    memory = Memory(Time().monotonic)
    for number in range(10_000):
        memory.take_slot(f"lyria-2_{number}")
    assert memory.take_slot("lyria-2_9999") == 2.0  # remembered
    assert memory.take_slot("lyria-2_0") == 0.0  # forgotten
