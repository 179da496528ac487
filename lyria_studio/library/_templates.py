"""A person's own starting points for prompts."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import delete, select

from lyria_studio.library._outside import storable
from lyria_studio.library._store import Store
from lyria_studio.library.tables import templates
from lyria_studio.model.generation import new_intent_id
from lyria_studio.prompts import Template

__all__ = ["OwnTemplates"]


class OwnTemplates(Store):
    """The part of the library that keeps templates."""

    def own_templates(self) -> list[Template]:
        """All of them, the newest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(templates.c.id, templates.c.fields).order_by(templates.c.updated_at.desc())
            ).all()
        return [_template(id_, fields) for id_, fields in rows]

    def keep_template(self, template: Template) -> Template:
        """Store a template under an id of its own, whatever id it came with."""
        own = replace(template, id=new_intent_id())
        self._write_template(own)
        return own

    def rename_template(self, template_id: str, title: str) -> None:
        """Give a template another title; nothing happens if it is gone."""
        for own in self.own_templates():
            if own.id == template_id:
                self._write_template(replace(own, title=title))

    def delete_template(self, template_id: str) -> None:
        """Remove a template; nothing happens if it is gone."""
        with self._database.write() as connection:
            connection.execute(delete(templates).where(templates.c.id == template_id))

    def _write_template(self, template: Template) -> None:
        fields = {name: value for name, value in asdict(template).items() if name != "id"}
        with self._database.write() as connection:
            self._put(
                connection,
                templates.c.id,
                template.id,
                fields=storable(fields),
                updated_at=self._clock(),
            )


def _template(template_id: str, fields: dict[str, Any]) -> Template:
    known = {name: fields[name] for name in Template.__dataclass_fields__ if name in fields}
    return Template(**{**known, "tags": tuple(known.get("tags") or ()), "id": template_id})
