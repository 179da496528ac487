"""Decisions about answers: what counts as certain, and what never does."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from lyria_core import (
    MODELS,
    Charge,
    InsufficientBalance,
    Job,
    LyriaError,
    NotSent,
    RateLimited,
    StatusUnavailable,
    SubmitUnknown,
)
from lyria_core._answers import message_of, retry_after
from lyria_core._outcome import pause_before_resend, status_outcome, submit_outcome
from lyria_core._redact import Redactor
from lyria_core._wire import Answer, Failure, Trouble

MODEL = MODELS["lyria-3-pro"]
NOW = datetime(2026, 5, 22, 13, 0, tzinfo=UTC)
HIDE = Redactor("5f0d7c2b9a1e4c3d8b6f0a9e7d5c3b1a", ["A velvet waltz for nine bassoons"])


def answer(
    status: int, body: Any = b"", headers: dict[str, str] | None = None, *, complete: bool = True
) -> Answer:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, CaseInsensitiveDict(headers or {}), data, complete)


_BODIES = st.one_of(
    st.binary(max_size=60),
    st.just(b'{"request_id": "lyria-3-pro_1", "status": "QUEUED"}'),
    st.just(b'{"request_id": "lyria-3-pro_1", "status": "QUE'),
    st.just(b'{"statusCode": 401, "message": "Access denied"}'),
    st.just(b"<html>502</html>"),
)
_HEADERS = st.fixed_dictionaries({}, optional={"Retry-After": st.text(max_size=12)})
_ANSWERS = st.builds(
    lambda status, body, headers, complete: answer(status, body, headers, complete=complete),
    st.integers(100, 599),
    _BODIES,
    _HEADERS,
    st.booleans(),
)
_FAILURES = st.builds(Failure, st.booleans(), st.sampled_from(Trouble))


@given(_ANSWERS | _FAILURES)
def test_only_certain_refusals_are_free(result: Answer | Failure) -> None:
    outcome = submit_outcome(result, MODEL, HIDE, NOW)
    if isinstance(outcome, Job):
        assert isinstance(result, Answer)
        assert 200 <= result.status < 300
        assert result.complete
        return
    certain = (
        not result.sent
        if isinstance(result, Failure)
        else 400 <= result.status < 500 and result.status not in (408, 409, 499)
    )
    assert outcome.charge is (Charge.NO if certain else Charge.MAYBE)
    assert isinstance(outcome, SubmitUnknown) == (not certain)


@given(_ANSWERS | _FAILURES, st.integers(1, 5))
def test_only_what_was_certainly_not_taken_is_sent_again(
    result: Answer | Failure, sends: int
) -> None:
    outcome = submit_outcome(result, MODEL, HIDE, NOW)
    if isinstance(outcome, Job):
        return
    pause = pause_before_resend(outcome, result, sends, random.Random(1))
    if pause is not None:
        assert sends < 3
        assert isinstance(outcome, NotSent | RateLimited)
        assert outcome.charge is Charge.NO
        if isinstance(outcome, RateLimited):
            assert outcome.retry_after is not None
            assert outcome.retry_after <= pause <= 60.5


@given(_ANSWERS | _FAILURES)
def test_a_poll_never_changes_what_a_job_costs(result: Answer | Failure) -> None:
    outcome = status_outcome(result, "lyria-3-pro_1", HIDE, NOW)
    if isinstance(outcome, LyriaError):
        assert outcome.charge is Charge.MAYBE
        assert outcome.request_id == "lyria-3-pro_1"
    else:
        assert outcome.request_id == "lyria-3-pro_1"


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"Retry-After": "7"}, b"", 7.0),
        ({"retry-after": " 7 "}, b"", 7.0),
        ({"Retry-After": "0"}, b"", 0.0),
        ({"Retry-After": "1.5"}, b"", 1.5),
        ({"Retry-After": "-1"}, b"", None),
        ({"Retry-After": "soon"}, b"", None),
        ({"Retry-After": "1e9"}, b"", None),
        ({"Retry-After": "Fri, 22 May 2026 13:01:00 GMT"}, b"", 60.0),
        ({"Retry-After": "Fri, 22 May 2026 12:00:00 GMT"}, b"", 0.0),
        (
            {
                "Retry-After": "Mon, 01 Jan 2024 00:00:30 GMT",
                "Date": "Mon, 01 Jan 2024 00:00:00 GMT",
            },
            b"",
            30.0,
        ),
        (
            {},
            {"statusCode": 429, "message": "Rate limit is exceeded. Try again in 9 seconds."},
            9.0,
        ),
        ({}, {"message": "Try again in 1 second."}, 1.0),
        ({}, b"<html>try again in 5 seconds</html>", None),
        ({}, b"", None),
    ],
)
def test_retry_after(headers: dict[str, str], body: Any, seconds: float | None) -> None:
    assert retry_after(answer(429, body, headers), NOW) == seconds


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error": "Insufficient Balance", "message": "Too little"}, "Too little"),
        ({"error": "Unauthorized"}, "Unauthorized"),
        ({"error": {"message": "nested", "code": 3}}, "nested"),
        ({"statusCode": 401, "message": "Access denied"}, "Access denied"),
        ({"detail": "FastAPI says"}, "FastAPI says"),
        ({"title": "RFC 9457"}, "RFC 9457"),
        ({"message": "", "error": "fallback"}, "fallback"),
        ({"message": 5}, None),
        ([], None),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_words(body: Any, words: str | None) -> None:
    assert message_of(answer(400, body)) == words


@pytest.mark.parametrize(
    ("message", "required"),
    [
        ("Your wallet does not have enough balance. Required: $0.08", Decimal("0.08")),
        ("Your wallet does not have enough balance. Required: 12", None),
        ("required $1.50, available $0.20", Decimal("1.50")),
        ("Your wallet does not have enough balance.", None),
        ("Required: lots", None),
    ],
)
def test_the_amount_required(message: str, required: Decimal | None) -> None:
    outcome = submit_outcome(answer(402, {"message": message}), MODEL, HIDE, NOW)
    assert isinstance(outcome, InsufficientBalance)
    assert outcome.required == required


def test_long_and_many_lined_words_become_one_short_line() -> None:
    said = "First line.\r\n\tSecond\x00 line. " + "word " * 500
    outcome = submit_outcome(answer(400, {"message": said}), MODEL, HIDE, NOW)
    assert isinstance(outcome, LyriaError)
    assert "First line. Second line. word" in str(outcome)
    assert len(str(outcome)) < 320
    assert str(outcome).isprintable()


@pytest.mark.parametrize(
    ("body", "saved"),
    [
        (b'{"request_id": "lyria-2_1", "stat', "lyria-2_1"),
        (b'{"status":"QUEUED","request_id":"lyria-2_1"', "lyria-2_1"),
        (b'{"polling_url": "https://g.example/v2/requests/status/lyria-2_1", "sta', "lyria-2_1"),
        (b'{"request_id": "lyria-2_', None),
        (b'{"polling_url": "https://g.example/v2/requests/status/lyria-2_', None),
        (b'{"request_id": "a/b"', "a/b"),
        (b'{"request_id": "\xc3\xa4"', "ä"),
        (b'{"request_id": "../keys"', None),
        (b"", None),
    ],
)
def test_an_id_is_saved_only_whole(body: bytes, saved: str | None) -> None:
    outcome = submit_outcome(answer(202, body, complete=False), MODEL, HIDE, NOW)
    assert isinstance(outcome, SubmitUnknown)
    assert outcome.request_id == saved
    assert "$0.08" in str(outcome)
    assert ("was saved" in outcome.advice) == (saved is not None)


def test_a_poll_that_names_another_job_is_no_answer() -> None:
    other = answer(200, {"request_id": "lyria-2_2", "status": "COMPLETED"})
    assert isinstance(status_outcome(other, "lyria-2_1", HIDE, NOW), StatusUnavailable)
