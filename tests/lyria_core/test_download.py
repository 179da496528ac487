"""Fetching the file of a paid job over every kind of bad host, and keeping it safe on the disk."""

from __future__ import annotations

import json
import random
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from support.stub_gateway import (
    TLS_PEM,
    Action,
    Exchange,
    StubGateway,
    drip,
    drop,
    garbage,
    job_body,
    media,
    reply,
    reset,
    tls_context,
    tunnel,
)

from lyria_core import Charge, DownloadFailed, Job, LyriaClient, parse_job

KEY = "5f0d7c2b9a1e4c3d8b6f0a9e7d5c3b1a"
ID = "lyria-3_019d5721-c333-7002-426f-b50cf48bab67"


def mp3_bytes(frames: int, seed: int = 1) -> bytes:
    """Frames of 128 kbit/s at 44.1 kHz: 417 bytes each."""
    rng = random.Random(seed)
    return b"".join(b"\xff\xfb\x90\x64" + rng.randbytes(413) for _ in range(frames))


MP3 = mp3_bytes(1000)
WAV = b"RIFF" + (200_036).to_bytes(4, "little") + b"WAVEfmt " + random.Random(2).randbytes(200_028)


@dataclass
class Rig:
    stub: StubGateway
    directory: Path
    slept: list[float] = field(default_factory=list)

    def client(self, **changes: Any) -> LyriaClient:
        settings: dict[str, Any] = {"base_url": self.stub.url, "sleep": self.slept.append}
        return LyriaClient(KEY, **(settings | changes))

    def job(self, *media_urls: str) -> Job:
        urls = media_urls or (f"{self.stub.url}/v1/{ID}/output.mpeg",)
        return parse_job(job_body(ID, "COMPLETED", *urls))

    def fetch(self, *media_urls: str, **options: Any) -> Path:
        with self.client() as client:
            return client.download(self.job(*media_urls), self.directory, **options)

    def fails(self, *media_urls: str, **options: Any) -> DownloadFailed:
        with pytest.raises(DownloadFailed) as caught:
            self.fetch(*media_urls, **options)
        assert_told_well(caught.value)
        return caught.value

    @property
    def part(self) -> Path:
        return self.directory / f"{ID}.part"

    @property
    def files(self) -> list[str]:
        return sorted(path.name for path in self.directory.iterdir())

    @property
    def ranges(self) -> list[str | None]:
        return [get.headers.get("range") for get in self.stub.gets]


def assert_told_well(error: DownloadFailed) -> None:
    assert error.charge is Charge.YES
    assert error.request_id == ID
    assert "paid" in str(error)
    assert str(error).endswith(".")
    assert KEY not in f"{error} {vars(error)}"
    assert error.__cause__ is None
    assert error.__context__ is None


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with StubGateway() as stub:
        yield Rig(stub, tmp_path / "music")
        # Whatever happened, nothing was ordered, and the key stayed at home.
        assert not stub.posts
        assert KEY.encode() not in stub.bytes_received


# What arrives ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "content_type", "extension"),
    [
        (MP3, "audio/mpeg", "mp3"),
        (MP3, "application/octet-stream", "mp3"),
        (MP3, "text/html", "mp3"),
        (MP3, "audio/wav", "mp3"),
        (b"ID3\x04" + MP3, "video/mpeg", "mp3"),
        (WAV, "audio/wav", "wav"),
        (WAV, "audio/mpeg", "wav"),
        (b"fLaC" + WAV, "audio/flac", "flac"),
        (b"OggS" + WAV, "application/octet-stream", "ogg"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_bytes_decide_the_type(
    rig: Rig, data: bytes, content_type: str, extension: str
) -> None:
    rig.stub.script("GET", media(data, content_type))
    path = rig.fetch()
    assert path == rig.directory / f"{ID}.{extension}"
    assert path.read_bytes() == data
    assert rig.files == [path.name]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<!DOCTYPE html><html>Not found</html>",
        b'{"error": "expired"}',
        b"%PDF-1.7 and so on",
        b"\x89PNG\r\n\x1a\n" + bytes(2000),
        bytes(100_000),
        b"\xff",
        MP3[:500],
    ],
    ids=["empty", "HTML", "JSON", "PDF", "PNG", "zeros", "one byte", "one frame"],
)
def test_what_is_not_audio_is_never_a_track(rig: Rig, data: bytes) -> None:
    rig.stub.script("GET", media(data, "audio/mpeg"))
    error = rig.fails()
    assert "empty" in str(error) if not data else "not audio" in str(error)
    assert rig.files == []


