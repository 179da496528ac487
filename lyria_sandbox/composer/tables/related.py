"""Genres without a table of their own: a neighbour plays them, a little changed."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from importlib import resources
from typing import Any

from lyria_sandbox.composer.tables.genre import Genre, Line
from lyria_sandbox.composer.tables.genres import GENRES


def _related(name: str, row: Mapping[str, Any]) -> Genre:
    changes = {key: value for key, value in row.items() if key not in ("words", "plays", "comp")}
    neighbour = GENRES[row["plays"]]
    if "tempo" in changes:
        changes["tempo"] = tuple(float(bpm) for bpm in changes["tempo"])
    if "comp" in row:
        changes["comp"] = Line(row["comp"], neighbour.comp.pattern)
    return replace(
        neighbour,
        name=name,
        pattern=rf"\b(?:{row['words']})\b",
        hint="",
        weight=changes.pop("weight", 1.0),
        names_an_instrument=False,
        neighbour=neighbour.name,
        **changes,
    )


def _read() -> dict[str, Genre]:
    file = resources.files("lyria_sandbox.composer.tables") / "related.toml"
    return {
        name: _related(name, row) for name, row in tomllib.loads(file.read_text("utf-8")).items()
    }


RELATED: Mapping[str, Genre] = _read()
"""Genres by name; `neighbour` names the genre of the tables that plays."""
