"""The submit table at the wire: what arrived, what was raised, what it cost, what was told."""

from __future__ import annotations

import contextlib
import gzip
import logging
import pickle
import random
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from support.stub_gateway import (
    TLS_PEM,
    Action,
    Exchange,
    StubGateway,
    accepted,
    after,
    drip,
    drop,
    garbage,
    refused_port,
    reply,
    reset,
    silent_port,
    tls_context,
    tunnel,
)

from lyria_core import (
    AuthenticationError,
    Charge,
    InsufficientBalance,
    InvalidRequest,
    Job,
    LyriaClient,
    LyriaError,
    MusicRequest,
    NotSent,
    RateLimited,
    Status,
    SubmitUnknown,
    Webhook,
)

KEY = "5f0d7c2b9a1e4c3d8b6f0a9e7d5c3b1a"
PROMPT = "A velvet waltz for nine bassoons and one reluctant accordion, 84 BPM"
NEGATIVE = "no cymbals whatsoever, please"
REQUEST = MusicRequest("lyria-2", PROMPT, negative_prompt=NEGATIVE, seed=42)
ID = "lyria-2_019d5721-c333-7002-426f-b50cf48bab67"
NOW = datetime(2026, 5, 22, 13, 0, tzinfo=UTC)


@dataclass
class Rig:
    """A stub, another host that must hear nothing, and a client whose sleeps are recorded."""

    stub: StubGateway
    foreign: StubGateway
    release: threading.Event
    others: list[StubGateway] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    def client(self, **changes: Any) -> LyriaClient:
        settings: dict[str, Any] = {
            "api_key": KEY,
            "base_url": self.stub.url,
            "submit_timeout": 0.5,
            "status_timeout": 600.0,
            "connect_timeout": 0.3,
            "sleep": self.slept.append,
            "now": lambda: NOW,
            "rng": random.Random(1),
        }
        return LyriaClient(**(settings | changes))


@pytest.fixture
def rig() -> Iterator[Rig]:
    release = threading.Event()
    with StubGateway() as stub, StubGateway() as foreign:
        stub.script("POST", accepted(ID))
        foreign.script("", reply(200, {"request_id": "foreign_1", "status": "QUEUED"}))
        yield Rig(stub, foreign, release)
        release.set()


# What the wire does ---------------------------------------------------------------------------


def plays(*actions: Action) -> Callable[[Rig, contextlib.ExitStack], dict[str, Any]]:
    """Let the gateway play actions, one a request."""

    def prepare(rig: Rig, _: contextlib.ExitStack) -> dict[str, Any]:
        rig.stub.script("POST", *actions)
        return {}

    return prepare


def redirects(status: int) -> Callable[[Rig, contextlib.ExitStack], dict[str, Any]]:
    def prepare(rig: Rig, _: contextlib.ExitStack) -> dict[str, Any]:
        location = {"Location": f"{rig.foreign.url}/elsewhere"}
        rig.stub.script("POST", reply(status, b"", location))
        return {}

    return prepare


def answers_late(rig: Rig, _: contextlib.ExitStack) -> dict[str, Any]:
    rig.stub.script("POST", after(rig.release, accepted(ID)))
    return {}


def refuses(_: Rig, stack: contextlib.ExitStack) -> dict[str, Any]:
    return {"base_url": f"http://127.0.0.1:{stack.enter_context(refused_port())}"}


def never_connects(_: Rig, stack: contextlib.ExitStack) -> dict[str, Any]:
    return {"base_url": f"http://127.0.0.1:{stack.enter_context(silent_port())}"}


def has_no_name(_: Rig, __: contextlib.ExitStack) -> dict[str, Any]:
    def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    return {"base_url": "https://gateway.test", "resolve": resolve}


def behind_a_proxy_that_is_down(_: Rig, stack: contextlib.ExitStack) -> dict[str, Any]:
    port = stack.enter_context(refused_port())
    return {"base_url": "https://gateway.test", "proxy": f"http://127.0.0.1:{port}"}


