"""The player in step as a person meets it: by key, by mouse, on a phone, when something fails."""

import re
from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect
from support.app_process import RunningApp, running_app
from support.axe import COLOURS, EVERYTHING, violations
from support.instep_library import PIECES, populate
from support.layout import layout_problems
from support.screens import ARTIFACTS, open_screen, settle
from support.stillness import Scheme, show
from support.windows import shared_window

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

LONGEST_S = 24.0
PROMPTS = list(PIECES)
NOT_OURS = ("[data-testid=stHeader]",)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """A screen with the player and a library to hear."""
    home = tmp_path_factory.mktemp("home")
    populate(home)
    with running_app(home, script="tests/support/instep_app.py") as running:
        yield running


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One window for all tests."""
    with shared_window(browser) as window:
        yield window


def opened(page: Page, app: RunningApp, query: str = "sides=3") -> Locator:
    open_screen(page, f"{app.url}/?{query}")
    player = page.get_by_role("group", name="Player in step")
    expect(player.get_by_role("slider", name="Position")).to_be_visible()
    return player


def playing(page: Page, app: RunningApp, query: str = "sides=3") -> Locator:
    player = opened(page, app, query)
    player.get_by_role("button", name="Play", exact=True).click()
    expect(player.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    return player


def side(player: Locator, letter: str) -> Locator:
    return player.get_by_role("button", name=re.compile(f"^Hear {letter}:"))


def expect_heard(player: Locator, letter: str) -> None:
    """Told by the button, by words, and nowhere else."""
    expect(side(player, letter)).to_have_attribute("aria-pressed", "true")
    expect(player.locator("[aria-pressed=true].side")).to_have_count(1)
    expect(player.get_by_text("Playing")).to_have_count(1)
    expect(side(player, letter)).to_contain_text("Playing")


def drawn(player: Locator, name: str) -> float:
    """A place on the common time line as it is drawn, in seconds."""
    return LONGEST_S * float(player.evaluate("(e, n) => e.style.getPropertyValue(n)", name))


def expect_at(player: Locator, name: str, seconds: float, within: float = 0.2) -> None:
    player.page.wait_for_function(
        "([e, n, s, w]) => Math.abs(e.style.getPropertyValue(n) * 24 - s) <= w",
        arg=[player.element_handle(), name, seconds, within],
    )


def lane(player: Locator, number: int) -> tuple[float, float, float]:
    """Left, width and middle of a waveform."""
    box = player.locator(".wave").nth(number).bounding_box()
    assert box
    return box["x"], box["width"], box["y"] + box["height"] / 2


# ---- by key


def test_nothing_is_downloaded_before_play_is_pressed(app: RunningApp, page: Page) -> None:
    fetched: list[str] = []

    def count(route: Route) -> None:
        fetched.append(route.request.url)
        route.fallback()

    page.route("**/audio/**", count)
    player = opened(page, app)
    expect(player).to_contain_text("Press play to load")
    player.press("b")
    assert fetched == []
    player.get_by_role("button", name="Play", exact=True).click()
    expect_heard(player, "B")
    assert len(set(fetched)) == len(fetched) == 3
    page.unroute("**/audio/**")


def test_everything_by_key(app: RunningApp, page: Page) -> None:
    player = opened(page, app)
    scale = player.get_by_role("slider", name="Position")
    scale.focus()
    press = page.keyboard.press
    press("Space")
    expect(player.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    for key, letter in (("2", "B"), ("c", "C"), ("A", "A"), ("6", "A"), ("f", "A"), ("3", "C")):
        press(key)
        expect_heard(player, letter)
    press("Space")
    expect(player.get_by_role("button", name="Play", exact=True)).to_be_visible()
    expect(side(player, "C")).to_contain_text("Selected")
    press("Home")
    expect_at(player, "--at", 0)
    press("ArrowRight")
    press("ArrowRight")
    expect_at(player, "--at", 10)
    expect(scale).to_have_attribute("aria-valuetext", "0:10 of 0:24")
    press("ArrowLeft")
    expect_at(player, "--at", 5)
    press("[")
    press("ArrowRight")
    loop = player.get_by_role("button", name="Loop")
    expect(loop).to_have_attribute("aria-pressed", "true")
    press("]")
    expect_at(player, "--from", 5)
    expect_at(player, "--to", 10)
    press("End")
    expect_at(player, "--at", 10)  # the steps stay within the loop
    press("l")
    expect(loop).to_have_attribute("aria-pressed", "false")
    press("End")
    expect_at(player, "--at", LONGEST_S)
    press("L")
    expect(loop).to_have_attribute("aria-pressed", "true")
    expect_at(player, "--at", 5)
    press("Escape")
    expect(loop).to_have_attribute("aria-pressed", "false")
    expect(player).not_to_have_class(re.compile("marked"))


def test_keys_in_a_field_are_for_the_field(app: RunningApp, page: Page) -> None:
    player = opened(page, app)
    player.get_by_role("button", name="Align").click()
    field = player.get_by_label("Skip in A")
    field.fill("")
    field.press_sequentially("1.25")
    expect(field).to_have_value("1.25")
    expect(side(player, "A")).to_have_attribute("aria-pressed", "true")
    volume = player.get_by_role("slider", name="Volume")
    volume.focus()
    volume.press("ArrowLeft")
    expect(volume).to_have_value("0.95")
    volume.press("b")
    expect(side(player, "B")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("Stored: {'A': 1.25}")).to_be_visible()


def test_the_focus_can_be_seen_everywhere(app: RunningApp, page: Page) -> None:
    player = opened(page, app)
    player.get_by_role("button", name="Align").click()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    names = []
    for _ in range(12):
        look = player.evaluate(
            """player => {
                const on = player.getRootNode().activeElement;
                if (!on) return null;
                const { outlineStyle, outlineWidth } = getComputedStyle(on);
                return [on.ariaLabel ?? on.textContent.trim(), outlineStyle, outlineWidth];
            }"""
        )
        assert look[1:] == ["solid", "3px"], look
        names.append(look[0][:8])
        page.keyboard.press("Tab")
    assert names[:7] == ["Play", "Loop", "Align", "Keys", "Volume", "Position", "Hear A: "]
    assert names[8] == "Hear B: "


# ---- by mouse


def test_click_seeks_and_drag_loops(app: RunningApp, page: Page) -> None:
    player = opened(page, app)
    left, width, middle = lane(player, 1)

    def drag(start: float, end: float, y: float) -> None:
        page.mouse.move(left + start * width, y)
        page.mouse.down()
        page.mouse.move(left + end * width, y, steps=4)
        page.mouse.up()

    page.mouse.click(left + 0.5 * width, middle)
    expect_at(player, "--at", 12)
    loop = player.get_by_role("button", name="Loop")
    expect(loop).to_have_attribute("aria-pressed", "false")
    drag(0.6, 0.25, middle)
    expect(loop).to_have_attribute("aria-pressed", "true")
    expect_at(player, "--from", 6)
    expect_at(player, "--to", 0.6 * LONGEST_S)
    drag(0.6, 0.75, lane(player, 0)[2])  # the end of the loop, on another lane
    expect_at(player, "--from", 6)
    expect_at(player, "--to", 18)
    page.mouse.click(left + 0.9 * width, middle)
    expect(loop).to_have_attribute("aria-pressed", "false")
    expect_at(player, "--at", 0.9 * LONGEST_S)
    page.mouse.dblclick(left + 0.4 * width, middle)
    expect(player).not_to_have_class(re.compile("marked"))
    scale = player.get_by_role("slider", name="Position").bounding_box()
    assert scale
    drag(0.1, 0.75, scale["y"] + scale["height"] / 2)
    expect_at(player, "--at", 18)
    expect(loop).to_have_attribute("aria-pressed", "false")


def test_loop_continues_while_sides_are_switched(app: RunningApp, page: Page) -> None:
    player = playing(page, app)
    left, width, middle = lane(player, 0)
    page.mouse.move(left + 0.5 * width, middle)
    page.mouse.down()
    page.mouse.move(left + 0.54 * width, middle, steps=6)
    page.mouse.up()
    side(player, "B").click()
    expect_heard(player, "B")
    page.wait_for_function(
        """async (player) => {
            const at = () => player.style.getPropertyValue("--at") * 24;
            const before = at();
            await new Promise((done) => setTimeout(done, 100));
            return at() < before && at() > 11.5 && before < 13.5;
        }""",
        arg=player.element_handle(),
    )
    page.keyboard.press("Space")  # after a click the keys go on
    expect(player.get_by_role("button", name="Play", exact=True)).to_be_visible()


# ---- with the page around it


def test_it_plays_on_when_the_page_is_drawn_again(app: RunningApp, page: Page) -> None:
    player = playing(page, app)
    player.press("c")
    player.press("Shift+,")
    player.press(",")
    expect(page.get_by_text("Stored: {'C': -0.11}")).to_be_visible()
    for number in (1, 2):
        before = drawn(player, "--at")
        page.get_by_role("button", name="Draw again").click()
        expect(page.get_by_text(f"Drawn again {number}")).to_be_visible()
        settle(page)
        expect_heard(player, "C")
        page.wait_for_function(
            "([e, before]) => e.style.getPropertyValue('--at') * 24 > before + 0.2",
            arg=[player.element_handle(), before],
        )
    expect(player.get_by_label("Skip in C")).to_have_value("-0.11")


def test_removed_player_stops_and_is_forgotten(app: RunningApp, page: Page) -> None:
    player = playing(page, app)
    page.get_by_role("button", name="Take away").click()
    expect(player).to_have_count(0)
    page.wait_for_function(
        "async () => (await import('/assets/sounds.js')).engines.size === 0", polling=200
    )


def test_other_takes_play_on_by_the_same_letter_at_the_same_place(
    app: RunningApp, page: Page
) -> None:
    player = playing(page, app, "sides=2")
    expect(side(player, "A")).to_contain_text(PROMPTS[0][:20])
    player.press("b")
    player.press("ArrowRight")
    page.get_by_role("button", name="Other takes").click()
    expect(side(player, "A")).to_contain_text("<b>Lo-fi</b> hip hop")
    expect(player.locator("b")).to_have_count(0)
    expect_heard(player, "B")
    assert drawn(player, "--at") > 5


def test_one_sound_at_a_time(app: RunningApp, page: Page) -> None:
    player = playing(page, app, "sides=2&card=1")
    card = page.get_by_role("group", name=re.compile("^Track: "))
    card.get_by_role("button", name=re.compile("^Play")).click()
    expect(player.get_by_role("button", name="Play", exact=True)).to_be_visible()
    audio = page.locator("#lyria-sounds audio")
    page.wait_for_function("e => !e.paused && e.currentTime > 0", arg=audio.element_handle())
    player.get_by_role("button", name="Play", exact=True).click()
    expect(player.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    assert audio.evaluate("e => e.paused")


# ---- when something fails


def test_a_track_that_is_missing_leaves_the_others(app: RunningApp, page: Page) -> None:
    lost: list[Route] = []

    def lose_first(route: Route) -> None:
        if lost:
            route.fallback()
        else:
            lost.append(route)
            route.abort()

    page.route("**/audio/**", lose_first)
    player = playing(page, app)
    expect(player).to_contain_text("A could not be loaded. The others play.")
    expect(side(player, "A")).to_be_disabled()
    expect_heard(player, "B")
    player.get_by_role("button", name="Try again").click()
    expect(side(player, "A")).to_be_enabled()
    expect(player).not_to_contain_text("could not be loaded")
    player.press("a")
    expect_heard(player, "A")
    page.unroute("**/audio/**")


def test_playback_can_be_cancelled_while_loading(app: RunningApp, page: Page) -> None:
    held: list[Route] = []
    page.route("**/audio/**", lambda route: held.append(route))
    player = opened(page, app)
    player.get_by_role("button", name="Play", exact=True).click()
    expect(player).to_contain_text("Loading 3 tracks…")
    player.get_by_role("button", name="Cancel").click()
    play = player.get_by_role("button", name="Play", exact=True)
    expect(play).to_be_visible()
    for route in held:
        route.continue_()
    expect(player).to_contain_text("Equal loudness")
    expect(play).to_be_visible()
    page.unroute("**/audio/**")
    play.click()
    expect_heard(player, "A")


def test_failed_loading_is_named_and_can_be_retried(app: RunningApp, page: Page) -> None:
    page.route("**/audio/**", lambda route: route.abort())
    player = opened(page, app)
    player.get_by_role("button", name="Play", exact=True).click()
    expect(player).to_contain_text("The tracks could not be loaded.")
    page.unroute("**/audio/**")
    player.get_by_role("button", name="Try again").click()
    expect_heard(player, "A")


# ---- how it looks


SCHEMES: tuple[Scheme, ...] = ("light", "dark")


def test_player_has_no_layout_or_accessibility_fault(app: RunningApp, page: Page) -> None:
    """In each state, on a desk and a phone, by day and by night."""
    player = opened(page, app, "sides=6")
    found = looked_at(page, "idle")
    player.get_by_role("button", name="Play", exact=True).click()
    expect_heard(player, "A")
    player.press("b")
    player.press("[")
    player.get_by_role("button", name="Align").click()
    player.press("Space")
    found += looked_at(page, "aligning")
    assert "\n".join(found) == ""


def looked_at(page: Page, state: str) -> list[str]:
    """Take a picture of each look; what is wrong with it, a line each."""
    ARTIFACTS.mkdir(exist_ok=True)
    found = []
    for width, scheme in product((1440, 820, 390), SCHEMES):
        show(page, scheme, width, 1400)
        where = f"{state} {width} {scheme}: "
        found += [where + line for line in layout_problems(page) if scheme == "light"]
        rules = EVERYTHING if scheme == "light" else COLOURS
        if width != 820:  # between the two, nothing is drawn that they do not draw
            found += [where + line for line in violations(page, NOT_OURS, rules)]
        page.screenshot(path=ARTIFACTS / f"instep-{state}-{width}-{scheme}.png")
    return found


def test_touch_targets_are_large_enough(app: RunningApp, browser: Browser) -> None:
    """On a phone everything that can be pressed is at least 44 pixels high."""
    with shared_window(browser, has_touch=True, is_mobile=True) as phone:
        phone.set_viewport_size({"width": 390, "height": 844})
        player = opened(phone, app, "sides=2")
        player.get_by_role("button", name="Align").tap()
        small = player.evaluate(
            """player => [...player.querySelectorAll("button, input, [role=slider]")]
                .filter((one) => one.checkVisibility())
                .map((one) => [one.className || one.type, one.getBoundingClientRect().height])
                .filter(([, height]) => height < 43.5)"""
        )
        assert small == []
        side(player, "B").tap()
        player.get_by_role("button", name="Play", exact=True).tap()
        expect_heard(player, "B")


def test_zero_gain_has_no_sign(page: Page, app: RunningApp) -> None:
    opened(page, app)
    said = page.evaluate(
        """async () => {
          const { signed } = await import("/assets/instep/lanes.js");
          return [-0.04, -0.06, 0, 0.04, 2].map((number) => signed(number, 1));
        }"""
    )
    assert said == ["0.0", "−0.1", "0.0", "0.0", "2.0"]
