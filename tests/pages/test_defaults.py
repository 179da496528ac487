"""No field has a default beside a value in the session: Streamlit warns of that on every run."""

import logging
from collections.abc import Iterator

import pytest
from streamlit.elements.lib import policies
from streamlit.testing.v1 import AppTest

from lyria_studio.services import Services

TYPED = "Genre: funk\nCalm piano in the style of Taylor Swift\n\n[0:00 - 0:10] Intro: quiet"


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What Streamlit warns of; without this it does so once in a process."""
    monkeypatch.setattr(policies, "_shown_default_value_warning", False)
    found: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record.getMessage())

    collector = Collector()
    policies._LOGGER.addHandler(collector)
    yield found
    policies._LOGGER.removeHandler(collector)


def test_fields_that_a_button_sets_have_no_default(
    app: AppTest, services: Services, warnings: list[str]
) -> None:
    app.radio(key="model").set_value("lyria-2").run()
    app.number_input(key="takes").set_value(3)
    app.pills[0].set_value(["lyria-3-pro"])
    app.text_area(key="prompt").set_value(TYPED).run()
    app.segmented_control(key="mode").set_value("Build").run()
    app.button(key="coach-name").click().run()
    app.segmented_control(key="mode").set_value("Describe").run()
    app.button(key="undo_replace").click().run()
    app.switch_page("compare.py").run()
    app.button(key="compare_new").click().run()
    app.selectbox(key="variant-A-model").set_value("lyria-2").run()
    app.number_input(key="variant-A-seed").set_value(3).run()
    app.text_input(key="variant-A-negative").set_value("drums").run()
    app.text_area(key="variant-A-prompt").set_value("Waltz").run()
    app.button(key="remove-B").click().run()
    app.button(key="undo_replace").click().run()
    assert app.text_area(key="variant-B-prompt").value == "Waltz"
    app.switch_page("create.py").run()
    assert not app.exception
    assert warnings == []
