"""From a prompt to a verdict: the owner and two listeners, each in a browser of their own."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from support.app_process import RunningApp
from support.compare_looks import looked_at
from support.keyboard import Keyboard
from support.listening_page import start
from support.screens import READY_MS, open_screen, picture, settle

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

# Short pieces, since a long one takes a while to render.
PIANO = "Calm piano waltz, 96 BPM, G major, 12 seconds long"
HARP = "Calm harp waltz, 96 BPM, G major, 12 seconds long"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def listeners(browser: Browser) -> Iterator[list[Page]]:
    """Somebody at a desk and somebody with a phone."""
    contexts = [browser.new_context(), browser.new_context(**PHONE)]  # type: ignore[arg-type]
    pages = [context.new_page() for context in contexts]
    errors: list[str] = []
    for page in pages:
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
    yield pages
    for context in contexts:
        context.close()
    assert not errors, errors


def write(page: Page, letter: str, prompt: str) -> None:
    """Type the prompt of a variant."""
    field = page.get_by_label(f"Prompt of {letter}")
    field.fill(prompt)
    field.press("Control+Enter")
    settle(page)


def make(page: Page) -> None:
    """Make a comparison of two prompts that differ in one word."""
    page.get_by_role("button", name="New comparison").click()
    write(page, "A", PIANO)
    expect(page.get_by_label("Prompt of B")).to_have_value(PIANO)
    settle(page)
    page.get_by_label("Prompt of B").fill(HARP)
    # While it is typed: the app hears of it only when the field is left.
    expect(page.locator(".lyria-diff ins")).to_have_text("harp", timeout=500)
    expect(page.locator(".lyria-diff del")).to_have_text("piano")
    write(page, "B", HARP)
    expect(page.locator(".lyria-diff ins")).to_have_text("harp")
    page.get_by_role("button", name="Make only 1 take each").click()
    settle(page)
    page.get_by_role("button", name="Make 2 tracks · $0.08").click()


def invite(page: Page) -> str:
    """Open a test for two listeners; gives its link."""
    page.get_by_text("Invite others by a link").click()
    page.get_by_label("Who invites", exact=True).fill("Ada")
    planned = page.get_by_label("Listeners planned", exact=True)
    planned.fill("2")
    planned.press("Enter")
    expect(page.get_by_text("2 listeners, 1 pair each: 2 votes.")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Open the test and get the link").click()
    link = page.get_by_test_id("stCode").inner_text().strip()
    expect(page.get_by_alt_text("QR code of the link for listeners")).to_be_visible()
    opened = page.locator(".st-key-test").get_by_text(re.compile("Open$"))
    expect(opened).to_be_visible(timeout=30_000)  # once the blind copies are made
    return link


def side(page: Page, name: str) -> Locator:
    return page.locator(".side").filter(has_text=re.compile(f"^{name}"))


def test_empty_screen_explains_comparisons(app: RunningApp, page: Page) -> None:
    open_screen(page, f"{app.url}/compare")
    expect(page.get_by_role("button", name="Make this comparison")).to_be_visible()
    settle(page)
    assert looked_at(page, "compare-empty") == ""


def test_a_comparison_by_keyboard_alone(app: RunningApp, page: Page) -> None:
    open_screen(page, f"{app.url}/compare")
    expect(page.get_by_role("button", name="New comparison")).to_be_visible()
    settle(page)
    hands = Keyboard(page)
    hands.tab_to("New comparison")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Prompt of A")).to_be_visible()
    settle(page)

    hands.tab_to("Prompt of A")
    page.keyboard.type("Calm waltz, 12 seconds long")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Discard")).to_be_visible()
    settle(page)
    expect(page.get_by_label("Prompt of B")).to_have_value("Calm waltz, 12 seconds long")
    hands.tab_to("Prompt of B")
    page.keyboard.press("Control+Home")
    page.keyboard.type("Very ")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".lyria-diff ins")).to_have_text("Very")
    settle(page)
    hands.tab_to("Make only 1 take each")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Make 2 tracks")).to_be_visible()
    settle(page)
    hands.tab_to("Make 2 tracks", back=True)
    page.keyboard.press("Enter")

    blind = page.get_by_role("button", name="Listen blind yourself")
    expect(blind).to_be_visible(timeout=READY_MS)
    settle(page)
    hands = Keyboard(page)
    hands.tab_to("Listen blind yourself")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Start listening")).to_be_visible(timeout=READY_MS)
    settle(page)
    hands.tab_to("Start listening")


def test_two_prompts_are_judged_blind_while_the_owner_watches(
    app: RunningApp, page: Page, listeners: list[Page], tmp_path: Path
) -> None:
    open_screen(page, f"{app.url}/compare")
    make(page)
    listen_blind = page.get_by_role("button", name="Listen blind yourself")
    expect(listen_blind).to_be_visible(timeout=READY_MS)
    page.evaluate("window.neverReloaded = true")
    link = invite(page)

    for one in listeners:
        one.goto(link)
        expect(one.get_by_text("Ada invited you to listen")).to_be_visible()
        start(one)
    expect(page.get_by_text("2 listeners · 0 finished")).to_be_visible()
    for name in ("X", "Y"):
        for one in listeners:
            side(one, name).click()
        for one in listeners:
            expect(side(one, name)).to_contain_text("heard", timeout=15_000)
    for cast, one in enumerate(listeners, start=1):
        one.locator("label", has_text=re.compile("X is better$")).click()
        one.get_by_role("button", name="Vote", exact=True).click()
        expect(one.get_by_role("heading", name="Thank you!")).to_be_visible()
        expect(page.get_by_text(f"{cast} of 2 votes ·")).to_be_visible()
    expect(page.get_by_text("All votes are in")).to_be_visible()
    expect(page.get_by_role("heading", name="No winner")).to_be_visible()
    assert page.evaluate("window.neverReloaded")
    picture(page, "compare-verdict")

    with page.expect_download() as download:
        page.get_by_role("button", name="Report (HTML)").click()
    download.value.save_as(tmp_path / "report.html")
    report = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Ada" in report
    assert "2 of 2 planned votes" in report
    assert "No winner" in report

    page.get_by_role("button", name="Continue with B").click()
    expect(page.get_by_label("Prompt of A")).to_have_value(HARP)
    expect(page.get_by_text("Take 1 of A: already made, $0.")).to_be_visible()
    settle(page)
    page.go_back()
    expect(page.get_by_text("All votes are in")).to_be_visible()

    # What is open stands in the address: a reload and the Back button find it again.
    page.get_by_role("button", name="All comparisons").click()
    expect(page).to_have_url(re.compile("/compare$"))
    page.get_by_role("button", name="Piano or harp", exact=True).click()
    expect(page).to_have_url(re.compile("comparison="))
    page.reload()
    expect(page.get_by_text("All votes are in")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="Piano or harp", exact=True)).to_be_visible()
