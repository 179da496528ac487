"""Every screen in every state: how it looks, whether axe finds fault with it, odd texts in it.

One walk sees all of it: on a desk, a tablet and a phone, by day and by night. With LYRIA_ARTIFACTS
in the environment each look is kept there as a picture.
"""

import re
from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect
from support.app_process import RunningApp, running_app
from support.axe import COLOURS, EVERYTHING, violations
from support.full_library import LONG, ODD_PROMPTS, running_full_app
from support.layout import layout_problems
from support.scenes import EMPTY, FULL, built, odd_prompts
from support.screens import (
    ARTIFACTS,
    PICTURES,
    images_field,
    open_new_form,
    order_button,
    settle,
    write_prompt,
)
from support.stillness import Scheme, show
from support.windows import shared_window

from lyria_studio.ui.card import HEADING
from lyria_studio.wording import title

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

WIDTHS = (1440, 820, 390)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
TALL = 3800  # a screen scrolls inside its window, so the picture of a whole one needs a tall window
# What lies over the screen keeps its place only in the window in which it was opened.
LAYERS = ("templates", "models", "settling", "details")
# A tablet breaks no rule of axe that a desk or a phone keeps.
JUDGED_WIDTHS = (1440, 390)
# Streamlit's own markup, which cannot be changed from outside.
NOT_OURS = (
    # The drop zone of a file uploader is presentational and has a name all the same. The button
    # inside it is what a keyboard reaches, and it is judged.
    "[data-testid=stFileUploaderDropzone]",
    # A toast that comes or goes is named by a text that is not there yet, or no longer.
    "[data-testid=stToast]",
)
MARKUP = "*x* ![i](https://example.com/i.png) <b>b</b>"


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One window for all screens."""
    with shared_window(browser) as window:
        yield window


@pytest.fixture(scope="module")
def empty_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The app as somebody starts it for the first time."""
    with running_app(tmp_path_factory.mktemp("empty")) as running:
        yield running


