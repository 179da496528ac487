"""Comparing by keyboard alone: make variants, order, hear, open a test."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from support.app_process import RunningApp, running_app
from support.keyboard import Keyboard
from support.screens import READY_MS, open_screen, settle

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The app, as the README starts it."""
    with running_app(tmp_path_factory.mktemp("home")) as running:
        yield running


def test_a_comparison_by_keyboard_alone(app: RunningApp, page: Page) -> None:
    open_screen(page, f"{app.url}/compare")
    expect(page.get_by_role("button", name="New comparison")).to_be_visible()
    settle(page)
    hands = Keyboard(page)
    hands.tab_to("New comparison")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Prompt of A")).to_be_visible()
    settle(page)

    hands.tab_to("Prompt of A")
    page.keyboard.type("Calm waltz, 12 seconds long")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Discard")).to_be_visible()
    settle(page)
    hands.tab_to("Add B as a copy of A")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Prompt of B")).to_have_value("Calm waltz, 12 seconds long")
    settle(page)
    hands.tab_to("Prompt of B", back=True)
    page.keyboard.press("Control+Home")
    page.keyboard.type("Very ")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".lyria-diff ins")).to_have_text("Very")
    settle(page)
    hands.tab_to("Make 2 tracks")
    page.keyboard.press("Enter")

    blind = page.get_by_role("button", name="Listen blind yourself")
    expect(blind).to_be_visible(timeout=READY_MS)
    settle(page)
    hands = Keyboard(page)
    hands.tab_to("Listen blind yourself")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Start listening")).to_be_visible(timeout=READY_MS)
    settle(page)
    hands.tab_to("Start listening")