def test_a_file_without_a_length(rig: Rig) -> None:
    rig.stub.script("GET", garbage(b"HTTP/1.1 200 OK\r\n\r\n" + MP3))
    assert rig.fetch().read_bytes() == MP3


def test_a_file_in_chunks(rig: Rig) -> None:
    body = b"".join(
        b"%x\r\n%b\r\n" % (len(MP3[i : i + 5000]), MP3[i : i + 5000])
        for i in range(0, len(MP3), 5000)
    )
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    rig.stub.script("GET", garbage(head + body[:100_000]), garbage(head + body + b"0\r\n\r\n"))
    assert rig.fetch().read_bytes() == MP3
    assert len(rig.stub.gets) == 2


def test_every_file_of_a_job(rig: Rig) -> None:
    tracks = [mp3_bytes(10, seed) for seed in range(3)]
    for number, track in enumerate(tracks):
        rig.stub.script(f"GET /{number}", media(track))
    urls = [f"{rig.stub.url}/{number}" for number in range(3)]
    paths = [rig.fetch(*urls, index=index) for index in range(3)]
    assert [path.name for path in paths] == [f"{ID}.mp3", f"{ID}-2.mp3", f"{ID}-3.mp3"]
    assert [path.read_bytes() for path in paths] == tracks


@pytest.mark.parametrize("index", [-1, 1])
def test_a_file_that_the_job_does_not_have(rig: Rig, index: int) -> None:
    with rig.client() as client, pytest.raises(DownloadFailed) as caught:
        client.download(rig.job(), rig.directory, index)
    assert caught.value.charge is Charge.YES
    assert not rig.stub.received


def test_a_job_without_files(rig: Rig) -> None:
    unfinished = parse_job(job_body(ID, "PROCESSING"))
    with rig.client() as client, pytest.raises(DownloadFailed) as caught:
        client.download(unfinished, rig.directory)
    assert caught.value.charge is Charge.MAYBE


def test_a_file_that_is_here_is_not_fetched_again(rig: Rig) -> None:
    rig.stub.script("GET", media(MP3))
    first = rig.fetch()
    assert rig.fetch() == first
    assert len(rig.stub.gets) == 1


# Cuts and resuming ----------------------------------------------------------------------------


def test_resumes_after_every_cut(rig: Rig) -> None:
    rig.stub.script("GET", media(MP3, cut_at=100_000))
    assert rig.fetch().read_bytes() == MP3
    assert rig.ranges[0] is None
    assert rig.ranges[1] == f"bytes={100_000 - 16_384}-"
    assert len(rig.ranges) == 5
    assert rig.files == [f"{ID}.mp3"]


@pytest.mark.parametrize(
    "trouble",
    [
        drop(),
        reset(),
        reply(500),
        reply(502, "<html>"),
        reply(503),
        reply(429),
        media(MP3, cut_at=50_000),
        reply(200, MP3, {"Content-Length": str(len(MP3) + 1)}, cut_at=len(MP3)),
    ],
    ids=["dropped", "reset", "500", "502 HTML", "503", "429", "cut", "one byte short"],
)
def test_tries_again(rig: Rig, trouble: Action) -> None:
    rig.stub.script("GET", trouble, trouble, media(MP3))
    assert rig.fetch().read_bytes() == MP3
    assert len(rig.stub.gets) == 3
    assert len(rig.slept) == 2


def test_gives_up_and_continues_in_the_next_call(rig: Rig) -> None:
    rig.stub.script("GET", media(MP3, cut_at=120_000), drop())
    error = rig.fails()
    assert "connection" in str(error)
    assert len(rig.stub.gets) == 5  # one that brought something, four that did not
    assert rig.files == [rig.part.name]
    assert rig.part.read_bytes() == MP3[:120_000]
    rig.stub.script("GET", media(MP3))
    assert rig.fetch().read_bytes() == MP3
    assert rig.ranges[-1] == f"bytes={120_000 - 16_384}-"


def test_a_part_that_was_whole_already(rig: Rig) -> None:
    # Killed after the last byte and before the rename.
    rig.directory.mkdir()
    rig.part.write_bytes(MP3)
    rig.stub.script("GET", media(MP3))
    assert rig.fetch().read_bytes() == MP3
    assert rig.ranges == [f"bytes={len(MP3) - 16_384}-"]


