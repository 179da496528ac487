"""Images of a job, fetched from a real host."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import TYPE_CHECKING, Any

import pytest
from starlette.applications import Starlette
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from support.image_files import image_file, png_with_size
from support.sandboxes import Client, serve_sandbox
from support.serve import serve
from support.stub_gateway import TLS_PEM

from lyria_sandbox.composer import measure_image

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from starlette.requests import Request

pytestmark = pytest.mark.slow

RED = image_file("PNG", colour="red")
NIGHT = image_file("JPEG", colour="midnightblue")
LARGEST = 128 * 1024

SECRET = "?token=secret"


async def _pieces() -> AsyncIterator[bytes]:
    for start in range(0, len(RED), 7):
        yield RED[start : start + 7]


async def _too_much() -> AsyncIterator[bytes]:
    # Not for ever: the server goes on when the client has gone.
    for _ in range(100):
        yield bytes(64 * 1024)


async def _answer(request: Request) -> Response:
    name = request.path_params["name"]
    if name == "hang":
        await asyncio.Event().wait()
    if name.startswith("redirects-"):
        left = int(name.removeprefix("redirects-"))
        return RedirectResponse(f"/redirects-{left - 1}" if left > 1 else "/red.png?a=b c")
    streams = {"pieces": _pieces, "too-much": _too_much}
    if name in streams:
        return StreamingResponse(streams[name](), media_type="image/png")
    files: dict[str, tuple[bytes, str]] = {
        "red.png": (RED, "image/png"),
        "größe.png": (RED, "image/png"),
        "night.jpg": (NIGHT, "image/jpeg"),
        "page": (b"<!doctype html><title>No image</title>", "text/html"),
        "garbage": (b"\x89PNG\r\n\x1a\n" + bytes(100), "image/png"),
        "half": (NIGHT[: len(NIGHT) // 2], "image/jpeg"),
        "bomb": (png_with_size(20_000, 20_000), "image/png"),
        "large": (RED + bytes(LARGEST), "image/png"),
        "empty": (b"", "image/png"),
    }
    if name not in files:
        return Response(status_code=404)
    body, media_type = files[name]
    return Response(body, media_type=media_type)


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    app = Starlette(routes=[Route("/{name}", _answer)])
    with serve(app, timeout_graceful_shutdown=0) as url:
        yield url


@pytest.fixture
def encrypted_host() -> Iterator[str]:
    app = Starlette(routes=[Route("/{name}", _answer)])
    with serve(app, ssl_certfile=TLS_PEM) as url:
        yield f"https://localhost:{url.rpartition(':')[2]}"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    home = tmp_path_factory.mktemp("sandbox")
    settings: dict[str, Any] = {"allow_loopback_images": True, "max_image_bytes": LARGEST}
    with serve_sandbox(home, **settings) as served:
        yield served


def error_of(client: Client, *images: str) -> str:
    body = client.make("a tune", images=list(images))
    assert body["status"] == "ERROR"
    assert body["output"] is None
    assert "secret" not in body["error"]
    return str(body["error"])


def test_the_composer_gets_the_moods_of_the_images_in_their_order(
    client: Client, host: str
) -> None:
    images = [f"{host}/night.jpg", f"{host}/red.png?a=b"] * 5
    understood = client.make("a", images=images)["understood"]

    assert understood["images"] == images
    assert understood["image_looks"] == [list(measure_image(NIGHT)), list(measure_image(RED))] * 5
    assert client.make("a", images=[])["understood"]["image_looks"] == []


@pytest.mark.parametrize(
    "path",
    ["pieces", "redirects-1", "redirects-3", "größe.png", "gr%C3%B6%C3%9Fe.png", "red.png#a"],
)
def test_image_is_found_in_every_encoding_and_behind_redirects(
    client: Client, host: str, path: str
) -> None:
    understood = client.make("a", images=[f"{host}/{path}"])["understood"]

    assert understood["image_looks"] == [list(measure_image(RED))]


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("missing", "its host answers HTTP 404"),
        ("redirects-4", "its address redirects more than 3 times"),
        ("page", "it is not an image that can be read"),
        ("garbage", "it is not an image that can be read"),
        ("half", "it is not an image that can be read"),
        ("bomb", "it is not an image that can be read"),
        ("empty", "it is not an image that can be read"),
        ("large", "it is larger than 0.125 MB"),
        ("too-much", "it is larger than 0.125 MB"),
    ],
)
def test_file_that_is_no_image_ends_the_job(client: Client, host: str, path: str, why: str) -> None:
    images = [f"{host}/red.png", f"{host}/{path}{SECRET}"]

    assert error_of(client, *images) == f"Image 2 (127.0.0.1) cannot be used: {why}."


def test_a_job_without_its_image_is_refunded(client: Client, host: str) -> None:
    poor = Client(client.url, "sandbox-refunded")
    spent = 0
    while poor.post().status_code == 202:  # until the wallet is empty but for what is refunded
        spent += 1
    other = Client(client.url, "sandbox-refunded-too")
    error_of(other, f"{host}/page")
    afterwards = 0
    while other.post().status_code == 202:
        afterwards += 1

    assert afterwards == spent > 0


def test_every_wrong_image_is_named(client: Client, host: str) -> None:
    error = error_of(
        client, f"{host}/page", f"{host}/red.png", "http://a.invalid/", "http://10.0.0.1/"
    )

    assert error == (
        "Image 1 (127.0.0.1) cannot be used: it is not an image that can be read. "
        "Image 3 (a.invalid) cannot be used: its host was not found. "
        "Image 4 (10.0.0.1) cannot be used: its address is not public."
    )


def test_host_that_does_not_answer_is_named(client: Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]

    assert error_of(client, f"http://127.0.0.1:{port}/a.png{SECRET}") == (
        "Image 1 (127.0.0.1) cannot be used: its host does not answer."
    )


@pytest.mark.parametrize(
    "answer",
    [
        b"220 mail.example.com ready\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"",
    ],
)
def test_host_that_is_no_web_server(client: Client, answer: bytes) -> None:
    def talk() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=talk)
        thread.start()
        error = error_of(client, f"http://127.0.0.1:{listener.getsockname()[1]}/a.png")
        thread.join()

    assert error.endswith("its host does not answer as a web server should, or broke off.")


def test_https_image_needs_a_trusted_certificate(
    client: Client, encrypted_host: str, tmp_path: Path
) -> None:
    url = f"{encrypted_host}/red.png"

    assert error_of(client, f"{url}{SECRET}") == (
        "Image 1 (localhost) cannot be used: its host has no certificate that can be trusted."
    )

    settings: dict[str, Any] = {"allow_loopback_images": True, "ca_bundle": str(TLS_PEM)}
    with serve_sandbox(tmp_path, **settings) as trusting:
        understood = trusting.make("a", images=[url])["understood"]

        assert understood["image_looks"] == [list(measure_image(RED))]
        # The certificate is good for other names only.
        assert error_of(trusting, url.replace("localhost", "127.1")).endswith("can be trusted.")


def test_a_slow_host_does_not_hold_a_job_up(tmp_path: Path, host: str) -> None:
    settings: dict[str, Any] = {"allow_loopback_images": True, "image_timeout_s": 0.2}
    with serve_sandbox(tmp_path, **settings) as client:
        assert error_of(client, *[f"{host}/hang{SECRET}"] * 2) == (
            "Image 1 (127.0.0.1) cannot be used: it did not arrive within 0.2 s. "
            "Image 2 (127.0.0.1) cannot be used: it did not arrive within 0.2 s."
        )


def test_private_hosts_are_not_asked(tmp_path: Path) -> None:
    asked: list[str] = []

    async def take(request: Request) -> Response:
        asked.append(request.url.path)
        return Response(RED)

    app = Starlette(routes=[Route("/{path:path}", take)])
    with serve(app) as url, serve_sandbox(tmp_path) as client:
        port = url.rpartition(":")[2]
        for name in (
            "127.0.0.1",
            "localhost",
            "2130706433",
            "0x7f.1",
            "017700000001",
            "127.1",
            "192.168.0.1",
            "169.254.169.254",
            "168.63.129.16",
        ):
            error = error_of(client, f"http://{name}:{port}/a.png{SECRET}")
            assert error == f"Image 1 ({name}) cannot be used: its address is not public."

        assert asked == []
