"""A listener on a slow network hears a pair before it has come as a whole."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, expect
from support.listening_page import ready, start
from support.listening_tests import opened

from lyria_studio.services import Services

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

SLOW = {"offline": False, "latency": 150, "downloadThroughput": 25_000, "uploadThroughput": 25_000}
EXCERPT_S = 25.0
STARTS_S = 15
# The samples that the beginning of a file has in common with all of it, and how they differ.
PREFIX = """
async (url) => {
  const file = await (await fetch(url)).arrayBuffer();
  const context = new OfflineAudioContext(2, 48000, 48000);
  const head = await context.decodeAudioData(file.slice(0, Math.floor(0.61 * file.byteLength)));
  const whole = await context.decodeAudioData(file);
  let most = 0;
  const count = head.length - 2 * 1152;  // the last frame overlaps with one that is missing
  for (let channel = 0; channel < 2; channel += 1) {
    const [one, other] = [head, whole].map((buffer) => buffer.getChannelData(channel));
    for (let at = 0; at < count; at += 1) most = Math.max(most, Math.abs(one[at] - other[at]));
  }
  return [count / whole.length, most];
}
"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A listener's phone."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()


def slow_down(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)


def test_a_pair_starts_early_and_plays_without_a_gap(
    services: Services, url: str, page: Page
) -> None:
    """Counted from opening the link, with a stop at the practice pair until it has loaded."""
    test = opened(services, seconds=EXCERPT_S, trials_per_listener=1)
    slow_down(page)
    began = time.monotonic()
    page.goto(services.listen_url(test, url), wait_until="commit")
    page.get_by_role("button", name="Start listening").click()
    play = page.get_by_role("button", name="Play", exact=True)
    expect(play).to_be_visible()
    page.get_by_role("button", name="Start pair 1").click()
    expect(page.get_by_role("progressbar", name="Loading the sounds")).to_be_visible()
    expect(play).to_be_visible(timeout=1000 * STARTS_S)
    play.click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    started_s = time.monotonic() - began
    assert started_s < STARTS_S
    expect(page.get_by_text("Loading: ")).to_be_visible()
    slider = page.get_by_role("slider", name="Position")
    places = []
    for number in range(27):
        places.append((time.monotonic(), float(slider.input_value())))
        if number % 4 == 3:
            page.keyboard.press("12"[number // 4 % 2])  # both sides have come as far
        page.wait_for_timeout(800)
    for (then, place), (now, next_place) in pairwise(places):
        assert next_place - place == pytest.approx(now - then, abs=0.5)
    expect(page.get_by_text("Loading: ")).to_have_count(0, timeout=2000)


def test_each_sound_comes_when_it_is_needed_next(services: Services, url: str, page: Page) -> None:
    """The practice pair behind the welcome, the first pair behind the practice."""
    test = opened(services, seconds=6.0, trials_per_listener=1)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(re.sub(r".*/|[?].*", "", one.url)))
    with page.expect_request("**/practice-two.mp3"):
        page.goto(services.listen_url(test, url))
    assert sorted(asked[1:3]) == ["listen.css", "listen.js"], "before everything else"
    assert "practice-one.mp3" in asked
    page.wait_for_timeout(500)
    assert "start" not in asked
    seen = len(asked)
    with page.expect_request("**/sound/*"):
        page.get_by_role("button", name="Start listening").click()
    expect(page.get_by_role("heading", name="Practice: set the volume")).to_be_visible()
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Start pair 1").click()
    ready(page)
    assert asked[seen] == "start"
    assert len(asked[seen + 1 :]) == 2, "each sound of the pair is fetched once"


def test_what_is_decoded_early_are_the_same_samples(
    services: Services, url: str, page: Page
) -> None:
    test = opened(services, seconds=6.0, trials_per_listener=1)
    names: list[str] = []
    page.on("request", lambda one: names.append(one.url) if "/sound/" in one.url else None)
    page.goto(services.listen_url(test, url))
    start(page)
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    found = [page.evaluate(PREFIX, name) for name in tuple(names)]
    assert found[0][0] == found[1][0] > 0.5, "both sides are as long"
    assert max(most for _, most in found) == 0
