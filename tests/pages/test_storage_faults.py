"""What the screens say, and keep, when the library's disk is full or its database is locked."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from streamlit.testing.v1 import AppTest
from support.library_rows import in_state
from support.storage_faults import full_disk, locked_database

from lyria_core import Charge
from lyria_studio.library import Library
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State
from lyria_studio.services import Services

Fault = Callable[[Library], AbstractContextManager[None]]
Settled = Callable[[], list[Generation]]

PROMPT = "Calm piano waltz, 96 BPM. " + "Soft felt hammers and a warm room. " * 400
FAULTS = pytest.mark.parametrize("fault", [full_disk, locked_database])
NOT_SAVED = "This could not be saved"


def errors(app: AppTest) -> str:
    """What the screen says in red."""
    assert not app.exception
    return " ".join(error.value for error in app.error)


def click(app: AppTest, label: str) -> None:
    """Click the one button with this label."""
    [button] = [button for button in app.button if button.label == label]
    button.click().run()


@FAULTS
def test_an_order_that_cannot_be_stored_says_so_and_keeps_the_form(
    app: AppTest, services: Services, fault: Fault
) -> None:
    app.text_area(key="prompt").set_value(PROMPT).run()
    with fault(services.library):
        app.button(key="generate").click().run()
        said = errors(app)
    assert NOT_SAVED in said
    assert "Nothing was sent. Nothing was charged." in said
    assert app.text_area(key="prompt").value == PROMPT
    assert services.library.tracks.page().total == 0
    app.button(key="generate").click().run()
    assert not app.error
    assert services.library.tracks.page().total == 1


@FAULTS
def test_a_draft_that_cannot_be_stored_stays_in_the_form(
    app: AppTest, services: Services, fault: Fault
) -> None:
    with fault(services.library):
        app.text_area(key="prompt").set_value(PROMPT).run()
        assert NOT_SAVED in errors(app)
        assert "Nothing was changed." in errors(app)
    assert app.text_area(key="prompt").value == PROMPT
    app.run()
    assert not app.error, "it is stored with the next drawing"


@FAULTS
def test_a_comparison_that_cannot_be_stored_keeps_its_variants(
    app: AppTest, services: Services, fault: Fault
) -> None:
    compare = app.switch_page("compare.py").run()
    compare.button(key="compare_new").click().run()
    compare.text_area(key="variant-A-prompt").set_value(PROMPT).run()
    compare.button(key="another").click().run()
    with fault(services.library):
        compare.text_area(key="variant-B-prompt").set_value(PROMPT + "Harp.").run()
        assert NOT_SAVED in errors(compare)
        compare.button(key="compare_order").click().run()
        assert NOT_SAVED in errors(compare)
    assert compare.text_area(key="variant-A-prompt").value == PROMPT
    assert compare.text_area(key="variant-B-prompt").value == PROMPT + "Harp."
    assert services.library.tracks.page().total == 0


def test_a_budget_that_cannot_be_stored_stays_in_its_field(
    app: AppTest, services: Services
) -> None:
    settings = app.switch_page("settings.py").run()
    settings.text_input(key="daily_budget_usd").set_value("7.50")
    with locked_database(services.library):
        click(settings, "Save budget")
        assert f"{NOT_SAVED} (database is locked). Nothing was changed." in errors(settings)
    assert settings.text_input(key="daily_budget_usd").value == "7.50"
    assert services.library.ledger.preferences().daily_budget_usd is None
    click(settings, "Save budget")
    assert str(services.library.ledger.preferences().daily_budget_usd) == "7.50"


def test_a_template_that_cannot_be_stored_is_not_lost(app: AppTest, services: Services) -> None:
    app.text_area(key="prompt").set_value("Calm piano").run()
    app.button(key="templates").click().run()
    app.text_input(key="template_name").set_value("Mine")
    with locked_database(services.library):
        app.button(key="template_save").click().run()
        assert NOT_SAVED in errors(app)
    assert services.library.tracks.own_templates() == []
    assert app.text_area(key="prompt").value == "Calm piano"


def test_an_outcome_that_cannot_be_settled_stays_unknown(app: AppTest, services: Services) -> None:
    one = in_state(services.library, State.UNKNOWN)
    history = app.switch_page("history.py").run()
    with locked_database(services.library):
        click(history, "It was not charged")
        assert f"{NOT_SAVED} (database is locked). Nothing was changed." in errors(history)
    assert services.library.tracks.generation(one.id) == one
    click(history, "It was not charged")
    assert services.library.tracks.generation(one.id).charge is Charge.NO
