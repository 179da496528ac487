"""How answers are read that stray from the gateway's reference: tables, each row with its source.

The reference's own states and shapes are the law (rows of source ``REFERENCE``). Everything else
is what public clients of this gateway, and of gateways of the same kind, expect to meet:

REFERENCE  the gateway's reference: "Response Fields", "Status Values", "Failure callback shape"
STUDIO     github.com/Pixazo-AI/pixazo-ai-studio, src/app/api/check-status/route.ts and
           src/lib/pixazo-client.ts
MUSIC      github.com/Pixazo-AI/suno-alternative-free-ai-music, server/src/services/pixazo.ts
SKILL      github.com/Pixazo-AI/skills, skills/lyria/SKILL.md
FAL        docs.fal.ai, "Queue" (IN_QUEUE, IN_PROGRESS, COMPLETED) and the error form
           ``{"detail": [{"msg": …}]}`` that FastAPI writes; a file is ``{"url", "content_type"}``
REPLICATE  github.com/replicate/replicate-python, replicate/prediction.py: starting, processing,
           succeeded, failed, canceled, aborted; ``output`` is an address or a list of them
KIE        docs.kie.ai/suno-api/get-music-details: ``{"code", "msg", "data": {"status", "response":
           {"sunoData": [{"audioUrl"}]}, "errorMessage"}}``
VERTEX     cloud.google.com/vertex-ai/generative-ai/docs/model-reference/lyria-music-generation:
           ``{"predictions": [{"audioContent", "mimeType"}]}``
USUAL      no source; a usual spelling of a word above
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from lyria_core._addresses import is_loopback_host
from lyria_core._inline import without_files


class Status(StrEnum):
    """Where a job is; the values are the gateway's words.

    ``UNKNOWN`` stands for any word that the tables do not have: the job may go on.
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


# Status words ---------------------------------------------------------------------------------

_WORDS: Final[tuple[tuple[Status, str, str], ...]] = (
    (Status.QUEUED, "QUEUED", "REFERENCE"),
    (Status.QUEUED, "IN_QUEUE", "FAL"),
    (Status.QUEUED, "PENDING", "KIE"),
    (Status.QUEUED, "WAITING QUEUING SUBMITTED ACCEPTED CREATED SCHEDULED", "USUAL"),
    (Status.PROCESSING, "PROCESSING", "REFERENCE"),
    (Status.PROCESSING, "IN_PROGRESS", "FAL"),
    (Status.PROCESSING, "STARTING", "REPLICATE"),
    # Kie's names for a job of which a part is done: it goes on.
    (Status.PROCESSING, "TEXT_SUCCESS FIRST_SUCCESS", "KIE"),
    (Status.PROCESSING, "INPROGRESS RUNNING STARTED GENERATING WORKING ACTIVE", "USUAL"),
    (Status.COMPLETED, "COMPLETED", "REFERENCE"),
    (Status.COMPLETED, "SUCCEEDED", "REPLICATE"),
    (Status.COMPLETED, "SUCCESS", "MUSIC"),
    (Status.COMPLETED, "DONE", "STUDIO"),
    (Status.COMPLETED, "READY", "SKILL"),
    (Status.COMPLETED, "COMPLETE FINISHED SUCCESSFUL", "USUAL"),
    (Status.FAILED, "FAILED", "REFERENCE"),
    (Status.FAILED, "CANCELED ABORTED", "REPLICATE"),
    (Status.FAILED, "CREATE_TASK_FAILED GENERATE_AUDIO_FAILED", "KIE"),
    (Status.FAILED, "CALLBACK_EXCEPTION SENSITIVE_WORD_ERROR", "KIE"),
    (Status.FAILED, "FAIL FAILURE CANCELLED TIMEOUT TIMED_OUT TIMEDOUT EXPIRED", "USUAL"),
    (Status.FAILED, "REJECTED BLOCKED MODERATED TERMINATED KILLED STOPPED", "USUAL"),
    (Status.FAILED, "ERRORED INTERNAL_ERROR SYSTEM_ERROR UNSUCCESSFUL", "USUAL"),
    # "System error — not charged": the only word that is free.
    (Status.ERROR, "ERROR", "REFERENCE"),
)
_STATUS_OF: Final = {word: status for status, words, _ in _WORDS for word in words.split()}

_STATUS_FIELDS: Final = ("status", "task_status", "state")  # REFERENCE, STUDIO, KIE

_WRAPPERS: Final = ("data", "result", "output", "job", "task")
"""Where the whole job may stand inside an answer: KIE, MUSIC, STUDIO ("Wan wraps results")."""

ID_FIELDS: Final = ("task_id", "taskId", "requestId", "prediction_id", "id")
"""Other names of a job's id: SKILL and MUSIC (task_id), KIE (taskId), STUDIO, REPLICATE (id)."""