@pytest.mark.parametrize(
    "part",
    [
        MP3[:60_000] + bytes(10_000),
        mp3_bytes(1000, seed=9)[:70_000],
        MP3 + b"more",
        MP3 + MP3,
        b"<html>",
    ],
    ids=["spoilt end", "another file", "longer", "much longer", "rubbish"],
)
def test_a_part_that_does_not_fit_is_downloaded_again(rig: Rig, part: bytes) -> None:
    rig.directory.mkdir()
    rig.part.write_bytes(part)
    rig.stub.script("GET", media(MP3))
    assert rig.fetch().read_bytes() == MP3
    assert rig.files == [f"{ID}.mp3"]


def test_a_host_without_ranges(rig: Rig) -> None:
    rig.stub.script("GET", reply(200, MP3, cut_at=100_000), reply(200, MP3))
    assert rig.fetch().read_bytes() == MP3


def test_a_host_that_sends_another_range(rig: Rig) -> None:
    wrong = reply(206, MP3[5:], {"Content-Range": f"bytes 5-{len(MP3) - 1}/{len(MP3)}"})
    rig.stub.script("GET", media(MP3, cut_at=100_000), wrong, media(MP3))
    assert rig.fetch().read_bytes() == MP3


def test_a_range_of_the_wrong_place_in_a_file_that_repeats_itself(rig: Rig) -> None:
    # Neither the overlap nor the length can tell; the header can.
    track = MP3[:417] * 500
    shifted = reply(206, track[99_583:], {"Content-Range": f"bytes 99583-{len(track) - 1}/*"})
    rig.stub.script("GET", media(track, cut_at=116_384), shifted, media(track))
    assert rig.fetch().read_bytes() == track
    assert rig.ranges == [None, "bytes=100000-", None]


@pytest.mark.parametrize(
    ("status", "says"), [(403, "HTTP 403"), (404, "HTTP 404"), (410, "HTTP 410"), (302, "HTTP 302")]
)
def test_refusals_end_it_and_keep_the_part(rig: Rig, status: int, says: str) -> None:
    rig.directory.mkdir()
    rig.part.write_bytes(MP3[:30_000])
    rig.stub.script("GET", reply(status, "<html>No</html>"))
    error = rig.fails()
    assert error.http_status == status
    assert says in str(error)
    assert rig.part.read_bytes() == MP3[:30_000]
    assert len(rig.stub.gets) == 1


def test_the_track_appears_in_one_step(rig: Rig) -> None:
    half_way, go_on = threading.Event(), threading.Event()

    def play(exchange: Exchange) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(MP3)}\r\n\r\n".encode()
        exchange.send(head + MP3[:200_000])
        half_way.set()
        go_on.wait(30)
        exchange.send(MP3[200_000:])

    rig.stub.script("GET", play)
    with ThreadPoolExecutor(1) as pool:
        fetched = pool.submit(rig.fetch)
        assert half_way.wait(30)
        while not rig.part.exists() or rig.part.stat().st_size < 100_000:
            assert not fetched.done()
        assert rig.files == [rig.part.name]
        go_on.set()
        assert fetched.result(30).read_bytes() == MP3
    assert rig.files == [f"{ID}.mp3"]


def test_two_threads_fetch_it_once(rig: Rig) -> None:
    rig.stub.script("GET", media(MP3))
    with ThreadPoolExecutor(8) as pool:
        paths = set(pool.map(lambda _: rig.fetch(), range(8)))
    assert paths == {rig.directory / f"{ID}.mp3"}
    assert len(rig.stub.gets) == 1


# Limits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "action",
    [media(MP3), garbage(b"HTTP/1.1 200 OK\r\n\r\n" + MP3)],
    ids=["by its length", "by its bytes"],
)
def test_larger_than_allowed(rig: Rig, action: Action) -> None:
    rig.stub.script("GET", action)
    error = rig.fails(max_bytes=100_000)
    assert "larger than allowed" in str(error)
    assert rig.files == []
    assert len(rig.stub.gets) == 1


