"""Reading generations and their tracks, and what a person keeps: drafts and templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select, tuple_, update

from lyria_studio.library._outside import storable
from lyria_studio.library._paging import conditions, count, newest, states_of
from lyria_studio.library._rows import portions, put
from lyria_studio.library._store import Store
from lyria_studio.library.errors import UnknownGeneration
from lyria_studio.library.tables import drafts, generations, templates, tracks
from lyria_studio.model.generation import Cursor, Generation, Page, Track, new_intent_id
from lyria_studio.model.states import ACTIVE, State, StateGroup
from lyria_studio.prompts import MAX_TEMPLATES, Template, TemplateError, validated

__all__ = ["Tracks"]

KEPT_FOR = timedelta(days=30)
ORPHAN_AGE = timedelta(days=2)


class Tracks:
    """Finds generations and tracks, one by one, by search and page by page."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def generation(self, generation_id: str) -> Generation:
        """Return one generation with its tracks.

        Raises:
            UnknownGeneration: there is none with this id.
        """
        with self._store.reading() as rows:
            return rows.get(generation_id)

    def find(self, generation_id: str) -> Generation | None:
        """Return one generation with its tracks; None if there is none with this id."""
        with self._store.reading() as rows:
            found = rows.select(generations.c.id == generation_id)
        return found[0] if found else None

    def generations(self, ids: Iterable[str]) -> dict[str, Generation]:
        """Return the generations with these ids, as far as they exist, in the order of the ids."""
        wanted = list(dict.fromkeys(ids))
        found: dict[str, Generation] = {}
        with self._store.reading() as rows:
            for some in portions(wanted):
                found |= {one.id: one for one in rows.select(generations.c.id.in_(some))}
        return {id_: found[id_] for id_ in wanted if id_ in found}

    def recent_durations(self, model_id: str, gateway: str, n: int = 20) -> list[float]:
        """List how long the last `n` completed generations took, in seconds, newest first.

        Args:
            model_id: which model.
            gateway: "live" or "sandbox".
            n: how many at most.
        """
        columns = generations.c
        statement = (
            select(columns.made_in_s)
            .where(columns.model_id == model_id, columns.gateway == gateway)
            .where(columns.made_in_s.is_not(None))
            .order_by(columns.completed_at.desc())
            .limit(n)
        )
        with self._store.read() as connection:
            return list(connection.execute(statement).scalars())

    def needs_key(self, fingerprint: str, gateway: str) -> bool:
        """Return whether an unfinished generation was ordered with this key."""
        columns = generations.c
        statement = (
            select(columns.id)
            .where(columns.key_fingerprint == fingerprint, columns.gateway == gateway)
            .where(columns.state.in_(sorted(ACTIVE)))
            .limit(1)
        )
        with self._store.read() as connection:
            return connection.execute(statement).first() is not None

    def batch(self, batch_id: str) -> list[Generation]:
        """List the takes of one click, in their order."""
        with self._store.reading() as rows:
            found = rows.select(generations.c.batch_id == batch_id)
        return sorted(found, key=lambda one: one.take)

    def latest(self, limit: int = 10, *, session_id: str | None = None) -> list[Generation]:
        """List the newest generations, of everybody or of one browser session."""
        where = [] if session_id is None else [generations.c.session_id == session_id]
        with self._store.reading() as rows:
            return rows.select(*where, limit=limit)

    def rename(self, ids: Sequence[str], title: str | None, file_names: Mapping[str, str]) -> None:
        """Store another title for generations.

        Args:
            ids: the generations.
            title: the new title; None: the one that follows from the prompt.
            file_names: by the ids of their tracks, the names that downloads get.
        """
        with self._store.writing() as rows:
            rows.connection.execute(
                update(generations).where(generations.c.id.in_(ids)).values(title=title)
            )
            for track_id, name in file_names.items():
                rows.connection.execute(
                    update(tracks).where(tracks.c.id == track_id).values(file_name=name)
                )

    def track(self, track_id: str) -> Track:
        """Return one track.

        Raises:
            UnknownGeneration: there is none with this id.
        """
        with self._store.reading() as rows:
            statement = select(tracks).where(tracks.c.id == track_id)
            row = rows.connection.execute(statement).mappings().one_or_none()
            if row is None:
                raise UnknownGeneration("There is no such track in this library.")
            return rows.track(row)

    def without_levels(self) -> list[str]:
        """List the generations with a track whose loudness and true peak are not measured yet."""
        statement = (
            select(tracks.c.generation_id)
            .where(tracks.c.duration_s.is_not(None), tracks.c.true_peak_dbtp.is_(None))
            .distinct()
        )
        with self._store.read() as connection:
            return list(connection.execute(statement).scalars())

    def note_levels(
        self, track_id: str, *, loudness_lufs: float | None, true_peak_dbtp: float
    ) -> None:
        """Record what was measured on a track after it was stored.

        Args:
            track_id: the track.
            loudness_lufs: integrated loudness in LUFS; None where it cannot be measured.
            true_peak_dbtp: true peak in dBTP.
        """
        statement = update(tracks).where(tracks.c.id == track_id)
        with self._store.write() as connection:
            connection.execute(
                statement.values(loudness_lufs=loudness_lufs, true_peak_dbtp=true_peak_dbtp)
            )

    def page(
        self,
        limit: int = 50,
        offset: int = 0,
        before: Cursor | None = None,
        *,
        state: State | StateGroup | Iterable[State] | None = None,
        model: str | None = None,
        search: str | None = None,
        gateway: str | None = None,
    ) -> Page:
        """Return one page of History, newest first.

        Args:
            limit: how many, at least 1.
            offset: how many to skip, for numbered pages: `limit * (page - 1)`.
            before: the `next` of the page before, for endless scrolling; keeps its place when new
                generations arrive, and stays fast at any depth.
            state: one state, a group of them, or several.
            model: a model id.
            search: words that must all be in the prompt, in any case; no wildcards.
            gateway: "live" or "sandbox".
        """
        if limit < 1 or offset < 0:
            raise ValueError("a page has at least one row and begins at row 0 or later")
        states = states_of(state)
        where = conditions(state, model, search, gateway)
        after = list(where)
        if before is not None:
            after.append(
                tuple_(generations.c.created_at, generations.c.id)
                < tuple_(before.created_at, before.id)
            )
        with self._store.reading() as rows:
            total = count(rows, states, where)
            # One more than asked for tells whether there is another page.
            found = newest(rows, states, after, limit + 1, offset)
        items = tuple(found[:limit])
        more = len(found) > limit
        return Page(items, total, Cursor(items[-1].created_at, items[-1].id) if more else None)

    def orphans(self, directory: Path, *, older_than: timedelta = ORPHAN_AGE) -> list[Path]:
        """List files below `directory` that belong to no track and are no longer being written.

        Args:
            directory: where tracks are kept.
            older_than: a file touched more recently may be a download at work.

        Returns:
            Their paths, for the caller to delete; symbolic links are not followed.
        """
        limit = (self._store.clock() - older_than).timestamp()
        with self._store.read() as connection:
            kept = {
                (self._store.home / path).resolve()
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

    def save_draft(self, form_id: str, fields: Mapping[str, Any]) -> None:
        """Keep the fields of a form, in place of what was kept of it before.

        Drafts that nobody touched for 30 days are dropped on the way.

        Args:
            form_id: minted when the form was drawn (`new_intent_id`).
            fields: names and plain JSON values; never a key.
        """
        now = self._store.clock()
        with self._store.write() as connection:
            connection.execute(delete(drafts).where(drafts.c.updated_at < now - KEPT_FOR))
            put(connection, drafts.c.id, form_id, fields=storable(fields), updated_at=now)

    def draft(self, form_id: str) -> dict[str, Any] | None:
        """Return the fields kept of a form; None if there are none."""
        with self._store.read() as connection:
            found = connection.execute(
                select(drafts.c.fields).where(drafts.c.id == form_id)
            ).scalar_one_or_none()
        return None if found is None else dict(found)

    def own_templates(self) -> list[Template]:
        """List a person's own templates, the newest first."""
        with self._store.read() as connection:
            rows = connection.execute(
                select(templates.c.id, templates.c.fields).order_by(templates.c.updated_at.desc())
            ).all()
        return [_template(id_, fields) for id_, fields in rows]

    def keep_template(self, template: Template) -> Template:
        """Store a template under an id of its own, whatever id it came with.

        Returns:
            The stored template; the one that says the same already, if there is one.

        Raises:
            TemplateError: a field is empty, too long or not known, or there are too many.
        """
        kept = self.keep_templates([template])
        if not kept:
            raise TemplateError(
                f"You have {MAX_TEMPLATES} templates, and that is the limit.",
                advice="Delete one, then try again.",
            )
        return kept[0]

    def keep_templates(self, found: Iterable[Template]) -> list[Template]:
        """Store templates as `keep_template` does, as many as there is room for.

        Returns:
            The stored templates, in their order.

        Raises:
            TemplateError: one has a field that is empty, too long or not known; none was stored.
        """
        known = {replace(own, id=""): own for own in self.own_templates()}
        kept, new = [], []
        for template in map(validated, found):
            same = replace(template, id="")
            if same not in known:
                if len(known) >= MAX_TEMPLATES:
                    continue
                known[same] = replace(template, id=new_intent_id())
                new.append(known[same])
            kept.append(known[same])
        self._write_templates(new)
        return kept

    def rename_template(self, template_id: str, title: str) -> None:
        """Give a template another title; nothing happens if it is gone.

        Raises:
            TemplateError: the title is empty or too long; nothing was changed.
        """
        for own in self.own_templates():
            if own.id == template_id:
                self._write_templates([validated(replace(own, title=title))])

    def delete_template(self, template_id: str) -> Template | None:
        """Remove a template and return it, for `restore_template`; None if it was gone."""
        found = next((own for own in self.own_templates() if own.id == template_id), None)
        with self._store.write() as connection:
            connection.execute(delete(templates).where(templates.c.id == template_id))
        return found

    def restore_template(self, template: Template) -> None:
        """Store a template again that was deleted, under its id."""
        self._write_templates([template])

    def _write_templates(self, own: Iterable[Template]) -> None:
        with self._store.write() as connection:
            for template in own:
                fields = {k: value for k, value in asdict(template).items() if k != "id"}
                put(
                    connection,
                    templates.c.id,
                    template.id,
                    fields=storable(fields),
                    updated_at=self._store.clock(),
                )


def _template(template_id: str, fields: dict[str, Any]) -> Template:
    known = {name: fields[name] for name in Template.__dataclass_fields__ if name in fields}
    return Template(**{**known, "tags": tuple(known.get("tags") or ()), "id": template_id})
