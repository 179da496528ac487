"""Each test card's mark does what the table says."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests
from support.sandboxes import Client

from lyria_sandbox import CARDS

if TYPE_CHECKING:
    pass


def media_url(body: dict[str, dict[str, list[str]]]) -> str:
    (url,) = body["output"]["media_url"]
    return url


@pytest.mark.parametrize(("mark", "status"), [("fail", "FAILED"), ("error", "ERROR")])
def test_jobs_that_end_badly(client: Client, mark: str, status: str) -> None:
    body = client.make(f"a tune [[{mark}]]")

    assert body["status"] == status
    assert body["error"]
    assert body["output"] is None
    assert body["completed_at"] is not None


def test_slow(client: Client) -> None:
    began = time.monotonic()
    client.make("[[slow 0.5]] a tune")

    assert time.monotonic() - began >= 0.5


def test_stuck(client: Client) -> None:
    stuck = client.submit("[[stuck]]")
    client.watch(stuck, "PROCESSING")
    client.make("a tune")  # a stuck job holds no renderer

    assert client.look(stuck).json()["status"] == "PROCESSING"


@pytest.mark.parametrize(("mark", "status"), [("429", 429), ("500", 500), ("502", 502)])
def test_refused_without_a_job(client: Client, mark: str, status: int) -> None:
    answer = client.post(f"[[{mark}]]")

    assert answer.status_code == status
    assert ("retry-after" in answer.headers) == (status == 429)
    assert answer.headers["content-type"].startswith(
        "text/html" if status == 502 else "application/json"
    )


def test_the_answer_is_lost_though_the_job_was_taken(client: Client) -> None:
    client.key = "sandbox-lost-answers"
    try:
        with pytest.raises(requests.ConnectionError):
            client.post("[[drop]]", model="lyria-2")
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            client.post("[[cut]]", model="lyria-2")
        assert client.post("[[500-taken]]", model="lyria-2").status_code == 500
        with pytest.raises(requests.ReadTimeout):
            requests.post(
                f"{client.url}/lyria-2/v1/lyria-2/generate",
                json={"prompt": "[[late 30]]"},
                headers={"Ocp-Apim-Subscription-Key": client.key},
                timeout=(10, 0.3),
            )
        # $5.00 pays 83 jobs at $0.06: four were taken, 79 are left.
        answers = [client.post("[[no-media]]", model="lyria-2").status_code for _ in range(80)]
        assert answers == [202] * 79 + [402]
    finally:
        client.key = "sandbox-demo"


def test_what_is_left_of_a_cut_answer_tells_the_id(client: Client) -> None:
    answer = requests.post(
        f"{client.url}/lyria-3/v1/lyria-3/generate",
        json={"prompt": "[[cut]]"},
        headers={"Ocp-Apim-Subscription-Key": "sandbox-demo"},
        stream=True,
        timeout=10,
    )
    part = b""
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        for chunk in answer.iter_content(1):
            part += chunk

    assert answer.status_code == 202
    request_id = part.decode().split('"')[3]
    assert client.watch(request_id)["status"] == "COMPLETED"


def test_late(client: Client) -> None:
    began = time.monotonic()
    assert client.post("[[late 0.3]]").status_code == 202
    assert time.monotonic() - began >= 0.3


def test_faulty_looks(client: Client) -> None:
    faulty = client.submit("[[status-500]]")
    assert [client.look(faulty).status_code for _ in range(4)] == [500, 500, 500, 200]

    strange = client.submit("[[new-status]]")
    statuses = [client.look(strange).json()["status"] for _ in range(4)]
    assert statuses[:3] == ["WARMING_UP"] * 3
    assert statuses[3] in ("QUEUED", "PROCESSING", "COMPLETED")


def test_outputs_of_other_shapes(client: Client) -> None:
    nothing = client.make("[[no-media]]")
    assert nothing["status"] == "COMPLETED"
    assert nothing["output"] == {"media_url": [], "media_type": "audio/mpeg"}

    two = client.make("[[two-files]]")["output"]["media_url"]
    assert [url.rpartition("/")[2] for url in two] == ["output.mpeg", "output-2.mpeg"]
    assert [requests.get(url, timeout=10).status_code for url in two] == [200, 200]

    untold = client.make("[[octet-stream]]")
    assert media_url(untold).endswith("/output.ext")
    assert untold["output"]["media_type"] == "application/octet-stream"
    got = requests.get(media_url(untold), timeout=10)
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.content[:4] == b"RIFF"


def test_media_that_are_none(client: Client) -> None:
    assert requests.get(media_url(client.make("[[lost-media]]")), timeout=10).status_code == 404

    page = requests.get(media_url(client.make("[[html-media]]")), timeout=10)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")


def test_broken_download_can_be_resumed(client: Client) -> None:
    url = media_url(client.make("[[broken-download]]"))
    length = int(requests.head(url, timeout=10).headers["content-length"])

    def download(start: int) -> tuple[bytes, bool]:
        answer = requests.get(url, headers={"Range": f"bytes={start}-"}, stream=True, timeout=10)
        part = b""
        try:
            for chunk in answer.iter_content(1024):
                part += chunk
        except requests.exceptions.ChunkedEncodingError:
            return part, False
        return part, True

    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        requests.get(url, timeout=10)
    first, whole = download(0)
    assert not whole
    assert 0 < len(first) < length
    rest, whole = download(len(first))
    assert whole
    assert first + rest == requests.get(url, timeout=10).content
    assert len(first + rest) == length


def test_every_mark_is_tested() -> None:
    source = Path(__file__).read_text()
    webhooks = {"[[webhook-twice]]"}
    for card in CARDS:
        if card.kind == "mark" and card.value not in webhooks:
            name = card.value.strip("[]").removesuffix(" N")
            assert f"[[{name}" in source or f'"{name}"' in source, card.value
