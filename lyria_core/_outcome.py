"""What an answer of the gateway means: pure decisions, apart from the network."""

from __future__ import annotations

import email.utils
import math
import random
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from lyria_core._catalogue import Model
from lyria_core._charge import Charge
from lyria_core._errors import (
    AuthenticationError,
    InsufficientBalance,
    InvalidRequest,
    LyriaError,
    NotSent,
    RateLimited,
    StatusUnavailable,
    SubmitUnknown,
)
from lyria_core._job import Job, checked_request_id, decode_object, parse_job
from lyria_core._redact import Redactor, phrase
from lyria_core._wire import Answer, Failure, Trouble

MOST_SENDS = 3
"""A submit is sent once, and at most twice more where it is certain that it was not taken."""
LONGEST_RETRY_AFTER_S = 60.0

_LONGEST_WORDS = 200
_AMOUNT = re.compile(r"required\W{0,3}\$?\s*(\d{1,9}(?:\.\d{1,6})?)", re.IGNORECASE)
_WAIT = re.compile(r"again in (\d{1,6}) second", re.IGNORECASE)
_ID_FIELD = re.compile(rb'"request_id"\s*:\s*"([^"\\]{1,256})"')
_ID_IN_POLLING_URL = re.compile(rb'/v2/requests/status/([^"\\/?#\s]{1,256})"')

# Client errors that say nothing about whether the request was taken: a timeout of a proxy, a
# conflict, a client that went away.
_UNCLEAR = frozenset({408, 409, 499})

_NOT_SENT = {
    Trouble.NAME: "its name was not found",
    Trouble.REFUSED: "it does not accept connections",
    Trouble.CONNECT_TIMEOUT: "it did not answer in time",
    Trouble.TIMEOUT: "no connection was made in time",
    Trouble.PROXY: "the proxy did not let the request through",
    Trouble.TLS: "no trusted encrypted connection could be made",
    Trouble.ADDRESS: "its name leads to an address that is not allowed",
}
_LOST = {
    Trouble.TIMEOUT: "no answer came in time",
    Trouble.GARBAGE: "the answer was not understood",
}
# Trying these again at once cannot help.
_HOPELESS = frozenset({Trouble.TLS, Trouble.ADDRESS, Trouble.GARBAGE})


def submit_outcome(
    result: Answer | Failure, model: Model, redactor: Redactor, now: datetime
) -> Job | LyriaError:
    """Decide what became of a submit.

    Args:
        result: What happened on the wire.
        model: The model that was ordered.
        redactor: Hides the key and the prompt.
        now: The time, for a Retry-After that is a date.

    Returns:
        The job, or the error to raise. Its ``charge`` is ``NO`` only where the request was
        certainly not taken.
    """
    if isinstance(result, Failure):
        return _not_sent(result.trouble) if not result.sent else _lost(result, model)
    if 200 <= result.status < 300:
        return _accepted(result, model, redactor)
    if 400 <= result.status < 500 and result.status not in _UNCLEAR:
        return _refused(result, redactor, now)
    return _unknown(
        f"the gateway answered {_said(result, redactor)}", model, result.status, _saved_id(result)
    )


def pause_before_resend(
    error: LyriaError, result: Answer | Failure, sends: int, rng: random.Random
) -> float | None:
    """Return the seconds to wait before a submit may be sent again, or ``None`` for never.

    Only two outcomes allow it, both certain not to have been taken: no connection was made, and
    a 429 that tells how long to wait.

    Args:
        error: The outcome of the last send.
        result: What happened on the wire.
        sends: How many times it was sent so far.
        rng: Source of the jitter.
    """
    if sends >= MOST_SENDS:
        return None
    if isinstance(error, NotSent) and isinstance(result, Failure):
        return None if result.trouble in _HOPELESS else 0.5 * 3 ** (sends - 1) * rng.uniform(1, 1.5)
    if isinstance(error, RateLimited) and error.retry_after is not None:
        wait = error.retry_after
        return wait + rng.uniform(0, 0.5) if wait <= LONGEST_RETRY_AFTER_S else None
    return None


def status_outcome(
    result: Answer | Failure, request_id: str, redactor: Redactor, now: datetime
) -> Job | LyriaError:
    """Decide what a look at a job brought. Whatever it is, the job itself is not changed by it."""
    if isinstance(result, Failure):
        why = (_NOT_SENT if not result.sent else _LOST).get(
            result.trouble, "the connection was lost"
        )
        return StatusUnavailable(
            f"The gateway could not tell the status ({why}), but the job is not affected.",
            request_id=request_id,
        )
    if result.status in (401, 403):
        return AuthenticationError(
            f"The gateway does not let this API key see the job ({_said(result, redactor)}).",
            charge=Charge.MAYBE,
            http_status=result.status,
            request_id=request_id,
            advice="Use the key that the job was ordered with, then look again.",
        )
    if result.status == 429:
        return RateLimited(
            f"The gateway asks to look less often ({_said(result, redactor)}), "
            "but the job is not affected.",
            charge=Charge.MAYBE,
            http_status=result.status,
            request_id=request_id,
            advice="Look again in a little while; looking costs nothing.",
            retry_after=retry_after(result, now),
        )
    job = _job_in(result, redactor, request_id=request_id)
    if 200 <= result.status < 300 and job is not None and job.request_id == request_id:
        return job
    return StatusUnavailable(
        f"The gateway could not tell the status ({_said(result, redactor)}), "
        "but the job is not affected.",
        http_status=result.status,
        request_id=request_id,
        retry_after=retry_after(result, now),
    )


