"""A job as the gateway reports it, in an answer or in a callback."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from lyria_core._catalogue import model_of_request_id
from lyria_core._charge import Charge
from lyria_core._errors import InvalidRequest

_LARGEST_CALLBACK = 256 * 1024
_LONGEST_ERROR = 1000
# One path segment of visible ASCII, without what would change the meaning of a URL.
_REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~:@!$&'()*+,;=|^-]{0,255}")


class Status(StrEnum):
    """Where a job is; the values are the gateway's words.

    ``UNKNOWN`` stands for any word that the reference does not have: the job may go on.
    """

    QUEUED = "QUEUED"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    ERROR = "ERROR"
    UNKNOWN = "UNKNOWN"

    @property
    def terminal(self) -> bool:
        """Whether nothing changes any more."""
        return self in (Status.COMPLETED, Status.FAILED, Status.ERROR)


_CHARGES = {Status.COMPLETED: Charge.YES, Status.ERROR: Charge.NO}


@dataclass(frozen=True)
class Job:
    """One paid job at one moment.

    Attributes:
        request_id: The gateway's id of the job: whoever has it can always ask for the track.
        model_id: The model that makes it, if known.
        status: Where it is.
        raw_status: The gateway's own word for that.
        charge: ``YES`` once COMPLETED, ``NO`` for ERROR ("System error — not charged"), else
            ``MAYBE``: count it as spent until it ends.
        media_urls: Addresses of every file that was made, in the gateway's order.
        media_type: MIME type that the gateway gives; the bytes may say otherwise.
        error: The gateway's words on a failure.
        created_at: When the gateway took it (aware, UTC).
        updated_at: When it last changed (aware, UTC).
        completed_at: When it ended (aware, UTC).
        raw: Everything the gateway said.
    """

    request_id: str
    model_id: str | None
    status: Status
    raw_status: str
    charge: Charge
    media_urls: tuple[str, ...] = ()
    media_type: str | None = None
    error: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    completed_at: datetime | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def making_s(self) -> float | None:
        """Seconds from taking the job to its end, or ``None`` where the gateway did not tell."""
        if self.created_at is None or self.completed_at is None:
            return None
        seconds = (self.completed_at - self.created_at).total_seconds()
        return seconds if seconds > 0 else None


def parse_job(
    payload: Mapping[str, Any], *, request_id: str | None = None, model_id: str | None = None
) -> Job:
    """Read a job from the JSON of the gateway.

    Args:
        payload: The decoded JSON object of a submit answer, a status answer or a callback.
        request_id: The id, for an answer that leaves it out.
        model_id: The model, for an answer that leaves it out.

    Raises:
        InvalidRequest: If no usable request id is in it or it has no status. Not charged.
    """
    found = checked_request_id(payload.get("request_id")) or checked_request_id(request_id)
    raw_status = payload.get("status")
    if found is None or not isinstance(raw_status, str) or not raw_status.strip():
        raise InvalidRequest("This is not a job of the gateway; nothing was sent or charged.")
    output = payload.get("output")
    output = output if isinstance(output, Mapping) else {}
    status = _status(raw_status)
    return Job(
        request_id=found,
        model_id=_text(payload.get("model_id")) or model_id or model_of_request_id(found),
        status=status,
        raw_status=raw_status,
        charge=_CHARGES.get(status, Charge.MAYBE),
        media_urls=_media_urls(output.get("media_url")),
        media_type=_text(output.get("media_type")),
        error=_error(payload.get("error")),
        created_at=parse_timestamp(payload.get("created_at")),
        updated_at=parse_timestamp(payload.get("updated_at")),
        completed_at=parse_timestamp(payload.get("completed_at")),
        raw=dict(payload),
    )


def parse_callback(body: bytes) -> Job:
    """Read the body of a webhook callback.

    Anybody can send one: it is a hint and no proof. Ask the status endpoint before acting on it.

    Args:
        body: The request body as it arrived, at most 256 KiB.

    Raises:
        InvalidRequest: If it is too large, no JSON object, or not a job. Not charged.
    """
    payload = None if len(body) > _LARGEST_CALLBACK else decode_object(body)
    if payload is None:
        raise InvalidRequest("The callback is not a job of the gateway; nothing was charged.")
    return parse_job(payload)


def decode_object(body: bytes) -> dict[str, Any] | None:
    """Decode a JSON object; ``None`` for anything else, however malformed or deep."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def checked_request_id(value: object) -> str | None:
    """Return a request id that can stand in a URL's path, or ``None``."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value if isinstance(value, str) and _REQUEST_ID.fullmatch(value) else None


def status_path(request_id: str) -> str:
    """Return the path of the status endpoint for a checked request id."""
    return f"/v2/requests/status/{quote(request_id, safe='')}"


def parse_timestamp(value: object) -> datetime | None:
    """Read a time of the gateway as aware UTC.

    The reference shows ``2026-05-22T13:17:32.110Z`` and ``2026-05-22 13:19:23``, the latter
    without a zone and taken as UTC. Anything else gives ``None``.
    """
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _status(word: str) -> Status:
    try:
        return Status(word.strip().upper())
    except ValueError:
        return Status.UNKNOWN


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _error(value: object) -> str | None:
    """Return the words on a failure, whatever JSON they are wrapped in."""
    if not value:
        return None
    if isinstance(value, Mapping) and isinstance(value.get("message"), str):
        value = value["message"]
    words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return _text(words[:_LONGEST_ERROR])


def _media_urls(value: object) -> tuple[str, ...]:
    entries = value if isinstance(value, list) else [value]
    return tuple(entry for entry in entries if isinstance(entry, str) and entry.strip())
