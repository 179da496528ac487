"""Every button of every screen can be clicked, with text typed and filters, search and page set.

The buttons are found on the screens, so a new one is clicked too. What is the same button for
another row (its key differs by an id) is clicked once.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from support.app_address import go_to
from support.comparison_rows import new_comparison
from support.comparisons import variants
from support.library_rows import in_state
from support.listening_tests import opened, take

from lyria_studio.model.states import State
from lyria_studio.prompts import new_template
from lyria_studio.services import Services
from lyria_studio.ui.history_filter import GROUPS

SCRIPT = Path(__file__).resolve().parents[2] / "pages" / "studio.py"
ID = re.compile(r"(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\S*")
PROMPT = "Waltz in the style of Taylor Swift\n\n[0:00 - 0:10] Intro: quiet"


@pytest.fixture
def stocked(services: Services) -> Services:
    """A library with a generation in every state, a template, comparisons and a listening test."""
    library = services.library
    services.worker.stop()
    base = {"base_url": services.access().base_url, "fingerprint": services.access().fingerprint}
    for state in State:
        if state is not State.READY:
            in_state(library, state, prompt=f"Waltz, {state}", **base)
    for number in range(8):
        take(library, "AB"[number % 2], prompt=f"Waltz number {number}")
    library.tracks.keep_template(new_template("Mine", "Waltz", "lyria-3"))
    library.listening.save_comparison(new_comparison("AB", variants=variants("Waltz", "Polka")))
    opened(services)
    return services


def create(app: AppTest, services: Services) -> None:
    """The form with text that a tip, an Undo and the models have something to say about."""
    app.text_area(key="prompt").set_value(PROMPT)
    app.number_input(key="takes").set_value(2).run()


def build(app: AppTest, services: Services) -> None:
    """The Build form over it."""
    create(app, services)
    app.segmented_control(key="mode").set_value("Build").run()


def undoable(app: AppTest, services: Services) -> None:
    """The form after a tip changed it."""
    create(app, services)
    app.button(key="coach-name").click().run()


def templates(app: AppTest, services: Services) -> None:
    """The list of templates over typed text, with a search."""
    create(app, services)
    app.button(key="templates").click().run()
    app.session_state["template_search"] = "Mine"
    app.session_state["open_dialog"] = "templates"
    app.run()


def history(search: str, model: str, group: str, page: int) -> Callable[[AppTest, Services], None]:
    """History with this view."""

    def go(app: AppTest, services: Services) -> None:
        app.switch_page("history.py").run()
        app.text_input(key="search").set_value(search).run()
        app.selectbox(key="model_filter").set_value(model).run()
        app.selectbox(key="state_filter").set_value(group).run()
        if page > 1:
            app.pagination[0].set_value(page).run()

    return go


def compare(app: AppTest, services: Services) -> None:
    """The list of comparisons, with a search for tracks."""
    app.switch_page("compare.py").run()
    app.text_input(key="picker_several_search").set_value("waltz").run()


def maker(app: AppTest, services: Services) -> None:
    """A comparison that is being written, with the search for a track open."""
    app.switch_page("compare.py").run()
    app.button(key="compare_new").click().run()
    app.text_area(key="variant-A-prompt").set_value("Waltz").run()
    app.button(key="pick-B").click().run()
    app.text_input(key="picker_B_search").set_value("waltz").run()


def view(app: AppTest, services: Services) -> None:
    """A comparison with an open listening test and the form for another one."""
    found = services.library.listening.comparisons()
    one = next((one for one in found if all(slot.generation_id for slot in one.slots)), None)
    comparison_id = one.id if one else opened(services).comparison_id  # a button deletes it
    app.switch_page("compare.py")
    go_to(app, comparison=comparison_id)
    app.session_state["invite"] = True
    app.run()
    app.checkbox(key=f"sure-{comparison_id}").set_value(True).run()


def pricing(app: AppTest, services: Services) -> None:
    """What was spent."""
    app.switch_page("pricing.py").run()


def settings(app: AppTest, services: Services) -> None:
    """A typed key, a budget and an address."""
    app.switch_page("settings.py").run()
    app.text_input(key="key_field").set_value("sandbox-mine")
    app.button[0].click().run()


SCENES = {
    "Create, empty": lambda app, services: None,
    "Create": create,
    "Create, Build": build,
    "Create, undoable": undoable,
    "Templates": templates,
    "History, all": history("", "", "", 1),
    "History, searched, second page": history("waltz", "", "", 2),
    "History, ready tracks of a model": history("waltz", "lyria-3", "Ready", 1),
    "History, needs action": history("waltz", "", list(GROUPS)[2], 1),
    "Compare": compare,
    "Compare, form": maker,
    "Compare, view": view,
    "Pricing": pricing,
    "Settings": settings,
}


def scene(name: str, services: Services) -> AppTest:
    """The screen in a new session."""
    app = AppTest.from_file(str(SCRIPT), default_timeout=30).run()
    SCENES[name](app, services)
    expect_sound(app, name)
    return app


def expect_sound(app: AppTest, after: str) -> None:
    """No exception, neither shown as such nor as a screen that could not be drawn."""
    assert not app.exception, (after, [one.value for one in app.exception])
    assert "Something went wrong" not in str([one.proto for one in app.error]), after


def buttons(app: AppTest) -> dict[str, str]:
    """Key by what the button is, whatever row it belongs to."""
    found: dict[str, str] = {}
    for button in app.button:
        if not button.disabled:
            key = str(button.key or button.label)
            found.setdefault(ID.sub("*", key), key)
    return found


@pytest.mark.parametrize("name", SCENES)
def test_every_button_ends_without_an_exception(stocked: Services, name: str) -> None:
    clicked: set[str] = set()
    app = scene(name, stocked)
    assert buttons(app) or name == "Pricing"
    while fresh := {kind: key for kind, key in buttons(app).items() if kind not in clicked}:
        kind, key = next(iter(fresh.items()))
        clicked.add(kind)
        [button] = [one for one in app.button if key in (one.key, one.label)][:1]
        button.click().run()
        expect_sound(app, f"{name}: {kind}")
        app.run()
        expect_sound(app, f"{name}: {kind}, drawn again")
        app = scene(name, stocked)
