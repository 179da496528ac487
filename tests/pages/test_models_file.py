"""Models of a file in the home, on the screens and at the sandbox."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from support.app_words import words
from support.sandboxes import make_sandbox
from support.serve import serve

from lyria_core import CatalogueError, Charge, read_models, use_models
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State
from lyria_studio.services import Services, get_services, reset_services

Settled = Callable[[], list[Generation]]

PAGES = ("create", "compare", "history", "pricing", "settings")
MODELS_TOML = """
[lyria-4]
name = "Lyria 4"
description = "Longer songs."
path = "lyria-4/v2/make"
price_usd = 0.125
media_type = "audio/mpeg"
media_extension = "mpeg"
vocals = true
typical_duration_s = [60.0, 240.0]
parameters.prompt.description = "What to make."
parameters.seed.description = "Seed."

[lyria-3]
price_usd = 0.05
"""


@pytest.fixture
def models_file(tmp_path: Path) -> Path:
    """The file in the home of the studio."""
    path = tmp_path / "home" / "models.toml"
    path.parent.mkdir()
    path.write_text(MODELS_TOML)
    return path


@pytest.fixture
def sandbox_url(models_file: Path, tmp_path: Path) -> Iterator[str]:
    """A gateway that reads the same file."""
    with serve(make_sandbox(tmp_path / "sandbox", models=read_models(str(models_file))).app) as url:
        yield url


@pytest.fixture
def services(services: Services) -> Iterator[Services]:
    """The services of a studio with a fourth model."""
    yield services
    use_models(read_models())


def everything(app: AppTest) -> str:
    """All that the screen says, elements of ours included."""
    ours = (str(item.proto) for kind in ("html", "bidi_component") for item in app.get(kind))
    return "\n".join([words(app), *ours])


def compare(app: AppTest) -> str:
    """Make a comparison of two models; return its id."""
    app.switch_page("compare.py").run()
    app.button(key="compare_new").click().run()
    app.text_area(key="variant-A-prompt").set_value("Calm piano").run()
    app.number_input(key="comparison_takes").set_value(1).run()
    app.selectbox(key="variant-B-model").set_value("lyria-4").run()
    assert r"\$0.175" in app.button(key="compare_order").label
    app.button(key="compare_order").click().run()
    assert not app.exception
    return str(app.query_params["comparison"][0])


def test_added_model_is_estimated_ordered_and_compared(app: AppTest, settled: Settled) -> None:
    app.radio(key="model").set_value("lyria-4").run()
    app.number_input(key="takes").set_value(2).run()
    assert r"\$0.25" in app.button(key="generate").label
    app.text_area(key="prompt").set_value("Calm piano").run()
    app.button(key="generate").click().run()
    made = settled()
    assert [(one.state, one.charge) for one in made] == [(State.READY, Charge.YES)] * 2
    assert {(one.model_id, one.price_usd) for one in made} == {("lyria-4", Decimal("0.125"))}
    assert all((one.request_id or "").startswith("lyria-4_") for one in made)

    app.switch_page("pricing.py").run()
    app.number_input(key="estimate-lyria-4").set_value(2).run()
    assert app.metric[0].value == "$0.25"
    assert any("Lyria 4" in str(html.proto.body) for html in app.get("html"))

    compare(app)
    compared = settled()[:2]
    assert {(one.model_id, one.price_usd) for one in compared} == {
        ("lyria-3", Decimal("0.05")),
        ("lyria-4", Decimal("0.125")),
    }


def test_orders_keep_model_and_price_when_the_file_is_gone(
    app: AppTest, settled: Settled, models_file: Path
) -> None:
    comparison = compare(app)
    settled()
    models_file.unlink()  # the fourth model is gone, the third costs $0.04 again
    reset_services()
    prices = {one.model_id: one.price_usd for one in get_services().library.tracks.latest(2)}
    assert prices == {"lyria-3": Decimal("0.05"), "lyria-4": Decimal("0.125")}
    for page in PAGES:
        again = AppTest.from_file(str(app._script_path), default_timeout=20)
        again.switch_page(f"{page}.py")
        if page == "compare":
            again.query_params["comparison"] = comparison
        again.run()
        assert not again.exception, page
        if page in ("compare", "history"):
            assert "lyria-4" in everything(again), page


def test_mistake_keeps_the_studio_from_starting(app: AppTest, models_file: Path) -> None:
    models_file.write_text("[lyria-3]\nprice_usd = -1\n")
    reset_services()
    with pytest.raises(CatalogueError, match=r"models\.toml: lyria-3\.price_usd must be"):
        get_services()
    models_file.unlink()
