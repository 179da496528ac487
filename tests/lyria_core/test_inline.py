"""Files whose address is relative, or that stand in the answer itself; ids that name files."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from support.stub_gateway import StubGateway, job_body, media, reply

from lyria_core import Charge, DownloadFailed, Job, LyriaClient, parse_job

pytestmark = pytest.mark.slow

KEY = "5f0d7c2b9a1e4c3d8b6f0a9e7d5c3b1a"
ID = "lyria-3_019d5721-c333-7002-426f-b50cf48bab67"
MP3 = (b"\xff\xfb\x90\x64" + bytes(413)) * 20
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(28)


@dataclass
class Rig:
    stub: StubGateway
    directory: Path

    def client(self) -> LyriaClient:
        return LyriaClient(KEY, self.stub.url)

    def job(self) -> Job:
        return parse_job(job_body(ID, "COMPLETED", f"{self.stub.url}/output.mpeg"))


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with StubGateway() as stub:
        yield Rig(stub, tmp_path / "music")


@pytest.mark.parametrize("address", ["/v1/a.mp3", "v1/a.mp3", "//{host}/v1/a.mp3"])
def test_a_relative_address_is_the_gateways(rig: Rig, address: str) -> None:
    address = address.format(host=rig.stub.url.removeprefix("http://"))
    rig.stub.script("GET /v2/", reply(200, job_body(ID, "COMPLETED", address)))
    rig.stub.script("GET /v1/a.mp3", media(MP3))
    with rig.client() as client:
        path = client.download(client.status(ID), rig.directory)
    assert path.read_bytes() == MP3
    assert "ocp-apim-subscription-key" not in rig.stub.gets[-1].headers


@pytest.mark.parametrize(
    "address", ["//10.0.0.1/a.mp3", "//169.254.169.254/a", "ftp://e.example/a"]
)
def test_a_relative_address_passes_the_guard(rig: Rig, address: str) -> None:
    rig.stub.script("GET /v2/", reply(200, job_body(ID, "COMPLETED", address)))
    with rig.client() as client, pytest.raises(DownloadFailed) as caught:
        client.download(client.status(ID), rig.directory)
    assert "its address is" in str(caught.value)
    assert len(rig.stub.gets) == 1


def test_a_file_in_the_answer_is_written(rig: Rig) -> None:
    data = f"data:audio/wav;base64,{base64.b64encode(WAV).decode()}"
    rig.stub.script("GET", reply(200, job_body(ID, "COMPLETED", data)))
    with rig.client() as client:
        job = client.status(ID)
        path = client.download(job, rig.directory)
        assert (path.name, path.read_bytes()) == (f"{ID}.wav", WAV)
        assert client.download(replace(job, inline={}), rig.directory) == path
    assert len(rig.stub.gets) == 1


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"", "gone"), (b"<html>", "not audio"), (bytes(64 * 1024 * 1024 + 3), "gone")],
    ids=["empty", "HTML", "too large"],
)
def test_a_file_in_the_answer_that_is_of_no_use(rig: Rig, data: bytes, says: str) -> None:
    address = f"data:audio/wav;base64,{base64.b64encode(data).decode()}"
    rig.stub.script("GET", reply(200, job_body(ID, "COMPLETED", address)))
    with rig.client() as client:
        job = client.status(ID)
        with pytest.raises(DownloadFailed) as caught:
            client.download(job, rig.directory)
    assert caught.value.charge is Charge.YES
    assert says in str(caught.value)


def test_the_largest_file_in_an_answer(rig: Rig) -> None:
    whole = WAV + bytes(64 * 1024 * 1024 - len(WAV))
    address = f"data:audio/wav;base64,{base64.b64encode(whole).decode()}"
    rig.stub.script("GET", reply(200, job_body(ID, "COMPLETED", address)))
    with rig.client() as client:
        job = client.status(ID)
        assert len(repr(job)) + len(json.dumps(job.raw)) < 5_000
        assert client.download(job, rig.directory).stat().st_size == 64 * 1024 * 1024


@pytest.mark.parametrize("odd", ["a/b", "..", "x" * 1023, "ä夜" * 200])
def test_ids_of_any_form_name_a_file_in_the_folder(rig: Rig, odd: str) -> None:
    rig.stub.script("GET", media(MP3))
    with rig.client() as client:
        path = client.download(replace(rig.job(), request_id=odd), rig.directory)
        other = client.download(replace(rig.job(), request_id=odd + "_"), rig.directory)
    assert path.parent == other.parent == rig.directory
    assert path != other
    assert len(path.name.encode()) < 200
