"""Callbacks to a real receiver."""

from __future__ import annotations

import asyncio
import os
import shutil
import ssl
import subprocess
from itertools import chain, repeat
from typing import TYPE_CHECKING

import pytest
from support.receivers import receive
from support.sandboxes import serve_sandbox

from lyria_sandbox.gateway.receivers import Receivers

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

AT_ONCE = (0.0, 0.0)


def hook(url: str, mode: str | None = None) -> dict[str, str]:
    return {"X-Webhook-URL": url} | ({"X-Webhook-Mode": mode} if mode else {})


def test_terminal_mode_calls_once_with_the_reference_s_body(tmp_path: Path) -> None:
    with receive() as receiver, serve_sandbox(tmp_path, webhook_pauses_s=AT_ONCE) as client:
        first = client.submit(headers=hook(f"{receiver.url}/hook?token=a%20b"))
        call = receiver.next()
        second = client.submit("[[error]]", headers=hook(receiver.url, "terminal"))
        other = receiver.next()

        assert call.path == "/hook"
        assert call.headers["content-type"] == "application/json"
        status = client.look(first).json()
        assert call.body.pop("updated_at") == status.pop("updated_at")[:19].replace("T", " ")
        assert call.body.pop("completed_at") == status.pop("completed_at")[:19].replace("T", " ")
        assert call.body == status
        assert other.body["request_id"] == second
        assert other.body["status"] == "ERROR"
        assert other.body["output"] is None
        assert receiver.seen == 2


def test_sync_mode_calls_at_every_step(tmp_path: Path) -> None:
    with receive() as receiver, serve_sandbox(tmp_path, sync_every_s=0.02) as client:
        request_id = client.submit(
            f"wait {tmp_path / 'go'}", headers=hook(f"{receiver.url}/hook", "sync")
        )
        statuses: list[str] = []
        while statuses[-3:] != ["PROCESSING"] * 3:
            call = receiver.next()
            assert call.body["request_id"] == request_id
            assert call.body["completed_at"] is None
            statuses.append(call.body["status"])
        (tmp_path / "go").touch()
        while (call := receiver.next()).body["status"] == "PROCESSING":
            pass

        assert set(statuses) <= {"QUEUED", "PROCESSING"}
        assert call.body["status"] == "COMPLETED"
        client.submit(headers=hook(receiver.url))
        assert receiver.next().body["request_id"] != request_id  # nothing follows the end


@pytest.mark.parametrize("prompt", ["a tune", "[[fail]]", "[[silent]]"])
def test_sync_mode_reports_processing_however_short_it_is(tmp_path: Path, prompt: str) -> None:
    with receive() as receiver, serve_sandbox(tmp_path) as client:
        for _ in range(5):
            client.submit(prompt, headers=hook(receiver.url, "sync"))
            told = [receiver.next().body["status"]]
            while told[-1] in ("QUEUED", "PROCESSING"):
                told.append(receiver.next().body["status"])

            assert "PROCESSING" in told
            assert told == sorted(told, key=["QUEUED", "PROCESSING", "FAILED", "COMPLETED"].index)


@pytest.mark.parametrize("status", [500, 404, 302, None])
def test_callback_that_is_not_accepted_is_repeated(tmp_path: Path, status: int | None) -> None:
    settings = {"webhook_pauses_s": (0.0, 0.01), "webhook_timeout_s": 0.3}
    with receive() as receiver, serve_sandbox(tmp_path, **settings) as client:
        receiver.answer = lambda number: status if number < 2 else 204
        request_id = client.submit("[[fail]]", headers=hook(f"{receiver.url}/hook"))
        calls = [receiver.next() for _ in range(3)]

        assert [call.body["request_id"] for call in calls] == [request_id] * 3
        assert {call.path for call in calls} == {"/hook"}  # a redirect is not followed
        client.submit("[[fail]]", headers=hook(receiver.url))
        assert receiver.next().body["request_id"] != request_id


def test_a_callback_is_given_up_after_a_bound(tmp_path: Path) -> None:
    with receive() as receiver, serve_sandbox(tmp_path, webhook_pauses_s=AT_ONCE) as client:
        answers = chain(repeat(500, 3), repeat(200))
        receiver.answer = lambda _: next(answers)
        given_up = client.submit("[[fail]]", headers=hook(receiver.url))
        calls = [receiver.next() for _ in range(3)]
        other = client.submit("[[fail]]", headers=hook(receiver.url))

        assert {call.body["request_id"] for call in calls} == {given_up}
        assert receiver.next().body["request_id"] == other


def test_callback_is_repeated_after_a_restart(tmp_path: Path) -> None:
    with receive() as receiver:
        with serve_sandbox(tmp_path, webhook_pauses_s=(3600.0,)) as client:
            receiver.answer = lambda number: 500 if number == 0 else 200
            request_id = client.submit("[[fail]]", headers=hook(receiver.url))
            assert receiver.next().body["request_id"] == request_id
        with serve_sandbox(tmp_path):
            assert receiver.next().body["request_id"] == request_id
        with serve_sandbox(tmp_path) as client:
            other = client.submit("[[fail]]", headers=hook(receiver.url))
            assert receiver.next().body["request_id"] == other


def test_webhook_twice_delivers_every_callback_twice(tmp_path: Path) -> None:
    with receive() as receiver, serve_sandbox(tmp_path) as client:
        request_id = client.submit("[[webhook-twice]]", headers=hook(receiver.url))

        assert receiver.next().body == receiver.next().body
        assert client.look(request_id).json()["status"] == "COMPLETED"


def test_loopback_is_refused_where_it_is_not_allowed(tmp_path: Path) -> None:
    with serve_sandbox(tmp_path, allow_loopback_webhooks=False) as client:
        for url in ("http://127.0.0.1:9/", "https://localhost/", "https://[::1]/"):
            answer = client.post(headers=hook(url))
            assert answer.status_code == 400
            assert answer.json()["message"].startswith("X-Webhook-URL must")


@pytest.mark.skipif(
    shutil.which("openssl") is None and "CI" not in os.environ, reason="openssl makes a certificate"
)
def test_https_with_a_certificate_that_is_checked(tmp_path: Path) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    command = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(
        ["openssl", *command.split(), *names, "-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )
    tls = {"ssl_certfile": str(certificate), "ssl_keyfile": str(key)}
    with receive(**tls) as receiver:
        url = receiver.url.replace("http://127.0.0.1", "https://localhost")

        with pytest.raises(ssl.SSLCertVerificationError):
            asyncio.run(Receivers(loopback=True).post(url, b"{}"))
        trusting = Receivers(loopback=True, ca_bundle=str(certificate))
        assert asyncio.run(trusting.post(url, b"{}")) == 200
        with pytest.raises(ssl.SSLCertVerificationError):  # the certificate is for another name
            asyncio.run(trusting.post(url.replace("localhost", "127.0.0.1"), b"{}"))

        assert receiver.seen == 1
