"""How the Compare screen looks in every state: layout, and axe's rules, wide and narrow."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from support.compare_looks import looked_at
from support.compared_library import Compared, running_compared_app
from support.screens import open_screen, settle
from support.windows import shared_window

from lyria_studio.library import Library

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One window for all states."""
    with shared_window(browser) as window:
        yield window


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compared]:
    """The app with comparisons in every state."""
    with running_compared_app(tmp_path_factory.mktemp("compared")) as populated:
        yield populated


def at(page: Page, compared: Compared, comparison: str) -> None:
    open_screen(page, f"{compared.app.url}/compare?comparison={comparison}")


def overview(page: Page, compared: Compared) -> None:
    """The list, with the choice of tracks open."""
    open_screen(page, f"{compared.app.url}/compare")
    page.get_by_text("Compare existing tracks").click()
    expect(page.get_by_role("checkbox", name="Compare", exact=True).first).to_be_visible()


def draft(page: Page, compared: Compared) -> None:
    """The form, with a difference and what to beware of."""
    at(page, compared, compared.draft)
    expect(page.get_by_label("Prompt of C")).to_be_visible()
    expect(page.get_by_role("button", name="Make 3 tracks")).to_be_visible()


def troubled(page: Page, compared: Compared) -> None:
    """A take that failed, and one that was never ordered."""
    at(page, compared, compared.troubled)
    expect(page.get_by_role("button", name="Make 1 track")).to_be_visible()
    expect(page.get_by_role("button", name="Make it again")).to_be_visible()


def inviting(page: Page, compared: Compared) -> None:
    """The form of an invitation, and a test that nobody voted in."""
    at(page, compared, compared.invited)
    page.get_by_text("Invite others by a link").click()
    expect(page.get_by_label("Who invites", exact=True)).to_be_visible()
    expect(page.get_by_alt_text("QR code of the link for listeners")).to_be_visible()
    page.mouse.move(0, 0)  # no hint of what is under the pointer by now


def judged(page: Page, compared: Compared) -> None:
    """A verdict on two, with what listeners wrote, and the chain."""
    at(page, compared, compared.judged)
    expect(page.get_by_role("heading", name="B is preferred")).to_be_visible()
    expect(page.locator("[class*='st-key-chart-'] svg").first).to_be_visible()
    page.get_by_text("How sure?").click()
    page.get_by_text("All 10 comments").click()
    expect(page.locator("[class*='st-key-chart-'] svg").nth(1)).to_be_visible()
    expect(page.get_by_role("heading", name="What was learned")).to_be_visible()


def several(page: Page, compared: Compared) -> None:
    """Votes on three."""
    at(page, compared, compared.several)
    expect(page.locator("[class*='st-key-chart-'] svg").first).to_be_visible()
    page.get_by_text("How sure?").click()
    expect(page.locator("[class*='st-key-chart-'] svg").nth(1)).to_be_visible()
    expect(page.get_by_role("button", name="Continue with C")).to_be_visible()


SCENES: tuple[Callable[[Page, Compared], None], ...] = (
    overview,
    draft,
    troubled,
    inviting,
    judged,
    several,
)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_compare_state_has_no_layout_or_accessibility_fault(
    compared: Compared, page: Page, scene: Callable[[Page, Compared], None]
) -> None:
    scene(page, compared)
    settle(page)
    assert looked_at(page, f"compare-{scene.__name__}") == ""


def test_player_and_verdict_fit_on_one_screen(compared: Compared, page: Page) -> None:
    at(page, compared, compared.judged)
    page.set_viewport_size({"width": 1280, "height": 720})
    expect(page.get_by_role("heading", name="B is preferred")).to_be_visible()
    settle(page)
    parts = {
        "player": page.get_by_role("group", name=re.compile("Player in step")),
        "verdict": page.get_by_role("heading", name="B is preferred"),
        "chart": page.locator(".st-key-verdict_card [class*='st-key-chart-'] svg").first,
        "next step": page.get_by_role("button", name="Continue with B"),
    }
    ends = {}
    for name, part in parts.items():
        expect(part).to_be_visible()
        box = part.bounding_box()
        assert box is not None
        ends[name] = round(box["y"] + box["height"])
        assert box["y"] >= 0, name
    page.set_viewport_size({"width": 1440, "height": 900})
    assert max(ends.values()) <= 720, ends


def test_list_plays_a_comparison_and_names_its_winner(compared: Compared, page: Page) -> None:
    open_screen(page, f"{compared.app.url}/compare")
    row = page.locator(f".st-key-comparison-{compared.judged}")
    expect(row).to_contain_text("B is preferred")
    expect(page.locator(f".st-key-comparison-{compared.draft}")).to_contain_text("Draft")
    expect(page.locator(f".st-key-comparison-{compared.invited}")).to_contain_text("Test open")
    expect(page.locator(f".st-key-comparison-{compared.troubled}")).to_contain_text("Needs action")
    row.get_by_role("button", name=re.compile("^Play")).first.click()
    expect(row.get_by_role("button", name=re.compile("^Pause")).first).to_be_visible()
    row.get_by_role("button", name=re.compile("^Pause")).first.click()


def test_what_was_typed_is_shown_as_it_was_typed(compared: Compared, page: Page) -> None:
    judged(page, compared)
    main = page.locator("main")
    expect(main.get_by_text("Warmer <i>bass</i>").first).to_be_visible()
    expect(main.get_by_text("Bo <b>x</b>").first).to_be_visible()
    at(page, compared, compared.several)
    page.get_by_text("Prompts and takes").click()
    expect(
        main.locator("ins", has_text="<b>rain</b> *outside* $5 $6 and שלום").first
    ).to_be_visible()
    expect(main.locator("em, script, .lyria-remark i, .lyria-remark b b")).to_have_count(0)


def test_an_alignment_by_hand_is_kept(compared: Compared, page: Page) -> None:
    at(page, compared, compared.invited)
    page.get_by_role("button", name="Align").click()
    field = page.get_by_label("Skip in B")
    field.fill("0.5")
    field.press("Enter")
    with Library(compared.app.log.parent) as library:
        while library.listening.comparison(compared.invited).variants[1].offset_s != 0.5:
            page.wait_for_timeout(100)  # the test's own time limit ends this
    page.reload()
    page.get_by_role("button", name="Align").click()
    expect(page.get_by_label("Skip in B")).to_have_value("0.50")


def test_a_double_click_orders_once(compared: Compared, page: Page) -> None:
    at(page, compared, compared.draft)
    page.get_by_role("button", name="Make 3 tracks").dblclick()
    expect(page.get_by_role("button", name="Manage")).to_be_visible()
    expect(page.locator(".st-key-compare_head")).to_contain_text("$0.12 (demo)")
    open_screen(page, f"{compared.app.url}/history?search=felt+piano")
    expect(page.get_by_role("button", name="Use again")).to_have_count(1)
