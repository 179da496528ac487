"""What goes wrong on the way from a finished job to its files, and what is done about it."""

from __future__ import annotations

from typing import Any

from lyria_core import Job
from lyria_studio.library._outside import storable, storable_text
from lyria_studio.library._rows import CLEARED, Rows
from lyria_studio.library._store import Store
from lyria_studio.model.generation import FetchKind, Generation
from lyria_studio.model.states import State

__all__ = ["Fetches"]


class Fetches:
    """Events of a generation that is being fetched; None where it is not."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def note(self, generation_id: str, kind: FetchKind, **values: Any) -> Generation | None:
        """Note what happened.

        Args:
            generation_id: whose files.
            kind: what happened.
            values: the other attributes of `Fetch`.
        """
        with self._store.writing() as rows:
            return _noted(rows, generation_id, kind, values)

    def readdress(self, generation_id: str, job: Job) -> Generation | None:
        """Store the new addresses of the files.

        Args:
            generation_id: whose files.
            job: COMPLETED, with files.
        """
        urls = [storable_text(url) for url in job.media_urls]
        with self._store.writing() as rows:
            row = rows.locked(generation_id)
            same = row is not None and urls == row["media_urls"]
            event = {"outcome": f"The gateway gave {'the same' if same else 'a new'} address."}
            changed = {"media_urls": urls, "raw": storable(job.raw)}
            return _noted(rows, generation_id, FetchKind.STATUS, event, **changed)

    def finish(self, generation_id: str) -> Generation | None:
        """-> READY: there is a track, and what else was named is no track (a cover, a video)."""
        with self._store.writing() as rows:
            rows.finish_if_complete(generation_id, 1)
            return rows.get(generation_id)

    def keep_as_is(self, generation_id: str) -> bool:
        """Take the files that arrived although they are no whole tracks; the charge stays.

        Returns:
            Whether there are such files, so that they will be taken now.

        Raises:
            UnknownGeneration: there is no such generation.
        """
        with self._store.writing() as rows:
            row = rows.known(generation_id)
            if not any(fetch["file"] for fetch in row["fetches"] or ()):
                return False
            kept = rows.noted(row, FetchKind.KEEP, outcome="You kept it as it is.")
            values = CLEARED | {"fetches": kept, "next_attempt_at": rows.now}
            return rows.move(generation_id, State.DOWNLOADING, {State.UNDELIVERED}, **values)


def _noted(
    rows: Rows, generation_id: str, kind: FetchKind, values: dict[str, Any], **changed: Any
) -> Generation | None:
    row = rows.locked(generation_id)
    if row is None or row["state"] is not State.DOWNLOADING:
        return None
    fetches = rows.noted(row, kind, **values)
    rows.change(generation_id, {State.DOWNLOADING}, fetches=fetches, **changed)
    return rows.get(generation_id)
