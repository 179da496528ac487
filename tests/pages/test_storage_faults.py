"""What the screens say, and keep, when the library's disk is full or its database is locked."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from support.library_rows import in_state
from support.storage_faults import (
    filled_disk,
    full_disk,
    locked_database,
    read_only_database,
    small_disk,
)

from lyria_core import Charge
from lyria_studio.library import Library
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State
from lyria_studio.services import Services

Fault = Callable[[Library], AbstractContextManager[None]]
Settled = Callable[[], list[Generation]]

PROMPT = "Calm piano waltz, 96 BPM. " + "Soft felt hammers and a warm room. " * 400
FAULTS = pytest.mark.parametrize("fault", [full_disk, locked_database, read_only_database])
# A change of a few bytes finds room in the database itself, so for these the disk has to be full.
SMALL_CHANGE = pytest.mark.parametrize("fault", [filled_disk, locked_database, read_only_database])
NOT_SAVED = "This could not be saved"


def errors(app: AppTest) -> str:
    """What the screen says in red."""
    assert not app.exception
    return " ".join(error.value for error in app.error)


def click(app: AppTest, label: str) -> None:
    """Click the one button with this label."""
    [button] = [button for button in app.button if button.label == label]
    button.click().run()


@pytest.fixture
def tmp_path(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """Give the folder of the library; a small disk of its own where the test fills it."""
    if request.node.callspec.params.get("fault") is not filled_disk:
        yield tmp_path
        return
    with small_disk(tmp_path):
        yield tmp_path


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
    with fault(services.library):
        compare.text_area(key="variant-B-prompt").set_value(PROMPT + "Harp.").run()
        assert NOT_SAVED in errors(compare)
        compare.button(key="compare_order").click().run()
        assert NOT_SAVED in errors(compare)
    assert compare.text_area(key="variant-A-prompt").value == PROMPT
    assert compare.text_area(key="variant-B-prompt").value == PROMPT + "Harp."
    assert services.library.tracks.page().total == 0


@SMALL_CHANGE
def test_a_budget_that_cannot_be_stored_stays_in_its_field(
    app: AppTest, services: Services, fault: Fault
) -> None:
    settings = app.switch_page("settings.py").run()
    settings.text_input(key="daily_budget_usd").set_value("7.50")
    with fault(services.library):
        click(settings, "Save budget")
        said = errors(settings)
    assert NOT_SAVED in said
    assert "Nothing was changed." in said
    assert settings.text_input(key="daily_budget_usd").value == "7.50"
    assert services.library.ledger.preferences().daily_budget_usd is None
    click(settings, "Save budget")
    assert str(services.library.ledger.preferences().daily_budget_usd) == "7.50"


@SMALL_CHANGE
def test_a_template_that_cannot_be_stored_is_not_lost(
    app: AppTest, services: Services, fault: Fault
) -> None:
    app.text_area(key="prompt").set_value("Calm piano").run()
    app.button(key="templates").click().run()
    app.text_input(key="template_name").set_value("Mine")
    with fault(services.library):
        app.button(key="template_save").click().run()
        assert NOT_SAVED in errors(app)
    assert services.library.tracks.own_templates() == []
    assert app.text_area(key="prompt").value == "Calm piano"


@SMALL_CHANGE
def test_an_outcome_that_cannot_be_settled_stays_unknown(
    app: AppTest, services: Services, fault: Fault
) -> None:
    one = in_state(services.library, State.UNKNOWN)
    history = app.switch_page("history.py").run()
    with fault(services.library):
        click(history, "It was not charged")
        said = errors(history)
    assert NOT_SAVED in said
    assert "Nothing was changed." in said
    assert services.library.tracks.generation(one.id) == one
    click(history, "It was not charged")
    assert services.library.tracks.generation(one.id).charge is Charge.NO


@SMALL_CHANGE
def test_a_fetch_that_cannot_be_noted_says_so_and_works_later(
    app: AppTest, services: Services, fault: Fault
) -> None:
    one = in_state(services.library, State.UNDELIVERED)
    history = app.switch_page("history.py").run()
    with fault(services.library):
        click(history, "Fetch again")
        said = errors(history)
    assert NOT_SAVED in said
    assert "Nothing was changed." in said
    assert services.library.tracks.generation(one.id).state is State.UNDELIVERED
    click(history, "Fetch again")
    assert not history.error
    assert services.library.tracks.generation(one.id).state is not State.UNDELIVERED


@SMALL_CHANGE
def test_a_listening_test_that_cannot_be_opened_keeps_what_was_typed(
    app: AppTest, services: Services, settled: Settled, fault: Fault
) -> None:
    app.switch_page("compare.py").run()
    app.button(key="first_comparison_button").click().run()
    settled()
    [comparison] = services.library.listening.comparisons()
    app.run()
    app.session_state["invite"] = True
    app.run()
    app.text_input(key="invite_name").set_value("Ada")
    with fault(services.library):
        app.button(key="invite_open").click().run()
        said = errors(app)
    assert NOT_SAVED in said
    assert "Nothing was changed." in said
    assert services.library.listening.tests(comparison.id) == []
    assert app.text_input(key="invite_name").value == "Ada"
    app.button(key="invite_open").click().run()
    assert len(services.library.listening.tests(comparison.id)) == 1
