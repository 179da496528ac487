"""From "made and charged" to tracks in the library."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from lyria_studio.library._store import Store
from lyria_studio.library.errors import LibraryError, UnknownGeneration
from lyria_studio.library.tables import generations, tracks
from lyria_studio.model.generation import Generation, NewTrack, Track
from lyria_studio.model.states import State

__all__ = ["Downloads"]


class Downloads(Store):
    """The part of the library that takes in the files."""

    def track_stored(self, generation_id: str, new: NewTrack, *, index: int = 0) -> Track:
        """Record a file that is in its final place; READY once every media URL has its track.

        Idempotent: a second call for the same index returns the first track and changes nothing.

        Args:
            generation_id: what it was made for.
            new: the file and what was measured.
            index: its place in `Generation.media_urls`, from 0.

        Raises:
            UnknownGeneration: there is no such generation.
            LibraryError: the generation was never completed, or has no such media URL.
        """
        with self._database.write() as connection:
            row = self._row(connection, generation_id)
            if row is None:
                raise UnknownGeneration("There is no such generation in this library.")
            known = self._track_at(connection, generation_id, index)
            if known is None:
                if row["state"] not in {State.DOWNLOADING, State.UNDELIVERED}:
                    raise LibraryError("This generation has no music to store.")
                if not 0 <= index < len(row["media_urls"]):
                    raise LibraryError("This generation has no such track.")
                connection.execute(insert(tracks).values(**self._values(generation_id, new, index)))
                known = self._track_at(connection, generation_id, index)
            if known is None:
                raise LibraryError("The track could not be stored.")
            self._ready_if_whole(connection, generation_id, len(row["media_urls"]))
            return known

    def download_failed(
        self,
        generation_id: str,
        *,
        error: str,
        advice: str | None = None,
        http_status: int | None = None,
        next_attempt_at: datetime | None = None,
    ) -> Generation | None:
        """A download failed; it stays DOWNLOADING until the next try, or becomes UNDELIVERED.

        Args:
            generation_id: whose download.
            error: one sentence for a person.
            advice: what to do next.
            http_status: what the media host answered, if it did.
            next_attempt_at: when to try again; None gives up: it is tried when a person asks.
        """
        values = {
            "download_failures": generations.c.download_failures + 1,
            "error": error,
            "advice": advice,
            "http_status": http_status,
        }
        with self._database.write() as connection:
            downloading = {State.DOWNLOADING}
            if next_attempt_at is None:
                done = self._move(
                    connection, generation_id, State.UNDELIVERED, downloading, **values
                )
            else:
                done = self._change(
                    connection,
                    generation_id,
                    downloading,
                    next_attempt_at=next_attempt_at,
                    **values,
                )
            return self._get(connection, generation_id) if done else None

    def _values(self, generation_id: str, new: NewTrack, index: int) -> dict[str, object]:
        path = new.path.absolute()
        home = self.home.absolute()
        return {
            "id": uuid.uuid4().hex,
            "generation_id": generation_id,
            "position": index,
            "path": path.relative_to(home).as_posix() if path.is_relative_to(home) else str(path),
            "file_name": new.file_name,
            "media_type": new.media_type,
            "size_bytes": new.size_bytes,
            "sha256": new.sha256,
            "duration_s": new.duration_s,
            "sample_rate_hz": new.sample_rate_hz,
            "channels": new.channels,
            "peaks": new.peaks,
            "loudness_lufs": new.loudness_lufs,
            "true_peak_dbtp": new.true_peak_dbtp,
            "stored_at": self._clock(),
        }

    def _track_at(self, connection: Connection, generation_id: str, index: int) -> Track | None:
        row = (
            connection.execute(
                select(tracks).where(
                    tracks.c.generation_id == generation_id, tracks.c.position == index
                )
            )
            .mappings()
            .one_or_none()
        )
        return None if row is None else self._track(row)

    def _ready_if_whole(self, connection: Connection, generation_id: str, expected: int) -> None:
        stored = connection.execute(
            select(func.count()).select_from(tracks).where(tracks.c.generation_id == generation_id)
        ).scalar_one()
        if stored >= expected:
            self._move(
                connection,
                generation_id,
                State.READY,
                {State.DOWNLOADING, State.UNDELIVERED},
                error=None,
                advice=None,
                http_status=None,
            )
