"""When nothing sounds though it should, every player says so on the screen, and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from support.app_process import RunningApp, running_app
from support.instep_library import populate
from support.listening_page import ready, start
from support.listening_tests import opened
from support.screens import bar, open_screen

from lyria_studio.services import Services

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

# An audio device that is not there, until `connected` says so: as in Firefox, resume() never
# settles and the clock shows 0. `contexts` are what a phone call or a lost device interrupts.
DEVICE = """
globalThis.connected = true;
globalThis.contexts = [];
globalThis.AudioContext = class extends AudioContext {
  constructor(...options) {
    super(...options);
    contexts.push(this);
  }
  get state() { return connected ? super.state : "suspended"; }
  get currentTime() { return connected ? super.currentTime : 0; }
  resume() { return connected ? super.resume() : new Promise(() => {}); }
};
"""
NO_SOUND = "No sound. Check that a speaker or headphones are connected, then press Play."
STOPPED = "The sound stopped. Press Play to resume."
Shown = Callable[[RunningApp, Page, Services, str], tuple[Locator, Locator]]
SAID_MS = 4000  # 1.5 s, and the time of a busy machine


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """A screen with the player in step, a card player, and tracks to hear."""
    home = tmp_path_factory.mktemp("home")
    populate(home)
    with running_app(home, script="tests/support/instep_app.py") as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone whose audio device the test can take away."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.add_init_script(DEVICE)
    page = context.new_page()
    page.set_default_timeout(20_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, errors


def button(player: Locator, verb: str) -> Locator:
    return player.get_by_role("button", name=re.compile(f"^{verb}")).first


def expect_told(place: Locator, words: str) -> None:
    """The same element all the time, of which only the text changes."""
    expect(place).to_have_text(words, timeout=SAID_MS)
    assert place.evaluate("e => e === globalThis.place")


def in_step(app: RunningApp, page: Page, _: Services, __: str) -> tuple[Locator, Locator]:
    open_screen(page, f"{app.url}/?sides=2")
    player = page.get_by_role("group", name="Player in step")
    return player, player.get_by_role("status").first


def of_a_listener(
    _: RunningApp, page: Page, services: Services, url: str
) -> tuple[Locator, Locator]:
    test = opened(services, seconds=12.0)
    page.goto(services.listen_url(test, url))
    start(page)
    ready(page)
    player = page.get_by_role("region", name="Player")
    return player, player.get_by_role("alert")


@pytest.mark.parametrize("shown", [in_step, of_a_listener])
def test_a_player_on_one_clock_says_that_nothing_sounds(
    app: RunningApp, page: Page, services: Services, url: str, shown: Shown
) -> None:
    player, place = shown(app, page, services, url)
    place.evaluate("e => { globalThis.place = e; }")
    page.evaluate("connected = false")
    button(player, "Play").click()
    expect_told(place, NO_SOUND)
    expect(button(player, "Play")).to_be_visible()

    page.evaluate("connected = true")
    button(player, "Play").click()
    expect(button(player, "Pause")).to_be_visible()
    expect(place).not_to_have_text(NO_SOUND)

    page.wait_for_timeout(600)  # it has to be seen to run
    page.evaluate(
        "Promise.all(contexts.filter((one) => one.state === 'running').map((one) => one.suspend()))"
    )
    expect_told(place, STOPPED)
    button(player, "Play").click()
    expect(button(player, "Pause")).to_be_visible()
    expect(place).not_to_have_text(STOPPED)


def test_the_player_bar_says_that_nothing_sounds(app: RunningApp, page: Page) -> None:
    open_screen(page, f"{app.url}/?sides=2&card=1")
    card = page.get_by_role("group", name=re.compile("^Track: "))
    player = bar(page)
    place = player.locator("[role=alert]")
    page.locator("audio").evaluate("e => { e.defaultPlaybackRate = e.playbackRate = 0; }")
    button(card, "Play").click()  # it plays, and its clock stands still
    expect(player).to_be_visible()
    place.evaluate("e => { globalThis.place = e; }")
    expect_told(place, NO_SOUND)
    expect(button(card, "Play")).to_be_visible()
    rate = "rate => { document.querySelector('audio').playbackRate = rate; }"
    page.evaluate(rate, 1)
    expect(place).to_have_text("")
    expect(button(player, "Pause")).to_be_visible()
    page.wait_for_timeout(600)
    page.evaluate(rate, 0)
    expect_told(place, STOPPED)
    page.evaluate(rate, 1)
    button(card, "P").click()
    expect(place).to_have_text("")


def test_the_player_bar_says_that_something_else_stopped_the_sound(
    app: RunningApp, page: Page
) -> None:
    open_screen(page, f"{app.url}/?sides=2&card=1")
    card = page.get_by_role("group", name=re.compile("^Track: "))
    player = bar(page)
    place = player.locator("[role=alert]")
    button(card, "Play").click()
    expect(button(player, "Pause")).to_be_visible()
    place.evaluate("e => { globalThis.place = e; }")
    page.wait_for_timeout(900)  # it has to be seen to run
    page.evaluate("document.querySelector('audio').pause()")  # as a phone does at a call
    expect_told(place, STOPPED)
    button(player, "Play").click()
    expect(button(player, "Pause")).to_be_visible()
    expect(place).to_have_text("")
    button(player, "Pause").click()
    page.wait_for_timeout(2000)
    expect(place).to_have_text("")
