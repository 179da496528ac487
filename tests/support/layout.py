"""Measuring how a screen is laid out, in the browser."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

# Streamlit's own fittings, whose size is its own: the mark that explains a field, the cross and the
# eye and the arrow inside a field, the anchor that a heading shows to a mouse, a dialog's cross.
NOT_OURS = ", ".join(
    (
        "button[aria-label^=Help]",
        "button[aria-label='Clear entry']",
        "button[aria-label='Show password']",
        "button[aria-label=Open]",
        "[data-testid=stHeaderActionElements]",
        "[role=dialog] > button[aria-label=Close]",
        "input[type=file]",
    )
)


def layout_problems(page: Page) -> list[str]:
    """Return what is wrong with the layout of a page as it stands, a line each.

    Sideways scrolling, text that leaves its button or card or is cut or lies over other text,
    placeholders without room, and controls of less than 24 by 24 CSS pixels.
    """
    found: list[str] = page.evaluate(_script(), NOT_OURS)
    return found


@cache
def _script() -> str:
    return Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
