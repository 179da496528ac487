"""What a tab holds that the app does not have, in a real browser: reloads, copies, late texts."""

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from support.app_process import RunningApp, running_app
from support.library_rows import in_state
from support.screens import choose_model, open_screen, order_button, settle, write_prompt
from support.windows import shared_window

from lyria_studio.library import Library
from lyria_studio.model.states import State

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def prompt(page: Page) -> str:
    """What stands in the box."""
    return page.get_by_label("Prompt", exact=True).input_value()


def expect_prompt(page: Page, text: str) -> None:
    """Wait until this stands in the box."""
    expect(page.get_by_label("Prompt", exact=True)).to_have_value(text)


def orders(home: Path) -> list[str]:
    """The prompts that were ordered."""
    library = sqlite3.connect(home / "library.sqlite3")
    found = [row[0] for row in library.execute("SELECT prompt FROM generations")]
    library.close()
    return found


@pytest.mark.parametrize("stored", ["", "An older draft"])
def test_text_that_was_never_sent_survives_a_reload(
    app: RunningApp, page: Page, stored: str
) -> None:
    open_screen(page, app.url)
    if stored:
        write_prompt(page, stored)
        page.get_by_label("Prompt", exact=True).blur()
        page.wait_for_url(re.compile("form="))
        settle(page)
    page.get_by_label("Prompt", exact=True).fill("Typed and never sent")
    page.reload()
    settle(page)
    expect_prompt(page, "Typed and never sent")
    page.reload()
    settle(page)
    expect_prompt(page, "Typed and never sent")


def test_newer_text_of_the_app_wins_over_text_typed_before_a_reload(
    app: RunningApp, page: Page
) -> None:
    """A copy of the tab has written something else in the meantime; the typed text is an Undo."""
    open_screen(page, app.url)
    write_prompt(page, "The base")
    page.get_by_label("Prompt", exact=True).blur()
    page.wait_for_url(re.compile("form="))
    settle(page)
    copy = page.context.new_page()
    open_screen(copy, page.url)
    page.get_by_label("Prompt", exact=True).fill("Typed and never sent")
    write_prompt(copy, "Newer in the app")
    copy.get_by_label("Prompt", exact=True).blur()
    settle(copy)
    copy.wait_for_timeout(1000)
    page.reload()
    settle(page)
    expect_prompt(page, "Newer in the app")
    page.get_by_role("button", name="Undo").click()
    expect_prompt(page, "Typed and never sent")


def test_separate_tabs_have_separate_drafts(app: RunningApp, page: Page) -> None:
    other = page.context.new_page()
    for tab, text in ((page, "In one tab"), (other, "In another tab")):
        open_screen(tab, app.url)
        write_prompt(tab, text)
        tab.get_by_label("Prompt", exact=True).blur()
        tab.wait_for_url(re.compile("form="))
        settle(tab)
    page.reload()
    settle(page)
    expect_prompt(page, "In one tab")
    other.reload()
    settle(other)
    expect_prompt(other, "In another tab")


def test_draft_comes_back_after_a_reload_on_another_screen(app: RunningApp, page: Page) -> None:
    open_screen(page, app.url)
    write_prompt(page, "Half a thought")
    page.get_by_role("link", name="History").click(delay=200)  # as a person presses
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    page.reload()
    settle(page)
    page.get_by_role("link", name="Create").click()
    expect_prompt(page, "Half a thought")


def test_order_of_a_text_that_the_app_does_not_have_orders_nothing(
    app: RunningApp, page: Page, home: Path
) -> None:
    """The tab shows one text and the app has another, as where a change was lost on the way."""
    open_screen(page, app.url)
    choose_model(page, "Lyria 2")
    write_prompt(page, "What the app has")
    page.get_by_label("Prompt", exact=True).blur()
    settle(page)
    before = orders(home)
    page.evaluate("document.querySelector('.st-key-prompt textarea').value = 'What the tab shows'")
    order_button(page).click()
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text("This tab showed “What the tab shows”")
    expect(refusal).to_contain_text("the app has “What the app has”")
    expect(refusal).to_contain_text("Nothing was ordered")
    assert orders(home) == before


def test_a_comparison_keeps_text_that_was_never_sent(app: RunningApp, page: Page) -> None:
    open_screen(page, f"{app.url}/compare")
    page.get_by_role("button", name="New comparison").click()
    field = page.get_by_label("Prompt of A", exact=True)
    field.fill("Typed and never sent")
    page.reload()
    settle(page)
    expect(field).to_have_value("Typed and never sent")


def expect_view(page: Page, search: str, model: str, newest: str) -> None:
    """Expect what History shows: its search, its model and its first row."""
    expect(page.get_by_role("searchbox", name="Search in prompts")).to_have_value(search)
    expect(page.get_by_role("combobox", name="Model")).to_have_value(model)
    expect(page.locator("[class*='st-key-heading-history-']").first).to_contain_text(newest)
    settle(page)


def test_back_returns_to_each_earlier_view_of_history(browser: Browser, tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        for number in range(50):
            model = ("lyria-3", "lyria-2")[number // 25]
            words = ("Waltz", "Polka")[number % 2]
            in_state(library, State.ERROR, prompt=f"{words} {number:02d}", model=model)
    views = [
        ("", "All models", "Polka 49"),
        ("", "All models", "Polka 39"),  # the second page
        ("waltz", "All models", "Waltz 48"),
        ("waltz", "All models", "Waltz 28"),  # its second page
        ("waltz", "Lyria 3", "Waltz 24"),
        ("polka", "Lyria 3", "Polka 23"),
    ]
    with running_app(tmp_path) as app, shared_window(browser) as page:
        open_screen(page, f"{app.url}/history")
        search = page.get_by_role("searchbox", name="Search in prompts")

        def choose_lyria_3() -> None:
            page.get_by_role("combobox", name="Model").click()
            page.get_by_role("option", name="Lyria 3", exact=True).click()

        second = page.get_by_role("button", name="Page 2", exact=True)
        steps: tuple[Callable[[], object], ...] = (
            second.click,
            lambda: search.fill("waltz"),
            second.click,
            choose_lyria_3,
            lambda: search.fill("polka"),
        )
        addresses = [page.url]
        for step, view in zip(steps, views[1:], strict=True):
            step()
            expect_view(page, *view)
            page.wait_for_function("before => location.href !== before", arg=addresses[-1])
            addresses.append(page.url)
        for view in views[-2::-1]:
            page.go_back()
            expect_view(page, *view)
        for view in views[1:]:
            page.go_forward()
            expect_view(page, *view)
        page.go_back()
        page.go_back()
        expect_view(page, *views[-3])
        page.get_by_role("link", name="Pricing").click()
        expect(page.get_by_role("heading", name="Pricing")).to_be_visible()
        page.go_back()
        expect_view(page, *views[-3])
        page.get_by_role("link", name="History").click()
        page.wait_for_url(re.compile("/history$"))
        expect_view(page, *views[0])
        page.go_back()
        expect_view(page, *views[-3])