def test_larger_than_allowed_is_not_even_begun(rig: Rig) -> None:
    rig.stub.script("GET", drip(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n", 0.001))
    assert "larger than allowed" in str(rig.fails(timeout=600.0))


@pytest.mark.parametrize(
    "action",
    [
        drip(b"HTTP/1.1 200 O"),
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n\xff\xfb\x90", 0.001),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5000\r\n", 0.001),
    ],
    ids=["head", "body", "chunks"],
)
def test_a_dripping_host_ends_with_the_deadline(rig: Rig, action: Action) -> None:
    rig.stub.script("GET", action)
    error = rig.fails(timeout=0.4)
    assert "in time" in str(error)


def test_a_full_disk(rig: Rig) -> None:
    rig.directory.mkdir()
    rig.part.symlink_to("/dev/full")
    rig.stub.script("GET", media(MP3))
    error = rig.fails()
    assert "no space left" in str(error)
    assert "Make room" in error.advice
    assert rig.files == [rig.part.name]
    rig.part.unlink()
    assert rig.fetch().read_bytes() == MP3


def test_a_folder_that_is_a_file(rig: Rig) -> None:
    rig.directory.write_text("in the way")
    rig.stub.script("GET", media(MP3))
    assert "could not be stored" in str(rig.fails())


# Where from -----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_by_hand(rig: Rig, status: int) -> None:
    with StubGateway() as other:
        rig.stub.script("GET", reply(status, b"", {"Location": f"{other.url}/there"}))
        other.script("GET /there", reply(status, b"", {"Location": "/here?x=1"}))
        other.script("GET /here", media(MP3, cut_at=300_000))
        assert rig.fetch().read_bytes() == MP3
        assert KEY.encode() not in other.bytes_received
        assert not any("cookie" in get.headers for get in other.gets)
        # The second try begins where the job says, and its range goes along.
        assert [get.path for get in other.gets] == ["/there", "/here?x=1"] * 2
        assert other.gets[-1].headers["range"] == f"bytes={300_000 - 16_384}-"


def test_endless_redirects(rig: Rig) -> None:
    rig.stub.script("GET", reply(302, b"", {"Location": "/again"}))
    assert "redirects without end" in str(rig.fails())
    assert len(rig.stub.gets) == 6


FORBIDDEN = [
    "http://10.0.0.1/x",
    "https://10.0.0.1/x",
    "https://192.168.1.1/x",
    "https://169.254.169.254/latest/meta-data",
    "https://[fd00::1]/x",
    "https://[::ffff:10.0.0.1]/x",
    "https://0.0.0.0/x",
    "http://media.example/x",
    "ftp://127.0.0.1/x",
    "file:///etc/passwd",
    "gopher://127.0.0.1/x",
    "https://user:secret@media.example/x",
    "https://",
    "https://[::1",
    "//127.0.0.1:99999/x",
    "javascript:alert(1)",
]


@pytest.mark.parametrize("url", FORBIDDEN)
def test_forbidden_addresses(rig: Rig, url: str) -> None:
    error = rig.fails(url)
    assert "its address is" in str(error)
    assert "secret" not in str(error)


@pytest.mark.parametrize("url", [u for u in FORBIDDEN if not u.startswith("//")])
def test_forbidden_addresses_behind_a_redirect(rig: Rig, url: str) -> None:
    rig.stub.script("GET", reply(302, b"", {"Location": url}))
    assert "its address is" in str(rig.fails())
    assert len(rig.stub.gets) == 1


@pytest.mark.parametrize("url", ["https://127.0.0.1/x", "http://localhost/x", "https://[::1]/x"])
def test_loopback_is_forbidden_for_a_gateway_elsewhere(rig: Rig, url: str) -> None:
    client = rig.client(base_url="https://gateway.test")
    with client, pytest.raises(DownloadFailed) as caught:
        client.download(rig.job(url), rig.directory)
    assert "private" in str(caught.value)


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.1.2.3"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::a9fe:a9fe"],
        ["2002:7f00:1::"],
        ["fe80::1%eth0"],
        ["100.64.0.1"],
        ["224.0.0.1"],
        ["93.184.216.34", "127.0.0.1"],
    ],
    ids=lambda addresses: ",".join(addresses),
)
def test_private_addresses_by_name(rig: Rig, addresses: list[str]) -> None:
    with StubGateway(tls_context()) as host:
        host.script("GET", media(MP3))
        client = rig.client(
            base_url="https://gateway.test",
            ca_bundle=str(TLS_PEM),
            resolve=lambda name, port: addresses,
        )
        with client, pytest.raises(DownloadFailed) as caught:
            client.download(rig.job(f"https://media.test:{host.port}/x"), rig.directory)
        assert host.connections == 0
    assert_told_well(caught.value)
    assert "private address" in str(caught.value)


