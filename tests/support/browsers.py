"""Starts the Chromium that Debian packages."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]


def chromium() -> str | None:
    """Where Chromium is on this machine, if it is."""
    debian = Path("/usr/bin/chromium")
    return str(debian) if debian.exists() else shutil.which("chromium")


@contextmanager
def launch(playwright: Playwright, *flags: str) -> Iterator[Browser]:
    """A started Chromium, with further flags."""
    browser = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, *flags])
    try:
        yield browser
    finally:
        browser.close()
