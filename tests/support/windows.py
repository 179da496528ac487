"""A browser window that one module's tests share; each opens the screen it needs anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Dialog, Page

# Colours change at once instead of gliding for a quarter of a second at each look.
AT_ONCE = """
const sheet = new CSSStyleSheet();
sheet.replaceSync("* { transition: none !important; }");
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
"""


@contextmanager
def shared_window(browser: Browser, **options: Any) -> Iterator[Page]:
    """Open a window; fail at its end if a script of a page failed or opened a dialog.

    What is loaded once stays in its cache, so that a screen opens in half the time.
    """
    context = browser.new_context(viewport={"width": 1440, "height": 900}, **options)
    context.add_init_script(AT_ONCE)
    page = context.new_page()
    page.set_default_timeout(20_000)
    troubles: list[str] = []

    def refuse(dialog: Dialog) -> None:
        troubles.append(f"a dialog says: {dialog.message}")
        dialog.dismiss()

    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("dialog", refuse)
    yield page
    context.close()
    assert not troubles, troubles
