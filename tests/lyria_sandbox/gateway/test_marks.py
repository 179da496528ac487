"""Each test card's mark does what the table says."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import soundfile
from support.sandboxes import Client

from lyria_core import (
    MODELS,
    Charge,
    DownloadFailed,
    JobFailed,
    LyriaClient,
    MusicRequest,
    Status,
    parse_job,
)
from lyria_sandbox import CARDS
from lyria_sandbox.gateway.deviations import SHAPES

pytestmark = pytest.mark.slow


def media_url(body: dict[str, dict[str, list[str]]]) -> str:
    (url,) = body["output"]["media_url"]
    return url


@pytest.mark.parametrize(
    ("mark", "status"),
    [("fail", "FAILED"), ("blocked", "FAILED"), ("recitation", "FAILED"), ("error", "ERROR")],
)
def test_jobs_that_end_badly(client: Client, mark: str, status: str) -> None:
    body = client.make(f"a tune [[{mark}]]")

    assert body["status"] == status
    assert body["error"]
    assert body["output"] is None
    assert body["completed_at"] is not None


def test_slow_job_takes_at_least_its_seconds(client: Client) -> None:
    began = time.monotonic()
    client.make("[[slow 0.5]] a tune")

    assert time.monotonic() - began >= 0.5


def test_stuck_job_holds_no_renderer(client: Client) -> None:
    stuck = client.submit("[[stuck]]")
    client.watch(stuck, "PROCESSING")
    client.make("a tune")  # a stuck job holds no renderer

    assert client.look(stuck).json()["status"] == "PROCESSING"


@pytest.mark.parametrize(("mark", "status"), [("429", 429), ("500", 500), ("502", 502)])
def test_refusal_takes_no_job(client: Client, mark: str, status: int) -> None:
    answer = client.post(f"[[{mark}]]")

    assert answer.status_code == status
    assert ("retry-after" in answer.headers) == (status == 429)
    assert answer.headers["content-type"].startswith(
        "text/html" if status == 502 else "application/json"
    )


def test_lost_answer_is_charged(client: Client) -> None:
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


def test_late_answer_comes_late(client: Client) -> None:
    began = time.monotonic()
    assert client.post("[[late 0.3]]").status_code == 202
    assert time.monotonic() - began >= 0.3


def test_first_three_polls_fail(client: Client) -> None:
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


def test_lost_and_html_media_are_no_audio(client: Client) -> None:
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


@pytest.fixture
def core(client: Client) -> Iterator[LyriaClient]:
    with LyriaClient(client.key, base_url=client.url) as found:
        yield found


@pytest.mark.parametrize("mark", ["status-words", "output-shapes", "long-id", "silent"])
def test_client_reads_what_strays_from_the_reference(
    core: LyriaClient, mark: str, tmp_path: Path
) -> None:
    submitted = core.submit(MusicRequest("lyria-3", f"[[{mark}]] a tune"))
    job = core.wait(submitted.request_id, timeout=60)

    assert (job.status, job.charge) == (Status.COMPLETED, Charge.YES)
    assert core.download(job, tmp_path).stat().st_size > 1000
    assert (len(job.request_id) > 160) == (mark == "long-id")
    assert (job.raw["status"] == "succeeded") == (mark == "status-words")


def test_synonym_of_failed_is_read_too(core: LyriaClient) -> None:
    submitted = core.submit(MusicRequest("lyria-3", "[[status-words]] [[blocked]]"))

    with pytest.raises(JobFailed) as caught:
        core.wait(submitted.request_id, timeout=60)
    assert caught.value.job is not None
    assert caught.value.job.raw_status == "failure"
    assert caught.value.charge is Charge.MAYBE


@pytest.mark.parametrize("number", range(len(SHAPES)))
def test_client_finds_the_media_in_every_shape(number: int) -> None:
    body = {"request_id": "lyria-3_1", "status": "COMPLETED", "model_id": "lyria-3"}
    job = parse_job(body | SHAPES[number]("https://cdn.example/output.mpeg"))

    assert job.media_urls == ("https://cdn.example/output.mpeg",)


@pytest.mark.parametrize("model", ["lyria-3", "lyria-2"])
def test_silent_output_is_silence_of_the_usual_length(client: Client, model: str) -> None:
    body = client.make("[[silent]]", model=model)
    samples, rate = soundfile.read(io.BytesIO(requests.get(media_url(body), timeout=10).content))

    assert abs(samples).max() < 1e-4
    assert len(samples) / rate == pytest.approx(MODELS[model].typical_duration_s[0], abs=0.1)


def test_expired_media_is_there_at_the_address_of_the_next_poll(
    client: Client, core: LyriaClient, tmp_path: Path
) -> None:
    submitted = core.submit(MusicRequest("lyria-3", "[[expiring-media]]"))
    job = core.wait(submitted.request_id, timeout=60)

    for _ in range(2):
        with pytest.raises(DownloadFailed) as caught:
            core.download(job, tmp_path)
        assert caught.value.http_status == 403
    assert core.download(core.status(job.request_id), tmp_path).exists()


def test_every_mark_is_tested() -> None:
    source = Path(__file__).read_text()
    webhooks = {"[[webhook-twice]]"}
    for card in CARDS:
        if card.kind == "mark" and card.value not in webhooks:
            name = card.value.strip("[]").removesuffix(" N")
            assert f"[[{name}" in source or f'"{name}"' in source, card.value
