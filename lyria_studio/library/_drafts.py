"""What was typed into a form and not ordered yet; it survives a reload and a crash."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from lyria_studio.library._outside import storable
from lyria_studio.library._store import Store
from lyria_studio.library.tables import drafts

__all__ = ["Drafts"]

KEPT_FOR = timedelta(days=30)


class Drafts(Store):
    """The part of the library that keeps drafts of the Create form."""

    def save_draft(self, form_id: str, fields: Mapping[str, Any]) -> None:
        """Keep the fields of a form, in place of what was kept of it before.

        Drafts that nobody touched for 30 days are dropped on the way.

        Args:
            form_id: minted when the form was drawn (`new_intent_id`).
            fields: names and plain JSON values; never a key.
        """
        now = self._clock()
        with self._database.write() as connection:
            connection.execute(delete(drafts).where(drafts.c.updated_at < now - KEPT_FOR))
            self._put(connection, drafts.c.id, form_id, fields=storable(fields), updated_at=now)

    def draft(self, form_id: str) -> dict[str, Any] | None:
        """The fields kept of a form; None if there are none."""
        with self._database.read() as connection:
            found = connection.execute(
                select(drafts.c.fields).where(drafts.c.id == form_id)
            ).scalar_one_or_none()
        return None if found is None else dict(found)
