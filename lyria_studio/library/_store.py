"""What all parts of the library share: rows to pictures, and the compare-and-set move."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, RowMapping, insert, select, update

from lyria_core import Charge
from lyria_studio.library._outside import storable_text
from lyria_studio.library.database import Database
from lyria_studio.library.errors import UnknownGeneration
from lyria_studio.library.tables import generations, tracks
from lyria_studio.model.generation import Generation, Track
from lyria_studio.model.states import ACTIVE, TRANSITIONS, State

__all__ = ["BEING_MADE", "SETTLE_ADVICE", "Store", "now_utc", "portions"]

# The driver limits how many values one statement may carry (SQLite: 32,766, formerly 999).
_IN_LIMIT = 500


BEING_MADE = frozenset({State.QUEUED, State.PROCESSING})

SETTLE_ADVICE = (
    "Look in your account at the gateway: if the request is there, give its request id here; "
    "if it is not, mark it as not charged."
)

# Columns with words of the gateway or of a media host.
_FROM_OUTSIDE = frozenset({"error", "advice", "media_type"})


def now_utc() -> datetime:
    """The clock of the library, unless a test gives another."""
    return datetime.now(UTC)


class Store:
    """The database, the folder and the clock, and the few operations everything is made of."""

    def __init__(self, home: Path, database: Database, clock: Callable[[], datetime]) -> None:
        self.home = home
        self._database = database
        self._clock = clock

    def _move(
        self,
        connection: Connection,
        generation_id: str,
        target: State,
        sources: Collection[State],
        **values: Any,
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
        return self._change(connection, generation_id, sources, state=target, **values)

    def _change(
        self,
        connection: Connection,
        generation_id: str,
        sources: Collection[State],
        **values: Any,
    ) -> bool:
        """Change a row if it is in one of `sources`; False if it is not."""
        for name in _FROM_OUTSIDE & values.keys():
            values[name] = storable_text(values[name])
        result = connection.execute(
            update(generations)
            .where(generations.c.id == generation_id, generations.c.state.in_(sources))
            .values(updated_at=self._clock(), **values)
        )
        return result.rowcount == 1

    def _step(
        self, generation_id: str, target: State, sources: Collection[State], **values: Any
    ) -> Generation | None:
        """One move in a transaction of its own; the picture afterwards, or None if it was late."""
        with self._database.write() as connection:
            if not self._move(connection, generation_id, target, sources, **values):
                return None
            return self._get(connection, generation_id)

    def _queued(
        self, connection: Connection, generation_id: str, sources: Collection[State], **values: Any
    ) -> bool:
        """To QUEUED, to be looked at now."""
        return self._move(
            connection,
            generation_id,
            State.QUEUED,
            sources,
            charge=Charge.MAYBE,
            advice=None,
            next_attempt_at=self._clock(),
            **values,
        )

    def _put(
        self, connection: Connection, key_column: Column[str], key: str, **values: Any
    ) -> None:
        """Change the row with this key, or make it, without SQL that only some databases have."""
        table = key_column.table
        changed = connection.execute(update(table).where(key_column == key).values(**values))
        if changed.rowcount == 0:
            connection.execute(insert(table).values({key_column.name: key, **values}))

    def _row(self, connection: Connection, generation_id: str) -> RowMapping | None:
        """The row, locked until the transaction ends where the database locks rows."""
        return (
            connection.execute(
                select(generations).where(generations.c.id == generation_id).with_for_update()
            )
            .mappings()
            .one_or_none()
        )

    def _get(self, connection: Connection, generation_id: str) -> Generation:
        """The picture of a row that must be there."""
        row = (
            connection.execute(select(generations).where(generations.c.id == generation_id))
            .mappings()
            .one_or_none()
        )
        if row is None:
            raise UnknownGeneration("There is no such generation in this library.")
        return self._pictures(connection, [row])[0]

    def _select(
        self, connection: Connection, *where: ColumnElement[bool], limit: int | None = None
    ) -> list[Generation]:
        """Matching generations, newest first."""
        statement = (
            select(generations)
            .where(*where)
            .order_by(generations.c.created_at.desc(), generations.c.id.desc())
            .limit(limit)
        )
        return self._pictures(connection, connection.execute(statement).mappings().all())

    def _pictures(self, connection: Connection, rows: Sequence[RowMapping]) -> list[Generation]:
        """Rows to pictures, with the tracks of all of them in one query."""
        found: dict[str, list[Track]] = {row["id"]: [] for row in rows}
        for some in portions(list(found)):
            statement = select(tracks).where(tracks.c.generation_id.in_(some))
            for track in connection.execute(statement).mappings():
                found[track["generation_id"]].append(self._track(track))
        for its_tracks in found.values():
            its_tracks.sort(key=lambda track: track.index)
        return [_generation(row, tuple(found[row["id"]])) for row in rows]

    def _track(self, row: RowMapping) -> Track:
        values = dict(row)
        values["index"] = values.pop("position")
        # An absolute path stays as it is; a relative one moves with the folder.
        values["path"] = self.home / values["path"]
        return Track(**values)


def _generation(row: RowMapping, its_tracks: tuple[Track, ...]) -> Generation:
    values = {name: value for name, value in row.items() if name != "prompt_folded"}
    values["images"] = tuple(values["images"])
    values["media_urls"] = tuple(values["media_urls"])
    return Generation(tracks=its_tracks, **values)


def portions(ids: list[str]) -> Iterable[list[str]]:
    """The ids in parts that one statement can carry."""
    for start in range(0, len(ids), _IN_LIMIT):
        yield ids[start : start + _IN_LIMIT]
