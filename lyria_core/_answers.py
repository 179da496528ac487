"""What an answer of the gateway says in words, and how long it asks to wait."""

from __future__ import annotations

import email.utils
import re
from datetime import UTC, datetime

from lyria_core._job import decode_object
from lyria_core._reading import message_in, unwrapped
from lyria_core._redact import Redactor, phrase
from lyria_core._wire import Answer

_LONGEST_WORDS = 200
# Cut before anything slow is done; what is shown is shorter still.
_MOST_WORDS = 4_000
_WAIT = re.compile(r"again in (\d{1,6}) second", re.IGNORECASE)


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
    match = _WAIT.search(message_of(answer) or "")
    return float(match.group(1)) if match else None


def message_of(answer: Answer) -> str | None:
    """Return what an answer says in words, or ``None`` for HTML, nothing, or anything else.

    Reads the reference's ``{"error", "message"}``, Azure API Management's ``{"statusCode",
    "message"}``, their usual relatives, and plain text.
    """
    payload = decode_object(answer.body, lenient=True)
    if payload is not None:
        words = message_in(unwrapped(payload))
        return None if words is None else words[:_MOST_WORDS]
    text = answer.body[:_MOST_WORDS].decode("utf-8", "replace").strip()
    # Whatever else it may be, words for people look like none of these.
    plain = text[:1] not in ("<", "{", "[", '"') and "\ufffd" not in text and " " in text
    return text if plain and text.replace("\n", " ").replace("\r", " ").isprintable() else None


def status_and_message(answer: Answer, redactor: Redactor) -> str:
    """Return the status and the gateway's own words, safe to show."""
    words = quoted_message(answer, redactor)
    return f"HTTP {answer.status}: {words}" if words else f"HTTP {answer.status}"


def quoted_message(answer: Answer, redactor: Redactor) -> str:
    """Return the gateway's own words in quotation marks, safe to show; may be empty."""
    words = message_of(answer)
    if words is None:
        return ""
    shown = phrase(redactor.text(words))
    if len(shown) > _LONGEST_WORDS:
        shown = shown[: _LONGEST_WORDS - 1] + "…"
    return f"“{shown}”"


def _http_date(value: str) -> datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
