"""Waits until a screen has changed its width or colour scheme and nothing moves any more."""

from __future__ import annotations

from typing import Literal

from playwright.sync_api import Page

Scheme = Literal["light", "dark"]

STILL = """
([scheme, width]) =>
  innerWidth === width &&
  getComputedStyle(document.querySelector("[data-testid=stApp]")).colorScheme === scheme &&
  document.fonts.status === "loaded" &&
  document.getAnimations().every((moving) =>
    moving.playState !== "running" || moving.effect.getComputedTiming().endTime === Infinity)
"""
TWO_FRAMES = """
() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
"""


def show(page: Page, scheme: Scheme, width: int, height: int = 900) -> None:
    """Let a page be looked at on a screen of this width (CSS pixels) and colour scheme."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function(STILL, arg=[scheme, width])
    # What a change of size sets off (observers, drawing on a canvas) is done two frames later.
    page.evaluate(TWO_FRAMES)
