"""Reading jobs from answers and callbacks, however they are written."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.stub_gateway import job_body

from lyria_core import Charge, InvalidRequest, Status, parse_callback, parse_job, parse_timestamp

ID = "lyria-3-pro_019d5721-c333-7002-426f-b50cf48bab67"


def callback(**changes: Any) -> bytes:
    return json.dumps(job_body(ID, "COMPLETED", "https://media.example/a") | changes).encode()


def test_a_callback_as_the_reference_shows_it() -> None:
    job = parse_callback(callback())
    assert job.request_id == ID
    assert job.model_id == "lyria-3-pro"
    assert (job.status, job.raw_status, job.charge) == (Status.COMPLETED, "COMPLETED", Charge.YES)
    assert job.media_urls == ("https://media.example/a",)
    assert job.media_type == "audio/mpeg"
    assert job.error is None
    assert job.created_at == datetime(2026, 5, 22, 13, 17, 32, 110_000, tzinfo=UTC)
    assert job.updated_at == job.completed_at == datetime(2026, 5, 22, 13, 19, 23, tzinfo=UTC)
    assert job.making_s == pytest.approx(110.89)
    assert job.raw["output"]["media_type"] == "audio/mpeg"
    assert pickle.loads(pickle.dumps(job)) == job  # noqa: S301 - our own bytes
    assert hash(job) == hash(parse_callback(callback()))


@pytest.mark.parametrize(
    ("word", "status", "charge"),
    [
        ("QUEUED", Status.QUEUED, Charge.MAYBE),
        ("PROCESSING", Status.PROCESSING, Charge.MAYBE),
        ("COMPLETED", Status.COMPLETED, Charge.YES),
        ("FAILED", Status.FAILED, Charge.MAYBE),
        ("ERROR", Status.ERROR, Charge.NO),
        (" completed ", Status.COMPLETED, Charge.YES),
        ("CANCELLED", Status.FAILED, Charge.MAYBE),
        ("RUNNING", Status.PROCESSING, Charge.MAYBE),
        ("POLISHED", Status.COMPLETED, Charge.YES),  # it brings audio and no error
    ],
)
def test_statuses(word: str, status: Status, charge: Charge) -> None:
    job = parse_callback(callback(status=word))
    assert (job.status, job.raw_status, job.charge) == (status, word, charge)
    assert status.terminal == (status in ("COMPLETED", "FAILED", "ERROR"))


@pytest.mark.parametrize(
    ("output", "urls"),
    [
        (None, ()),
        ([], ()),
        ({}, ()),
        ({"media_url": None}, ()),
        ({"media_url": "https://e.example/1"}, ("https://e.example/1",)),
        ({"media_url": ["b", "a", "b", "c"]}, ("b", "a", "b", "c")),
        ({"media_url": ["a", None, 5, "", "b"]}, ("a", "b")),
    ],
)
def test_every_file_is_kept_in_order(output: Any, urls: tuple[str, ...]) -> None:
    assert parse_callback(callback(output=output)).media_urls == urls


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (None, None),
        ("", None),
        ("  ", None),
        ([], None),
        ("Blocked", "Blocked"),
        ({"message": "Blocked", "code": 7}, "Blocked"),
        ({"code": 7}, '{"code": 7}'),
        ("x" * 5000, "x" * 1000),
    ],
)
def test_words_on_a_failure(error: Any, words: str | None) -> None:
    assert parse_callback(callback(status="FAILED", error=error)).error == words


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-05-22T13:17:32.110Z", datetime(2026, 5, 22, 13, 17, 32, 110_000, tzinfo=UTC)),
        ("2026-05-22 13:19:23", datetime(2026, 5, 22, 13, 19, 23, tzinfo=UTC)),
        ("2026-05-22T15:19:23+02:00", datetime(2026, 5, 22, 13, 19, 23, tzinfo=UTC)),
        (" 2026-05-22 13:19:23 ", datetime(2026, 5, 22, 13, 19, 23, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("...", None),
        ("", None),
        (None, None),
        (1_779_456_000, None),
    ],
)
def test_timestamps(written: object, moment: datetime | None) -> None:
    assert parse_timestamp(written) == moment


@given(st.integers(0, 4_102_444_800))
def test_both_forms_of_a_timestamp_agree(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    for form in ("%Y-%m-%dT%H:%M:%S.000Z", "%Y-%m-%d %H:%M:%S"):
        parsed = parse_timestamp(moment.strftime(form))
        assert parsed == moment
        assert parsed.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"<html>",
        b'"COMPLETED"',
        b"\xff\xfe",
        b'{"status": "COMPLETED"}',
        b'{"request_id": "", "status": "COMPLETED"}',
        b'{"request_id": null, "status": "COMPLETED"}',
        b'{"request_id": "../x", "status": "COMPLETED"}',
        b'{"request_id": ["a"], "status": "COMPLETED"}',
        b'{"request_id": true, "status": "COMPLETED"}',
        b'{"request_id": "a"}',
        b'{"request_id": "a", "status": 5}',
        b'{"request_id": "a", "status": " "}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"request_id": ' + b"9" * 10_000 + b"}",
        b'{"request_id": "a", "status": "COMPLETED", "x": "' + b"y" * 300_000 + b'"}',
    ],
    ids=lambda body: repr(body[:30]),
)
def test_what_is_no_callback(body: bytes) -> None:
    with pytest.raises(InvalidRequest) as caught:
        parse_callback(body)
    assert caught.value.charge is Charge.NO
    assert caught.value.__context__ is None


def test_an_answer_that_leaves_out_what_is_known() -> None:
    job = parse_job({"status": "QUEUED"}, request_id="lyria-2_1")
    assert (job.request_id, job.model_id) == ("lyria-2_1", "lyria-2")
    assert parse_job({"status": "QUEUED", "request_id": "other"}).model_id is None


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)
_FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "request_id": _JSON | st.just(ID),
        "status": _JSON | st.sampled_from([*Status, "odd"]),
        "model_id": _JSON,
        "error": _JSON,
        "output": _JSON | st.fixed_dictionaries({"media_url": _JSON, "media_type": _JSON}),
        "created_at": _JSON | st.just("2026-05-22T13:17:32.110Z"),
        "completed_at": _JSON | st.just("2026-05-22 13:19:23"),
    },
)


@given(_FIELDS | _JSON)
def test_any_json_is_a_job_or_is_refused(payload: Any) -> None:
    try:
        job = parse_callback(json.dumps(payload).encode())
    except InvalidRequest:
        return
    assert job.request_id
    assert isinstance(job.status, Status)
    assert all(isinstance(url, str) for url in job.media_urls)
    assert all(m is None or m.tzinfo is UTC for m in (job.created_at, job.completed_at))


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(body: bytes) -> None:
    with pytest.raises(InvalidRequest):
        parse_callback(body)
