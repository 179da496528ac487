"""Create in a real browser: the button in sight, the keys, the price of a choice."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from support.app_process import RunningApp
from support.full_library import running_full_app
from support.screens import (
    card,
    choose_model,
    open_new_form,
    open_options,
    order_button,
    settle,
    write_prompt,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

SIZES = [(1440, 900), (1280, 720), (390, 844)]
LONG = "\n".join(f"[Verse {n}]\nA line of words that somebody sings" for n in range(30))
# Milliseconds from the click to the changed button, and whether it changed before the next paint
# but one: a click is handled in one frame, and its price is there when the next one begins.
PRICED = """
async ([button, choice]) => {
  const before = button.textContent;
  const start = performance.now();
  let frames = 0;
  choice.click();
  while (button.textContent === before && frames < 60) {
    await new Promise(requestAnimationFrame);
    frames += 1;
  }
  return [frames, performance.now() - start, button.textContent];
}
"""


@pytest.fixture(scope="module")
def full_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The app on the hundredth visit."""
    with running_full_app(tmp_path_factory.mktemp("full")) as running:
        yield running


def in_sight(page: Page, part: Locator) -> None:
    """The whole of it is inside the window, and nothing lies over its middle."""
    box = part.bounding_box()
    size = page.viewport_size
    assert box
    assert size
    assert box["y"] >= 0, box
    assert box["y"] + box["height"] <= size["height"], box
    assert part.evaluate(
        """part => {
          const box = part.getBoundingClientRect();
          const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
          return part.contains(top) || top.contains(part);
        }"""
    )


