"""The player at the bottom of every screen: its list, its keys, what other players do to it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from support.app_process import RunningApp
from support.full_library import READY, running_full_app
from support.screens import bar, open_screen, order_button, settle

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

SCREENS = ("", "compare", "history", "pricing", "settings")
# What a lock screen is told, and which keys it may send.
MEDIA_SESSION = """
globalThis.handlers = {};
const set = navigator.mediaSession.setActionHandler.bind(navigator.mediaSession);
navigator.mediaSession.setActionHandler = (name, act) => { handlers[name] = act; set(name, act); };
"""


@pytest.fixture(scope="module")
def full_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The app with three takes of one prompt, and more."""
    with running_full_app(tmp_path_factory.mktemp("full")) as running:
        yield running


def take(page: Page, which: str) -> Locator:
    """The card of a take on this screen."""
    return page.get_by_role("group", name=re.compile(f"^Track: {READY[:30]}.*{which}"))


def tracks(page: Page) -> Locator:
    """All tracks on this screen, from top to bottom."""
    return page.get_by_role("group", name=re.compile("^Track: "))


def play_first(page: Page, app: RunningApp, screen: str = "history") -> Locator:
    """Play the first track of a screen; the bar."""
    open_screen(page, f"{app.url}/{screen}")
    tracks(page).first.get_by_role("button", name=re.compile("^Play")).click()
    expect_current(page, 0)
    return bar(page)


def expect_current(page: Page, index: int) -> None:
    """Wait until the bar plays the track at this place of the screen's list."""
    card = tracks(page).nth(index)
    expect(card.get_by_role("button", name=re.compile("^Pause"))).to_be_visible(timeout=20_000)
    page.wait_for_function("() => document.querySelector('audio').currentTime > 0.05")


def paused(page: Page) -> bool:
    return bool(page.locator("audio").evaluate("audio => audio.paused"))


def outside(page: Page) -> None:
    """Take the focus from every element."""
    page.evaluate("document.activeElement?.blur()")


def test_j_and_k_go_through_the_list_on_every_screen(full_app: RunningApp, page: Page) -> None:
    player = play_first(page, full_app)
    page.keyboard.press("j")
    expect_current(page, 1)
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    settle(page)
    outside(page)
    page.keyboard.press("j")
    expect(player.get_by_role("status")).to_have_text(re.compile(", 3 of "))
    page.keyboard.press("k")
    expect(player.get_by_role("status")).to_have_text(re.compile(", 2 of "))
    page.keyboard.press("Space")
    assert paused(page)


def test_j_and_k_move_the_selection_inside_a_list(full_app: RunningApp, page: Page) -> None:
    play_first(page, full_app)
    tracks(page).nth(0).get_by_role("button").focus()
    page.keyboard.press("j")
    expect(tracks(page).nth(1).get_by_role("button")).to_be_focused()
    expect_current(page, 0)
    page.keyboard.press("Enter")
    expect_current(page, 1)
    page.keyboard.press("k")
    expect(tracks(page).nth(0).get_by_role("button")).to_be_focused()
    expect_current(page, 1)


def test_the_next_track_starts_by_itself_only_when_asked(full_app: RunningApp, page: Page) -> None:
    player = play_first(page, full_app)
    end = "audio => { audio.currentTime = audio.duration - 0.3; }"
    page.locator("audio").evaluate(end)
    page.wait_for_function("() => document.querySelector('audio').ended")
    expect(player.get_by_role("status")).to_have_text(re.compile(", 1 of "))
    page.keyboard.press("Space")
    player.get_by_role("button", name="Autoplay the next track").click()
    expect_current(page, 0)
    page.locator("audio").evaluate(end)
    expect_current(page, 1)
    page.reload()
    settle(page)
    tracks(page).first.get_by_role("button").click()
    advance = player.get_by_role("button", name="Autoplay the next track")
    expect(advance).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("key", ["j", "k", "l", "m", "?", " ", "["])
def test_no_single_key_acts_in_a_text_field(full_app: RunningApp, page: Page, key: str) -> None:
    play_first(page, full_app)
    search = page.get_by_label("Search in prompts")
    search.click()
    page.keyboard.type(key)
    expect(search).to_have_value(key)
    assert not paused(page)
    expect_current(page, 0)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.locator("audio").evaluate("audio => !audio.loop && !audio.muted")


def test_single_keys_can_be_switched_off(full_app: RunningApp, page: Page) -> None:
    player = play_first(page, full_app)
    page.keyboard.press("?")
    shortcuts = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(shortcuts).to_contain_text("Next, previous track")
    shortcuts.get_by_label("Use single-key shortcuts").uncheck()
    page.keyboard.press("Escape")
    expect(shortcuts).to_be_hidden()
    page.reload()
    settle(page)
    tracks(page).first.get_by_role("button").click()
    outside(page)
    for key in ("j", "l", "m", "?", "Space"):
        page.keyboard.press(key)
    expect_current(page, 0)
    expect(shortcuts).to_be_hidden()
    assert page.locator("audio").evaluate("audio => !audio.loop && !audio.muted")
    player.get_by_role("button", name="Keyboard shortcuts").click()
    shortcuts.get_by_label("Use single-key shortcuts").check()
    shortcuts.get_by_role("button", name="Close").click()
    page.keyboard.press("j")
    expect_current(page, 1)


