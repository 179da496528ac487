"""The limits that keep the sandbox alive."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import requests
from support.sandboxes import Client, make_sandbox, serve_sandbox
from support.serve import serve

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

pytestmark = pytest.mark.slow

PATH = "/lyria-3/v1/lyria-3/generate"


def connect(client: Client) -> socket.socket:
    parts = urlsplit(client.url)
    assert parts.hostname is not None
    assert parts.port is not None
    return socket.create_connection((parts.hostname, parts.port), timeout=20)


def head(client: Client, *lines: str) -> bytes:
    fixed = ("Host: localhost", f"Ocp-Apim-Subscription-Key: {client.key}")
    return "\r\n".join([f"POST {PATH} HTTP/1.1", *fixed, *lines, "", ""]).encode()


def test_the_longest_prompt_that_is_promised_is_taken(tmp_path: Path) -> None:
    with serve_sandbox(tmp_path) as client:
        prompt = "🎷" * 20_000  # 12 bytes of JSON each
        assert client.make(prompt)["understood"]["prompt"] == prompt
        too_long = client.post(prompt + "x")
        assert too_long.status_code == 400
        assert "20000" in too_long.json()["message"]


def test_too_large_body_is_refused(tmp_path: Path) -> None:
    with serve_sandbox(tmp_path, max_body_bytes=10_000) as client:
        for size in (10_000, 100_000):
            answer = client.post("x" * size)
            assert answer.status_code == 413
            assert answer.json()["statusCode"] == 413
        assert client.post("x" * 9_000).status_code == 202


def test_endless_body_is_cut_off(tmp_path: Path) -> None:
    with serve_sandbox(tmp_path, max_body_bytes=1000) as client, connect(client) as connection:
        connection.sendall(head(client, "Transfer-Encoding: chunked"))
        answer = http.client.HTTPResponse(connection)
        for _ in range(17):
            connection.sendall(b"3e8\r\n" + b"x" * 1000 + b"\r\n")
        answer.begin()

        assert answer.status == 413
        assert answer.getheader("Connection") == "close"


def test_client_that_expects_100_continue_is_refused_at_once(tmp_path: Path) -> None:
    with serve_sandbox(tmp_path, max_body_bytes=1000) as client, connect(client) as connection:
        connection.sendall(head(client, "Content-Length: 2000", "Expect: 100-continue"))
        answer = http.client.HTTPResponse(connection)
        answer.begin()

        assert answer.status == 413


def test_body_that_does_not_come_times_out(tmp_path: Path) -> None:
    with serve_sandbox(tmp_path, body_timeout_s=0.2) as client, connect(client) as connection:
        connection.sendall(head(client, "Content-Length: 20") + b'{"pro')
        answer = http.client.HTTPResponse(connection)
        answer.begin()

        assert answer.status == 408
        assert json.loads(answer.read())["statusCode"] == 408


def test_client_that_leaves_while_sending_orders_nothing(tmp_path: Path) -> None:
    with serve_sandbox(tmp_path, max_unfinished_per_key=1) as client:
        with connect(client) as connection:
            connection.sendall(head(client, "Content-Length: 20") + b'{"pro')
        assert client.post("[[stuck]]").status_code == 202


def test_a_client_that_stops_reading_is_cut_off(tmp_path: Path) -> None:
    sandbox = make_sandbox(tmp_path, send_timeout_s=0.3)
    given_up = threading.Event()

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        await sandbox.app(scope, receive, send)
        if scope["type"] == "http" and scope["path"].endswith(".wav") and scope["method"] == "GET":
            given_up.set()

    with serve(watched) as base_url:
        client = Client(base_url)
        (url,) = client.make("long", model="lyria-2")["output"]["media_url"]
        length = int(requests.head(url, timeout=10).headers["content-length"])
        with connect(client) as connection:
            connection.sendall(
                f"GET {urlsplit(url).path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
            )
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            assert given_up.wait(20)
            got = 0  # what was under way when the server hung up
            with contextlib.suppress(http.client.IncompleteRead, ConnectionError):
                while part := answer.read1(2**20):
                    got += len(part)

        assert got < length
        assert len(requests.get(url, timeout=10).content) == length


def test_the_queue_of_a_key_is_bounded(tmp_path: Path) -> None:
    with serve_sandbox(tmp_path, max_unfinished_per_key=3) as client:
        ids = [client.submit(f"wait {tmp_path / 'go'}") for _ in range(3)]
        refused = client.post()
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0
        assert Client(client.url, "sandbox-other").post().status_code == 202

        (tmp_path / "go").touch()
        for request_id in ids:
            client.watch(request_id)
        assert client.post().status_code == 202


def test_the_oldest_media_are_deleted_and_their_jobs_say_so(tmp_path: Path) -> None:
    with serve_sandbox(tmp_path, max_media_bytes=250_000) as client:
        ids = [client.submit() for _ in range(4)]  # 96 kB each
        bodies = [client.watch(request_id) for request_id in ids]
        client.make("[[no-media]]")
        bodies = [client.look(request_id).json() for request_id in ids]

        assert [body["status"] for body in bodies] == ["COMPLETED"] * 4
        assert [body["error"] is None for body in bodies] == [False, False, True, True]
        urls = [body["output"]["media_url"][0] for body in bodies]
        answers = [requests.get(url, timeout=10) for url in urls]
        assert [answer.status_code for answer in answers] == [410, 410, 200, 200]
        assert answers[0].json()["message"] == bodies[0]["error"]
        folders = {folder.name for folder in (tmp_path / "media").iterdir()}
        assert folders == set(ids[2:])


def test_the_oldest_jobs_are_forgotten_with_their_media(tmp_path: Path) -> None:
    with serve_sandbox(tmp_path, max_finished_jobs=2) as client:
        ids = [client.make()["request_id"] for _ in range(4)]
        client.submit("wait for nothing")
    (tmp_path / "media" / "of-a-job-that-nobody-knows").mkdir()

    with serve_sandbox(tmp_path, max_finished_jobs=2) as client:
        assert [client.look(request_id).status_code for request_id in ids] == [404, 404, 200, 200]
        assert len(list((tmp_path / "media").iterdir())) == 2
