"""Print a report with a browser of this machine, for writing that the PDF's own font lacks."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

__all__ = ["can_show", "find_browser", "print_pdf"]

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
_TIMEOUT_S = 40.0
_MOST_CHARACTERS = 60  # of one script, one font has all or none

_log = logging.getLogger(__name__)


def find_browser() -> str | None:
    """Return the path of a browser that prints without a screen; None if there is none."""
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    return found or (str(_MAC) if _MAC.exists() else None)


def can_show(characters: Iterable[str]) -> bool:
    """Return whether fonts of this machine have all of these characters.

    Where fontconfig is missing, as on macOS and Windows, the system brings fonts for all scripts.
    """
    lists = shutil.which("fc-list")
    return lists is None or all(
        subprocess.run(  # noqa: S603 - a tool of this machine, with a number
            [lists, f":charset={ord(one):x}", "family"], capture_output=True, check=False
        ).stdout
        for one in islice(characters, _MOST_CHARACTERS)
    )


def print_pdf(html: str) -> bytes | None:
    """Print HTML as PDF with the fonts of this machine; None where no browser can.

    Args:
        html: a page that loads nothing.
    """
    browser = find_browser()
    if browser is None:
        return None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        page, target = Path(folder, "report.html"), Path(folder, "report.pdf")
        page.write_text(html, encoding="utf-8")
        command = [
            browser,
            "--headless",
            "--disable-gpu",
            "--no-pdf-header-footer",
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={target}",
            page.as_uri(),
        ]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # Chromium refuses to run as root with it
        try:
            subprocess.run(  # noqa: S603 - a browser of this machine, with a page of ours
                command, capture_output=True, timeout=_TIMEOUT_S, check=True
            )
            return target.read_bytes()
        except (OSError, subprocess.SubprocessError):
            _log.warning("The browser of this machine could not print a report", exc_info=True)
            return None
