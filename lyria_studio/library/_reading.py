"""Reading single generations, and how long they took."""

from __future__ import annotations

from sqlalchemy import select

from lyria_studio.library._store import Store
from lyria_studio.library.tables import generations
from lyria_studio.model.generation import Generation

__all__ = ["Reading"]


class Reading(Store):
    """The part that reads single generations."""

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
