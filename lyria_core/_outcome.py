"""What an answer of the gateway means: pure decisions, apart from the network."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from lyria_core._answers import quoted_message, retry_after, status_and_message
from lyria_core._catalogue import Model
from lyria_core._charge import Charge
from lyria_core._errors import (
    AuthenticationError,
    InvalidRequest,
    JobFailed,
    LyriaError,
    NotSent,
    RateLimited,
    StatusUnavailable,
    SubmitUnknown,
)
from lyria_core._ids import checked_request_id, id_in_bytes
from lyria_core._job import Job, decode_object, parse_job
from lyria_core._reading import (
    ID_FIELDS,
    Status,
    is_empty_envelope,
    status_of,
    status_word,
    unwrapped,
)
from lyria_core._redact import Redactor, phrase
from lyria_core._refusals import LONGEST_RETRY_AFTER_S, refusal_in, refused
from lyria_core._wire import Answer, Failure, Trouble

MOST_SENDS = 3
"""A submit is sent once, and at most twice more where it is certain that it was not taken."""

# Polls answered with these say nothing about the job, whatever their body is.
_NEVER_OF_A_JOB = frozenset({408, 502, 503, 504})

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
    result: Answer | Failure,
    model: Model,
    redactor: Redactor,
    now: datetime,
    base_url: str | None = None,
) -> Job | LyriaError:
    """Decide what became of a submit.

    Args:
        result: What happened on the wire.
        model: The model that was ordered.
        redactor: Hides the key and the prompt.
        now: The time, for a Retry-After that is a date.
        base_url: The gateway's address, for relative addresses of files.

    Returns:
        The job, or the error to raise. Its ``charge`` is ``NO`` only where the request was
        certainly not taken.
    """
    if isinstance(result, Failure):
        return _not_sent(result.trouble) if not result.sent else _lost(result, model)
    if 200 <= result.status < 300:
        return _accepted(result, model, redactor, base_url)
    if 400 <= result.status < 500 and result.status not in _UNCLEAR:
        return refused(result, redactor, now)
    return _unknown(
        f"the gateway answered {status_and_message(result, redactor)}",
        model,
        result.status,
        id_in_bytes(result.body),
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
    if isinstance(error, RateLimited) and error.retry_after is not None and not error.refusal:
        wait = error.retry_after
        return wait + rng.uniform(0, 0.5) if wait <= LONGEST_RETRY_AFTER_S else None
    return None


def status_outcome(
    result: Answer | Failure,
    request_id: str,
    redactor: Redactor,
    now: datetime,
    base_url: str | None = None,
) -> Job | LyriaError:
    """Decide what a poll brought. It never changes the job itself.

    Args:
        result: What happened on the wire.
        request_id: The job that was asked for.
        redactor: Hides the key and the prompt.
        now: The time, for a Retry-After that is a date.
        base_url: The gateway's address, for relative addresses of files.
    """
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
            "The gateway does not let this API key see the job "
            f"({status_and_message(result, redactor)}).",
            charge=Charge.MAYBE,
            http_status=result.status,
            request_id=request_id,
            advice="Use the key that the job was ordered with, then look again.",
        )
    if result.status == 429:
        return RateLimited(
            f"The gateway asks to look less often ({status_and_message(result, redactor)}), "
            "but the job is not affected.",
            charge=Charge.MAYBE,
            http_status=result.status,
            request_id=request_id,
            advice="Look again in a little while; looking costs nothing.",
            retry_after=retry_after(result, now),
        )
    job = _seen(result, request_id, redactor, base_url)
    if job is not None:
        return job
    return StatusUnavailable(
        f"The gateway could not tell the status ({status_and_message(result, redactor)}), "
        "but the job is not affected.",
        http_status=result.status,
        request_id=request_id,
        retry_after=retry_after(result, now),
    )


def _accepted(
    answer: Answer, model: Model, redactor: Redactor, base_url: str | None
) -> Job | LyriaError:
    payload = decode_object(answer.body) if answer.complete else None
    request_id = None if payload is None else checked_request_id(payload.get("request_id"))
    if payload is not None and request_id is not None:
        # A fresh job's id is what matters; the reference's answer is QUEUED.
        queued = {} if payload.get("status") else {"status": "QUEUED"}
        job = _job_of(
            {**queued, **unwrapped(payload), "request_id": request_id}, redactor, base_url
        )
        if job is not None:
            return replace(job, model_id=job.model_id or model.id)
    saved = id_in_bytes(answer.body) or _other_id(payload or {})
    why = "named no request id" if answer.complete else "was cut short"
    words = quoted_message(answer, redactor) if answer.complete else ""
    reason = f" ({words})" if words else ""
    error = _unknown(f"the gateway's answer {why}{reason}", model, answer.status, saved)
    if payload is not None and saved is None:
        error.refusal = refusal_in(payload, words)
    return error


def job_failed(job: Job, redactor: Redactor) -> JobFailed:
    """Return the error for a job that ended without a track."""
    words = phrase(redactor.text(job.error or ""))
    why = f" (“{words}”)" if words else ""
    cost = "so nothing was" if job.charge is Charge.NO else "and it may have been"
    return JobFailed(
        f"The gateway could not make the track{why}, {cost} charged.",
        charge=job.charge,
        request_id=job.request_id,
        job=job,
    )


def _other_id(payload: Mapping[str, Any]) -> str | None:
    """Return a job's id under another name, if it is worth a poll; errors have ids, too."""
    job = unwrapped(payload)
    word = status_word(job)
    if word is None or status_of(word) in (Status.FAILED, Status.ERROR):
        return None
    found = (checked_request_id(job.get(name)) for name in ID_FIELDS)
    return next((request_id for request_id in found if request_id), None)


def _seen(answer: Answer, request_id: str, redactor: Redactor, base_url: str | None) -> Job | None:
    """Return the job that an answer on the status endpoint is about, if it is the one asked for.

    An HTTP error means the job only where its body is the job's: it carries the id, or no id and
    the reference's words FAILED or ERROR as the reference writes them. Then even ERROR may have
    been charged.
    """
    payload = None
    if answer.status not in _NEVER_OF_A_JOB and not 300 <= answer.status < 400:
        payload = decode_object(answer.body, lenient=True)
    if payload is None:
        return None
    payload = dict(unwrapped(payload))
    named = checked_request_id(payload.get("request_id"))
    if named not in (None, request_id):
        return None
    fine = 200 <= answer.status < 300
    if named is None:
        word = status_word(payload)
        if is_empty_envelope(payload) or not (fine or word in (Status.FAILED, Status.ERROR)):
            return None
    job = _job_of({**payload, "request_id": request_id}, redactor, base_url)
    if job is None or fine or job.status is Status.COMPLETED:
        return job
    return replace(job, charge=Charge.MAYBE)


def _job_of(payload: dict[str, Any], redactor: Redactor, base_url: str | None) -> Job | None:
    """Read a job and hide the secrets in it; the id is never altered."""
    try:
        job = parse_job(payload, base_url=base_url)
    except InvalidRequest:
        return None
    return replace(
        job,
        model_id=job.model_id and redactor.text(job.model_id),
        error=job.error and redactor.text(job.error),
        raw_status=redactor.text(job.raw_status),
        media_type=redactor.value(job.media_type, words=False),
        media_urls=tuple(redactor.value(url, words=False) for url in job.media_urls),
        raw=redactor.payload(dict(job.raw)),
    )


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