def behind_a_proxy_that_refuses(rig: Rig, _: contextlib.ExitStack) -> dict[str, Any]:
    rig.foreign.script("CONNECT", reply(403, "no"))
    return {"base_url": "https://gateway.test", "proxy": rig.foreign.url}


def has_an_untrusted_certificate(rig: Rig, stack: contextlib.ExitStack) -> dict[str, Any]:
    stub = stack.enter_context(StubGateway(tls_context()))
    stub.script("POST", accepted(ID))
    rig.others.append(stub)
    return {
        "base_url": f"https://gateway.test:{stub.port}",
        "resolve": lambda host, port: ["127.0.0.1"],
    }


def stalls_in_the_tls_handshake(_: Rig, stack: contextlib.ExitStack) -> dict[str, Any]:
    listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
    return {
        "base_url": f"https://gateway.test:{listener.getsockname()[1]}",
        "resolve": lambda host, port: ["127.0.0.1"],
        "ca_bundle": str(TLS_PEM),
    }


# The table ------------------------------------------------------------------------------------

CUT_202 = f'{{"request_id": "{ID}", "status": "QUEUED", "polling_url": "https://gatew'
CUT_202_IN_ID = f'{{"request_id": "{ID[:20]}'
HTML = "<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>"
AZURE_401 = {
    "statusCode": 401,
    "message": "Access denied due to missing subscription key. Make sure to include it.",
}
AZURE_429 = {"statusCode": 429, "message": "Rate limit is exceeded. Try again in 7 seconds."}
BALANCE = "Your wallet does not have enough balance."


@dataclass(frozen=True)
class Fault:
    """A row of the table."""

    name: str
    wire: Callable[[Rig, contextlib.ExitStack], dict[str, Any]]
    raised: type[LyriaError]
    charge: Charge
    posts: int
    says: str
    attributes: dict[str, Any] = field(default_factory=dict)
    sleeps: int = 0

    @property
    def row(self) -> str:
        return f"{self.name} -> {self.raised.__name__} {self.charge} {self.posts} POST"


def unknown(
    name: str,
    wire: Callable[[Rig, contextlib.ExitStack], dict[str, Any]],
    says: str,
    **attributes: Any,
) -> Fault:
    return Fault(name, wire, SubmitUnknown, Charge.MAYBE, 1, says, attributes)


def not_sent(
    name: str,
    wire: Callable[[Rig, contextlib.ExitStack], dict[str, Any]],
    says: str,
    sleeps: int = 2,
) -> Fault:
    return Fault(name, wire, NotSent, Charge.NO, 0, says, {"http_status": None}, sleeps)


def refused(
    name: str, action: Action, raised: type[LyriaError], says: str, **attributes: Any
) -> Fault:
    return Fault(name, plays(action), raised, Charge.NO, 1, says, attributes)


