"""The rows of generations in one transaction: reading them, and the compare-and-set move."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, RowMapping, func, insert, select, update

from lyria_core import Charge
from lyria_studio.library._outside import storable_text
from lyria_studio.library.errors import UnknownGeneration
from lyria_studio.library.tables import generations, preferences, tracks
from lyria_studio.model.generation import Fetch, FetchKind, Generation, Track
from lyria_studio.model.states import ACTIVE, BEING_MADE, TRANSITIONS, State
from lyria_studio.prompts import title_of

__all__ = [
    "BEING_MADE",
    "CLEARED",
    "POLLABLE",
    "SETTLE_ADVICE",
    "VERSION_OF_OLD",
    "Rows",
    "portions",
    "put",
]

# The driver limits how many values one statement may carry (SQLite: 32,766, formerly 999).
_IN_LIMIT = 500
_MOST_FETCHES = 60

VERSION_OF_OLD = "version_of_old_orders"
"""Name of the preference that changes with the money of an old order."""
# Half of what must pass until a month counts as over: the clock may be set back by the other half.
_OLD_AFTER = timedelta(days=3)

POLLABLE = BEING_MADE | {State.STALLED}

SETTLE_ADVICE = (
    "Look in your account at the gateway: if the request is there, give its request id here; "
    "if it is not, mark it as not charged."
)

CLEARED: dict[str, Any] = {"error": None, "advice": None, "http_status": None}
"""The columns that tell of a problem, when there is none any more."""

# Columns with words of the gateway or of a media host.
_FROM_OUTSIDE = frozenset({"error", "advice", "media_type"})


class Rows:
    """The generations and tracks, as one transaction sees them."""

    def __init__(self, connection: Connection, home: Path, clock: Callable[[], datetime]) -> None:
        self.connection = connection
        self.home = home
        self._clock = clock

    @property
    def now(self) -> datetime:
        """The present, aware."""
        return self._clock()

    def move(
        self, generation_id: str, target: State, sources: Collection[State], **values: Any
    ) -> bool:
        """Compare and set: move the row to `target` if it is in one of `sources` right now.

        Only one of several callers succeeds. A generation that leaves the active states has
        nothing left to do and waits for no key.

        Raises:
            ValueError: the move is not in the table of transitions (a mistake in the code).
        """
        for source in sources:
            if source is not target and target not in TRANSITIONS[source]:
                raise ValueError(f"{source} never becomes {target}")
        if target not in ACTIVE:
            values |= {"next_attempt_at": None, "waiting_for_key": False}
        return self.change(generation_id, sources, state=target, **values)

    def change(self, generation_id: str, sources: Collection[State], **values: Any) -> bool:
        """Change a row if it is in one of `sources`; False if it is not."""
        for name in _FROM_OUTSIDE & values.keys():
            values[name] = storable_text(values[name])
        result = self.connection.execute(
            update(generations)
            .where(generations.c.id == generation_id, generations.c.state.in_(sources))
            .values(**({"updated_at": self.now} | values))
        )
        changed = result.rowcount == 1
        if changed and not values.keys().isdisjoint({"state", "charge"}):
            self._note_old(generation_id)
        return changed

    def _note_old(self, generation_id: str) -> None:
        """Let every process read the sums of the past again, if this order is part of it."""
        columns = generations.c
        created_at = self.connection.execute(
            select(columns.created_at).where(columns.id == generation_id)
        ).scalar_one()
        if created_at < self.now - _OLD_AFTER:
            value = uuid.uuid4().hex
            name = preferences.c.name
            put(self.connection, name, VERSION_OF_OLD, value=value, updated_at=self.now)

    def queue(self, generation_id: str, sources: Collection[State], **values: Any) -> bool:
        """Move to QUEUED, to be polled now."""
        values = {"charge": Charge.MAYBE, "advice": None, "next_attempt_at": self.now} | values
        return self.move(generation_id, State.QUEUED, sources, **values)

    def move_unless_taken(
        self, generation_id: str, target: State, sources: Collection[State], **values: Any
    ) -> Generation | None:
        """Move a row that the gateway did not take; QUEUED if a callback named its request id."""
        row = self.locked(generation_id)
        if row is None or row["state"] not in sources:
            return None
        if row["request_id"] is not None:
            self.queue(generation_id, {row["state"]}, error=None)
        else:
            self.move(generation_id, target, {row["state"]}, **values)
        return self.get(generation_id)

    def is_taken(self, base_url: str, request_id: str) -> bool:
        """Return whether a generation of this gateway has this request id."""
        statement = select(generations.c.id).where(
            generations.c.base_url == base_url, generations.c.request_id == request_id
        )
        return self.connection.execute(statement).first() is not None

    def locked(self, generation_id: str) -> RowMapping | None:
        """Return the row, locked until the transaction ends where the database locks rows."""
        statement = select(generations).where(generations.c.id == generation_id)
        return self.connection.execute(statement.with_for_update()).mappings().one_or_none()

    def known(self, generation_id: str) -> RowMapping:
        """Return the locked row, which must exist."""
        row = self.locked(generation_id)
        if row is None:
            raise UnknownGeneration("There is no such generation in this library.")
        return row

    def get(self, generation_id: str) -> Generation:
        """Return a generation, which must exist."""
        found = self.select(generations.c.id == generation_id)
        if not found:
            raise UnknownGeneration("There is no such generation in this library.")
        return found[0]

    def select(self, *where: ColumnElement[bool], limit: int | None = None) -> list[Generation]:
        """Return matching generations, newest first."""
        statement = (
            select(generations)
            .where(*where)
            .order_by(generations.c.created_at.desc(), generations.c.id.desc())
            .limit(limit)
        )
        return self.generations(self.connection.execute(statement).mappings().all())

    def generations(self, rows: Sequence[RowMapping]) -> list[Generation]:
        """Rows to generations, with the tracks of all of them in one query."""
        found: dict[str, list[Track]] = {row["id"]: [] for row in rows}
        for some in portions(list(found)):
            statement = select(tracks).where(tracks.c.generation_id.in_(some))
            for track in self.connection.execute(statement).mappings():
                found[track["generation_id"]].append(self.track(track))
        for its_tracks in found.values():
            its_tracks.sort(key=lambda track: track.index)
        return [_generation(row, tuple(found[row["id"]])) for row in rows]

    def track(self, row: RowMapping) -> Track:
        """Return the track in a row of `tracks`."""
        values = dict(row)
        values["index"] = values.pop("position")
        # An absolute path stays as it is; a relative one moves with the folder.
        values["path"] = self.home / values["path"]
        return Track(**values)

    def has_track(self, generation_id: str, index: int) -> bool:
        """Return whether the track of one media URL is stored."""
        statement = select(tracks.c.id).where(
            tracks.c.generation_id == generation_id, tracks.c.position == index
        )
        return self.connection.execute(statement).first() is not None

    def noted(self, row: RowMapping, kind: FetchKind, **values: Any) -> list[dict[str, Any]]:
        """Return the stored events of a row with one more; the oldest are dropped first."""
        outcome = storable_text(values.pop("outcome", "")) or ""
        fetch = Fetch(at=self.now, kind=kind, outcome=outcome, **values)
        return [*(row["fetches"] or ()), fetch.stored()][-_MOST_FETCHES:]

    def finish_if_complete(self, generation_id: str, expected: int) -> None:
        """Move to READY once there are as many tracks as media URLs."""
        stored = self.connection.execute(
            select(func.count()).select_from(tracks).where(tracks.c.generation_id == generation_id)
        ).scalar_one()
        if stored >= expected:
            sources = {State.DOWNLOADING, State.UNDELIVERED}
            self.move(generation_id, State.READY, sources, **CLEARED)


def put(connection: Connection, key_column: Column[str], key: str, **values: Any) -> None:
    """Change the row with this key, or make it, without SQL that only some databases have."""
    table = key_column.table
    changed = connection.execute(update(table).where(key_column == key).values(**values))
    if changed.rowcount == 0:
        connection.execute(insert(table).values({key_column.name: key, **values}))


def _generation(row: RowMapping, its_tracks: tuple[Track, ...]) -> Generation:
    values = {name: value for name, value in row.items() if name != "prompt_folded"}
    # Rows from before titles were stored have none.
    values["title"] = values["title"] or title_of(values["prompt"])
    values["images"] = tuple(values["images"])
    values["media_urls"] = tuple(values["media_urls"])
    values["fetches"] = tuple(Fetch.read(fetch) for fetch in values["fetches"] or ())
    return Generation(tracks=its_tracks, **values)


def portions(ids: list[str]) -> Iterable[list[str]]:
    """Return the ids in portions that fit into one statement."""
    for start in range(0, len(ids), _IN_LIMIT):
        yield ids[start : start + _IN_LIMIT]
