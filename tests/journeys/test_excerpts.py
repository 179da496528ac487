"""The owner picks the part of long tracks that listeners hear, on the waveform and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from support.app_process import RunningApp, running_app
from support.axe import violations
from support.layout import layout_problems
from support.listening_tests import sounding_comparison
from support.screens import open_screen, settle

from lyria_studio.library import Library
from lyria_studio.model.listening_test import ListeningTest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

SECONDS = 70.0


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningApp, str]]:
    """The app with a comparison of two long tracks."""
    home = tmp_path_factory.mktemp("home")
    with Library(home) as library:
        comparison = sounding_comparison(library, seconds=SECONDS)
    with running_app(home) as app:
        yield app, comparison.id


def window(page: Page, letter: str) -> Locator:
    return page.get_by_role("slider", name=f"Start in {letter}")


def expect_starts(page: Page, **words: str) -> None:
    for letter, said in words.items():
        expect(window(page, letter)).to_have_attribute("aria-valuetext", said)


def stored(app: RunningApp, comparison: str, page: Page) -> ListeningTest:
    """Return the newest test, with its copies."""
    while True:  # the test's own time limit ends this
        with Library(app.log.parent) as library:
            tests = library.listening.tests(comparison)
            if tests and tests[0].prepared is not None:
                return tests[0]
        page.wait_for_timeout(200)


def test_an_excerpt_begins_at_a_place_of_its_own_in_each_track(
    house: tuple[RunningApp, str], page: Page
) -> None:
    app, comparison = house
    open_screen(page, f"{app.url}/compare?comparison={comparison}")
    page.get_by_text("Invite others by a link").click()
    expect_starts(page, A="0:30–0:55", B="0:30–0:55")

    window(page, "A").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageDown")
    page.keyboard.press("Shift+ArrowLeft")
    expect_starts(page, A="0:20.9–0:45.9", B="0:20.9–0:45.9")
    settle(page)
    page.get_by_text("30 s", exact=True).click()
    expect_starts(page, A="0:20.9–0:50.9", B="0:20.9–0:50.9")
    page.keyboard.press("Tab")

    page.get_by_text("Same second in every track").click()
    page.wait_for_timeout(700)  # the windows are drawn anew
    settle(page)
    window(page, "B").scroll_into_view_if_needed()
    box = window(page, "B").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(0, box["y"] + 10, steps=5)
    page.mouse.up()
    expect_starts(page, A="0:20.9–0:50.9", B="0:00–0:30")
    window(page, "B").press("ArrowUp")
    expect_starts(page, A="0:20.9–0:50.9", B="0:01–0:31")
    settle(page)
    assert layout_problems(page) == []
    assert violations(page) == []

    page.get_by_label("Who invites", exact=True).fill("Ada")
    page.get_by_role("button", name="Open the test and get the link").click()
    test = stored(app, comparison, page)
    assert {side.letter: test.start_s(side) for side in test.sides} == {"A": 20.9, "B": 1.0}
    assert test.excerpt_s == 30.0


def test_the_whole_track_can_be_heard(house: tuple[RunningApp, str], page: Page) -> None:
    app, comparison = house
    open_screen(page, f"{app.url}/compare?comparison={comparison}")
    page.get_by_text("Invite others by a link").click()
    expect(window(page, "A")).to_be_visible()
    page.get_by_text("Whole track", exact=True).click()
    expect(window(page, "A")).to_have_count(0)
    page.get_by_label("Who invites", exact=True).fill("Ada")
    page.get_by_role("button", name="Open the test and get the link").click()
    page.wait_for_timeout(500)
    test = stored(app, comparison, page)
    assert (test.excerpt_s, test.copy_s) == (None, SECONDS)