FAULTS = [
    not_sent("refused", refuses, "does not accept connections"),
    not_sent("DNS failure", has_no_name, "name was not found"),
    not_sent("connect timeout", never_connects, "did not answer in time"),
    not_sent("proxy down", behind_a_proxy_that_is_down, "the proxy did not let"),
    not_sent("proxy refuses", behind_a_proxy_that_refuses, "the proxy did not let"),
    not_sent("certificate untrusted", has_an_untrusted_certificate, "encrypted connection", 0),
    not_sent("TLS handshake stalls", stalls_in_the_tls_handshake, "no connection was made in time"),
    unknown("dropped after the request was read", plays(drop()), "connection broke"),
    unknown("reset after the request was read", plays(reset()), "connection broke"),
    unknown("answer after the deadline", answers_late, "no answer came in time"),
    unknown("dripping head", plays(drip(b"HTTP/1.1 202 Acc")), "no answer came in time"),
    unknown(
        "dripping body",
        plays(drip(b"HTTP/1.1 202 Accepted\r\nContent-Length: 500\r\n\r\n", 0.001)),
        "was cut short",
        http_status=202,
        request_id=None,
    ),
    unknown(
        "202 cut short after the id",
        plays(reply(202, CUT_202, {"Content-Length": "200"}, cut_at=999)),
        "was cut short",
        http_status=202,
        request_id=ID,
    ),
    unknown(
        "202 cut short within the id",
        plays(reply(202, CUT_202_IN_ID, {"Content-Length": "200"}, cut_at=999)),
        "was cut short",
        request_id=None,
    ),
    unknown(
        "202 that drips past the deadline after the id",
        plays(drip(f"HTTP/1.1 202 Accepted\r\n\r\n{CUT_202}".encode(), 0.0005)),
        "was cut short",
        request_id=ID,
    ),
    unknown(
        "202 not whole JSON and no length",
        plays(garbage(f"HTTP/1.1 202 Accepted\r\n\r\n{CUT_202}".encode())),
        "named no request id",
        request_id=ID,
    ),
    unknown("202 HTML", plays(reply(202, HTML)), "named no request id"),
    unknown("202 empty", plays(reply(202)), "named no request id"),
    unknown("202 without id", plays(reply(202, {"status": "QUEUED"})), "named no request id"),
    unknown(
        "202 with an id that is no id",
        plays(reply(202, {"request_id": "../../v1/keys", "status": "QUEUED"})),
        "named no request id",
        request_id=None,
    ),
    unknown("202 a JSON list", plays(reply(202, b"[1, 2]")), "named no request id"),
    unknown("204", plays(reply(204)), "named no request id", http_status=204),
    unknown("301 to another host", redirects(301), "HTTP 301", http_status=301),
    unknown("302 to another host", redirects(302), "HTTP 302", http_status=302),
    unknown("303 to another host", redirects(303), "HTTP 303", http_status=303),
    unknown("307 to another host", redirects(307), "HTTP 307", http_status=307),
    unknown("308 to another host", redirects(308), "HTTP 308", http_status=308),
    *(
        unknown(
            f"{status}",
            plays(reply(status, {"message": "unclear"})),
            f"HTTP {status}",
            http_status=status,
        )
        for status in (408, 409, 499)
    ),
    unknown(
        "500",
        plays(reply(500, {"error": "Internal", "message": "Something broke"})),
        "HTTP 500: “Something broke”",
        http_status=500,
    ),
    unknown(
        "500 that names an id",
        plays(reply(500, {"request_id": ID, "error": "late failure"})),
        "HTTP 500",
        request_id=ID,
    ),
    unknown("502 HTML", plays(reply(502, HTML)), "HTTP 502", http_status=502),
    unknown("503", plays(reply(503, headers={"Retry-After": "1"})), "HTTP 503", http_status=503),
    unknown("504 empty", plays(reply(504)), "HTTP 504", http_status=504),
    unknown("not HTTP", plays(garbage(b"SSH-2.0-OpenSSH_9.2\r\n")), "was not understood"),
    refused(
        "400",
        reply(400, {"error": "Model not found", "message": "Model 'lyria-2' not found."}),
        InvalidRequest,
        "(HTTP 400: “Model 'lyria-2' not found”), so nothing was made or charged.",
        http_status=400,
    ),
    refused("400 HTML", reply(400, HTML), InvalidRequest, "(HTTP 400)", http_status=400),
    refused("404 empty", reply(404), InvalidRequest, "(HTTP 404)", http_status=404),
    refused("401", reply(401, {"error": "Unauthorized"}), AuthenticationError, "API key"),
    refused("401 Azure", reply(401, AZURE_401), AuthenticationError, "missing subscription key"),
    refused("401 empty", reply(401), AuthenticationError, "(HTTP 401)", http_status=401),
    refused("403 HTML", reply(403, HTML), AuthenticationError, "(HTTP 403)", http_status=403),
    refused(
        "402 with the amount",
        reply(402, {"error": "Insufficient Balance", "message": f"{BALANCE} Required: $0.08"}),
        InsufficientBalance,
        "$0.08 needed",
        required=Decimal("0.08"),
        http_status=402,
    ),
    refused(
        "402 without the amount",
        reply(402, {"error": "Insufficient Balance", "message": BALANCE}),
        InsufficientBalance,
        "Not enough credit",
        required=None,
    ),
    refused("402 HTML", reply(402, HTML), InsufficientBalance, "Not enough credit", required=None),
    refused(
        "402 cut short",
        reply(402, b'{"error": "Insuff', {"Content-Length": "99"}, cut_at=99),
        InsufficientBalance,
        "Not enough credit",
    ),
    refused("429 bare", reply(429), RateLimited, "slow down", retry_after=None),
    refused(
        "429 for 61 s",
        reply(429, headers={"Retry-After": "61"}),
        RateLimited,
        "slow down",
        retry_after=61.0,
    ),
    refused(
        "429 until a date in an hour",
        reply(429, headers={"Retry-After": "Fri, 22 May 2026 14:00:00 GMT"}),
        RateLimited,
        "slow down",
        retry_after=3600.0,
    ),
    Fault(
        "429 for 3 s, always",
        plays(reply(429, headers={"Retry-After": "3"})),
        RateLimited,
        Charge.NO,
        3,
        "slow down",
        {"retry_after": 3.0},
        sleeps=2,
    ),
    Fault(
        "429 until a date in 20 s, always",
        plays(reply(429, headers={"Retry-After": "Fri, 22 May 2026 13:00:20 GMT"})),
        RateLimited,
        Charge.NO,
        3,
        "slow down",
        {"retry_after": 20.0},
        sleeps=2,
    ),
    Fault(
        "429 until a date by a clock that is wrong",
        plays(
            reply(
                429,
                headers={
                    "Date": "Mon, 01 Jan 2024 00:00:00 GMT",
                    "Retry-After": "Mon, 01 Jan 2024 00:00:05 GMT",
                },
            )
        ),
        RateLimited,
        Charge.NO,
        3,
        "slow down",
        {"retry_after": 5.0},
        sleeps=2,
    ),
    Fault(
        "429 Azure, always",
        plays(reply(429, AZURE_429)),
        RateLimited,
        Charge.NO,
        3,
        "Try again in 7 seconds",
        {"retry_after": 7.0},
        sleeps=2,
    ),
    Fault(
        "429 for 1 s, then dropped",
        plays(reply(429, headers={"Retry-After": "1"}), drop()),
        SubmitUnknown,
        Charge.MAYBE,
        2,
        "connection broke",
        sleeps=1,
    ),
    Fault(
        "429 for 1 s, then 402",
        plays(reply(429, headers={"Retry-After": "1"}), reply(402)),
        InsufficientBalance,
        Charge.NO,
        2,
        "Not enough credit",
        sleeps=1,
    ),
    refused(
        "400 that repeats the key and the prompt",
        reply(400, {"message": f"key {KEY.upper()} may not ask for {PROMPT!r}"}),
        InvalidRequest,
        "[hidden]",
    ),
    refused(
        "400 that repeats a part of the prompt",
        reply(400, {"message": f"Refused: {PROMPT[10:50]}…"}),
        InvalidRequest,
        "[hidden]",
    ),
    unknown(
        "500 that repeats the key and the negative prompt",
        plays(reply(500, {"message": f"{KEY} sent {NEGATIVE}"})),
        "[hidden]",
    ),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.row)
