"""Finding single generations, batches and tracks again."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, select

from lyria_studio.library._store import Store
from lyria_studio.library.errors import UnknownGeneration
from lyria_studio.library.states import ACTIVE
from lyria_studio.library.tables import generations, tracks
from lyria_studio.library.views import Generation, Track

__all__ = ["Shelf"]


class Shelf(Store):
    """The part of the library that reads what is there."""

    def generation(self, generation_id: str) -> Generation:
        """One generation with its tracks.

        Raises:
            UnknownGeneration: there is none with this id.
        """
        with self._database.read() as connection:
            return self._get(connection, generation_id)

    def find(self, generation_id: str) -> Generation | None:
        """One generation with its tracks; None if there is none with this id."""
        with self._database.read() as connection:
            found = self._select(connection, generations.c.id == generation_id)
        return found[0] if found else None

    def by_request_id(self, base_url: str, request_id: str) -> Generation | None:
        """The generation that a gateway knows by this request id."""
        with self._database.read() as connection:
            found = self._select(
                connection,
                generations.c.base_url == base_url,
                generations.c.request_id == request_id,
            )
        return found[0] if found else None

    def batch(self, batch_id: str) -> list[Generation]:
        """The takes of one click, in their order; empty if there are none."""
        with self._database.read() as connection:
            found = self._select(connection, generations.c.batch_id == batch_id)
        return sorted(found, key=lambda one: one.take)

    def active(self) -> list[Generation]:
        """All that the worker still has to do with, newest first, those awaiting a key too."""
        with self._database.read() as connection:
            return self._select(connection, generations.c.state.in_(ACTIVE))

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

    def recent_durations(self, model_id: str, gateway: str, n: int = 20) -> list[float]:
        """How long the last `n` completed generations took at the gateway, newest first.

        Returns:
            Seconds from the gateway's acceptance to COMPLETED.
        """
        statement = (
            select(generations.c.made_in_s)
            .where(
                generations.c.model_id == model_id,
                generations.c.gateway == gateway,
                generations.c.made_in_s.is_not(None),
            )
            .order_by(generations.c.completed_at.desc())
            .limit(n)
        )
        with self._database.read() as connection:
            return list(connection.execute(statement).scalars())

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