def retry_after(answer: Answer, now: datetime) -> float | None:
    """Return the seconds to wait that an answer asks for, from its header or its words.

    A date is read against the answer's own ``Date``, so that a wrong clock here does not matter.
    """
    value = answer.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", value):
        return float(value)
    until = _http_date(value)
    if until is not None:
        base = _http_date(answer.headers.get("Date", "")) or now
        return max(0.0, (until - base).total_seconds())
    # Azure API Management: "Rate limit is exceeded. Try again in 7 seconds."
    told = _WAIT.search(words_of(answer) or "")
    return float(told.group(1)) if told else None


def words_of(answer: Answer) -> str | None:
    """Return what an answer says in words, or ``None`` for HTML, nothing, or anything else.

    Reads the reference's ``{"error", "message"}``, Azure API Management's ``{"statusCode",
    "message"}`` and the usual relatives.
    """
    payload = decode_object(answer.body)
    return None if payload is None else _words(payload)


def _words(payload: Mapping[str, Any]) -> str | None:
    for name in ("message", "error", "detail", "title"):
        value = payload.get(name)
        if isinstance(value, Mapping):
            value = value.get("message")
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None


def _said(answer: Answer, redactor: Redactor) -> str:
    """Return the status and the gateway's own words, safe to show."""
    words = words_of(answer)
    if words is None:
        return f"HTTP {answer.status}"
    shown = phrase(redactor.text(words))
    if len(shown) > _LONGEST_WORDS:
        shown = shown[: _LONGEST_WORDS - 1] + "…"
    return f"HTTP {answer.status}: “{shown}”"


def _accepted(answer: Answer, model: Model, redactor: Redactor) -> Job | LyriaError:
    job = _job_in(answer, redactor, model_id=model.id) if answer.complete else None
    if job is not None:
        return job
    why = "named no request id" if answer.complete else "was cut short"
    return _unknown(f"the gateway's answer {why}", model, answer.status, _saved_id(answer))


def _job_in(
    answer: Answer,
    redactor: Redactor,
    *,
    request_id: str | None = None,
    model_id: str | None = None,
) -> Job | None:
    payload = decode_object(answer.body)
    if payload is None:
        return None
    safe = redactor.payload(payload)
    if model_id is not None:
        # A fresh job's id is what matters; the reference's answer is QUEUED.
        safe["status"] = safe.get("status") or "QUEUED"
    try:
        return parse_job(safe, request_id=request_id, model_id=model_id)
    except InvalidRequest:
        return None


def _saved_id(answer: Answer) -> str | None:
    """Find a whole request id in a body that could not be used, be it cut or not JSON."""
    for pattern in (_ID_FIELD, _ID_IN_POLLING_URL):
        found = pattern.search(answer.body)
        if found:
            return checked_request_id(found.group(1).decode("ascii", "replace"))
    return None


def _refused(answer: Answer, redactor: Redactor, now: datetime) -> LyriaError:
    said = _said(answer, redactor)
    status = answer.status
    if status in (401, 403):
        return AuthenticationError(
            f"The gateway did not accept the API key ({said}), so nothing was charged.",
            http_status=status,
        )
    if status == 402:
        required = _required(answer)
        needs = "for this request" if required is None else f"(${required} needed)"
        return InsufficientBalance(
            f"The wallet holds too little {needs}, so nothing was made or charged.",
            http_status=status,
            required=required,
        )
    if status == 429:
        wait = retry_after(answer, now)
        return RateLimited(
            f"The gateway asks to slow down ({said}), so nothing was made or charged.",
            http_status=status,
            retry_after=wait,
            advice=(
                "Wait a little, then send the request again."
                if wait is None
                else f"Wait {math.ceil(wait)} s, then send the request again."
            ),
        )
    return InvalidRequest(
        f"The gateway refused the request ({said}), so nothing was made or charged.",
        http_status=status,
    )


def _required(answer: Answer) -> Decimal | None:
    found = _AMOUNT.search(words_of(answer) or "")
    return Decimal(found.group(1)) if found else None


def _not_sent(trouble: Trouble) -> NotSent:
    why = _NOT_SENT.get(trouble, "the request could not be sent")
    return NotSent(f"The gateway could not be reached ({why}), so nothing was sent or charged.")


def _lost(failure: Failure, model: Model) -> SubmitUnknown:
    why = _LOST.get(failure.trouble, "the connection broke before the answer")
    return _unknown(why, model, None, None)


def _unknown(
    why: str, model: Model, http_status: int | None, request_id: str | None
) -> SubmitUnknown:
    if request_id is None:
        advice = None
    else:
        advice = "Its request id was saved: look at the job's status, do not send it again."
    return SubmitUnknown(
        f"The request was sent, but {why}: it may have been taken and charged "
        f"(${model.price_usd}).",
        http_status=http_status,
        request_id=request_id,
        advice=advice,
    )


def _http_date(value: str) -> datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
