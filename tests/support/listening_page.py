"""What a listener does on the listeners' page, in Chromium."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect


def start(page: Page) -> None:
    """Begin a test, and go past the practice pair."""
    page.get_by_role("button", name="Start listening").click()
    page.get_by_role("button", name="Start pair 1").click()


def ready(page: Page) -> None:
    """Wait until the sounds of a pair can be played."""
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def hear(page: Page, *names: str) -> None:
    """Listen to each until it says that it was heard; X and Y unless named."""
    for name in names or ("X", "Y"):
        one = page.locator(".side").filter(has_text=re.compile(f"^{name}"))
        repeat = page.get_by_role("button", name="Repeat")
        one.click()
        if repeat.get_attribute("aria-pressed") == "false":
            repeat.click()  # so short a tune ends before one has switched
        expect(one).to_contain_text("heard", timeout=15_000)


def choose(page: Page, answer: str) -> None:
    """Pick an answer by its words."""
    page.locator("label", has_text=re.compile(f"{answer}$")).click()


def vote(page: Page) -> None:
    """Send the answer."""
    page.get_by_role("button", name="Vote", exact=True).click()
