"""Status answers that stray from the reference, as the test cards ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lyria_sandbox.gateway.ids import seed_of
from lyria_sandbox.gateway.job import Status
from lyria_sandbox.gateway.replies import internal_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from lyria_sandbox.gateway.job import Job

FAULTY_POLLS: Final = 3
"""So many polls fail where a card asks for failing polls."""

FRESH: Final = "poll"
"""Query field of a media URL that expires: the number of the poll that named it."""

# Public clients of this gateway and of its kind wait for such words; ERROR keeps its own, for it
# alone is free.
_WORDS: Final = {
    Status.QUEUED: "in_queue",
    Status.PROCESSING: "in-progress",
    Status.COMPLETED: "succeeded",
    Status.FAILED: "failure",
}

# Where public clients of this gateway and of its kind look for the media.
SHAPES: Final[tuple[Callable[[str], dict[str, Any]], ...]] = (
    lambda url: {"output": {"media_url": url}},
    lambda url: {"output": url},
    lambda url: {"output": None, "audio_url": url},
    lambda url: {"output": {"files": [{"url": url, "content_type": "audio/mpeg"}]}},
    lambda url: {"output": None, "data": {"response": {"sunoData": [{"audioUrl": url}]}}},
)

POLL_CARDS: Final = frozenset(
    {"status-500", "new-status", "status-words", "output-shapes", "expiring-media"}
)
"""The cards that change what a poll is answered."""


def deviating(body: dict[str, Any], job: Job, poll: int) -> dict[str, Any]:
    """Return a status answer as the job's cards want it.

    Args:
        body: The answer as the reference has it.
        job: The job.
        poll: Number of this poll, from 1 on.

    Raises:
        RefusalError: 500, where a card asks for it.
    """
    marks = job.marks
    if poll <= FAULTY_POLLS:
        if "status-500" in marks:
            raise internal_error()
        if "new-status" in marks:
            return body | {"status": "WARMING_UP", "output": None, "completed_at": None}
    if body["output"] and "expiring-media" in marks:
        urls = [f"{url}?{FRESH}={poll}" for url in body["output"]["media_url"]]
        body = body | {"output": body["output"] | {"media_url": urls}}
    if body["output"] and "output-shapes" in marks:
        shape = SHAPES[seed_of(job.request_id) % len(SHAPES)]
        body = body | shape(body["output"]["media_url"][0])
    if "status-words" in marks:
        body = body | {"status": _WORDS.get(job.status, body["status"])}
    return body
