"""Read-only copies of the rows, detached from the database, and what goes into it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from lyria_core import Charge, MusicRequest
from lyria_studio.model.states import State
from lyria_studio.model.understood import understood

__all__ = [
    "Cursor",
    "Due",
    "Fetch",
    "FetchKind",
    "Generation",
    "NewGeneration",
    "NewTrack",
    "Ordered",
    "Page",
    "Track",
    "new_intent_id",
    "take_ids",
]


def new_intent_id() -> str:
    """Return a new id of an intent: 32 hexadecimal digits that sort by time.

    The first 12 digits are milliseconds since 1970, the other 80 bits are random, so nobody can
    guess the id of somebody else's generation. Mint it when the form is drawn, not when it is
    sent: then a double click, a rerun or a second tab orders once.
    """
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


def take_ids(intent_id: str, takes: int) -> list[str]:
    """Return the ids of the takes of one form: `<intent>-1` and so on."""
    if takes < 1:
        raise ValueError("an order has at least one take")
    return [f"{intent_id}-{take}" for take in range(1, takes + 1)]


@dataclass(frozen=True, slots=True)
class NewGeneration:
    """One take to be ordered.

    Attributes:
        id: the intent id (see `new_intent_id` and `take_ids`).
        request: what goes over the wire; validated by the library before it is stored.
        access_gateway: "live" or "sandbox".
        base_url: origin and prefix of the gateway.
        key_fingerprint: which key pays (`Access.fingerprint`).
        key_source: where that key came from (`Access.source`); None: not known.
        batch_id: the same for all takes of one click.
        take: the number of this take, from 1.
        takes: how many takes the click ordered.
        session_id: the browser session, for a budget of a session.
        title: a short name for people; None: one that follows from the prompt.
    """

    id: str
    request: MusicRequest = field(repr=False)
    access_gateway: str
    base_url: str
    key_fingerprint: str
    batch_id: str
    take: int = 1
    takes: int = 1
    session_id: str | None = None
    key_source: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class NewTrack:
    """A file that arrived, and what was measured on it.

    Attributes:
        path: where the file is; stored relative to the library's home if it is inside.
        file_name: the name offered when a person downloads it.
        media_type: what the bytes are, e.g. "audio/mpeg".
        size_bytes: length of the file.
        sha256: 64 hexadecimal digits over the untouched file.
        duration_s: seconds; None if the file could not be measured.
        sample_rate_hz: samples a second; None if not measured.
        channels: 1 or 2; None if not measured.
        peaks: the waveform as `lyria_studio.audio.measure` gives it; empty if not measured.
        loudness_lufs: integrated loudness; None for silence or if not measured (yet).
        true_peak_dbtp: true peak, -200 for silence; None if not measured (yet).
    """

    path: Path
    file_name: str
    media_type: str
    size_bytes: int
    sha256: str
    duration_s: float | None = None
    sample_rate_hz: int | None = None
    channels: int | None = None
    peaks: bytes = field(default=b"", repr=False)
    loudness_lufs: float | None = None
    true_peak_dbtp: float | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """A track of the library. The units are those of `NewTrack`; `path` is absolute."""

    id: str
    generation_id: str
    index: int
    path: Path
    file_name: str
    media_type: str
    size_bytes: int
    sha256: str
    duration_s: float | None
    sample_rate_hz: int | None
    channels: int | None
    peaks: bytes = field(repr=False)
    loudness_lufs: float | None
    true_peak_dbtp: float | None
    stored_at: datetime

    @property
    def lacks_levels(self) -> bool:
        """Whether loudness and true peak are not measured yet."""
        return self.duration_s is not None and self.true_peak_dbtp is None


class FetchKind(StrEnum):
    """What happened on the way from a finished job to its files."""

    FAILED = "failed"
    DAMAGED = "damaged"
    """A file arrived that is no whole track; it was set aside."""
    STATUS = "status"
    """The gateway was asked again where the files are."""
    AGAIN = "again"
    """A person asked to fetch again: counting begins anew."""
    KEEP = "keep"
    """A person asked to take the damaged files as they are."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """One event on the way from a finished job to its files.

    Attributes:
        at: when.
        kind: what happened.
        outcome: one sentence for a person.
        index: which file, from 0; None if it is about all of them.
        http_status: what the media host answered, if it did.
        file: name of the file that was set aside, in the folder of the generation.
    """

    at: datetime
    kind: FetchKind
    outcome: str = ""
    index: int | None = None
    http_status: int | None = None
    file: str | None = None

    def stored(self) -> dict[str, Any]:
        """Return the event as the database stores it."""
        return asdict(self) | {"at": self.at.isoformat()}

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Fetch:
        """Return the event that the database stored."""
        values = dict(stored)
        at, kind = datetime.fromisoformat(values.pop("at")), FetchKind(values.pop("kind"))
        return cls(at=at, kind=kind, **values)


@dataclass(frozen=True, slots=True)
class Generation:
    """One paid job and all that is known about it. Neither prompt nor URLs are in its repr.

    Attributes:
        charge: MAYBE from the order on (the money is reserved), then as the outcome says.
        price_usd: what it costs if it is charged.
        error: one sentence on what went wrong, for a person.
        advice: one sentence on what to do next.
        submits: how many times a POST was begun; more than 1 only after a sure refusal.
        webhook: whether a callback was asked for.
        request_id_from: "gateway", "webhook", "person" or "salvaged" (from a broken answer).
        submitted_at: when the last POST began to leave.
        completed_at: when the gateway says it was done (for FAILED and ERROR too).
        made_in_s: seconds from the gateway's acceptance to COMPLETED.
        next_attempt_at: when the worker acts next; None if it has nothing to do.
        polls: how often its status was asked for.
        download_failures: how many downloads failed since somebody last asked for it.
        waiting_for_key: its key is not in memory; it waits for the same key to be given again.
        settled_by_person: a person said what it cost or what its request id is.
        raw: the gateway's last whole answer.
        fetches: what went wrong with its files, and what was done about it, oldest first.
        key_source: "environment", "secrets" or "typed"; None: not known, or the demo key.
        cause: "credit" or "key" where the wallet or the key was refused, and with it whatever
            it should pay next; else None.
        called_back_at: when the first callback for it came.
        settled_from: what a person's settlement replaced, to undo it; None: nothing to undo.
        title: a short name for people; the takes of an order share it.
    """

    id: str
    batch_id: str
    take: int
    takes: int
    session_id: str | None
    created_at: datetime
    updated_at: datetime
    gateway: str
    base_url: str
    key_fingerprint: str
    waiting_for_key: bool
    model_id: str
    prompt: str = field(repr=False)
    negative_prompt: str | None = field(repr=False)
    seed: int | None
    images: tuple[str, ...] = field(repr=False)
    state: State
    charge: Charge
    price_usd: Decimal
    error: str | None
    advice: str | None
    http_status: int | None
    settled_by_person: bool
    submits: int
    webhook: bool
    request_id: str | None
    request_id_from: str | None
    submitted_at: datetime | None
    completed_at: datetime | None
    made_in_s: float | None
    media_urls: tuple[str, ...] = field(repr=False)
    media_type: str | None
    raw: Mapping[str, Any] | None = field(repr=False, hash=False)
    next_attempt_at: datetime | None
    polls: int
    download_failures: int
    key_source: str | None = None
    cause: str | None = None
    called_back_at: datetime | None = None
    settled_from: Mapping[str, Any] | None = field(default=None, repr=False, hash=False)
    title: str = field(default="", repr=False)
    fetches: tuple[Fetch, ...] = field(default=(), repr=False)
    tracks: tuple[Track, ...] = field(default=(), repr=False)

    @property
    def name(self) -> str:
        """The title, with the number of the take where there are several."""
        return f"{self.title}, take {self.take}" if self.takes > 1 else self.title

    @property
    def set_aside(self) -> dict[int, str]:
        """The files that arrived and are no whole tracks: names by index."""
        here = {track.index for track in self.tracks}
        return {
            fetch.index: fetch.file
            for fetch in self.fetches
            if fetch.file is not None and fetch.index is not None and fetch.index not in here
        }

    @property
    def active(self) -> bool:
        """Whether the worker still has something to do."""
        return self.state.active

    @property
    def understood(self) -> dict[str, Any] | None:
        """What the sandbox's composer says it understood of the prompt; None from a live model."""
        return understood(self.raw)

    @property
    def request(self) -> MusicRequest:
        """The request again, as it goes over the wire.

        Raises:
            InvalidRequest: today's catalogue has no such model or takes no such request.
        """
        return MusicRequest(
            model=self.model_id,
            prompt=self.prompt,
            images=self.images,
            negative_prompt=self.negative_prompt,
            seed=self.seed,
        )


class Ordered(list[Generation]):
    """The generations of an order, as they are stored, in the order's order.

    Attributes:
        repeated: the order was known already: nothing was stored or reserved this time.
        differs: the repeated order asked for something else; the first one won.
    """

    def __init__(
        self, generations: list[Generation], *, repeated: bool = False, differs: bool = False
    ) -> None:
        super().__init__(generations)
        self.repeated = repeated
        self.differs = differs


class Cursor(NamedTuple):
    """The key of the last generation of a page; the next page begins right after it."""

    created_at: datetime
    id: str


class Due(NamedTuple):
    """A generation that the worker should act on, with its gateway and its key."""

    id: str
    state: State
    next_attempt_at: datetime
    gateway: str
    base_url: str
    key_fingerprint: str
    batch_id: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of History.

    Attributes:
        items: the generations, newest first, with their tracks.
        total: how many match the filters in all.
        next: give it as `before` to get the following page; None at the end.
    """

    items: tuple[Generation, ...]
    total: int
    next: Cursor | None