def test_fault(fault: Fault, rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with contextlib.ExitStack() as stack:
        settings = fault.wire(rig, stack)
        client = stack.enter_context(rig.client(**settings))
        with pytest.raises(LyriaError) as caught:
            client.submit(REQUEST)
    error = caught.value
    assert type(error) is fault.raised
    assert error.charge is fault.charge
    assert sum(len(stub.posts) for stub in (rig.stub, *rig.others)) == fault.posts
    assert len(rig.slept) == fault.sleeps
    for name, value in fault.attributes.items():
        assert getattr(error, name) == value, name
    assert fault.says in str(error)
    assert_for_people(error)
    assert_tells_nothing(error, client, caplog)
    assert KEY.encode() not in rig.foreign.bytes_received
    assert not rig.foreign.posts


def assert_for_people(error: LyriaError) -> None:
    """One sentence on what happened and one on what to do, without the insides of the program."""
    for sentence in (str(error), error.advice):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert "\n" not in sentence
        for inside in ("Error", "Exception", "Traceback", "<", "urllib3", "object at", "Errno"):
            assert inside not in sentence
    assert "charge" in str(error)


def assert_tells_nothing(
    error: LyriaError, client: LyriaClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither key nor prompt in a message, repr, pickle, traceback, log or chained exception."""
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))
    shown = [
        str(error),
        repr(error),
        error.advice,
        repr(vars(error)),
        pickle.dumps(error).decode("latin-1"),
        "".join(traceback.format_exception(error)),
        repr(client),
        caplog.text,
    ]
    for secret in (KEY, PROMPT, NEGATIVE):
        assert not [text for text in shown if secret.lower() in text.lower()]
    assert error.__cause__ is None
    assert error.__context__ is None


# What is sent once it goes well ---------------------------------------------------------------


def test_accepted(rig: Rig) -> None:
    with rig.client() as client:
        job = client.submit(REQUEST)
    assert job.request_id == ID
    assert (job.status, job.model_id, job.charge) == (Status.QUEUED, "lyria-2", Charge.MAYBE)
    (post,) = rig.stub.posts
    assert post.path == "/lyria-2/v1/lyria-2/generate"
    assert post.json == {"prompt": PROMPT, "negative_prompt": NEGATIVE, "seed": 42}
    assert post.headers["ocp-apim-subscription-key"] == KEY
    assert post.headers["content-type"] == "application/json"
    assert post.headers["cache-control"] == "no-cache"
    assert "x-webhook-url" not in post.headers


def test_prompt_arrives_as_it_was_written(rig: Rig) -> None:
    prompt = '[Verse]\n„Grüße“ – 夜の歌 \U0001f3b8 "quoted" \\ {brace}\n\n[0:00 - 0:10] Intro'
    with rig.client() as client:
        client.submit(MusicRequest("lyria-3", prompt, images=["https://example.com/a.jpg"]))
    (post,) = rig.stub.posts
    assert post.json == {"prompt": prompt, "images": ["https://example.com/a.jpg"]}


def test_base_url_with_a_path(rig: Rig) -> None:
    with rig.client(base_url=f"{rig.stub.url}/sandbox/") as client:
        client.submit(REQUEST)
    assert rig.stub.posts[0].path == "/sandbox/lyria-2/v1/lyria-2/generate"


@pytest.mark.parametrize("mode", ["terminal", "sync"])
def test_webhook_headers(rig: Rig, mode: str) -> None:
    webhook = Webhook("https://studio.example/hook/1?token=abc", mode)
    with rig.client() as client:
        client.submit(REQUEST, webhook=webhook)
    (post,) = rig.stub.posts
    assert post.headers["x-webhook-url"] == "https://studio.example/hook/1?token=abc"
    assert post.headers["x-webhook-mode"] == mode


def test_extra_headers_arrive_and_replace_none_of_ours(rig: Rig) -> None:
    extra = {"X-Sandbox-Seed": "7", "Ocp-Apim-Subscription-Key": "other", "Content-Type": "x"}
    with rig.client() as client:
        client.submit(REQUEST, extra_headers=extra)
    (post,) = rig.stub.posts
    assert post.headers["x-sandbox-seed"] == "7"
    assert post.headers["ocp-apim-subscription-key"] == KEY
    assert post.headers["content-type"] == "application/json"


def test_http_webhook_is_for_a_local_gateway_only(rig: Rig) -> None:
    webhook = Webhook("http://127.0.0.1:8501/hook")
    with rig.client() as client:
        client.submit(REQUEST, webhook=webhook)
    assert rig.stub.posts[0].headers["x-webhook-url"] == "http://127.0.0.1:8501/hook"
    with (
        rig.client(base_url="https://gateway.test", proxy=None) as client,
        pytest.raises(InvalidRequest),
    ):
        client.submit(REQUEST, webhook=webhook)


def test_taken_at_the_second_and_third_send(rig: Rig) -> None:
    wait = reply(429, headers={"Retry-After": "2"})
    rig.stub.script("POST", wait, wait, accepted(ID))
    with rig.client() as client:
        job = client.submit(REQUEST)
    assert job.request_id == ID
    assert len(rig.stub.posts) == 3
    assert len(rig.slept) == 2
    assert all(2.0 <= pause <= 2.5 for pause in rig.slept)


def test_connects_at_the_third_try(rig: Rig) -> None:
    tries = 0

    def resolve(host: str, port: int) -> list[str]:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise socket.gaierror(socket.EAI_AGAIN, "try again")
        return ["127.0.0.1"]

    with rig.client(resolve=resolve) as client:
        job = client.submit(REQUEST)
    assert (job.request_id, tries) == (ID, 3)
    assert len(rig.stub.posts) == 1


def test_second_address_is_tried_before_anything_is_sent(rig: Rig) -> None:
    # Both are of this machine; nothing listens on the first.
    with rig.client(resolve=lambda host, port: ["127.0.0.2", "127.0.0.1"]) as client:
        assert client.submit(REQUEST).request_id == ID
    assert len(rig.stub.posts) == 1


def test_every_submit_has_a_connection_of_its_own(rig: Rig) -> None:
    with rig.client() as client:
        client.submit(REQUEST)
        client.submit(REQUEST)
    assert rig.stub.connections == 2
    assert [post.headers["connection"] for post in rig.stub.posts] == ["close", "close"]


def test_packed_answer_is_read(rig: Rig) -> None:
    body = gzip.compress(f'{{"request_id": "{ID}", "status": "QUEUED"}}'.encode())
    rig.stub.script("POST", reply(202, body, {"Content-Encoding": "gzip"}))
    with rig.client() as client:
        assert client.submit(REQUEST).request_id == ID


def test_number_as_id_and_missing_status(rig: Rig) -> None:
    rig.stub.script("POST", reply(202, {"request_id": 12345}))
    with rig.client() as client:
        job = client.submit(REQUEST)
    assert (job.request_id, job.status) == ("12345", Status.QUEUED)


def test_200_with_an_id_is_a_job(rig: Rig) -> None:
    rig.stub.script("POST", accepted(ID, status=200))
    with rig.client() as client:
        assert isinstance(client.submit(REQUEST), Job)


def test_endless_answer_is_cut_off(rig: Rig) -> None:
    def play(exchange: Exchange) -> None:
        exchange.send(f'HTTP/1.1 202 Accepted\r\n\r\n{{"request_id": "{ID}", "x": "'.encode())
        while not exchange.stopping.is_set():
            exchange.send(b"x" * 65_536)

    rig.stub.script("POST", play)
    with rig.client(submit_timeout=600.0) as client, pytest.raises(SubmitUnknown) as caught:
        client.submit(REQUEST)
    assert caught.value.request_id == ID


def test_netrc_and_proxy_variables_are_not_read(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, rig.foreign.url)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with rig.client() as client:
        client.submit(REQUEST)
    assert "authorization" not in rig.stub.posts[0].headers
    assert not rig.foreign.received


def test_key_goes_into_the_tunnel_and_not_to_the_proxy(rig: Rig) -> None:
    with StubGateway(tls_context()) as gateway, StubGateway() as proxy:
        gateway.script("POST", accepted(ID))
        proxy.script("CONNECT gateway.test:443", tunnel(gateway.port))
        client = rig.client(
            base_url="https://gateway.test", proxy=proxy.url, ca_bundle=str(TLS_PEM)
        )
        with client:
            assert client.submit(REQUEST).request_id == ID
        assert gateway.posts[0].headers["ocp-apim-subscription-key"] == KEY
        assert b"CONNECT gateway.test:443" in proxy.bytes_received
        assert KEY.encode() not in proxy.bytes_received


def test_a_gateway_on_this_machine_needs_no_proxy(rig: Rig) -> None:
    with StubGateway(tls_context()) as gateway:
        gateway.script("POST", accepted(ID))
        client = rig.client(base_url=gateway.url, proxy=rig.foreign.url, ca_bundle=str(TLS_PEM))
        with client:
            assert client.submit(REQUEST).request_id == ID
    assert rig.foreign.connections == 0


def test_a_key_with_a_line_break_is_refused_without_being_shown() -> None:
    with pytest.raises(AuthenticationError) as caught:
        LyriaClient(f"{KEY}\nX-Injected: yes")
    assert caught.value.charge is Charge.NO
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_blanks_around_a_key_are_dropped(rig: Rig) -> None:
    with rig.client(api_key=f"  {KEY}\n") as client:
        client.submit(REQUEST)
    assert rig.stub.posts[0].headers["ocp-apim-subscription-key"] == KEY


@pytest.mark.parametrize("key", ["", "   ", "käse", "a b", "a\x7fb"])
def test_impossible_key_is_refused(key: str) -> None:
    with pytest.raises(AuthenticationError):
        LyriaClient(key)


@pytest.mark.parametrize(
    "base_url",
    [
        "http://gateway.pixazo.ai",
        "http://10.0.0.1",
        "http://localhost.evil.example",
        "ftp://127.0.0.1",
        "https://",
        "https://user:pass@gateway.pixazo.ai",
        "https://gateway.pixazo.ai/?a=b",
        "https://gateway.pixazo.ai/#x",
        "https://gateway.pixazo.ai:port",
        "https://gate way",
        "gateway.pixazo.ai",
        "",
    ],
)
def test_key_is_not_sent_to_such_an_address(base_url: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        LyriaClient(KEY, base_url)
    assert caught.value.charge is Charge.NO


@pytest.mark.parametrize("base_url", ["http://localhost:1", "http://[::1]:1", "http://127.9.9.9"])
def test_plain_http_is_for_loopback_only(base_url: str) -> None:
    assert LyriaClient(KEY, base_url).base_url == base_url


def test_localhost_that_is_not_this_machine_gets_nothing(rig: Rig) -> None:
    # A poisoned name must not carry the key over plain http to somewhere else.
    client = rig.client(base_url="http://localhost:1", resolve=lambda host, port: ["192.0.2.1"])
    with client, pytest.raises(NotSent) as caught:
        client.submit(REQUEST)
    assert "not allowed" in str(caught.value)
    assert not rig.slept


def test_refused_locally(rig: Rig) -> None:
    with rig.client() as client:
        for arguments in (
            {"model": "lyria-2", "prompt": "  "},
            {"model": "lyria-3", "prompt": "x", "images": ["https://e.example/i.png"] * 11},
            {"model": "lyria-3", "prompt": "x", "seed": 1},
        ):
            with pytest.raises(InvalidRequest) as caught:
                client.submit(MusicRequest(**arguments))
            assert caught.value.charge is Charge.NO
    assert not rig.stub.received


def test_many_threads_share_a_client(rig: Rig) -> None:
    def play(exchange: Any) -> None:
        number = exchange.request.json["seed"]
        accepted(f"lyria-2_{number}")(exchange)

    rig.stub.script("POST", play)
    with rig.client(submit_timeout=20.0, connect_timeout=10.0) as client:

        def order(seed: int) -> str:
            return client.submit(MusicRequest("lyria-2", PROMPT, seed=seed)).request_id

        with ThreadPoolExecutor(16) as pool:
            ids = list(pool.map(order, range(64)))
    assert ids == [f"lyria-2_{seed}" for seed in range(64)]
    assert len(rig.stub.posts) == 64
