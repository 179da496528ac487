"""The whole journey by keyboard alone: Tab, arrows, Enter, Space and Escape."""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, expect
from support.app_process import RunningApp
from support.keyboard import Keyboard
from support.screens import (
    card,
    expect_ready,
    expect_sound,
    open_new_form,
    open_screen,
    position_s,
    settle,
    sound,
)
from support.slow_wire import SlowWire
from support.windows import shared_window

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

PROMPT = "Calm solo piano, 70 BPM, C major"


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One window for the whole journey."""
    with shared_window(browser, reduced_motion="reduce") as window:
        yield window


def test_from_a_prompt_to_music(app: RunningApp, page: Page) -> None:
    open_screen(page, app.url)
    hands = Keyboard(page)
    assert hands.press("Tab").name == "Skip to main content"

    hands.tab_to("Prompt$")
    page.keyboard.type(PROMPT)
    hands.tab_to("Lyria 3 ·", limit=1)
    assert hands.press("ArrowRight").name.startswith("Lyria 2 ·")
    settle(page)
    expect(page.get_by_role("radio", name=re.compile("^Lyria 2 ·"))).to_be_checked()
    hands.tab_to("Make 1 track", limit=2)
    hands.press("Enter")
    expect_ready(card(page, PROMPT))
    assert hands.look().name.startswith("Make 1 track"), "ordering must not move the focus"

    hands.tab_to("Play ")
    hands.press("Enter")
    expect_sound(page, card(page, PROMPT))
    hands.tab_to("Position")
    hands.press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight")
    expect_sound(page, card(page, PROMPT), beyond_s=20)
    hands.press("Home")
    page.wait_for_function(
        "audio => audio.currentTime < 5", arg=sound(page, card(page, PROMPT)).element_handle()
    )
    hands.tab_to("Pause ", back=True)
    hands.press("Space")
    assert sound(page, card(page, PROMPT)).evaluate("audio => audio.paused")
    rested = position_s(page, card(page, PROMPT))
    hands.press("Space")
    expect_sound(page, card(page, PROMPT), beyond_s=rested + 0.2)


def test_from_the_form_to_history_and_into_the_details(app: RunningApp, page: Page) -> None:
    open_screen(page, app.url)
    expect_ready(card(page, PROMPT))
    hands = Keyboard(page)
    hands.tab_to("History$")
    hands.press("Enter")
    page.wait_for_url("**/history*")
    settle(page)
    expect_ready(card(page, PROMPT))
    hands.tab_to("Details")
    hands.press("Enter")
    told = page.get_by_text("Request id at the gateway")
    expect(told).to_be_visible()
    hands.press("Escape")
    expect(told).not_to_be_visible()
    assert hands.look().name.startswith("Details"), "closing must give the focus back"


def test_a_dialog_holds_the_focus_and_gives_it_back(app: RunningApp, page: Page) -> None:
    open_screen(page, app.url)
    hands = Keyboard(page)
    hands.tab_to("Templates")
    hands.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name=re.compile("^Play")).first).to_be_visible()
    settle(page)
    hands.tab_to("Search")
    for _ in range(4):
        hands.press("Tab")
        assert dialog.evaluate("dialog => dialog.contains(document.activeElement)")
    hands.press("Escape")
    expect(dialog).not_to_be_visible()
    assert hands.look().name.startswith("Templates")


def test_a_dialog_stays_open_while_a_job_ends(app: RunningApp, page: Page) -> None:
    """News redraw the screen; what somebody reads in a dialog must survive that."""
    open_screen(page, app.url)
    hands = Keyboard(page)
    hands.tab_to("Prompt$")
    page.keyboard.type("Slow waltz [[slow 3]] [[error]]")
    hands.tab_to("Make 1 track")
    hands.press("Enter")
    expect(card(page, "Slow waltz")).to_be_visible()
    hands.tab_to("Templates", back=True)
    hands.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    hands.tab_to("Search")
    page.keyboard.type("wal")
    expect(page.get_by_test_id("stToast").filter(has_text="Failed")).to_be_visible()
    settle(page)
    page.keyboard.type("tz")
    expect(dialog.get_by_label("Search")).to_have_value("waltz")
    hands.press("Escape")
    expect(dialog).not_to_be_visible()
    settle(page)
    page.reload()
    settle(page)
    expect(dialog).not_to_be_visible()


def test_a_prompt_is_built(app: RunningApp, page: Page) -> None:
    open_new_form(page, app.url)
    hands = Keyboard(page)
    hands.tab_to("Describe")
    hands.press("ArrowRight", "Space")
    expect(page.get_by_label("Era or region")).to_be_visible()
    settle(page)
    sent = page.get_by_label("Prompt as it will be sent")
    hands.tab_to("Genre")
    page.keyboard.type("bossa")
    expect(page.get_by_role("option", name="bossa nova")).to_be_visible()
    hands.press("Enter")  # the first offer is the typed word itself, and it means the known one
    expect(sent).to_have_value(re.compile("bossa nova"))
    settle(page)
    hands.tab_to("Instruments")
    page.keyboard.type("hammond")
    expect(page.get_by_role("option", name="hammond organ")).to_be_visible()
    hands.press("Enter")
    expect(sent).to_have_value(re.compile("Instruments: hammond organ$", re.MULTILINE))
    settle(page)
    hands.tab_to("Add sections")
    hands.press("Enter")
    expect(page.get_by_label("Lyrics", exact=True)).to_be_visible()
    settle(page)
    hands.tab_to("From", back=True)
    page.keyboard.type("0:00")
    hands.tab_to("To")
    page.keyboard.type("0:10")
    hands.press("Tab")
    expect(sent).to_have_value(re.compile(r"\[0:00 - 0:10\] Intro"))
    settle(page)
    hands.tab_to(r"(Remove|Delete) (?!icon)")
    hands.press("Enter")
    expect(page.get_by_label("Lyrics", exact=True)).not_to_be_visible()
    expect(sent).not_to_have_value(re.compile("Intro"))


def test_typing_faster_than_the_network_answers_loses_nothing(
    app: RunningApp, browser: Browser
) -> None:
    """The screen still shows the old prompt while the second field is sent."""
    with shared_window(browser) as page:
        wire = SlowWire(page)
        open_screen(page, app.url)
        page.get_by_role("radio", name="Build", exact=True).click()
        page.get_by_role("button", name="Add sections").click()
        expect(page.get_by_label("Prompt as it will be sent")).to_have_value("[Intro]")
        settle(page)
        wire.hold()
        page.get_by_label("From", exact=True).focus()
        page.keyboard.type("0:05")
        page.keyboard.press("Tab")
        wire.wait_for_an_answer()
        page.keyboard.type("0:10")
        page.keyboard.press("Tab")
        wire.release()
        expect(page.get_by_label("Prompt as it will be sent")).to_have_value("[0:05 - 0:10] Intro:")


def test_tab_order_follows_the_form(app: RunningApp, page: Page) -> None:
    """In the order in which the form is read: never up, and along a row from left to right."""
    open_new_form(page, app.url)
    page.set_viewport_size({"width": 1440, "height": 1400})
    hands = Keyboard(page)
    start = hands.tab_to("Describe")
    hands.tab_to("Make 1 track")
    form = hands.stops[hands.stops.index(start) :]
    for before, after in pairwise(form):
        # A help mark sits beside its label, a little above the field.
        below = after.y > before.y - 45
        beside = after.x > before.x or after.y > before.y + 10
        assert below and beside, (before, after)
