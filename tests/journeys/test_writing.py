"""Writing a prompt in a real browser: the coach, the templates and their samples."""

import re

import pytest
from playwright.sync_api import Page, expect
from support.app_process import RunningApp
from support.screens import card, expect_ready, open_screen, picture

from lyria_studio.prompts import all_templates

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_template_is_heard_and_used(app: RunningApp, page: Page) -> None:
    template = all_templates()[0]
    open_screen(page, app.url)
    page.get_by_role("button", name="Templates").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Search").fill(template.title)
    entry = page.locator(f".st-key-template-{template.id}")
    entry.get_by_role("button", name=re.compile("^Play")).click()
    sound = page.locator(f"#lyria-sounds audio[data-track='sample-{template.id}']")
    page.wait_for_function(
        "audio => !audio.paused && audio.currentTime > 0.5",
        arg=sound.element_handle(),
        timeout=60_000,
    )
    picture(page, "templates")
    entry.get_by_role("button", name="Use", exact=True).click()
    expect(dialog).not_to_be_visible()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value(template.prompt)


def test_a_tip_names_a_problem_and_fixes_it(app: RunningApp, page: Page) -> None:
    open_screen(page, app.url)
    field = page.get_by_label("Prompt", exact=True)
    field.press_sequentially("Calm piano, 70 BPM, in the style of Taylor Swift", delay=5)
    coach = page.locator(".st-key-coach")
    expect(coach).to_contain_text("Taylor Swift")
    expect(field).to_be_focused()
    picture(page, "coach")
    coach.get_by_role("button", name="Describe the sound instead").click()
    expect(coach).not_to_contain_text("Taylor Swift")
    expect(field).not_to_have_value(re.compile("Taylor Swift"))
    expect(field).to_have_value(re.compile("^Calm piano, 70 BPM"))


def test_a_first_track_is_one_click_away(app: RunningApp, page: Page) -> None:
    open_screen(page, app.url)
    expect(page.get_by_text("Welcome.")).to_be_visible()
    page.get_by_role("button", name=re.compile("Make a sample track")).click()
    expect_ready(card(page, "Warm lo-fi hip hop"))
    expect(page.get_by_text("Welcome.")).not_to_be_visible()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value(re.compile("lo-fi"))
    assert "created with a default value" not in app.output(), app.output()
    assert "Traceback" not in app.output(), app.output()
