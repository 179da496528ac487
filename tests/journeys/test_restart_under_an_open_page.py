"""The app is killed and started again while a page stays open in a real browser."""

import re
import sqlite3
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from support.app_process import free_port, running_app
from support.screens import (
    card,
    choose_model,
    expect_ready,
    open_screen,
    order_button,
    settle,
    write_prompt,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CAUGHT_UP_MS = 5_000


def prompts(home: Path) -> list[str]:
    """The prompts that were ordered."""
    library = sqlite3.connect(home / "library.sqlite3")
    found = [
        row[0] for row in library.execute("SELECT prompt FROM generations ORDER BY created_at")
    ]
    library.close()
    return found


def expect_connected(page: Page) -> None:
    """Wait until the open page has found the new app and is drawn."""
    page.wait_for_selector("[data-testid=stApp][data-test-connection-state=CONNECTED]")
    settle(page)


def test_typed_text_survives_a_restart_and_is_what_is_ordered(page: Page, tmp_path: Path) -> None:
    port = free_port()
    with running_app(tmp_path, port=port) as app:
        open_screen(page, app.url)
        choose_model(page, "Lyria 2")
        write_prompt(page, "The old waltz")
        page.get_by_role("textbox", name="Leave out").fill("drums")
        page.get_by_role("textbox", name="Seed").fill("41")
        settle(page)
        page.wait_for_url(re.compile("form="))
        page.get_by_label("Prompt", exact=True).fill("The new polka")
        app.kill()
    with running_app(tmp_path, port=port):
        expect_connected(page)
        expect(page.get_by_label("Prompt", exact=True)).to_have_value("The new polka")
        page.get_by_role("textbox", name="Seed").fill("42")
        expect(order_button(page)).to_contain_text("$0.06")
        order_button(page).click()
        expect_ready(card(page, "The new polka"))
        library = sqlite3.connect(tmp_path / "library.sqlite3")
        [row] = library.execute("SELECT prompt, negative_prompt, seed, model_id FROM generations")
        library.close()
        assert row == ("The new polka", "drums", 42, "lyria-2")


def test_open_page_shows_a_track_that_was_finished_after_a_restart(
    page: Page, tmp_path: Path
) -> None:
    port = free_port()
    with running_app(tmp_path, {"LYRIA_SANDBOX_PACE": "demo"}, port) as app:
        open_screen(page, app.url)
        choose_model(page, "Lyria 2")
        write_prompt(page, "Steady marimba, 110 BPM")
        order_button(page).click()
        expect(card(page, "Steady marimba")).to_contain_text(re.compile("Queued|Being made"))
        app.kill()
    with running_app(tmp_path, port=port):
        expect_connected(page)
        expect_ready(card(page, "Steady marimba"))
