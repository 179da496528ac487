"""The Pricing screen, driven without a browser."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest
from support.app_words import words

from lyria_core import MODELS
from lyria_studio.library import Generation

Settled = Callable[[], list[Generation]]


@pytest.fixture
def pricing(app: AppTest) -> AppTest:
    """The Pricing screen as it opens."""
    return app.switch_page("pricing.py").run()


def test_the_prices_are_the_catalogues(pricing: AppTest) -> None:
    table = pricing.table[0].value
    assert list(table.index) == [model.name for model in MODELS.values()]
    assert list(table["Price"]) == [rf"\${model.price_usd}" for model in MODELS.values()]


def test_the_estimate_adds_up(pricing: AppTest) -> None:
    assert pricing.metric[0].value == "$0.00"
    pricing.number_input(key="estimate-lyria-3-pro").set_value(25).run()
    pricing.number_input(key="estimate-lyria-3").set_value(3).run()
    pricing.number_input(key="estimate-lyria-2").set_value(1).run()
    assert pricing.metric[0].value == "$2.18"


def test_what_was_spent_adds_up(app: AppTest, settled: Settled) -> None:
    assert "Nothing was ordered yet" in words(app.switch_page("pricing.py").run())
    app.switch_page("create.py").run()
    for prompt in ("Waltz", "[[error]] Polka", "[[fail]] March"):
        app.text_area(key="prompt").set_value(prompt).run()
        app.button(key="generate").click().run()
    settled()
    app.switch_page("pricing.py").run()
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures == {
        "Together": "$0.00",
        "Ordered": "$0.12",
        "Reserved": "$0.00",
        "Charged": "$0.04",
        "Maybe charged": "$0.04",
        "Not charged": "$0.04",
    }
    table = app.table[1].value
    assert list(table["Tracks"]) == ["3", "3"]
    assert list(table["Model"]) == ["Lyria 3", "all"]
