"""A job as the gateway reports it, in an answer or in a callback."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from lyria_core._catalogue import model_of_request_id
from lyria_core._charge import Charge
from lyria_core._errors import InvalidRequest
from lyria_core._ids import checked_request_id
from lyria_core._inline import split_data_url, without_files
from lyria_core._reading import (
    Status,
    error_of,
    media_of,
    resolved,
    status_of,
    status_word,
    unwrapped,
)

_LARGEST_CALLBACK = 256 * 1024
_LONGEST_WORD = 200


# "System error — not charged": of every other word of failure the reference does not say.
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
        media_urls: Addresses of every file that was made, in the gateway's order. A file that
            stood in the answer itself has a short ``data:`` address that only names it.
        media_type: MIME type that the gateway gives; the bytes may say otherwise.
        error: The gateway's words on a failure.
        created_at: When the gateway took it (aware, UTC).
        updated_at: When it last changed (aware, UTC).
        completed_at: When it ended (aware, UTC).
        raw: What the gateway said, without files and within bounds.
        inline: The files that stood in the answer, by their address.
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
    inline: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    @property
    def making_s(self) -> float | None:
        """Seconds from taking the job to its end, or ``None`` where the gateway did not tell."""
        if self.created_at is None or self.completed_at is None:
            return None
        seconds = (self.completed_at - self.created_at).total_seconds()
        return seconds if seconds > 0 else None


def parse_job(
    payload: Mapping[str, Any],
    *,
    request_id: str | None = None,
    model_id: str | None = None,
    base_url: str | None = None,
) -> Job:
    """Read a job from the JSON of the gateway, by the tables of ``_reading``.

    Args:
        payload: The decoded JSON object of a submit answer, a status answer or a callback.
        request_id: The id, for an answer that leaves it out.
        model_id: The model, for an answer that leaves it out.
        base_url: The gateway's address, against which relative addresses of files are read.

    Raises:
        InvalidRequest: If no usable request id is in it or it has no status. Not charged.
    """
    payload = unwrapped(payload)
    found = checked_request_id(payload.get("request_id")) or checked_request_id(request_id)
    word = status_word(payload)
    if found is None or word is None:
        raise InvalidRequest("This is not a job of the gateway; nothing was sent or charged.")
    status = status_of(word)
    media = media_of(payload)
    error = error_of(payload, failed=status in (Status.FAILED, Status.ERROR))
    if status is Status.UNKNOWN and error is None and any(medium.audible for medium in media):
        status = Status.COMPLETED
    elif status is Status.COMPLETED and error is not None and not media:
        status = Status.FAILED
    urls, inline = [], {}
    for medium in media:
        url = medium.url
        if url[:5].lower() == "data:":
            url, data = split_data_url(url)
            if data is not None:
                inline[url] = data
        elif base_url is not None:
            url = resolved(url, base_url)
        urls.append(url)
    output = payload.get("output")
    return Job(
        request_id=found,
        model_id=_text(payload.get("model_id")) or model_id or model_of_request_id(found),
        status=status,
        raw_status=word[:_LONGEST_WORD],
        charge=_CHARGES.get(status, Charge.MAYBE),
        media_urls=tuple(urls),
        media_type=_text(output.get("media_type")) if isinstance(output, Mapping) else None,
        error=error,
        created_at=parse_timestamp(payload.get("created_at")),
        updated_at=parse_timestamp(payload.get("updated_at")),
        completed_at=parse_timestamp(payload.get("completed_at")),
        raw=without_files(payload),
        inline=inline,
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


def decode_object(body: bytes, *, lenient: bool = False) -> dict[str, Any] | None:
    """Decode a JSON object; ``None`` for anything else, however malformed or deep.

    Args:
        body: The bytes.
        lenient: Whether broken characters, anything after the object and a list around it are
            overlooked.
    """
    try:
        if not lenient:
            value = _DECODER.decode(body.decode(json.detect_encoding(body)).lstrip("\ufeff"))
        else:
            text = body.decode(json.detect_encoding(body), "replace").lstrip("\ufeff \t\r\n")
            value, _ = _LENIENT_DECODER.raw_decode(text)
            if isinstance(value, list) and len(value) == 1:
                value = value[0]
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Take the last of several fields of one name, as usual, but never nothing over something."""
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if value or name not in fields:
            fields[name] = value
    return fields


_DECODER = json.JSONDecoder(object_pairs_hook=_object)
_LENIENT_DECODER = json.JSONDecoder(object_pairs_hook=_object, strict=False)


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


def _text(value: object) -> str | None:
    return value[:_LONGEST_WORD] if isinstance(value, str) and value.strip() else None
