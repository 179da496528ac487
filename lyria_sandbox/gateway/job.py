"""A job: one accepted request and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """The status values of the reference."""

    QUEUED = "QUEUED"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    ERROR = "ERROR"

    @property
    def terminal(self) -> bool:
        """Whether nothing follows this status."""
        return self in (Status.COMPLETED, Status.FAILED, Status.ERROR)


@dataclass(frozen=True)
class Webhook:
    """Where and how often a job calls back.

    Attributes:
        url: The receiver.
        mode: ``terminal`` (once, at the end) or ``sync`` (at every step too).
    """

    url: str
    mode: str = "terminal"


@dataclass(frozen=True)
class Job:
    """One job.

    Attributes:
        request_id: Its public id.
        owner: Digest of the key that ordered it.
        model: The model's id.
        status: Where it stands.
        root_url: The gateway's base URL as the client that ordered it sees it.
        price_cents: Its price in US cents.
        created_ms: When it was taken, in milliseconds since 1970.
        updated_ms: When its status changed last.
        request: What was asked for; empty once the job is finished.
        marks: The failures asked for by marks in the prompt, with their numbers.
        webhook: Where to call back, if anywhere.
        completed_ms: When it was finished.
        error: Why it failed, in a sentence.
        media_type: Content type of its output.
        files: Names of its outputs.
        media_deleted: Whether its outputs were deleted to keep the disk under its bound.
        understood: What the composer made of the prompt.
    """

    request_id: str
    owner: str
    model: str
    status: Status
    root_url: str
    price_cents: int
    created_ms: int
    updated_ms: int
    request: dict[str, Any] = field(default_factory=dict, repr=False)
    marks: dict[str, float] = field(default_factory=dict)
    webhook: Webhook | None = field(default=None, repr=False)
    completed_ms: int | None = None
    error: str | None = None
    media_type: str | None = None
    files: tuple[str, ...] = ()
    media_deleted: bool = False
    understood: dict[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Outcome:
    """How a job ended.

    Attributes:
        status: A terminal status.
        error: Why it failed, in a sentence.
        media_type: Content type of the outputs.
        files: Names of the outputs.
        media_bytes: What they take on disk.
        understood: What the composer made of the prompt.
    """

    status: Status
    error: str | None = None
    media_type: str | None = None
    files: tuple[str, ...] = ()
    media_bytes: int = 0
    understood: dict[str, Any] | None = None