def test_private_address_by_name_behind_a_redirect(rig: Rig) -> None:
    with StubGateway() as hidden:
        rig.stub.script("GET", reply(302, b"", {"Location": f"https://media.test:{hidden.port}/"}))

        def resolve(name: str, port: int) -> list[str]:
            return ["192.168.0.1"] if name == "media.test" else ["127.0.0.1"]

        with rig.client(resolve=resolve) as client, pytest.raises(DownloadFailed) as caught:
            client.download(rig.job(), rig.directory)
        assert "private address" in str(caught.value)
        assert hidden.connections == 0


def test_a_name_is_looked_up_once_for_check_and_connection(rig: Rig) -> None:
    asked: list[str] = []

    def resolve(name: str, port: int) -> list[str]:
        asked.append(name)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    with StubGateway(tls_context()) as host:
        host.script("GET", media(MP3))
        with rig.client(ca_bundle=str(TLS_PEM), resolve=resolve) as client:
            path = client.download(rig.job(f"https://media.test:{host.port}/x"), rig.directory)
    assert path.read_bytes() == MP3
    assert asked == ["media.test"]


def test_an_unknown_name(rig: Rig) -> None:
    def resolve(name: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    with rig.client(resolve=resolve) as client, pytest.raises(DownloadFailed) as caught:
        client.download(rig.job("https://media.test/x"), rig.directory)
    assert "name was not found" in str(caught.value)
    assert len(rig.slept) == 3


def test_an_untrusted_certificate(rig: Rig) -> None:
    with StubGateway(tls_context()) as host:
        host.script("GET", media(MP3))
        error = rig.fails(f"{host.url}/x")
        assert not host.received
    assert "encrypted" in str(error)
    assert rig.slept == []


def test_over_tls(rig: Rig) -> None:
    with StubGateway(tls_context()) as host:
        host.script("GET", media(MP3, cut_at=200_000))
        with rig.client(ca_bundle=str(TLS_PEM)) as client:
            path = client.download(rig.job(f"{host.url}/x"), rig.directory)
        assert path.read_bytes() == MP3
        assert KEY.encode() not in host.bytes_received


def test_through_a_proxy(rig: Rig) -> None:
    with StubGateway(tls_context()) as host, StubGateway() as proxy:
        host.script("GET", media(MP3))
        proxy.script("CONNECT media.test:443", tunnel(host.port))
        client = rig.client(
            base_url="https://gateway.test",
            ca_bundle=str(TLS_PEM),
            proxy=proxy.url,
            resolve=lambda name, port: ["127.0.0.1"] if name == "127.0.0.1" else ["93.184.216.34"],
        )
        with client:
            path = client.download(rig.job("https://media.test/x"), rig.directory)
        assert path.read_bytes() == MP3
        assert KEY.encode() not in proxy.bytes_received + host.bytes_received


def test_a_proxy_is_not_asked_for_a_private_address(rig: Rig) -> None:
    with StubGateway() as proxy:
        client = rig.client(
            base_url="https://gateway.test",
            proxy=proxy.url,
            resolve=lambda name, port: ["127.0.0.1" if name == "127.0.0.1" else "10.0.0.7"],
        )
        with client, pytest.raises(DownloadFailed) as caught:
            client.download(rig.job("https://media.test/x"), rig.directory)
        assert proxy.connections == 0
    assert "private address" in str(caught.value)


def test_media_on_the_gateway_itself_gets_no_key(rig: Rig) -> None:
    rig.stub.script("GET", media(MP3))
    rig.fetch()
    (get,) = rig.stub.gets
    assert "ocp-apim-subscription-key" not in get.headers
    assert get.headers["accept-encoding"] == "identity"


def test_a_media_address_that_holds_the_key(rig: Rig) -> None:
    body = job_body(ID, "COMPLETED", f"{rig.stub.url}/x?key={KEY}")
    rig.stub.script("GET /v2/", reply(200, body))
    with StubGateway() as gateway:
        gateway.script("GET /v2/", reply(200, body))
        with rig.client(base_url=gateway.url) as client:
            seen = client.status(ID)
            assert KEY not in json.dumps(seen.raw)
            with pytest.raises(DownloadFailed):
                client.download(seen, rig.directory)
