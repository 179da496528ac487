"""Finding single generations, batches and tracks again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from lyria_studio.library._store import Store
from lyria_studio.library.errors import UnknownGeneration
from lyria_studio.library.tables import generations, tracks
from lyria_studio.model.generation import Generation, Track

__all__ = ["Shelf"]

ORPHAN_AGE = timedelta(days=2)


class Shelf(Store):
    """The part of the library that reads what is there."""

    def batch(self, batch_id: str) -> list[Generation]:
        """The takes of one click, in their order; empty if there are none."""
        with self._database.read() as connection:
            found = self._select(connection, generations.c.batch_id == batch_id)
        return sorted(found, key=lambda one: one.take)

    def latest(self, limit: int = 10, *, session_id: str | None = None) -> list[Generation]:
        """The newest generations, of everybody or of one browser session."""
        where = [] if session_id is None else [generations.c.session_id == session_id]
        with self._database.read() as connection:
            return self._select(connection, *where, limit=limit)

    def track(self, track_id: str) -> Track:
        """One track.

        Raises:
            UnknownGeneration: there is none with this id.
        """
        with self._database.read() as connection:
            row = (
                connection.execute(select(tracks).where(tracks.c.id == track_id))
                .mappings()
                .one_or_none()
            )
        if row is None:
            raise UnknownGeneration("There is no such track in this library.")
        return self._track(row)

    def orphans(self, directory: Path, *, older_than: timedelta = ORPHAN_AGE) -> list[Path]:
        """Files below `directory` that belong to no track and are no longer being written.

        Args:
            directory: where tracks are kept.
            older_than: a file touched more recently may be a download at work.

        Returns:
            Their paths, for the caller to delete; symbolic links are not followed.
        """
        limit = (self._clock() - older_than).timestamp()
        with self._database.read() as connection:
            kept = {
                (self.home / path).resolve()
                for path in connection.execute(select(tracks.c.path)).scalars()
            }
        return sorted(
            file
            for file in directory.rglob("*")
            if file.is_file()
            and not file.is_symlink()
            and file.stat().st_mtime < limit
            and file.resolve() not in kept
        )
