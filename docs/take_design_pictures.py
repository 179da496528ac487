"""Take the pictures of docs/design.md: `python docs/take_design_pictures.py` (needs Chromium)."""

import re
import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, sync_playwright

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent / "tests"))

from support.browsers import launch  # noqa: E402
from support.full_library import running_full_app  # noqa: E402
from support.screens import open_screen  # noqa: E402

LOOKS: tuple[tuple[Literal["light", "dark"], Literal["none", "active"]], ...] = (
    ("light", "none"),
    ("dark", "none"),
    ("light", "active"),
)


def main() -> None:
    """Take a picture of a card over the bar in each look, and one of a phone."""
    with (
        tempfile.TemporaryDirectory() as home,
        running_full_app(Path(home)) as app,
        sync_playwright() as playwright,
        launch(playwright) as browser,
    ):
        for scheme, forced in LOOKS:
            context = browser.new_context(
                viewport={"width": 1000, "height": 620}, color_scheme=scheme, forced_colors=forced
            )
            name = "contrast" if forced == "active" else scheme
            picture(context.new_page(), app.url, f"design-{name}")
        phone = browser.new_page(viewport={"width": 390, "height": 700})
        picture(phone, app.url, "design-phone")


def picture(page: Page, url: str, name: str) -> None:
    """Play a track of History, and take the picture."""
    open_screen(page, f"{url}/history")
    page.get_by_role("button", name=re.compile("^Play ")).first.click()
    page.get_by_role("group", name="Now playing").wait_for()
    page.get_by_role("slider", name="Position").press("PageUp")
    page.wait_for_timeout(500)
    page.screenshot(path=DOCS / f"{name}.png")


if __name__ == "__main__":
    main()
