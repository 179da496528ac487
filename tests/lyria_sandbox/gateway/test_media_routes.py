"""Outputs over HTTP: ranges, validators, names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests
from support.sandboxes import Client
from support.tiny_composer import MIDI

if TYPE_CHECKING:
    pass


@pytest.fixture(scope="module")
def url(client: Client) -> str:
    output = client.make(model="lyria-2")["output"]
    return str(output["media_url"][0])


def get(url: str, **headers: str) -> requests.Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.get(url, headers=names, timeout=10)


def test_the_whole_file(url: str) -> None:
    answer = get(url)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "audio/wav"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-disposition"] == 'inline; filename="output.wav"'
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert answer.headers["etag"]
    head = requests.head(url, timeout=10)
    assert head.headers["content-length"] == answer.headers["content-length"]


def test_the_notes_lie_beside_the_music(url: str) -> None:
    answer = get(url.replace("output.wav", "score.mid"))
    assert answer.headers["content-type"] == "audio/midi"
    assert answer.content == MIDI
    request_id = url.split("/")[-2]
    for wrong in (request_id[:-1] + "z", "lyria-3_" + 36 * "0"):
        missing = url.replace(request_id, wrong).replace("output.wav", "score.mid")
        assert get(missing).status_code == 404


def test_ranges(url: str) -> None:
    whole = get(url).content

    size = len(whole)
    for range_, start, end in [
        ("bytes=0-9", 0, 10),
        ("bytes=10-", 10, size),
        ("bytes=-7", size - 7, size),
        (f"bytes=5-{size * 2}", 5, size),
    ]:
        answer = get(url, Range=range_)
        assert answer.status_code == 206
        assert answer.content == whole[start:end]
        assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"


def test_a_range_beyond_the_file(url: str) -> None:
    length = len(get(url).content)
    answer = get(url, Range=f"bytes={length}-")

    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{length}"


def test_validators(url: str) -> None:
    etag = get(url).headers["etag"]

    assert get(url, If_None_Match=etag).status_code == 304
    assert get(url, If_None_Match='"another"').status_code == 200
    assert get(url, Range="bytes=0-1", If_Range=etag).status_code == 206
    assert get(url, Range="bytes=0-1", If_Range='"another"').status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        "output.mp3",
        "output.wav.part",
        "..%2f..%2fgateway-v1.db",
        "%2e%2e/gateway-v1.db",
        "output.wav%00",
    ],
)
def test_other_names_are_not_there(url: str, wrong: str) -> None:
    answer = get(url.replace("output.wav", wrong))

    assert answer.status_code == 404
    assert answer.json()["statusCode"] == 404


def test_an_output_is_there_only_when_its_job_is_completed(client: Client) -> None:
    request_id = client.submit("[[stuck]]", model="lyria-2")

    assert get(f"{client.url}/media/v1/{request_id}/output.wav").status_code == 404
