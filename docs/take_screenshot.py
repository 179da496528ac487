"""Take the screenshots of the README: `python docs/take_screenshot.py` (needs Chromium)."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent / "tests"))

from support.app_process import running_app  # noqa: E402
from support.browsers import launch  # noqa: E402
from support.screens import (  # noqa: E402
    READY_MS,
    card,
    choose_model,
    expect_ready,
    open_screen,
    order_button,
    play,
    settle,
    write_prompt,
)

MADE = (
    ("Lyria 2", "Epic orchestral trailer, 90 BPM, D minor, taiko drums and French horns"),
    ("Lyria 3", "Warm lo-fi hip hop, 80 BPM, D minor, Rhodes and jazz guitar. Instrumental only."),
)
UNDER_WAY = (
    "Lyria 3",
    "Smoky late-night jazz trio, 110 BPM, walking double bass, piano and tenor sax, B flat "
    "major. Instrumental only, no vocals.",
)


def main() -> None:
    """Take a picture of making tracks and one of comparing two."""
    with (
        tempfile.TemporaryDirectory() as home,
        running_app(Path(home), {"LYRIA_SANDBOX_PACE": "demo"}) as app,
        sync_playwright() as playwright,
        launch(playwright) as browser,
    ):
        page = browser.new_page(viewport={"width": 1440, "height": 900}, device_scale_factor=1.25)
        picture_of_creating(page, app.url)
        picture_of_comparing(page, f"{app.url}/compare")


def picture_of_creating(page: Page, url: str) -> None:
    """Order two tracks, play one, order a third, and take the picture while it is made."""
    open_screen(page, url)
    for model, prompt in MADE:
        order(page, model, prompt)
        expect_ready(card(page, prompt[:40]))
    play(page, card(page, MADE[1][1][:40]))
    order(page, *UNDER_WAY)
    card(page, UNDER_WAY[1][:30]).get_by_text("Generating").first.wait_for()
    settle(page)
    page.mouse.move(5, 5)
    page.screenshot(path=DOCS / "create.png")
    # A toast announces the finished track; the next screenshot shows another screen.
    expect_ready(card(page, UNDER_WAY[1][:40]))


def picture_of_comparing(page: Page, url: str) -> None:
    """Compare two prompts, and take the picture while B is heard."""
    open_screen(page, url)
    page.get_by_role("button", name="Make this comparison").click()
    page.get_by_role("button", name="Listen blind yourself").wait_for(timeout=READY_MS)
    player = page.get_by_role("group", name="Player in step")
    player.get_by_role("button", name="Play", exact=True).click()
    player.get_by_role("button", name="Pause", exact=True).wait_for()
    player.get_by_role("button", name="Hear B").click()
    page.get_by_role("alert").last.wait_for(state="detached")
    page.wait_for_timeout(6000)
    page.mouse.move(5, 5)
    page.screenshot(path=DOCS / "compare.png")


def order(page: Page, model: str, prompt: str) -> None:
    """Order one track by the form."""
    choose_model(page, model)
    write_prompt(page, prompt)
    order_button(page).click()


if __name__ == "__main__":
    main()