_CEREMONY: Final = frozenset({"error", "fail", "success", "ok"})
"""Words of an envelope rather than of a job: JSend (github.com/omniti-labs/jsend), KIE."""

_JOB_FIELDS: Final = ("output", "model_id", "created_at", "completed_at")  # REFERENCE

# Reasons --------------------------------------------------------------------------------------

_ERROR_FIELDS: Final = (
    "error",  # REFERENCE, REPLICATE
    "errorMessage",  # KIE
    "error_message",
    "fail_reason",  # what relays of Suno's interface write
    "failMsg",  # KIE, its newer interface
    "failure_reason",
)
"""What stands here says that something failed."""

_TEXT_FIELDS: Final = ("message", "detail", "msg", "details", "reason", "title")
"""What stands here is words on whatever happened: STUDIO, FAL (detail), KIE (msg), RFC 9457."""
_REASON_ORDER: Final = (*_ERROR_FIELDS, *_TEXT_FIELDS)
_ANSWER_ORDER: Final = ("message", *_ERROR_FIELDS, *_TEXT_FIELDS)
"""The reference's refusals name the matter in ``error`` and tell it in ``message``."""

WORD_FIELDS: Final = frozenset(_ANSWER_ORDER)
"""Fields that hold words for people."""

_NO_WORDS: Final = frozenset({"none", "null", "no error", "ok", "success"})
_LONGEST_REASON, _MOST_REASONS, _DEEPEST = 1000, 5, 8

# Media ----------------------------------------------------------------------------------------

_ADDRESS_FIELDS: Final = (
    "media_url",  # REFERENCE; public clients hedge for a text instead of a list
    "media_urls",
    "audio_url",  # STUDIO, MUSIC, SKILL
    "audio_urls",  # MUSIC
    "audioUrl",  # KIE
    "audio",  # STUDIO; FAL, an object
    "audio_file",  # FAL
    "output_url",  # STUDIO, SKILL
    "file_url",
    "url",  # FAL, MUSIC
    "uri",
)
"""Where an address is in an object; the first that brings one counts."""

_CONTAINERS: Final = (
    *("output", "data", "result"),  # REFERENCE, KIE, MUSIC
    *("response", "sunoData", "predictions", "outputs", "files", "tracks"),  # KIE, VERTEX
)
_INLINE_FIELDS: Final = ("audioContent", "bytesBase64Encoded")  # VERTEX
_TYPE_FIELDS: Final = ("content_type", "mimeType", "mime_type", "media_type", "type")  # FAL, VERTEX

_NOT_AUDIO: Final = frozenset(
    [
        *("jpg", "jpeg", "png", "gif", "webp", "svg", "avif", "heic", "bmp", "ico"),
        *("mp4", "m4v", "mov", "mkv", "avi"),
        *("txt", "json", "pdf", "html", "srt", "lrc", "vtt", "zip", "mid", "midi"),
    ]
)
_AUDIO: Final = frozenset(
    [
        *("mp3", "mpeg", "mpga", "mp2", "wav", "wave", "flac", "ogg", "oga", "opus"),
        *("m4a", "aac", "aif", "aiff", "aifc", "w64", "caf", "webm", "weba"),
    ]
)
_MOST_MEDIA = 64


@dataclass(frozen=True)
class Medium:
    """A file that an answer names.

    Attributes:
        url: Its address, as it was written.
        kind: The type that the answer gives it, in lower case; may be empty.
    """

    url: str
    kind: str = ""

    @property
    def audible(self) -> bool:
        """Whether it may be audio, by all that the answer says of it; the bytes decide later."""
        if self.url.lower().startswith("data:"):
            return not self.url[5:11].lower().startswith(("image/", "video/", "text/"))
        if self.kind.startswith("audio"):
            return True
        return not self.kind.startswith(("image", "video", "text")) and (
            _extension(self.url) not in _NOT_AUDIO
        )


def status_of(word: str) -> Status:
    """Return what a status word means, in any case and with any of ``_``, ``-`` or blanks."""
    plain = re.sub(r"[\s_-]+", "_", word.strip()).upper()
    return _STATUS_OF.get(plain, Status.UNKNOWN)


def status_word(payload: Mapping[str, Any]) -> str | None:
    """Return the gateway's own word for where a job is, or ``None`` if it has none."""
    for name in _STATUS_FIELDS:
        word = payload.get(name)
        if isinstance(word, str) and word.strip():
            return word
    return None


