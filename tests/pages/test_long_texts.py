"""A text of 100,000 characters in any field is kept, and the screen says what is wrong with it."""

import time
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest
from support.app_words import words

from lyria_studio.services import Services

LONG = "Waltz in the rain, 96 BPM. " * 3_800
LIMIT_S = 5.0  # for a redrawing, on a busy machine


def create(app: AppTest) -> AppTest:
    """The fields of all models."""
    app.text_area(key="prompt").set_value("Waltz")
    return app.pills[0].set_value(["lyria-2"]).run()


def build(app: AppTest) -> AppTest:
    """The Build form with a section."""
    app.text_area(key="prompt").set_value("Waltz\n\n[0:00 - 0:10] Intro: quiet").run()
    return app.segmented_control(key="mode").set_value("Build").run()


def maker(app: AppTest) -> AppTest:
    """A comparison of two variants that read everything."""
    app.switch_page("compare.py").run()
    app.button(key="compare_new").click().run()
    app.text_area(key="variant-A-prompt").set_value("Waltz").run()
    app.selectbox(key="variant-A-model").set_value("lyria-2").run()
    return app.selectbox(key="variant-B-model").set_value("lyria-2").run()


def screen(name: str) -> Callable[[AppTest], AppTest]:
    """A screen as it opens."""
    return lambda app: app.switch_page(name).run()


SCREENS = {
    "Create": create,
    "Build": build,
    "Compare": maker,
    "History": screen("history.py"),
    "Settings": screen("settings.py"),
}


# A form of Streamlit holds its texts in the browser until it is sent.
@pytest.mark.parametrize("name", [name for name in SCREENS if name != "Settings"])
def test_a_long_text_is_kept_in_every_field(app: AppTest, services: Services, name: str) -> None:
    SCREENS[name](app)
    keys = [field.key for field in (*app.text_input, *app.text_area)]
    assert keys
    for key in keys:
        [field] = [one for one in (*app.text_input, *app.text_area) if one.key == key]
        before = field.value
        began = time.monotonic()
        field.set_value(LONG).run()
        assert time.monotonic() - began < LIMIT_S, key
        assert not app.exception, key
        assert "Something went wrong" not in str([one.proto for one in app.error]), key
        [field] = [one for one in (*app.text_input, *app.text_area) if one.key == key]
        assert field.value == LONG, key
        field.set_value(before or "").run()


@pytest.mark.parametrize(
    ("name", "key", "button", "says"),
    [
        ("Create", "prompt", "generate", "at most 20,000"),
        ("Create", "seed", "generate", "The seed must be a whole number"),
        ("Create", "images", "generate", "Image"),
        ("Compare", "variant-A-prompt", "compare_order", "20,000"),
        ("Compare", "comparison_name", "compare_order", "The name of a comparison has"),
        ("History", "search", None, "The search has 102,600 characters"),
        ("Settings", "daily_budget_usd", "Save budget", "Nothing was saved"),
        ("Settings", "public_url", "Save address", "The public address has"),
        ("Settings", "key_field", "Use this key", "Nothing changed"),
    ],
)
def test_a_long_text_is_refused_in_words_and_orders_nothing(
    app: AppTest, services: Services, name: str, key: str, button: str | None, says: str
) -> None:
    SCREENS[name](app)
    [field] = [one for one in (*app.text_input, *app.text_area) if one.key == key]
    field.set_value(LONG)
    if name != "Settings":
        app.run()
    if button:
        [click] = [one for one in app.button if button in (one.key, one.label)]
        click.click().run()
    assert not app.exception
    said = words(app) + "\n".join(toast.value for toast in app.toast)
    assert says in said
    assert services.library.tracks.latest() == []
