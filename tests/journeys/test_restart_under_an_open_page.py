"""The app is killed and started again while a page stays open in a real browser."""

import re
import sqlite3
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from support.app_process import RunningApp, free_port, running_app
from support.screens import (
    card,
    choose_model,
    expect_ready,
    open_options,
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


def ready(home: Path) -> bool:
    """Whether every track is there."""
    library = sqlite3.connect(home / "library.sqlite3")
    [(missing,)] = library.execute("SELECT count(*) FROM generations WHERE state != 'ready'")
    library.close()
    return bool(missing == 0)


def kill(app: RunningApp, *pages: Page) -> None:
    """End the app, and wait until the open pages have noticed."""
    app.kill()
    for page in pages:
        expect(page.locator(".lyria-reconnecting")).to_have_text("Reconnecting…", timeout=20_000)


def expect_connected(page: Page) -> None:
    """Wait until the open page has found the new app and is drawn."""
    page.wait_for_selector("html:not([data-reconnecting])", state="attached")
    page.wait_for_selector("[data-testid=stApp][data-test-connection-state=CONNECTED]")
    settle(page)


def test_typed_text_survives_a_restart_and_is_what_is_ordered(page: Page, tmp_path: Path) -> None:
    port = free_port()
    with running_app(tmp_path, port=port) as app:
        open_screen(page, app.url)
        choose_model(page, "Lyria 2")
        write_prompt(page, "The old waltz")
        open_options(page)
        page.get_by_role("textbox", name="Negative prompt").fill("drums")
        page.get_by_role("textbox", name="Seed").fill("41")
        settle(page)
        page.wait_for_url(re.compile("form="))
        page.get_by_label("Prompt", exact=True).fill("The new polka")
        kill(app, page)
    with running_app(tmp_path, port=port):
        expect_connected(page)
        expect(page.get_by_label("Prompt", exact=True)).to_have_value("The new polka")
        open_options(page)
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
        expect(card(page, "Steady marimba")).to_contain_text(re.compile("Queued|Generating"))
        kill(app, page)
    with running_app(tmp_path, port=port):
        expect_connected(page)
        deadline = time.monotonic() + 60
        while not ready(tmp_path):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        play = card(page, "Steady marimba").get_by_role("button", name=re.compile("^Play"))
        expect(play).to_be_visible(timeout=CAUGHT_UP_MS)


def test_build_form_survives_a_restart(page: Page, tmp_path: Path) -> None:
    port = free_port()
    with running_app(tmp_path, port=port) as app:
        open_screen(page, app.url)
        write_prompt(page, "Genre: funk\n\n[0:00 - 0:10] Intro: quiet")
        page.get_by_role("radio", name="Build").click()
        happens = page.get_by_label("What happens")
        expect(happens).to_have_value("quiet")
        settle(page)
        happens.fill("loud horns")
        kill(app, page)
    with running_app(tmp_path, port=port):
        expect_connected(page)
        expect(happens).to_have_value("loud horns")
        page.get_by_label("Anything else").click()
        prompt = page.get_by_label("Prompt as it will be sent", exact=True)
        expect(prompt).to_have_value("Genre: funk\n\n[0:00 - 0:10] Intro: loud horns")
        order_button(page).click()
        expect(card(page, "Genre: funk")).to_be_visible()
        assert prompts(tmp_path) == ["Genre: funk\n\n[0:00 - 0:10] Intro: loud horns"]


def test_comparison_form_survives_a_restart_and_shows_its_tracks(
    page: Page, tmp_path: Path
) -> None:
    port = free_port()
    with running_app(tmp_path, port=port) as app:
        open_screen(page, f"{app.url}/compare")
        page.get_by_role("button", name="New comparison").click()
        first = page.get_by_label("Prompt of A", exact=True)
        first.fill("Calm waltz, 96 BPM")
        first.press("Control+Enter")
        second = page.get_by_label("Prompt of B", exact=True)
        expect(second).to_have_value("Calm waltz, 96 BPM")
        settle(page)
        second.fill("Calm polka, 96 BPM")
        kill(app, page)
    with running_app(tmp_path, {"LYRIA_SANDBOX_PACE": "demo"}, port) as app:
        expect_connected(page)
        expect(second).to_have_value("Calm polka, 96 BPM")
        takes = page.get_by_role("spinbutton", name="Takes of each variant")
        takes.fill("1")
        takes.press("Enter")
        expect(order_button(page)).to_contain_text("$0.08")
        order_button(page).click()
        expect(page.get_by_role("heading", name=re.compile("polka|waltz"))).to_be_visible()
        kill(app, page)
    assert sorted(prompts(tmp_path)) == ["Calm polka, 96 BPM", "Calm waltz, 96 BPM"]
    with running_app(tmp_path, port=port):
        expect_connected(page)
        expect(page.get_by_role("group", name=re.compile("Player in step"))).to_be_visible(
            timeout=60_000
        )


def test_open_dialog_and_its_text_survive_a_restart(page: Page, tmp_path: Path) -> None:
    port = free_port()
    with running_app(tmp_path, port=port) as app:
        open_screen(page, app.url)
        write_prompt(page, "The old waltz")
        page.get_by_role("button", name="Templates").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Search").fill("podcast")
        settle(page)
        kill(app, page)
    with running_app(tmp_path, port=port):
        expect_connected(page)
        expect(dialog.get_by_label("Search")).to_have_value("podcast")


# Clicks a button at the very moment at which the page is connected again.
CLICK_AT_ONCE = """([name]) => {
  const app = document.querySelector("[data-testid=stApp]");
  new MutationObserver((_, observer) => {
    if (app.getAttribute("data-test-connection-state") !== "CONNECTED") return;
    observer.disconnect();
    const button = [...document.querySelectorAll("main button")].find((one) =>
      one.textContent.includes(name));
    window.noticed = document.querySelector(".lyria-reconnecting").textContent;
    window.dimmed = Number(getComputedStyle(button).opacity) < 1;
    button.click();
  }).observe(app, { attributes: true, attributeFilter: ["data-test-connection-state"] });
}"""


def test_first_click_after_a_restart_is_refused_for_all_to_see(page: Page, tmp_path: Path) -> None:
    port = free_port()
    create, compare, priced = page, page.context.new_page(), page.context.new_page()
    with running_app(tmp_path, port=port) as app:
        open_screen(create, app.url)
        write_prompt(create, "Slow marimba waltz")
        expect(order_button(create)).to_be_enabled()
        open_screen(compare, f"{app.url}/compare")
        open_screen(priced, app.url)
        tried = (
            (create, "Templates", create.get_by_role("dialog")),
            (compare, "New comparison", compare.get_by_label("Prompt of A", exact=True)),
            (priced, "Models", priced.get_by_text("instrumental only")),
        )
        for tab, name, _ in tried:
            settle(tab)
            tab.evaluate(CLICK_AT_ONCE, [name])
        kill(app, create, compare, priced)
    with running_app(tmp_path, port=port):
        for tab, name, effect in tried:
            expect_connected(tab)
            assert tab.evaluate("window.noticed") == "Reconnecting…"
            assert tab.evaluate("window.dimmed")
            expect(effect).to_be_hidden()
            tab.get_by_role("button", name=name).first.click()
            expect(effect).to_be_visible()
    assert prompts(tmp_path) == []
