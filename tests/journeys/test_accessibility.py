"""axe-core on every screen in every state: light and dark, on a desk and on a phone."""

from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, Page
from support.app_process import RunningApp, running_app
from support.axe import COLOURS, EVERYTHING, violations
from support.full_library import running_full_app
from support.scenes import EMPTY, FULL, to_visit
from support.stillness import Scheme, show
from support.windows import shared_window

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WIDTHS = (1440, 390)
# Streamlit's own markup, which cannot be changed from outside.
NOT_OURS = (
    # The drop zone of a file uploader is presentational and has a name all the same. The button
    # inside it is what a keyboard reaches, and it is judged.
    "[data-testid=stFileUploaderDropzone]",
)

FLAWS: dict[str, str] = {}


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One window for all screens."""
    with shared_window(browser) as window:
        yield window


@pytest.fixture(scope="module")
def empty_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The app as somebody starts it for the first time."""
    with running_app(tmp_path_factory.mktemp("empty")) as running:
        yield running


@pytest.fixture(scope="module")
def full_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The app with a generation in every state."""
    with running_full_app(tmp_path_factory.mktemp("full")) as running:
        yield running


@pytest.mark.parametrize("scene", to_visit(EMPTY, FLAWS))
def test_a_first_visit_breaks_no_rule(empty_app: RunningApp, page: Page, scene: str) -> None:
    EMPTY[scene](page, empty_app.url)
    assert broken_rules(page) == ""


@pytest.mark.parametrize("scene", to_visit(FULL, FLAWS))
def test_no_screen_breaks_a_rule(full_app: RunningApp, page: Page, scene: str) -> None:
    FULL[scene](page, full_app.url)
    assert broken_rules(page) == ""


def broken_rules(page: Page) -> str:
    """What axe finds in each look, a line each."""
    found: dict[str, list[str]] = {}
    for width, scheme in product(WIDTHS, SCHEMES):
        show(page, scheme, width)
        rules = EVERYTHING if scheme == "light" else COLOURS
        for line in violations(page, NOT_OURS, rules):
            found.setdefault(line, []).append(f"{scheme} {width}")
    show(page, "light", 1440)
    return "\n".join(f"{', '.join(where)}: {line}" for line, where in found.items())


def test_a_fault_is_found(page: Page) -> None:
    """The instrument itself: each of these is a fault that it must name."""
    page.goto("about:blank")
    page.set_content(
        "<html lang=en><title>t</title><main><h1>h</h1>"
        "<p style='color:#999;background:#fff'>pale</p><img src='data:,'><button></button>"
        "<button style='width:9px;height:9px;padding:0'>a</button><button style='width:9px;"
        "height:9px;padding:0'>b</button></main></html>"
    )
    named = {line.split()[0] for line in violations(page)}
    assert named == {"color-contrast", "image-alt", "button-name", "target-size"}
