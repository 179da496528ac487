"""What the gateway may answer, and what it means: one row an answer."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from requests.structures import CaseInsensitiveDict

from lyria_core import (
    MODELS,
    AuthenticationError,
    Charge,
    InsufficientBalance,
    Job,
    LyriaError,
    RateLimited,
    Refusal,
    Status,
    StatusUnavailable,
    SubmitUnknown,
)
from lyria_core._money import dollars_required
from lyria_core._outcome import status_outcome, submit_outcome
from lyria_core._reading import status_of
from lyria_core._redact import Redactor
from lyria_core._wire import Answer

ID = "lyria-3-pro_019d5721-c333-7002-426f-b50cf48bab67"
BASE = "https://gateway.example/sandbox"
MP3 = "https://media.example/v1/output.mpeg"
NOW = datetime(2026, 5, 22, 13, 0, tzinfo=UTC)
HIDE = Redactor("5f0d7c2b9a1e4c3d8b6f0a9e7d5c3b1a", ["A velvet waltz for nine bassoons"])
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(28)
DATA_URI = "data:audio/wav;base64," + base64.b64encode(WAV).decode()


def answer(body: Any, http: int = 200, *, complete: bool = True) -> Answer:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(http, CaseInsensitiveDict(), data, complete)


def look(body: Any, http: int = 200, request_id: str = ID) -> Job | LyriaError:
    return status_outcome(answer(body, http), request_id, HIDE, NOW, BASE)


def seen(body: Any, http: int = 200) -> Job:
    outcome = look(body, http)
    assert isinstance(outcome, Job), outcome
    return outcome


def job(status: str, **fields: Any) -> dict[str, Any]:
    return {"request_id": ID, "status": status, **fields}


# Status words ---------------------------------------------------------------------------------

WORDS = {
    Status.QUEUED: "QUEUED queued IN_QUEUE pending waiting queuing Submitted",
    Status.PROCESSING: "PROCESSING processing IN_PROGRESS in-progress Running starting "
    "generating FIRST_SUCCESS TEXT_SUCCESS",
    Status.COMPLETED: "COMPLETED completed Complete SUCCEEDED succeeded SUCCESS done FINISHED "
    "ready",
    Status.FAILED: "FAILED failed CANCELED cancelled TIMEOUT timed-out TIMED_OUT aborted Expired "
    "rejected FAILURE GENERATE_AUDIO_FAILED SENSITIVE_WORD_ERROR internal_error",
    Status.ERROR: "ERROR error Error",
    Status.UNKNOWN: "PAUSED thinking OK? UNKNOWN",
}


@pytest.mark.parametrize(
    ("word", "status"), [(word, status) for status in WORDS for word in WORDS[status].split()]
)
def test_status_word(word: str, status: Status) -> None:
    outcome = seen(job(word))
    assert (outcome.status, outcome.raw_status) == (status, word)
    free = {Status.ERROR: Charge.NO, Status.COMPLETED: Charge.YES}
    assert outcome.charge is free.get(status, Charge.MAYBE)
    assert status_of(f" {word.replace('_', ' ')} ") is status


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        pytest.param({"output": {"media_url": [MP3]}}, Status.COMPLETED, id="audio"),
        pytest.param({"output": {"media_url": []}}, Status.UNKNOWN, id="no audio"),
        pytest.param({"output": MP3, "error": "half of it"}, Status.UNKNOWN, id="audio and error"),
        pytest.param({"output": MP3, "error": ""}, Status.COMPLETED, id="audio, empty error"),
        pytest.param({"output": "https://e.example/cover.png"}, Status.UNKNOWN, id="only a cover"),
    ],
)
def test_unknown_word_is_completed_only_with_audio_and_no_error(
    fields: dict[str, Any], status: Status
) -> None:
    assert seen(job("POLISHED", **fields)).status is status


@pytest.mark.parametrize("word", ["PROCESSING", "running", "pending", "FIRST_SUCCESS", "canceled"])
def test_words_known_as_running_or_failed_are_never_completed(word: str) -> None:
    outcome = seen(job(word, output={"media_url": [MP3]}, error=None))
    assert outcome.status is status_of(word)
    assert outcome.status is not Status.COMPLETED


# Reasons --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        pytest.param({"error": "Blocked"}, "Blocked", id="reference"),
        pytest.param({"error": {"message": "Blocked", "code": 7}}, "Blocked", id="object"),
        pytest.param({"error": {"error": {"msg": "Blocked"}}}, "Blocked", id="nested object"),
        pytest.param({"error": None, "message": "Blocked"}, "Blocked", id="message, error null"),
        pytest.param({"error": "", "detail": "Blocked"}, "Blocked", id="detail, error empty"),
        pytest.param(
            {"detail": [{"loc": ["body"], "msg": "Blocked"}, {"msg": "Too long"}]},
            "Blocked; Too long",
            id="list in detail",
        ),
        pytest.param({"error": '{"detail":[{"msg":"Blocked"}]}'}, "Blocked", id="JSON in a string"),
        pytest.param({"error": '{"message": "\\u0042locked"}'}, "Blocked", id="escaped JSON"),
        pytest.param({"error": "{not JSON"}, "{not JSON", id="a brace"),
        pytest.param({"errorMessage": "Blocked"}, "Blocked", id="errorMessage"),
        pytest.param({"error": True, "message": "Blocked"}, "Blocked", id="error true"),
        pytest.param({"output": {"error": "Blocked"}}, "Blocked", id="in output"),
        pytest.param({"error": {"code": 7}}, '{"code": 7}', id="only a code"),
        pytest.param({"error": {"code": 0, "message": ""}}, None, id="empty object"),
        pytest.param({"error": "None", "message": "success"}, None, id="words for nothing"),
    ],
)
def test_reason_of_a_failure(fields: dict[str, Any], reason: str | None) -> None:
    assert seen(job("FAILED", **fields)).error == reason


def test_message_of_a_running_job_is_no_error() -> None:
    assert seen(job("PROCESSING", message="Mixing")).error is None


@pytest.mark.parametrize("error", ["Blocked", {"message": "Blocked"}, '{"message": "Blocked"}'])
def test_completed_with_an_error_and_no_media_is_a_failure(error: object) -> None:
    outcome = seen(job("COMPLETED", error=error, output={"media_url": []}))
    assert (outcome.status, outcome.error) == (Status.FAILED, "Blocked")
    assert outcome.charge is Charge.MAYBE


def test_completed_with_an_error_and_media_is_completed() -> None:
    outcome = seen(job("COMPLETED", error="one of two", output={"media_url": [MP3]}))
    assert (outcome.status, outcome.media_urls) == (Status.COMPLETED, (MP3,))


# Media ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "urls"),
    [
        pytest.param({"output": {"media_url": [MP3, MP3]}}, (MP3, MP3), id="reference"),
        pytest.param({"output": {"media_url": MP3}}, (MP3,), id="text"),
        pytest.param({"output": MP3}, (MP3,), id="output is a text"),
        pytest.param({"output": [MP3]}, (MP3,), id="output is a list"),
        pytest.param({"output": [{"url": MP3}]}, (MP3,), id="objects with url"),
        pytest.param({"output": {"audio_url": MP3}}, (MP3,), id="audio_url"),
        pytest.param({"output": {"media_url": [{"audio_url": MP3}]}}, (MP3,), id="both"),
        pytest.param(
            {"output": {"audio": {"url": MP3, "content_type": "audio/mpeg"}}}, (MP3,), id="a file"
        ),
        pytest.param({"output": f'{{"media_url": ["{MP3}"]}}'}, (MP3,), id="JSON in a string"),
        pytest.param({"audio_url": MP3}, (MP3,), id="beside the status"),
        pytest.param({"url": MP3}, (MP3,), id="url beside the status"),
        pytest.param({"url": "https://gateway.example/jobs/7"}, (), id="url that is a page"),
        pytest.param({"data": {"audio_urls": [MP3]}}, (MP3,), id="data"),
        pytest.param({"result": {"audio_url": MP3}}, (MP3,), id="result"),
        pytest.param(
            {
                "response": {
                    "sunoData": [
                        {"audioUrl": MP3, "streamAudioUrl": "https://s", "imageUrl": "https://i"}
                    ]
                }
            },
            (MP3,),
            id="objects with several addresses",
        ),
        pytest.param(
            {"output": ["https://e.example/cover.png?x=1", MP3, "https://e.example/clip.mp4"]},
            (MP3,),
            id="cover and video left out",
        ),
        pytest.param(
            {"output": [{"url": "https://e.example/7", "content_type": "image/png"}, MP3]},
            (MP3,),
            id="cover by its type",
        ),
        pytest.param(
            {"output": "https://e.example/clip.mp4"}, ("https://e.example/clip.mp4",), id="mp4 only"
        ),
        pytest.param(
            {"output": "/v1/a.mp3"}, ("https://gateway.example/v1/a.mp3",), id="absolute path"
        ),
        pytest.param(
            {"output": "v1/a.mp3"}, ("https://gateway.example/sandbox/v1/a.mp3",), id="relative"
        ),
        pytest.param(
            {"output": "//cdn.example/a.mp3"}, ("https://cdn.example/a.mp3",), id="no scheme"
        ),
        pytest.param({"output": "http://[bad"}, ("http://[bad",), id="no address at all"),
        pytest.param({"output": {"media_url": [None, 5, "", {}]}}, (), id="nothing"),
    ],
)
def test_media(fields: dict[str, Any], urls: tuple[str, ...]) -> None:
    assert seen(job("COMPLETED", **fields)).media_urls == urls


def test_envelope_around_a_job_is_opened() -> None:
    body = {"code": 200, "msg": "success", "data": {"status": "SUCCESS", "audioUrl": MP3}}
    outcome = seen(body)
    assert (outcome.request_id, outcome.media_urls) == (ID, (MP3,))
    running = {"status": "success", "data": {"request_id": ID, "status": "running"}}
    assert seen(running).status is Status.PROCESSING


def test_list_around_a_job_is_opened() -> None:
    assert seen([job("COMPLETED", output=MP3)]).media_urls == (MP3,)


@pytest.mark.parametrize(
    "output",
    [
        pytest.param({"media_url": [DATA_URI]}, id="list"),
        pytest.param(DATA_URI, id="text"),
        pytest.param({"media_url": DATA_URI.rstrip("=")}, id="without padding"),
        pytest.param({"media_url": "data:audio/wav," + "".join(f"%{b:02x}" for b in WAV)}, id="%"),
        pytest.param(
            [{"audioContent": DATA_URI.partition(",")[2], "mimeType": "audio/wav"}], id="base 64"
        ),
    ],
)
def test_file_in_the_answer_is_taken_out_of_it(output: Any) -> None:
    outcome = seen(job("COMPLETED", output=output))
    (url,) = outcome.media_urls
    assert outcome.inline == {url: WAV}
    assert url.startswith(f"data:audio/wav;bytes={len(WAV)};sha256=")
    shown = f"{outcome!r} {json.dumps(outcome.raw)}"
    if "data:" in json.dumps(output):
        assert DATA_URI[40:60] not in shown
        assert "%52%49" not in shown


def test_large_file_is_not_in_the_record_either() -> None:
    content = base64.b64encode(bytes(100_000)).decode()
    outcome = seen(job("COMPLETED", output=[{"audioContent": content, "mimeType": "audio/wav"}]))
    assert len(next(iter(outcome.inline.values()))) == 100_000
    assert len(json.dumps(outcome.raw)) < 5_000


@pytest.mark.parametrize("url", ["data:audio/wav;base64,!!!", "data:audio/wav;base64,", "data:,"])
def test_broken_file_in_the_answer_is_kept_as_a_name(url: str) -> None:
    outcome = seen(job("COMPLETED", output={"media_url": [url]}))
    assert len(outcome.media_urls) == 1
    assert not outcome.inline


# Ids ------------------------------------------------------------------------------------------

ODD_IDS = [
    "a/b",
    "a b",
    "a%2Fb",
    ".",
    "..",
    "a?b=c#d",
    "ä-夜",
    "x" * 1024,
    "A" * 13,
    "urn:x:y@z",
    "\\",
]


@pytest.mark.parametrize("request_id", ODD_IDS)
def test_id_of_any_form_is_kept(request_id: str) -> None:
    taken = submit_outcome(answer({"request_id": request_id}, 202), MODELS["lyria-3"], HIDE, NOW)
    assert isinstance(taken, Job)
    assert taken.request_id == request_id
    body = json.dumps({"request_id": request_id, "status": "QUEUED"}).encode()[:-12]
    cut = submit_outcome(answer(body, 202, complete=False), MODELS["lyria-3"], HIDE, NOW)
    assert isinstance(cut, SubmitUnknown)
    assert cut.request_id == request_id
    again = look({"request_id": request_id, "status": "QUEUED"}, request_id=request_id)
    assert isinstance(again, Job)


@pytest.mark.parametrize(
    "request_id", ["", " ", "x" * 1025, "a\nb", "\0", "../x", "a/..", "\ud800"]
)
def test_what_can_be_no_id(request_id: str) -> None:
    taken = submit_outcome(answer({"request_id": request_id}, 202), MODELS["lyria-3"], HIDE, NOW)
    assert isinstance(taken, SubmitUnknown)
    assert taken.request_id is None


NESTED = b'{"a":' * 600 + b"1" + b"}" * 600


@pytest.mark.parametrize(
    ("body", "taken"),
    [
        pytest.param(b'{"x":%b,"request_id":"%b"}' % (NESTED, ID.encode()), True, id="600 deep"),
        pytest.param(
            b'{"x":%b,"request_id":"%b"}' % (b"[" * 50_000 + b"]" * 50_000, ID.encode()),
            False,
            id="50,000 deep",
        ),
        pytest.param(b'\xef\xbb\xbf{"request_id":"%b"}' % ID.encode(), True, id="BOM"),
        pytest.param(f'{{"request_id":"{ID}"}}'.encode("utf-16"), True, id="UTF-16"),
        pytest.param(b'{"request_id":"%b"} trailing' % ID.encode(), False, id="trailing garbage"),
        pytest.param(
            b'{"request_id":"%b","request_id":null}' % ID.encode(), True, id="id, then null"
        ),
        pytest.param(
            b'{"request_id":"old","request_id":"%b"}' % ID.encode(), True, id="two ids: the last"
        ),
        pytest.param(
            b'{"trace":{"request_id":"t"},"request_id":"%b","x":' % ID.encode(),
            False,
            id="cut, an id inside comes first",
        ),
        pytest.param(
            b'{"polling_url":"https:\\/\\/g\\/v2\\/requests\\/status\\/%b"' % ID.encode(),
            False,
            id="cut, escaped polling_url",
        ),
        pytest.param(b'{"msg":"\xfc","request_id":"%b"}' % ID.encode(), False, id="not UTF-8"),
        pytest.param(b'<p class=\'">{"request_id": "%b"}' % ID.encode(), False, id="in HTML"),
        pytest.param(
            b'{"x":"%b","request_id":"%b"' % (b"\\" * 200_000, ID.encode()), False, id="200 kB"
        ),
    ],
)
def test_id_of_a_202_is_never_lost(body: bytes, taken: bool) -> None:
    outcome = submit_outcome(answer(body, 202), MODELS["lyria-3"], HIDE, NOW)
    assert outcome.request_id == ID
    assert isinstance(outcome, Job) == taken


# HTTP errors on a look ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("http", "body", "status"),
    [
        (500, job("FAILED", error="Blocked"), Status.FAILED),
        (500, job("ERROR", error="Blocked"), Status.ERROR),
        (422, job("failed", error="Blocked"), Status.FAILED),
        (404, job("canceled", error="Blocked"), Status.FAILED),
        (400, {"status": "FAILED", "error": "Blocked"}, Status.FAILED),
        (500, {"status": "ERROR", "message": "Blocked"}, Status.ERROR),
    ],
    ids=lambda value: str(value)[:60],
)
def test_http_error_that_is_the_jobs_outcome_may_be_charged(
    http: int, body: dict[str, Any], status: Status
) -> None:
    outcome = seen(body, http)
    assert (outcome.status, outcome.error, outcome.charge) == (status, "Blocked", Charge.MAYBE)


@pytest.mark.parametrize(
    ("http", "body"),
    [
        *((http, job("FAILED")) for http in (401, 403, 408, 429, 502, 503, 504)),
        (500, {"status": "error", "message": "oops"}),
        (500, {"status": "failed", "message": "oops"}),
        (404, {"request_id": ID, "error": "Request not found"}),
        (500, {"request_id": "another", "status": "FAILED"}),
        (200, {"request_id": "another", "status": "COMPLETED"}),
        (200, {"status": "error", "message": "oops"}),
        (200, {"status": "success"}),
        (200, {"code": 500, "msg": "oops", "data": None}),
        (302, job("FAILED")),
    ],
    ids=lambda value: str(value)[:60],
)
def test_answers_that_tell_nothing_of_the_job(http: int, body: dict[str, Any]) -> None:
    outcome = look(body, http)
    assert isinstance(outcome, StatusUnavailable | AuthenticationError | RateLimited)
    assert outcome.charge is Charge.MAYBE
    assert outcome.request_id == ID


# Submits --------------------------------------------------------------------------------------


def ordered(body: Any, http: int) -> LyriaError:
    outcome = submit_outcome(answer(body, http), MODELS["lyria-3"], HIDE, NOW)
    assert isinstance(outcome, LyriaError)
    return outcome


@pytest.mark.parametrize(
    ("sentence", "dollars"),
    [
        ("Required: $0.08", "0.08"),
        ("You need $1.20.", "1.20"),
        ("Required: $1,250.00", "1250.00"),
        ("Required: 1.250,00 $", "1250.00"),
        ("Erforderlich: 0,08 $", "0.08"),
        ("USD 0.08 is required", "0.08"),
        ("0.08 USD needed", "0.08"),
        ("Costs US$3", "3"),
        ("Required: 0,08\u00a0$", "0.08"),
        ("Required: $1'250.00", "1250.00"),
        ("$0.08USD needed", "0.08"),
        ("Your balance of $0.02 does not cover the $0.08 charge", "0.08"),
        ("required $1.50, available $0.20", "1.50"),
        ("Balance: $0.02. Required: $0.08", "0.08"),
        ("You need 8 credits", None),
        ("8 credits required, 3 left", None),
        ("Required: 12", None),
        ("Required: €0.08", None),
        ("Required: A$5", None),
        ("Your balance is $0.20", None),
        ("HTTP 402", None),
    ],
)
def test_only_dollars_are_an_amount(sentence: str, dollars: str | None) -> None:
    assert dollars_required(sentence) == (None if dollars is None else Decimal(dollars))
    error = ordered({"error": "Insufficient Balance", "message": sentence}, 402)
    assert isinstance(error, InsufficientBalance)
    assert error.charge is Charge.NO
    if dollars is None:
        assert f"“{sentence}”" in str(error)
        assert "needed" not in str(error)
    else:
        assert (
            str(error) == f"Not enough credit: ${Decimal(dollars):,} needed. Nothing was charged."
        )


@pytest.mark.parametrize(
    ("http", "body", "raised", "charge"),
    [
        (403, {"message": "Your wallet is empty"}, AuthenticationError, Charge.NO),
        (403, {"message": "Out of call volume quota."}, AuthenticationError, Charge.NO),
        (403, {"error": "Payment required"}, AuthenticationError, Charge.NO),
        (429, {"error": "You exceeded your current quota"}, RateLimited, Charge.NO),
        (429, {"error": {"message": "Not enough credits"}}, RateLimited, Charge.NO),
        (200, {"code": 402, "msg": "Insufficient credits"}, SubmitUnknown, Charge.MAYBE),
        (200, {"code": 402, "data": {"msg": "No balance"}}, SubmitUnknown, Charge.MAYBE),
    ],
    ids=lambda value: str(value)[:50],
)
def test_empty_wallet_under_another_code_is_shown_as_what_it_says(
    http: int, body: dict[str, Any], raised: type[LyriaError], charge: Charge
) -> None:
    error = ordered(body, http)
    assert type(error) is raised
    assert (error.charge, error.refusal) == (charge, Refusal.CREDIT)
    words = json.dumps(body).rstrip('"}').rpartition('"')[2].rstrip(".")
    if "data" not in body:
        assert words in str(error)
    assert "did not accept the API key" not in str(error)
    assert "slow down" not in str(error)
    if charge is Charge.NO:
        assert "balance" in error.advice


@pytest.mark.parametrize(
    ("http", "body", "refusal"),
    [
        (401, {"message": "Access denied"}, Refusal.KEY),
        (403, {"message": "Forbidden"}, Refusal.KEY),
        (200, {"code": 401, "msg": "Unauthorized"}, Refusal.KEY),
        (200, {"statusCode": "403", "message": "Forbidden"}, Refusal.KEY),
        (402, {"error": "Insufficient Balance"}, Refusal.CREDIT),
        (200, {"code": "402"}, Refusal.CREDIT),
        (200, {"message": "Please top up your wallet"}, Refusal.CREDIT),
        (429, {"message": "Quota exceeded. Try again in 90 seconds."}, Refusal.CREDIT),
        (429, {"message": "Credits used up. Try again in 9 seconds."}, Refusal.CREDIT),
        # Of requests a minute: it comes back by itself.
        (429, {"message": "Quota exceeded. Try again in 9 seconds."}, None),
        (429, {"message": "Slow down"}, None),
        (400, {"message": "The prompt is empty"}, None),
        (200, {"code": 500, "msg": "Internal error"}, None),
        (500, {"message": "The wallet service is down"}, None),
        # It names a job: it may have been taken.
        (200, {"id": "p_1", "status": "starting", "message": "balance: $0.02"}, None),
    ],
    ids=lambda value: str(value)[:50],
)
def test_refusal_of_everything_differs_from_one_of_a_request(
    http: int, body: dict[str, Any], refusal: Refusal | None
) -> None:
    assert ordered(body, http).refusal is refusal


@pytest.mark.parametrize(
    ("body", "saved"),
    [
        ({"task_id": "t_1", "status": "queued"}, "t_1"),
        ({"id": "p_1", "status": "starting"}, "p_1"),
        ({"code": 200, "msg": "success", "data": {"taskId": "k_1", "state": "waiting"}}, "k_1"),
        ({"id": "err_1", "status": "error", "message": "No"}, None),
        ({"id": "err_1", "message": "Insufficient balance"}, None),
    ],
    ids=lambda value: str(value)[:40],
)
def test_id_by_another_name_is_saved(body: dict[str, Any], saved: str | None) -> None:
    error = ordered(body, 202)
    assert isinstance(error, SubmitUnknown)
    assert (error.request_id, error.charge) == (saved, Charge.MAYBE)


def test_plain_text_is_shown() -> None:
    assert "“The model is off”" in str(ordered(b"The model is off.\n", 400))


def test_output_in_the_answer_to_a_submit_is_read() -> None:
    body = job("COMPLETED", output={"media_url": ["/a.mp3"]})
    taken = submit_outcome(answer(body, 202), MODELS["lyria-3"], HIDE, NOW, BASE)
    assert isinstance(taken, Job)
    assert (taken.status, taken.charge) == (Status.COMPLETED, Charge.YES)
    assert taken.media_urls == ("https://gateway.example/a.mp3",)
