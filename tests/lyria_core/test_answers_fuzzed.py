"""A hundred thousand broken answers: nothing but a job or a `LyriaError`, and no id is lost."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from requests.structures import CaseInsensitiveDict

from lyria_core import MODELS, InvalidRequest, Job, LyriaError, parse_callback
from lyria_core._outcome import status_outcome, submit_outcome
from lyria_core._redact import Redactor
from lyria_core._wire import Answer

pytestmark = pytest.mark.slow

ID = "lyria-2_019d5721-c333-7002"
INTACT = b'"request_id":"%b"' % ID.encode()
NOW = datetime(2026, 5, 22, 13, 0, tzinfo=UTC)
HIDE = Redactor("5f0d7c2b9a1e4c3d8b6f0a9e7d5c3b1a", ["A velvet waltz for nine bassoons"])
HTTP = (200, 202, 400, 402, 403, 404, 429, 500, 502)
BODIES = 34_000
"""Each is read as three kinds of answer: 102,000 inputs."""

SEEDS = [
    json.dumps(body, separators=(",", ":")).encode()
    for body in (
        {"request_id": ID, "status": "QUEUED", "polling_url": f"https://g/v2/requests/status/{ID}"},
        {
            "request_id": ID,
            "status": "COMPLETED",
            "error": None,
            "output": {"media_url": ["https://m/a.mpeg", "//m/b", {"url": "c.png"}]},
            "created_at": "2026-05-22T13:17:32.110Z",
        },
        {"request_id": ID, "status": "FAILED", "error": '{"detail":[{"msg":"A velvet waltz"}]}'},
        {"status": "success", "data": {"request_id": ID, "status": "running", "data": [{}]}},
        {"output": "data:audio/wav;base64,UklGRg==", "status": "done", "request_id": ID},
        {"error": "Insufficient", "message": "Required: $1,250.00 of 8 credits; 0,08 $"},
    )
]
PIECES = [
    *(b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"\x00", b"\xff", b"\xef\xbb\xbf", b"null"),
    *(b"\\ud800", b"1e999", b"NaN", b"-", b"<html>", b'"request_id":', b'"status":"error"', b"\n"),
    *(b'"data":', b"data:,%", b"$", b"9" * 30, b"//", b"..", b"\xe2\x80", b'{"a":' * 40),
]


def broken() -> Iterator[bytes]:
    rng = random.Random(20261127)
    for _ in range(BODIES):
        body = bytearray(rng.choice(SEEDS))
        for _ in range(rng.choice((1, 1, 2, 3, 5))):
            at = rng.randrange(len(body) + 1)
            match rng.randrange(6):
                case 0:
                    del body[at:]
                case 1:
                    body[at:at] = rng.choice(PIECES)
                case 2:
                    body[at : at + 1] = bytes([rng.randrange(256)])
                case 3:
                    del body[at : at + rng.randrange(1, 12)]
                case 4:
                    body[at:at] = body[rng.randrange(len(body) + 1) :][: rng.randrange(60)]
                case _:
                    body[:] = rng.choice(PIECES) + body
        yield bytes(body)


def test_broken_answers_raise_nothing_and_lose_no_id() -> None:
    rng = random.Random(1)
    kept = 0
    for body in broken():
        http = rng.choice(HTTP)
        result = Answer(http, CaseInsensitiveDict(), body, rng.random() < 0.8)
        looked = status_outcome(result, ID, HIDE, NOW, "https://gateway.example")
        assert isinstance(looked, Job | LyriaError)
        assert looked.request_id == ID
        taken = submit_outcome(result, MODELS["lyria-2"], HIDE, NOW, "https://gateway.example")
        assert isinstance(taken, Job | LyriaError)
        if http < 300 and body.count(b"request_id") == 1 and INTACT in body:
            kept += 1
            assert taken.request_id == ID, body
        try:
            assert parse_callback(body).request_id
        except InvalidRequest as error:
            assert error.__context__ is None
    assert kept > 2_000


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("a velvet tale " * 15_000, id="words"),
        pytest.param("a" * 200_000, id="one letter"),
        pytest.param("A velvet waltz for nine bassoon" * 6_500, id="almost the prompt"),
        pytest.param("5f0d7c2b9a1e4c3d8b6f0a9e7d5c3b1" * 6_500, id="almost the key"),
    ],
)
@pytest.mark.parametrize("prompt", ["A velvet waltz for nine bassoons " * 300, "a" * 10_000])
def test_hiding_secrets_takes_time_linear_in_the_answer(words: str, prompt: str) -> None:
    redactor = Redactor("5f0d7c2b9a1e4c3d8b6f0a9e7d5c3b1a", [prompt])
    redactor.text("")
    begun = time.process_time()
    redactor.text(words)
    assert time.process_time() - begun < 2.0  # 20 s in a loop over both; 0.1 s here
