"""The Pricing screen, driven without a browser."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest
from support.app_words import words

from lyria_core import MODELS
from lyria_studio.model.generation import Generation

Settled = Callable[[], list[Generation]]


@pytest.fixture
def pricing(app: AppTest) -> AppTest:
    """The Pricing screen as it opens."""
    return app.switch_page("pricing.py").run()


def table(app: AppTest, number: int) -> list[dict[str, str]]:
    """The rows of the n-th table of ours, by column; a bare cell, without what a phone adds."""
    tables = [html.proto.body for html in app.get("html") if "lyria-table" in html.proto.body]
    bare = re.sub(r"<span.*?</span>", "", tables[number])
    names, *rows = [
        [unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", bare)
    ]
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_the_prices_are_the_catalogues(pricing: AppTest) -> None:
    prices = table(pricing, 0)
    assert [row["Model"] for row in prices] == [model.name for model in MODELS.values()]
    assert [row["Price"] for row in prices] == [f"${m.price_usd}" for m in MODELS.values()]


def test_the_estimate_adds_up(pricing: AppTest) -> None:
    assert pricing.metric[0].value == "$0.00"
    pricing.number_input(key="estimate-lyria-3-pro").set_value(25).run()
    pricing.number_input(key="estimate-lyria-3").set_value(3).run()
    pricing.number_input(key="estimate-lyria-2").set_value(1).run()
    assert pricing.metric[0].value == "$2.18"


def test_what_was_spent_adds_up(app: AppTest, settled: Settled) -> None:
    assert "Nothing spent yet." in words(app.switch_page("pricing.py").run())
    app.switch_page("create.py").run()
    for prompt in ("Waltz", "[[error]] Polka", "[[fail]] March"):
        app.text_area(key="prompt").set_value(prompt).run()
        app.button(key="generate").click().run()
    settled()
    app.switch_page("pricing.py").run()
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures == {
        "Total": "$0.00",
        "Ordered": "$0.12 (demo)",
        "Reserved": "$0.00 (demo)",
        "Charged": "$0.04 (demo)",
        "Maybe charged": "$0.04 (demo)",
        "Not charged": "$0.04 (demo)",
    }
    assert "Nothing spent yet." in words(app), "no real money was"
    spent = table(app, 1)
    assert [row["Tracks"] for row in spent] == ["3", "3"]
    assert [row["Model"] for row in spent] == ["Lyria 3", "all"]
    assert spent[-1]["Day"] == "Total"
    assert spent[-1]["Maybe charged"] == "$0.04 (demo)"
