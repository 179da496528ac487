"""What every screen has: the name, tabs on a phone, colours that a person forces, still layout."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect
from support.axe import violations
from support.compared_library import Compared, running_compared_app
from support.layout import layout_problems
from support.screens import ARTIFACTS, PICTURES, bar, open_screen, settle
from support.windows import shared_window

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

HEADINGS = {
    "": "What should it sound like?",
    "compare": "Compare",
    "history": "History",
    "pricing": "Pricing",
    "settings": "Settings",
}
FOREIGN = ("Made with Streamlit", "Record a screencast", "Deploy", "Clear cache", "Rerun")
# WCAG 1.4.12, in every shadow root as well.
SPACING = """
() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }
    /* Names of icons in a font of icons are no text. */
    [data-testid=stIconMaterial] { letter-spacing: 0 !important; }`);
  const dress = (root) => {
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    for (const one of root.querySelectorAll("*")) if (one.shadowRoot) dress(one.shadowRoot);
  };
  dress(document);
}
"""


SHIFTS = """
globalThis.shifts = 0;
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) shifts += one.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compared]:
    """The app with tracks and comparisons in every state."""
    with running_compared_app(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture
def forced(browser: Browser) -> Iterator[Page]:
    """A window of 320 px whose owner forces colours and wants nothing to move."""
    with shared_window(browser, forced_colors="active", reduced_motion="reduce") as page:
        page.set_viewport_size({"width": 320, "height": 4000})
        yield page


def contrast_inside(element: Locator) -> float:
    """The contrast between the lightest and the darkest pixel of an element."""
    picture = Image.open(io.BytesIO(element.screenshot())).convert("RGB")
    linear = [
        [p / 255 / 12.92 if p <= 10 else ((p / 255 + 0.055) / 1.055) ** 2.4 for p in pixel]
        for pixel in {*picture.get_flattened_data()}
    ]
    lights = [0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in linear]
    highest, lowest = float(max(lights)), float(min(lights))
    return (highest + 0.05) / (lowest + 0.05)


def unsound(page: Page) -> list[str]:
    """What is wrong with the layout; a placeholder may be cut, since its label asks the same."""
    return [line for line in layout_problems(page) if not line.startswith("placeholder")]


def keep_picture(page: Page, name: str) -> None:
    if PICTURES:
        ARTIFACTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=ARTIFACTS / f"{name}.png")


@pytest.mark.parametrize("width", [1280, 390])
def test_every_screen_shows_the_name_and_no_foreign_menu(
    compared: Compared, page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for path, heading in HEADINGS.items():
        open_screen(page, f"{compared.app.url}/{path}")
        expect(page.get_by_role("heading", name=heading, exact=True).first).to_be_visible()
        expect(page).to_have_title(re.compile("Lyria Studio"))
        logo = page.get_by_role("banner").get_by_role("img", name="Logo")
        expect(logo).to_be_visible()
        assert logo.evaluate("img => img.complete && img.naturalWidth > 100")
        expect(page.get_by_test_id("stMainMenu")).to_have_count(0)
        for words in FOREIGN:
            expect(page.get_by_text(words)).to_have_count(0)


def test_on_a_phone_tabs_lead_to_every_screen(compared: Compared, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_screen(page, f"{compared.app.url}/history")
    page.evaluate("globalThis.sameDocument = true")
    tabs = page.get_by_role("navigation", name="Screens")
    expect(tabs.get_by_role("link")).to_have_count(len(HEADINGS))
    names = tabs.get_by_role("link").all_inner_texts()
    for name, heading in zip(names, HEADINGS.values(), strict=True):
        tab = tabs.get_by_role("link", name=name)
        tab.click()
        expect(page.get_by_role("heading", name=heading, exact=True).first).to_be_visible()
        expect(tab).to_have_attribute("aria-current", "page")
        box = tab.bounding_box()
        assert box
        assert box["height"] >= 44
        assert box["y"] + box["height"] <= 844
    assert page.evaluate("sameDocument")
    page.go_back()
    expect(page.get_by_role("heading", name="Pricing", exact=True)).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(tabs).to_be_hidden()


@pytest.mark.parametrize("path", [*list(HEADINGS)[1:], "compare?comparison={judged}"])
def test_forced_colours_narrow_screens_and_wide_text_lose_nothing(
    compared: Compared, forced: Page, path: str
) -> None:
    address = path.format(judged=compared.judged)
    open_screen(forced, f"{compared.app.url}/{address}")
    plays = forced.get_by_role("button", name=re.compile("^Play"))
    if address.startswith(("history", "compare?")):
        expect(plays.first).to_be_visible()
    for play in plays.all():
        play.scroll_into_view_if_needed()
        assert contrast_inside(play.locator("svg").first) >= 3, play
    forced.wait_for_timeout(300)
    keep_picture(forced, f"forced-{address.partition('?')[0] or 'create'}-{len(address)}")
    found = unsound(forced) + violations(forced, ("[data-testid=stToast]",))
    forced.evaluate(SPACING)
    forced.wait_for_timeout(300)
    found += [f"spaced: {line}" for line in unsound(forced)]
    assert "\n".join(found) == ""


def test_forced_colours_keep_progress_and_choices_of_the_bar(
    compared: Compared, forced: Page
) -> None:
    forced.set_viewport_size({"width": 1280, "height": 800})
    open_screen(forced, f"{compared.app.url}/history")
    forced.get_by_role("button", name=re.compile("^Play")).first.click()
    player = bar(forced)
    expect(player).to_be_visible()
    loop = player.get_by_role("button", name="Loop")
    before = loop.screenshot()
    loop.click()
    forced.mouse.move(0, 0)
    loop.evaluate("element => element.blur()")
    assert loop.screenshot() != before
    assert contrast_inside(player.get_by_role("button", name=re.compile("^Pause"))) >= 3
    played, rest = player.locator(".wave .ink").all()
    colour = "layer => getComputedStyle(layer.querySelector('svg')).fill"
    assert played.evaluate(colour) != rest.evaluate(colour)


@pytest.mark.parametrize("path", [path for path in HEADINGS if path])
def test_nothing_jumps_while_a_screen_loads(compared: Compared, page: Page, path: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.add_init_script(SHIFTS)
    open_screen(page, f"{compared.app.url}/{path}")
    page.wait_for_timeout(1500)
    settle(page)
    assert page.evaluate("shifts") < 0.05