def all_in_sight(page: Page) -> None:
    """Prompt, chosen model with its price, and Make with its price."""
    settle(page)
    in_sight(page, page.get_by_label(re.compile("^Prompt")))
    chosen = page.locator(".st-key-model label").filter(has=page.locator("input:checked"))
    expect(chosen).to_have_text(re.compile(r"· \$\d"))
    in_sight(page, chosen)
    in_sight(page, order_button(page))
    assert page.locator("main").evaluate("main => main.scrollTop") == 0


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_first_visit_shows_prompt_model_and_make_without_scrolling(
    app: RunningApp, page: Page, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    open_new_form(page, app.url)
    order_button(page).wait_for()
    all_in_sight(page)
    write_prompt(page, "Somebody in the style of Taylor Swift")
    page.get_by_label("Prompt", exact=True).blur()
    expect(page.locator(".st-key-coach")).to_contain_text("Taylor Swift")
    all_in_sight(page)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_hundredth_visit_and_a_long_prompt_show_them_too(
    full_app: RunningApp, page: Page, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    open_new_form(page, full_app.url)
    order_button(page).wait_for()
    all_in_sight(page)
    write_prompt(page, LONG)
    page.get_by_label("Prompt", exact=True).blur()
    settle(page)
    page.wait_for_timeout(300)
    all_in_sight(page)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_make_stays_in_sight_while_the_form_scrolls(
    app: RunningApp, page: Page, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    open_new_form(page, app.url)
    page.get_by_role("radio", name="Build", exact=True).click()
    expect(page.get_by_label("Era or region")).to_be_visible()
    settle(page)
    main = page.locator("main")
    assert main.evaluate("main => main.scrollHeight > main.clientHeight + 50")
    for share in (0, 0.3):
        main.evaluate("(main, share) => { main.scrollTop = share * main.scrollHeight }", share)
        in_sight(page, order_button(page))


def test_prompt_grows_with_its_text(app: RunningApp, page: Page) -> None:
    open_new_form(page, app.url)
    field = page.get_by_label("Prompt", exact=True)
    small = field.bounding_box()
    write_prompt(page, "\n".join(f"line {n}" for n in range(8)))
    page.wait_for_timeout(200)
    grown = field.bounding_box()
    assert small
    assert grown
    assert grown["height"] > small["height"] + 60
    assert field.evaluate("field => field.scrollHeight <= field.clientHeight + 2")


def test_three_tabs_lead_from_the_prompt_to_make(app: RunningApp, page: Page) -> None:
    open_new_form(page, app.url)
    page.get_by_label("Prompt", exact=True).focus()
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(order_button(page)).to_be_focused()


def test_control_enter_orders_the_text_and_price_of_the_tab_once(
    app: RunningApp, page: Page, home: Path
) -> None:
    """The text was typed a moment ago and the app does not have it yet; the key is held."""
    open_new_form(page, app.url)
    choose_model(page, "Lyria 2")
    field = page.get_by_label("Prompt", exact=True)
    field.press_sequentially("Held down, slow harp [[error]]", delay=1)
    page.keyboard.down("Control")
    for _ in range(8):
        page.keyboard.down("Enter")  # all but the first are repeats
    page.keyboard.up("Enter")
    page.keyboard.up("Control")
    expect(card(page, "Held down, slow harp")).to_contain_text("Failed")
    settle(page)
    expect(field).to_be_focused()
    expect(field).to_have_value("Held down, slow harp [[error]]")
    with sqlite3.connect(home / "library.sqlite3") as library:
        rows = library.execute(
            "SELECT prompt, model_id FROM generations WHERE prompt LIKE 'Held down%'"
        ).fetchall()
    library.close()
    assert rows == [("Held down, slow harp [[error]]", "lyria-2")]


def test_shift_enter_and_enter_only_break_the_line(app: RunningApp, page: Page) -> None:
    open_new_form(page, app.url)
    field = page.get_by_label("Prompt", exact=True)
    field.press_sequentially("One")
    field.press("Enter")
    field.press("Shift+Enter")
    settle(page)
    expect(field).to_have_value("One\n\n")
    expect(page.locator("[class*='st-key-create-']").filter(has_text="One")).to_have_count(0)


def test_a_choice_shows_its_price_within_one_frame(app: RunningApp, page: Page) -> None:
    """Computed in the browser; the app confirms it later, and the button stays as it is."""
    open_new_form(page, app.url)
    open_options(page)
    button = order_button(page).element_handle()
    plus = page.locator(".st-key-takes").get_by_test_id("stNumberInputStepUp").element_handle()
    pro = page.locator(".st-key-model input").first.element_handle()
    also = page.locator(".st-key-also [role=toolbar] button").last.element_handle()
    choices = [
        (plus, "Make 2 tracks · $0.08 (demo)"),
        (pro, "Make 2 tracks · $0.16 (demo)"),
        (plus, "Make 3 tracks · $0.24 (demo)"),
        (also, "Make 6 tracks · $0.42 (demo)"),
    ]
    for choice, says in choices:
        frames, took_ms, label = page.evaluate(PRICED, [button, choice])
        assert label.endswith(says)
        assert frames <= 1, took_ms
        settle(page)
        page.wait_for_timeout(300)
        expect(order_button(page)).to_contain_text(says)
        also = page.locator(".st-key-also [role=toolbar] button").last.element_handle()
    expect(page.get_by_text("Options: 3 takes · also Lyria 2")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_what_was_just_ordered_is_on_screen_with_its_progress(
    app: RunningApp, page: Page, width: int, height: int
) -> None:
    """Also with older orders below it, and with several takes on one card."""
    page.set_viewport_size({"width": width, "height": height})
    open_new_form(page, app.url)
    title = f"Waltz number {width}"
    write_prompt(page, f"{title} [[slow 10]] [[error]]")
    open_options(page)
    page.locator(".st-key-takes").get_by_test_id("stNumberInputStepUp").click()
    expect(order_button(page)).to_contain_text("Make 2 tracks")
    order_button(page).click()
    newest = page.locator("[class*='st-key-create-']").first
    expect(newest).to_contain_text(title)
    expect(newest.get_by_role("progressbar")).to_have_count(2)
    page.wait_for_timeout(1200)  # it scrolls there
    for bar in newest.get_by_role("progressbar").all():
        box = bar.bounding_box()
        assert box
        assert 0 < box["y"] < height
    live = page.locator(".st-key-watch [role=status]")
    expect(live).to_have_text(re.compile("generating"))
    live.evaluate("region => { region.same = true }")
    expect(newest).to_contain_text("Failed", timeout=40_000)
    expect(live).to_have_text(re.compile(f"Failed: {title}"), timeout=20_000)
    assert live.evaluate("region => region.same"), "the region persists"
