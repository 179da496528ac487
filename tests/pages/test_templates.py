"""The list of templates, driven without a browser."""

import json

import pytest
from streamlit.testing.v1 import AppTest
from support.app_words import words

from lyria_studio.prompts import all_templates, export_json, new_template
from lyria_studio.services import Services


def script() -> None:
    """The list alone: without a browser a dialog closes at every click."""
    from lyria_studio.services import get_services
    from lyria_studio.ui import template_gallery

    template_gallery.choose(get_services())


@pytest.fixture
def dialog(services: Services) -> AppTest:
    """The list over a written prompt."""
    app = AppTest.from_function(script, default_timeout=20)
    app.session_state["prompt"] = "My own idea for a waltz"
    return app.run()


def test_search_narrows_the_list(dialog: AppTest) -> None:
    dialog.text_input(key="template_search").set_value("podcast").run()
    shown = [button.key for button in dialog.button if str(button.key).startswith("use-")]
    assert shown
    assert all("podcast" in str(key) for key in shown)
    dialog.text_input(key="template_search").set_value("zzz").run()
    assert "Nothing matches" in words(dialog)


def test_a_template_fills_the_form(dialog: AppTest) -> None:
    template = all_templates()[0]
    dialog.button(key=f"use-{template.id}").click().run()
    assert dialog.session_state["prompt"] == template.prompt
    assert dialog.session_state["model"] == template.model


def test_own_templates_are_saved_renamed_and_deleted(dialog: AppTest, services: Services) -> None:
    dialog.text_input(key="template_name").set_value("My waltz").run()
    dialog.button(key="template_save").click().run()
    [own] = services.library.tracks.own_templates()
    assert (own.title, own.prompt) == ("My waltz", "My own idea for a waltz")
    dialog.text_input(key=f"name-{own.id}").set_value("Our waltz").run()
    dialog.button(key=f"rename-{own.id}").click().run()
    assert [own.title for own in services.library.tracks.own_templates()] == ["Our waltz"]
    dialog.button(key=f"delete-{own.id}").click().run()
    assert services.library.tracks.own_templates() == []
    assert "Deleted: Our waltz" in words(dialog)
    dialog.button(key="template_undo_button").click().run()
    [back] = services.library.tracks.own_templates()
    assert (back.title, back.prompt) == ("Our waltz", own.prompt)
    assert "Deleted" not in words(dialog)


def test_a_second_save_makes_no_twin(dialog: AppTest, services: Services) -> None:
    dialog.text_input(key="template_name").set_value("My waltz").run()
    dialog.button(key="template_save").click().run()
    dialog.button(key="template_save").click().run()
    assert len(services.library.tracks.own_templates()) == 1
    assert [toast.value for toast in dialog.toast] == ["Saved already, unchanged."]


def test_a_name_that_is_too_long_is_refused_and_stays_in_its_field(
    dialog: AppTest, services: Services
) -> None:
    dialog.text_input(key="template_name").set_value("x" * 200).run()
    dialog.button(key="template_save").click().run()
    assert "200 characters, and at most 80" in words(dialog)
    assert dialog.text_input(key="template_name").value == "x" * 200
    assert services.library.tracks.own_templates() == []
    dialog.text_input(key="template_name").set_value("Short").run()
    dialog.button(key="template_save").click().run()
    [own] = services.library.tracks.own_templates()
    dialog.text_input(key=f"name-{own.id}").set_value("y" * 200).run()
    dialog.button(key=f"rename-{own.id}").click().run()
    assert "200 characters, and at most 80" in words(dialog)
    assert dialog.text_input(key=f"name-{own.id}").value == "y" * 200
    assert services.library.tracks.own_templates() == [own]


def test_an_import_says_what_it_left(dialog: AppTest, services: Services) -> None:
    rows = json.loads(export_json(all_templates()[:3]))["templates"]
    rows[1]["model"] = "lyria-9"
    dialog.file_uploader[0].upload("mine.json", json.dumps(rows).encode()).run()
    assert len(services.library.tracks.own_templates()) == 2
    assert "Template 2 of the file is for a model that is not known here." in words(dialog)


def test_name_typed_right_before_the_click_is_kept(dialog: AppTest, services: Services) -> None:
    """A click ends the typing: the button was drawn before the name was known."""
    dialog.text_input(key="template_name").set_value("Typed at last")
    dialog.button(key="template_save").click().run()
    [own] = services.library.tracks.own_templates()
    assert own.title == "Typed at last"
    dialog.text_input(key=f"name-{own.id}").set_value("Another name")
    dialog.button(key=f"rename-{own.id}").click().run()
    assert [own.title for own in services.library.tracks.own_templates()] == ["Another name"]


def test_templates_are_narrowed_by_purpose(dialog: AppTest, services: Services) -> None:
    services.library.tracks.keep_template(new_template("Mine", "Waltz", "lyria-3"))
    dialog.run()
    dialog.pills(key="purpose").set_value("Podcast and voice").run()
    shown = [str(button.key) for button in dialog.button if str(button.key).startswith("use-")]
    assert len(shown) == 4
    assert "use-podcast-intro" in shown
    dialog.pills(key="purpose").set_value("Yours").run()
    shown = [str(button.key) for button in dialog.button if str(button.key).startswith("use-")]
    assert len(shown) == 1
    assert "Genre:" not in words(dialog)


def test_templates_are_imported(dialog: AppTest, services: Services) -> None:
    data = export_json(all_templates()[:2]).encode()
    dialog.file_uploader[0].upload("mine.json", data).run()
    assert len(services.library.tracks.own_templates()) == 2


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", json.dumps({"templates": 3}).encode()])
def test_invalid_file_is_refused_with_a_sentence(
    dialog: AppTest, services: Services, data: bytes
) -> None:
    dialog.file_uploader[0].upload("mine.json", data).run()
    assert not dialog.exception
    assert dialog.error
    assert services.library.tracks.own_templates() == []
