"""Checks of a state of the Compare screen: screenshots, layout, and axe's rules."""

from __future__ import annotations

import re
from itertools import product

from playwright.sync_api import Page
from support.axe import COLOURS, EVERYTHING, violations
from support.layout import layout_problems
from support.screens import ARTIFACTS
from support.stillness import Scheme, show

WIDTHS = (1440, 820, 390)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
TALL = 3800
# The box of a check box is small; its label, which takes the click as well, is not.
LABELLED = re.compile(r"target is small: <input> “(Compare|Yes, delete it)”")


def looked_at(page: Page, scene: str) -> str:
    """Take a picture of each look; what is wrong, a line each."""
    ARTIFACTS.mkdir(exist_ok=True)
    found: dict[str, list[str]] = {}
    for width, scheme in product(WIDTHS, SCHEMES):
        show(page, scheme, width, TALL)
        lines = layout_problems(page) if scheme == "light" else []
        if width != 820:
            lines += violations(page, rules=EVERYTHING if scheme == "light" else COLOURS)
        for line in lines:
            if not LABELLED.match(line):
                found.setdefault(line, []).append(f"{scheme} {width}")
        used = page.locator("main").evaluate("main => main.firstElementChild.scrollHeight")
        page.screenshot(
            path=ARTIFACTS / f"look-{scene}-{width}-{scheme}.png",
            clip={"x": 0, "y": 0, "width": width, "height": min(TALL, max(900, used))},
        )
    show(page, "light", 1440)
    return "\n".join(f"{', '.join(where)}: {line}" for line, where in found.items())
