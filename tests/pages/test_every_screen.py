"""Every screen of the app opens without an error, with an empty library and with a track in it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lyria_studio.model.generation import Generation

SCREENS = sorted(
    path.name
    for path in (Path(__file__).resolve().parents[2] / "pages").glob("*.py")
    if path.name != "studio.py"
)


@pytest.fixture
def full_app(app: AppTest, settled: Callable[[], list[Generation]]) -> AppTest:
    app.text_area(key="prompt").set_value("Calm piano").run()
    app.button(key="generate").click().run()
    assert [one.state.name for one in settled()] == ["READY"]
    return app


def opened(app: AppTest, screen: str) -> AppTest:
    """The screen, which has a heading and no error."""
    app.switch_page(screen).run()
    assert not app.exception
    assert not app.error
    assert app.title or app.header or app.subheader
    return app


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_opens_in_an_empty_library(app: AppTest, screen: str) -> None:
    opened(app, screen)


def test_every_screen_opens_once_there_is_a_track(full_app: AppTest) -> None:
    for screen in SCREENS:
        opened(full_app, screen)