def unwrapped(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the job inside an envelope, laid over it; what is none comes back as it is."""
    if payload.get("request_id") and status_word(payload):
        return payload
    for name in _WRAPPERS:
        inner = payload.get(name)
        if isinstance(inner, Mapping) and status_word(inner):
            return {**payload, **inner}
    return payload


def is_empty_envelope(payload: Mapping[str, Any]) -> bool:
    """Return whether an answer is an envelope without a job."""
    if status_word(payload) not in _CEREMONY:
        return False
    return not any(payload.get(name) for name in _JOB_FIELDS) and not media_of(payload)


def error_of(payload: Mapping[str, Any], *, failed: bool) -> str | None:
    """Return the gateway's words on a failure.

    Args:
        payload: The job.
        failed: Whether the status says so: only then are a ``message`` and the like its reason.
    """
    shown = None
    for name in _REASON_ORDER if failed else _ERROR_FIELDS:
        value = payload.get(name)
        if words := _reason(value):
            return words[:_LONGEST_REASON]
        if shown is None and not isinstance(value, str | bool) and _has_content(value):
            shown = json.dumps(without_files({name: value})[name], ensure_ascii=False)
    output = payload.get("output")
    if shown is None and isinstance(output, Mapping):
        inner = (_reason(output.get(name)) for name in _ERROR_FIELDS)
        shown = next((words for words in inner if words), None)
    return None if shown is None else shown[:_LONGEST_REASON]


def message_in(payload: Mapping[str, Any]) -> str | None:
    """Return what an answer that is no job says in words, or ``None``."""
    for name in _ANSWER_ORDER:
        if words := _reason(payload.get(name)):
            return words
    return None


def media_of(payload: Mapping[str, Any]) -> list[Medium]:
    """Return every file that a job names, in its order.

    Images, videos and texts are left out where there is anything else: the order is audio.
    """
    found = list(_media(payload, "", 0))[:_MOST_MEDIA]
    return [medium for medium in found if medium.audible] or found


def resolved(url: str, base_url: str) -> str:
    """Return the whole address of a file whose address may be relative to the gateway's."""
    url = url.strip()
    try:
        if url.startswith("//"):
            # On this machine the gateway may speak http; nobody else may.
            local = is_loopback_host(urlsplit(url).hostname or "")
            return (f"{urlsplit(base_url).scheme}:" if local else "https:") + url
        return url if urlsplit(url).scheme else urljoin(base_url.rstrip("/") + "/", url)
    except ValueError:
        return url


def _reason(value: Any, depth: int = 0) -> str | None:
    """Find words for people in whatever JSON they are wrapped."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, str):
        text = value.strip()
        if text[:1] in ("{", "["):
            try:
                return _reason(json.loads(text), depth + 1) or text
            except (ValueError, RecursionError):
                return text
        return None if text.lower() in _NO_WORDS else text or None
    if isinstance(value, Mapping):
        inner = (_reason(value.get(name), depth + 1) for name in _ANSWER_ORDER)
        return next((words for words in inner if words), None)
    if isinstance(value, list):
        inner = (_reason(item, depth + 1) for item in value[:_MOST_REASONS])
        return "; ".join(dict.fromkeys(words for words in inner if words)) or None
    return None


def _has_content(value: Any, depth: int = 0) -> bool:
    """Return whether a value has content: ``{"code": 0, "message": ""}`` has none."""
    if depth > _DEEPEST:
        return False
    if isinstance(value, Mapping):
        return any(_has_content(item, depth + 1) for item in value.values())
    if isinstance(value, list):
        return any(_has_content(item, depth + 1) for item in value)
    return bool(value)


def _media(value: Any, kind: str, depth: int) -> Iterator[Medium]:
    """Yield the files in a value that stands where files stand."""
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        text = value.strip()
        if text[:1] in ("{", "["):
            with contextlib.suppress(ValueError, RecursionError):
                yield from _media(json.loads(text), kind, depth + 1)
        elif text:
            yield Medium(text, kind)
    elif isinstance(value, list):
        for item in value[:_MOST_MEDIA]:
            yield from _media(item, kind, depth + 1)
    elif isinstance(value, Mapping):
        yield from _media_in_object(value, depth)


def _media_in_object(value: Mapping[str, Any], depth: int) -> Iterator[Medium]:
    kind = next((v.lower() for n in _TYPE_FIELDS if isinstance(v := value.get(n), str)), "")
    for name in _ADDRESS_FIELDS:
        # A plain "url" of the whole answer may be any page of the gateway.
        if depth == 0 and name in ("url", "uri") and _extension(value.get(name)) not in _AUDIO:
            continue
        found = list(_media(value.get(name), kind, depth + 1))
        if found:
            yield from found
            return
    for name in _INLINE_FIELDS:
        if isinstance(data := value.get(name), str) and data:
            yield Medium(f"data:{kind or 'audio/wav'};base64,{data}", kind)
            return
    for name in _CONTAINERS:
        inner = value.get(name)
        # A text is an address in "output" (REPLICATE), but may be anything elsewhere.
        if isinstance(inner, str) and name != "output":
            continue
        yield from _media(inner, kind, depth + 1)


def _extension(url: object) -> str:
    try:
        path = urlsplit(url).path if isinstance(url, str) else ""
    except ValueError:
        return ""
    _, dot, extension = path.rpartition("/")[2].rpartition(".")
    return extension.lower() if dot else ""
