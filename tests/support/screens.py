"""What a person does on the screens, for tests that drive a browser."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

READY_S = 60_000


def open_screen(page: Page, url: str) -> None:
    """Open an address and wait until the screen is drawn."""
    page.goto(url)
    settle(page)


def settle(page: Page) -> None:
    """Wait until the app has nothing more to draw."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def choose_model(page: Page, name: str) -> None:
    """Pick a model by its card."""
    page.get_by_role("radio", name=re.compile(rf"^{re.escape(name)}\b")).check(force=True)
    settle(page)


def write_prompt(page: Page, prompt: str) -> None:
    """Type a prompt into an emptied field, as a person does."""
    field = page.get_by_label("Prompt", exact=True)
    field.fill(prompt)


def order(page: Page) -> None:
    """Click the one button that costs money."""
    page.get_by_role("button", name=re.compile("^graphic_eq Make|^Make")).click()


def cards(page: Page, place: str = "create") -> Locator:
    """The generations on a screen, newest first."""
    return (
        page.locator(f"[class*='st-key-{place}-']")
        .filter(has=page.get_by_role("group"))
        .or_(page.locator(f"[class*='st-key-{place}-']"))
    )


def card_of(page: Page, words: str) -> Locator:
    """The newest generation whose prompt begins with these words."""
    return (
        page.locator("[class*='st-key-create-'], [class*='st-key-history-']")
        .filter(has_text=words)
        .first
    )


def play_and_listen(page: Page, card: Locator) -> float:
    """Press play and wait until the sound has really moved on; returns the position in seconds."""
    card.get_by_role("button", name=re.compile("^Play")).click()
    audio = card.locator("audio")
    page.wait_for_function(
        "audio => audio.currentTime > 0.8 && !audio.paused && audio.readyState >= 2",
        arg=audio.element_handle(),
        timeout=15_000,
    )
    position: float = audio.evaluate("audio => audio.currentTime")
    card.get_by_role("button", name=re.compile("^Pause")).click()
    return position


def expect_ready(card: Locator) -> None:
    """Wait until the track of a card is there."""
    expect(card.get_by_role("button", name=re.compile("^Play"))).to_be_visible(timeout=READY_S)


def screenshot(page: Page, name: str) -> Path:
    """Keep a picture beside the other artefacts of a test run."""
    folder = Path("artifacts")
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path
