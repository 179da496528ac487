"""A person's own templates in the library."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_studio.library import Library
from lyria_studio.prompts import (
    MAX_TEMPLATES,
    Template,
    TemplateError,
    export_json,
    import_json,
    import_some,
)

WALTZ = Template("x", "Slow waltz", "hold music", "waltz", "lyria-2", "A slow waltz.", ("calm",))


def test_a_template_is_kept_renamed_and_deleted(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        kept = library.tracks.keep_template(WALTZ)
        other = library.tracks.keep_template(replace(WALTZ, tags=()))
        assert len({WALTZ.id, kept.id, other.id}) == 3, "an id of its own"
        library.tracks.rename_template(kept.id, "Very slow waltz \U0001f3bb")
    with Library(tmp_path) as library:
        titles = {own.id: own.title for own in library.tracks.own_templates()}
        assert titles == {kept.id: "Very slow waltz \U0001f3bb", other.id: "Slow waltz"}
        assert library.tracks.delete_template(other.id) == replace(other, title="Slow waltz")
        assert library.tracks.delete_template("gone") is None
        library.tracks.rename_template("gone", "x")
        [left] = library.tracks.own_templates()
        assert (left.prompt, left.tags, left.model) == ("A slow waltz.", ("calm",), "lyria-2")


def test_what_is_exported_can_be_imported(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        library.tracks.keep_template(WALTZ)
        [back] = import_json(export_json(library.tracks.own_templates()))
        assert library.tracks.keep_template(back).prompt == WALTZ.prompt


def test_the_same_template_is_kept_once(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        first = library.tracks.keep_template(WALTZ)
        assert library.tracks.keep_template(replace(WALTZ, id="y")) == first
        assert library.tracks.keep_templates([WALTZ, WALTZ]) == [first, first]
        assert library.tracks.own_templates() == [first]


def test_a_deleted_template_comes_back_as_it_was(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        kept = library.tracks.keep_template(WALTZ)
        gone = library.tracks.delete_template(kept.id)
        assert gone is not None
        library.tracks.restore_template(gone)
        assert library.tracks.own_templates() == [kept]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "x" * 81},
        {"title": " \n"},
        {"prompt": "x" * 20_001},
        {"prompt": ""},
        {"negative_prompt": "x" * 2_001},
        {"use": "x" * 61},
        {"genre": "x" * 61},
        {"tags": ("x" * 41,)},
        {"tags": ("x",) * 21},
        {"model": "lyria-9"},
        {"title": "a\ud800"},
    ],
    ids=lambda change: f"{next(iter(change))} {len(str(next(iter(change.values()))))}",
)
def test_no_way_stores_what_an_import_refuses(tmp_path: Path, change: dict[str, Any]) -> None:
    with Library(tmp_path) as library:
        kept = library.tracks.keep_template(WALTZ)
        with pytest.raises(TemplateError):
            library.tracks.keep_template(replace(WALTZ, **change))
        with pytest.raises(TemplateError):
            library.tracks.keep_templates([replace(WALTZ, title="Other"), replace(WALTZ, **change)])
        if "title" in change:
            with pytest.raises(TemplateError):
                library.tracks.rename_template(kept.id, change["title"])
        assert library.tracks.own_templates() == [kept]


@given(st.lists(st.text(max_size=100), max_size=4))
def test_every_export_can_be_imported(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    with Library(tmp_path_factory.mktemp("home")) as library:
        kept = library.tracks.keep_template(WALTZ)
        for name in names:
            try:
                library.tracks.rename_template(kept.id, name)
                library.tracks.keep_template(replace(WALTZ, title=name))
            except TemplateError:
                continue
        own = library.tracks.own_templates()
        assert [one.title for one in import_json(export_json(own))] == [one.title for one in own]


def test_an_import_stops_where_the_library_is_full(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        many = [replace(WALTZ, title=f"Waltz {number}") for number in range(MAX_TEMPLATES)]
        library.tracks.keep_templates(many[1:])
        assert len(library.tracks.keep_templates([WALTZ, many[0], many[1]])) == 2
        with pytest.raises(TemplateError, match="the limit"):
            library.tracks.keep_template(many[0])
        own = library.tracks.own_templates()
        assert import_some(export_json(own)).left == ()
