"""The listening page at 320 px, with wide text, in forced colours and without motion."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from support.axe import COLOURS, violations
from support.layout import layout_problems
from support.listening_page import choose, hear, ready, vote
from support.listening_tests import opened
from support.windows import shared_window

from lyria_studio.services import Services

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

# WCAG 1.4.12; put in as the page's policy allows it.
SPACING = """
wide => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = wide ? [sheet] : [];
}
"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What has to be told apart where the system forces its colours: a part, and what it stands on.
PAIRS = """
() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const colour = (element, name) => getComputedStyle(element)[name];
  const ground = (element) => colour(element, "backgroundColor");
  const edge = (element) => colour(element, "borderTopColor");
  const found = [];
  const differ = (what, one, other) => { if (one === other) found.push(`${what} ${one}`); };
  const panel = ground(document.body);
  for (const icon of all(".round .icon")) {
    differ("the icon of play", colour(icon, "fill"), ground(icon.closest("button")));
    differ("play", ground(icon.closest("button")), panel);
  }
  // Chromium lays the colour of the page behind words.
  for (const one of all("button, label, p")) {
    if (colour(one, "forcedColorAdjust") !== "none") differ("words", colour(one, "color"), panel);
  }
  for (const fill of all(".fill")) differ("heard", ground(fill), ground(fill.parentElement));
  const [other] = all(".side:not(.chosen), .option:not(:has(:checked))");
  const chosen = ".side.chosen, .option:has(:checked), .chip:has(:checked)";
  for (const one of all(`${chosen}, .loop[aria-pressed=true]`)) {
    differ("a selection", edge(one), panel);
    if (other) differ("a selection", edge(one), edge(other));
  }
  for (const one of all("button:not(.quiet), input[type=text], textarea, .option, .chip")) {
    if (!one.getClientRects().length || one.closest(".deck.waiting .controls")) continue;
    const edged = colour(one, "borderTopWidth") !== "0px" && edge(one) !== panel;
    if (!edged && ground(one) === panel) found.push(`no edge: ${one.outerHTML.slice(0, 60)}`);
  }
  return found;
}
"""


def faults(page: Page) -> list[str]:
    """What is wrong with a view, however narrow, wide or few its colours are."""
    found = (
        []
        if page.evaluate("globalThis.region === document.querySelector('#status')")
        else ["the live region was replaced"]
    )
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 640})
        for wide in (False, True):
            page.evaluate(SPACING, wide)
            if page.evaluate(SIDEWAYS) > 0:
                found.append(f"{width} px scrolls sideways, with wide text: {wide}")
            found += [f"{width} {wide}: {one}" for one in layout_problems(page)]
        page.evaluate(SPACING, False)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, forced_colors="active", reduced_motion="reduce")
        found += [f"forced {scheme}: {one}" for one in page.evaluate(PAIRS)]
        found += [f"forced {scheme}: {one}" for one in violations(page, rules=COLOURS)]
    page.emulate_media(color_scheme="light", forced_colors="none", reduced_motion="reduce")
    moving = page.evaluate(
        "document.getAnimations().filter((one) => !one.effect.target.matches('.spinner')).length"
    )
    return found + ([f"{moving} animations"] if moving else [])


def test_every_view_reflows_and_keeps_its_marks(
    services: Services, url: str, browser: Browser
) -> None:
    test = opened(
        services,
        seconds=3.1,
        trials_per_listener=2,
        host_name="Ada " * 12,
        question="Which one fits the rainy café better? " * 3,
        ask_device=True,
    )
    with shared_window(browser, reduced_motion="reduce") as page:
        page.set_viewport_size({"width": 390, "height": 640})
        page.goto(services.listen_url(test, url))
        page.evaluate("globalThis.region = document.querySelector('#status')")
        page.get_by_label("Your name").fill("n" * 70)
        page.get_by_label("Speaker").check()
        assert faults(page) == []
        page.get_by_label("Your name").fill("Grace")
        page.get_by_role("button", name="Start listening").click()
        ready(page)
        assert faults(page) == []
        page.route("**/sound/*", lambda route: route.abort())
        page.reload()
        page.evaluate("globalThis.region = document.querySelector('#status')")
        expect(page.get_by_text("The sounds could not be loaded.")).to_be_visible()
        assert faults(page) == []
        page.unroute("**/sound/*")
        page.get_by_role("button", name="Try again").click()
        ready(page)
        page.get_by_text("Say why").click()
        page.get_by_role("checkbox", name="Melody").check()
        page.get_by_label("A remark").fill("word " * 210)
        choose(page, "No difference")
        hear(page)
        assert faults(page) == []
        page.get_by_label("A remark").fill("word " * 100)
        page.route("**/vote", lambda route: route.abort())
        vote(page)
        expect(page.get_by_role("button", name="Send it now")).to_be_visible()
        assert faults(page) == []
        page.unroute("**/vote")
        page.get_by_role("button", name="Send it now").click()
        expect(page.get_by_role("heading", name="Your vote is kept")).to_be_visible()
        assert faults(page) == []
        page.get_by_role("button", name="Reveal").click()
        expect(page.get_by_role("heading", name="This was pair 1")).to_be_visible()
        assert faults(page) == []
        page.get_by_role("button", name="Next pair").click()
        ready(page)
        services.library.listening.close_test(test.id)
        page.reload()
        page.evaluate("globalThis.region = document.querySelector('#status')")
        expect(page.get_by_role("heading", name="This listening test is over")).to_be_visible()
        assert faults(page) == []
