"""What a person does on the screens, for tests that drive a browser."""

import os
import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

READY_MS = 60_000
PICTURES = bool(os.environ.get("LYRIA_ARTIFACTS"))
"""Whether to take screenshots, which cost time."""
ARTIFACTS = Path(
    os.environ.get("LYRIA_ARTIFACTS") or Path(__file__).resolve().parents[2] / "artifacts"
)


def open_screen(page: Page, url: str) -> None:
    """Open an address and wait until the screen is drawn."""
    page.goto(url)
    settle(page)


def open_new_form(page: Page, url: str) -> None:
    """Open the app as in a new tab: nothing of what this one held comes back."""
    page.goto(f"{url}/_stcore/health")
    page.evaluate("sessionStorage.clear()")
    open_screen(page, url)


def settle(page: Page) -> None:
    """Wait until the app has nothing more to draw."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def choose_model(page: Page, name: str) -> None:
    """Pick a model by clicking its card."""
    page.locator("[role=radiogroup] label").filter(
        has_text=re.compile(rf"^{re.escape(name)} ·")
    ).click()
    expect(page.get_by_role("radio", name=re.compile(rf"^{re.escape(name)} ·"))).to_be_checked()
    settle(page)


def write_prompt(page: Page, prompt: str) -> None:
    """Type a prompt in place of what stands there."""
    page.get_by_label("Prompt", exact=True).fill(prompt)


def open_options(page: Page) -> None:
    """Unfold the line that holds takes, more models, images, negative prompt and seed."""
    takes = page.get_by_label("Takes", exact=True)
    if not takes.is_visible():
        page.get_by_text(re.compile(r"^Options: ")).click()
    takes.click()  # waits until it has stopped unfolding


def images_field(page: Page) -> Locator:
    """Where the addresses of images are written; it is folded away at first."""
    open_options(page)
    return page.get_by_label(re.compile("^Images .*one address a line"))


def order_button(page: Page) -> Locator:
    """The one button that costs money."""
    return page.get_by_role("button", name=re.compile(r"Make \d+ track"))


def card(page: Page, words: str) -> Locator:
    """The newest generation whose prompt begins with these words."""
    return (
        page.locator("[class*='st-key-create-'], [class*='st-key-history-']")
        .filter(has_text=words)
        .first
    )


def expect_ready(generation: Locator) -> None:
    """Wait until the track of a generation can be played."""
    play = generation.get_by_role("button", name=re.compile("^Play"))
    expect(play).to_be_visible(timeout=READY_MS)


def play(page: Page, generation: Locator) -> None:
    """Press play and wait until the sound has really moved on."""
    generation.get_by_role("button", name=re.compile("^Play")).click()
    expect_sound(page, generation)


def sound(page: Page, generation: Locator) -> Locator:
    """The audio element while it holds the track of a generation; it outlives every redrawing."""
    key = generation.locator("[class*='st-key-play-']").first.get_attribute("class") or ""
    [track] = re.findall(r"st-key-play-(\S+)", key)
    return page.locator(f"#lyria-sounds audio[data-track='{track}']")


def bar(page: Page) -> Locator:
    """The player bar at the bottom of every screen."""
    return page.get_by_role("group", name="Now playing")


def expect_sound(page: Page, generation: Locator, beyond_s: float = 0.8) -> None:
    """Wait until the sound of a generation plays beyond a position."""
    page.wait_for_function(
        "([audio, beyond]) => !audio.paused && !audio.error && audio.currentTime > beyond",
        arg=[sound(page, generation).element_handle(), beyond_s],
    )


def position_s(page: Page, generation: Locator) -> float:
    """Where the sound of a generation is."""
    return float(sound(page, generation).evaluate("audio => audio.currentTime"))


def picture(page: Page, name: str) -> None:
    """Keep a picture of the whole screen beside the other artefacts of a test run."""
    if not PICTURES:
        return
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"{name}.png", full_page=True)