@pytest.fixture(scope="module")
def full_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The app with a generation in every state."""
    with running_full_app(tmp_path_factory.mktemp("full")) as running:
        yield running


@pytest.mark.parametrize("scene", EMPTY)
def test_first_visit_has_no_layout_or_accessibility_fault(
    empty_app: RunningApp, page: Page, scene: str
) -> None:
    EMPTY[scene](page, empty_app.url)
    assert faults(page, scene) == ""


@pytest.mark.parametrize("scene", FULL)
def test_screen_has_no_layout_or_accessibility_fault(
    full_app: RunningApp, page: Page, scene: str
) -> None:
    FULL[scene](page, full_app.url)
    assert faults(page, scene) == ""


def faults(page: Page, scene: str) -> str:
    """What is wrong with a screen in any of its looks, a line each."""
    found: dict[str, list[str]] = {}
    tall = 900 if scene in LAYERS else TALL
    for width, scheme in product(WIDTHS, SCHEMES):
        by_day = scheme == "light"
        judged = width in JUDGED_WIDTHS
        if not (by_day or judged or PICTURES):
            continue
        show(page, scheme, width, tall)
        lines = layout_problems(page) if by_day else []
        if judged:
            lines += violations(page, NOT_OURS, EVERYTHING if by_day else COLOURS)
        for line in lines:
            found.setdefault(line, []).append(f"{scheme} {width}")
        if PICTURES:
            take_picture(page, f"look-{scene}-{width}-{scheme}", width, tall)
    show(page, "light", 1440)
    return "\n".join(f"{', '.join(where)}: {line}" for line, where in found.items())


def take_picture(page: Page, name: str, width: int, tall: int) -> None:
    """Keep a picture of what the screen uses of its window."""
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    used = page.locator("main").evaluate("main => main.firstElementChild.scrollHeight")
    page.screenshot(
        path=ARTIFACTS / f"{name}.png",
        clip={"x": 0, "y": 0, "width": width, "height": min(tall, max(900, used))},
    )


def test_axe_finds_a_fault(page: Page) -> None:
    """The instrument itself: each of these is a fault that it must name."""
    page.goto("about:blank")
    page.set_content(
        "<html lang=en><title>t</title><main><h1>h</h1>"
        "<p style='color:#999;background:#fff'>pale</p><img src='data:,'><button></button>"
        "<button style='width:9px;height:9px;padding:0'>a</button><button style='width:9px;"
        "height:9px;padding:0'>b</button></main></html>"
    )
    named = {line.split()[0] for line in violations(page)}
    assert named == {"color-contrast", "image-alt", "button-name", "target-size"}


def test_a_click_anywhere_on_a_card_chooses_the_model(empty_app: RunningApp, page: Page) -> None:
    open_new_form(page, empty_app.url)
    order_button(page).wait_for()
    settle(page)
    words = page.get_by_text("33 s instrumental").bounding_box()
    assert words
    page.mouse.click(words["x"] + 20, words["y"] + words["height"] - 4)
    expect(page.get_by_role("radio", name=re.compile("^Lyria 2 ·"))).to_be_checked()


def test_button_stays_in_place_during_a_press(empty_app: RunningApp, page: Page) -> None:
    """Pressing it ends the typing, which brings up the coach: the release must still hit it."""
    open_new_form(page, empty_app.url)
    order_button(page).wait_for()
    settle(page)
    order_button(page).scroll_into_view_if_needed()
    write_prompt(page, "Pressed [[error]]")
    before = press(page, order_button(page))
    expect(page.locator(".st-key-coach")).to_contain_text("Add a genre")
    settle(page)
    assert order_button(page).bounding_box() == before
    page.mouse.up()
    expect(page.locator("[class*='st-key-create-']").filter(has_text="Pressed")).to_be_visible()


def test_press_counts_when_the_button_moves(empty_app: RunningApp, page: Page) -> None:
    """What is said of an image stands above the button, and comes when the typing ends."""
    open_new_form(page, empty_app.url)
    order_button(page).scroll_into_view_if_needed()
    settle(page)
    write_prompt(page, "Pushed [[error]]")
    page.get_by_label("Prompt", exact=True).blur()
    settle(page)
    images_field(page).fill("http://pictures.example/a.png")
    before = press(page, order_button(page))
    expect(page.get_by_text("Image 1: Only https")).to_be_visible()
    settle(page)
    assert order_button(page).bounding_box() != before, "else this test shows nothing"
    page.mouse.up()
    expect(page.locator("[class*='st-key-create-']").filter(has_text="Pushed")).to_be_visible()


def test_dragging_away_cancels_a_press(empty_app: RunningApp, page: Page) -> None:
    open_new_form(page, empty_app.url)
    order_button(page).scroll_into_view_if_needed()
    write_prompt(page, "Thought better of it")
    press(page, order_button(page))
    page.mouse.move(5, 300, steps=5)
    page.mouse.up()
    page.get_by_label("Prompt", exact=True).blur()
    settle(page)
    expect(page.locator("[class*='st-key-create-']").filter(has_text="better")).to_have_count(0)


def press(page: Page, button: Locator) -> FloatRect:
    """Press the mouse on a button and keep it down; where the button was."""
    button.hover()  # waits until it stands still
    box = button.bounding_box()
    assert box
    page.mouse.down()
    return box


@pytest.mark.parametrize("kind", ["right to left", "chinese", "emoji", "html", "markdown", "long"])
def test_a_prompt_stays_as_it_was_typed(empty_app: RunningApp, page: Page, kind: str) -> None:
    """In its field, and again after a reload, which brings the draft back."""
    open_new_form(page, empty_app.url)
    order_button(page).wait_for()
    field = page.get_by_label("Prompt", exact=True)
    write_prompt(page, ODD_PROMPTS[kind])
    field.blur()
    page.wait_for_url("**/?form=*")
    settle(page)
    page.reload()
    expect(field).to_have_value(ODD_PROMPTS[kind])
    expect(field).to_have_css("unicode-bidi", "plaintext")  # each line in its own direction
    expect(page.locator("main").locator("img, script, em, b")).to_have_count(0)


def test_prompts_are_listed_as_they_were_typed(full_app: RunningApp, page: Page) -> None:
    odd_prompts(page, full_app.url)
    for prompt in ODD_PROMPTS.values():
        card = page.locator("[class*='st-key-history-']").filter(
            has=page.get_by_text(title(prompt, HEADING), exact=True)
        )
        card.get_by_role("button", name="Details").click()
        details = page.get_by_test_id("stPopoverBody")
        expect(details.get_by_text(title(prompt)[:-1]).first).to_be_visible()
        assert details.get_by_test_id("stText").first.text_content() == prompt
        page.keyboard.press("Escape")
        expect(details).not_to_be_visible()
    expect(
        page.locator("main").locator("img, script, em, b, main a[href*='example.com']")
    ).to_have_count(0)


def test_the_parts_of_a_prompt_are_shown_as_they_were_typed(
    full_app: RunningApp, page: Page
) -> None:
    built(page, full_app.url)
    for label in ("Era or region", "Anything else", "What happens", "Lyrics"):
        field = page.get_by_label(label, exact=True).first
        field.fill(f"{label} {MARKUP}")
        field.blur()
        # Brackets are the signs of sections, so a part may not bring its own into the prompt.
        sent = page.get_by_label("Prompt as it will be sent")
        expect(sent).to_have_value(re.compile(re.escape(f"{label} *x* !")))
        settle(page)
        expect(field).to_have_value(f"{label} {MARKUP}")
    for label in ("Genre", "Section"):
        field = page.get_by_role("combobox", name=label, exact=True).first
        field.fill(f"{label} {MARKUP}")
        field.press("Enter")
        expect(page.get_by_label("Prompt as it will be sent")).to_have_value(
            re.compile(re.escape(f"{label} *x* !"))
        )
        settle(page)
        expect(field).to_have_value(f"{label} {MARKUP}")
    expect(page.get_by_role("button", name=f"Remove Section {MARKUP}")).to_be_visible()
    expect(page.locator("main").locator("img, script, em, b")).to_have_count(0)


def test_invalid_time_is_quoted_as_typed(full_app: RunningApp, page: Page) -> None:
    built(page, full_app.url)
    page.get_by_label("From", exact=True).first.fill(MARKUP)
    page.get_by_label("From", exact=True).first.blur()
    expect(page.get_by_text(f"“{MARKUP}” is not a time")).to_be_visible()


def test_a_name_of_a_template_is_shown_as_it_was_typed(empty_app: RunningApp, page: Page) -> None:
    open_new_form(page, empty_app.url)
    order_button(page).wait_for()
    settle(page)
    dialog = page.get_by_role("dialog")
    page.get_by_role("button", name="Templates").click()
    dialog.get_by_role("button", name="Use", exact=True).first.click()
    expect(page.get_by_label("Prompt", exact=True)).not_to_be_empty()
    settle(page)
    page.get_by_role("button", name="Templates").click()
    dialog.get_by_role("button", name=re.compile("^Play")).first.wait_for()
    settle(page)
    dialog.get_by_text("Your own templates").click()
    dialog.get_by_label("Save what is in the form as").fill(f"Mine {MARKUP}")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_text(f"Mine {MARKUP}", exact=True)).to_be_visible()
    expect(dialog.locator("img, script, em, b")).to_have_count(0)


def test_a_very_long_prompt_is_made(empty_app: RunningApp, page: Page) -> None:
    """20,000 characters go to the gateway and come back as they were."""
    open_new_form(page, empty_app.url)
    order_button(page).wait_for()
    write_prompt(page, f"{LONG[:-10]} [[error]]")
    page.get_by_label("Prompt", exact=True).blur()
    settle(page)
    order_button(page).click()
    card = page.locator("[class*='st-key-create-']").first
    expect(card).to_contain_text("Failed")
    expect(card).to_contain_text(title(LONG, HEADING))