def test_media_keys_and_lock_screen_know_the_track(full_app: RunningApp, page: Page) -> None:
    page.add_init_script(MEDIA_SESSION)
    play_first(page, full_app)
    expected = tracks(page).first.get_by_role("button").get_attribute("aria-label")
    told = page.evaluate("() => ({...{title: navigator.mediaSession.metadata.title}})")
    assert expected == f"Pause {told['title']}"
    assert page.evaluate("navigator.mediaSession.playbackState") == "playing"
    page.evaluate("handlers.pause({})")
    assert paused(page)
    page.wait_for_function("() => navigator.mediaSession.playbackState === 'paused'")
    page.evaluate("handlers.play({})")
    page.evaluate("handlers.nexttrack({})")
    expect_current(page, 1)
    page.evaluate("handlers.seekto({ seekTime: 12 })")
    page.wait_for_function("() => document.querySelector('audio').currentTime >= 12")
    page.evaluate("handlers.seekbackward({ seekOffset: 5 })")
    assert page.locator("audio").evaluate("audio => audio.currentTime") < 9
    page.evaluate("handlers.previoustrack({})")  # to its beginning, then to the one before
    page.evaluate("handlers.previoustrack({})")
    expect_current(page, 0)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 720), (390, 844), (320, 640)])
def test_the_bar_stands_at_the_bottom_and_covers_nothing(
    full_app: RunningApp, page: Page, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    player = play_first(page, full_app)
    for screen in SCREENS:
        if screen != "history":
            page.evaluate(
                "path => { history.pushState({}, '', path);"
                " dispatchEvent(new PopStateEvent('popstate')); }",
                f"/{screen}",
            )
            page.wait_for_timeout(300)
            settle(page)
        box = player.bounding_box()
        assert box, screen
        assert (box["x"], round(box["width"])) == (0, width), screen
        tabs = (
            page.get_by_role("navigation", name="Screens").bounding_box() if width < 769 else None
        )
        bottom = tabs["y"] if tabs else height
        assert box["y"] + box["height"] == pytest.approx(bottom, abs=1), screen
        assert not tabs or tabs["y"] + tabs["height"] == pytest.approx(height, abs=1), screen
        assert box["height"] < height / 4, screen
        # The last thing on the screen can be scrolled to above the bar.
        page.locator("main").evaluate("main => main.scrollTo(0, main.scrollHeight)")
        last = page.locator("[data-testid=stMainBlockContainer] p:visible").last.bounding_box()
        assert last, screen
        assert last["y"] + last["height"] <= box["y"] + 1, screen
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width, screen


def test_by_keyboard_alone_from_a_card_to_every_control(full_app: RunningApp, page: Page) -> None:
    player = play_first(page, full_app)
    player.get_by_role("button", name=re.compile("^Pause")).focus()
    names = []
    for _ in range(12):
        names.append(page.evaluate(
            """() => {
                let at = document.activeElement;
                while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
                return at.ariaLabel ?? at.closest("label")?.innerText ?? at.innerText;
            }"""
        ))  # fmt: skip
        page.keyboard.press("Tab")
    assert [name.split("\n")[0].split(" Warm")[0] for name in names] == [
        "Pause", "Previous track", "Next track", "Position", "Loop",
        "Autoplay the next track", "Speed", "Mute", "Volume", "Download",
        "Rights", "Keyboard shortcuts",
    ]  # fmt: skip
    slider = player.get_by_role("slider", name="Position")
    slider.focus()
    page.keyboard.press("End")
    page.wait_for_function("() => document.querySelector('audio').currentTime > 25")
    page.keyboard.press("Home")
    page.wait_for_function("() => document.querySelector('audio').currentTime < 5")


def test_dragging_scrubs(full_app: RunningApp, page: Page) -> None:
    player = play_first(page, full_app)
    page.keyboard.press("Space")
    box = player.get_by_role("slider", name="Position").bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, middle, steps=8)
    part = "() => { const a = document.querySelector('audio'); return a.currentTime / a.duration; }"
    assert page.evaluate(part) == pytest.approx(0.6, abs=0.02)
    page.mouse.up()
    expect(player.get_by_role("button", name="Loop")).to_have_attribute("aria-pressed", "false")


def test_a_link_to_a_blind_test_closes_the_bar(full_app: RunningApp, page: Page) -> None:
    """The lock screen and the bar would name what the listener is about to hear."""
    page.add_init_script(MEDIA_SESSION)
    player = play_first(page, full_app)
    page.evaluate("""() => {
        const link = Object.assign(document.createElement("a"), {
            href: "/listen/token/code", target: "_blank", textContent: "Start listening" });
        link.addEventListener("click", (event) => event.preventDefault());
        document.querySelector("[data-testid=stMainBlockContainer]").prepend(link);
    }""")
    page.get_by_text("Start listening").click()
    expect(player).to_be_hidden()
    assert paused(page)
    assert page.evaluate("navigator.mediaSession.metadata") is None
    assert page.evaluate("handlers.play") is None


def test_a_new_order_joins_the_list(full_app: RunningApp, page: Page) -> None:
    player = play_first(page, full_app, "")
    count = tracks(page).count()
    page.get_by_label("Prompt", exact=True).fill("Short marimba tune, 100 BPM, 5 seconds long")
    order_button(page).click()
    newest = page.get_by_role("button", name=re.compile("^Play Short marimba"))
    expect(newest).to_be_visible(timeout=60_000)
    outside(page)
    player.get_by_role("slider", name="Position").press("Home")
    outside(page)
    page.keyboard.press("k")
    expect(player).to_contain_text("Short marimba")
    assert tracks(page).count() <= count + 1
