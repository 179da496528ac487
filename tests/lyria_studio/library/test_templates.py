"""A person's own templates in the library."""

from pathlib import Path

from lyria_studio.library import Library
from lyria_studio.prompts import Template, export_json, import_json

WALTZ = Template("x", "Slow waltz", "hold music", "waltz", "lyria-2", "A slow waltz.", ("calm",))


def test_a_template_is_kept_renamed_and_deleted(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        kept = library.tracks.keep_template(WALTZ)
        other = library.tracks.keep_template(WALTZ)
        assert kept.id != other.id, "an id of its own"
        library.tracks.rename_template(kept.id, "Very slow waltz \U0001f3bb")
    with Library(tmp_path) as library:
        titles = {own.id: own.title for own in library.tracks.own_templates()}
        assert titles == {kept.id: "Very slow waltz \U0001f3bb", other.id: "Slow waltz"}
        library.tracks.delete_template(other.id)
        library.tracks.delete_template("gone")
        library.tracks.rename_template("gone", "x")
        [left] = library.tracks.own_templates()
        assert (left.prompt, left.tags, left.model) == ("A slow waltz.", ("calm",), "lyria-2")


def test_what_is_exported_can_be_imported(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        library.tracks.keep_template(WALTZ)
        [back] = import_json(export_json(library.tracks.own_templates()))
        assert library.tracks.keep_template(back).prompt == WALTZ.prompt
