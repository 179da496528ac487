"""What a listener with the developer tools open can find out before the vote: nothing."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Browser, Page, Response, expect
from support.comparison_rows import new_comparison, new_test, variants
from support.listening_page import hear, start
from support.listening_tests import opened, prepared, take

from lyria_studio.model.listening_test import ListeningKind, ListeningTest
from lyria_studio.services import Services
from lyria_studio.worker.blind_copies import blind_copies

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

SECONDS = 3.1

# All that a script of the page, or one that a listener types in, can reach.
VISIBLE = """
() => JSON.stringify({
  html: document.documentElement.outerHTML,
  fields: [...document.querySelectorAll("input, textarea, progress")].map((one) => one.value),
  styles: [...document.querySelectorAll("[style]")].map((one) => one.getAttribute("style")),
  stored: [{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state, name],
  own: Object.getOwnPropertyNames(window).filter((one) => !globalThis.usual.includes(one)),
  title: document.title,
  entries: performance.getEntriesByType("resource").map((one) => one.name),
})
"""
SIZES = """
() => performance.getEntriesByType("resource")
  .filter((one) => one.name.includes("/sound/"))
  .map((one) => [one.transferSize, one.encodedBodySize, one.decodedBodySize, one.initiatorType,
                 one.nextHopProtocol, one.responseStatus, one.contentType])
"""
# The samples of a sound as the browser decodes them, at the rate of the file.
DECODE = """
async (url) => {
  const bytes = await (await fetch(url)).arrayBuffer();
  const context = new OfflineAudioContext(2, 48000, 48000);
  const buffer = await context.decodeAudioData(bytes);
  const samples = new Uint8Array(buffer.getChannelData(0).slice().buffer);
  let text = "";
  for (let at = 0; at < samples.length; at += 32768) {
    text += String.fromCharCode(...samples.subarray(at, at + 32768));
  }
  return { length: buffer.length, channels: buffer.numberOfChannels, left: btoa(text) };
}
"""


@dataclass
class Seen:
    """What went over the wire."""

    texts: list[str] = field(default_factory=list)
    sounds: dict[str, dict[str, Any]] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=dict)

    def take(self, answer: Response) -> None:
        request = answer.request
        self.texts.append(f"{request.method} {request.url} {request.post_data}")
        self.texts.append(json.dumps([request.all_headers(), answer.all_headers()]))
        name = answer.url.rpartition("/sound/")[2]
        if name != answer.url:
            headers = {**answer.all_headers(), "date": ""}
            self.sounds[name] = {"status": answer.status, "headers": headers}
            # The page reads it as a stream, of which the browser keeps nothing to look at.
            again = answer.frame.page.context.request.get(answer.url)
            self.bodies[name] = again.body()
        elif "/listen/page/" not in answer.url and "/assets/" not in answer.url:
            # Not the scripts and styles of the page: they are the same for every test.
            self.texts.append(answer.text())


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A listener's window."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.add_init_script("globalThis.usual = Object.getOwnPropertyNames(window)")
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield page
    context.close()


def secrets_of(services: Services, test: ListeningTest) -> list[str]:
    """All words that would tell one side from the other."""
    copies = blind_copies(services.settings.home / "blind" / str(test.prepared))
    found = ["secret", "Rhodes", "harpsichord", "lyria-", "Lyria 3", test.comparison_id]
    found += ['"A1"', '"B1"', "variant", "prompt", "loudness", "lufs", "offset"]
    for side in test.sides:
        track = services.library.tracks.track(side.track_id)
        found += [side.track_id, side.generation_id, track.file_name, track.sha256, str(track.path)]
    for copy in copies.copies.values():
        found += [copy.file.partition(".")[0]]
        found += [base64.b64encode(copy.peaks).decode()[:60]]
    return found


@pytest.mark.parametrize("kind", ListeningKind)
def test_nothing_before_the_vote_distinguishes_the_sides(
    services: Services, url: str, page: Page, kind: ListeningKind
) -> None:
    test = opened(services, kind=kind, seconds=SECONDS, trials_per_listener=2)
    words = ("A", "B", "X") if kind is ListeningKind.ABX else ("X", "Y")
    seen = Seen()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(services.listen_url(test, url))
    start(page)
    names: list[list[str]] = []
    for number in (1, 2):
        expect(page.get_by_text(f"Pair {number} of 2")).to_be_visible()
        expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
        for word in words:
            hear(page, word)
        while answers:
            seen.take(answers.pop(0))
        visible = page.evaluate(VISIBLE)
        names.append(list(seen.sounds)[len(words) * (number - 1) :])
        assert len(names[-1]) == len(words)

        everything = "\n".join([visible, *seen.texts])
        for secret in secrets_of(services, test):
            assert secret not in everything, secret
            assert not any(secret.encode() in body for body in seen.bodies.values()), secret
        assert json.loads(visible)["own"] in ([], ["usual"])

        one, *others = (seen.sounds[name] for name in names[-1])
        assert one["status"] == 200
        assert all(other == one for other in others), "status and headers"
        assert len({len(seen.bodies[name]) for name in names[-1]}) == 1, "size"
        assert len({seen.bodies[name] for name in names[-1]}) == len(words), "no two are one file"
        sizes = page.evaluate(SIZES)
        assert len({json.dumps(size) for size in sizes}) == 1, sizes

        page.locator("label", has_text="X is").first.click()
        page.get_by_role("button", name="Vote", exact=True).click()
        if number == 1:
            page.get_by_role("button", name="Next pair").click()
    assert not set(names[0]) & set(names[1]), "the same recordings, under other names"
    # And when it is told, these are the words that were looked for.
    page.get_by_role("button", name="What").first.click()
    expect(page.get_by_text("Warm secret lo-fi with").first).to_be_visible()


@pytest.mark.parametrize("host", ["Ada", ""], ids=["invited", "oneself"])
def test_the_lock_screen_the_title_and_the_addresses_name_no_side(
    services: Services, url: str, page: Page, host: str
) -> None:
    test = opened(services, seconds=SECONDS, trials_per_listener=1, host_name=host)
    addresses: list[str] = []
    page.on("request", lambda one: addresses.append(one.url))
    page.goto(services.listen_url(test, url))
    page.evaluate(
        """() => {
          globalThis.told = [];
          const region = document.querySelector("#status");
          const watch = new MutationObserver(() => told.push(region.textContent));
          watch.observe(region, { childList: true, characterData: true, subtree: true });
        }"""
    )
    if host:
        start(page)
    else:
        page.get_by_role("button", name="Start listening").click()
    hear(page)
    shown = page.evaluate(
        """() => ({
          title: document.title,
          media: navigator.mediaSession.metadata?.title ?? null,
          playing: navigator.mediaSession.metadata,
          told,
        })"""
    )
    assert shown["title"] == "Pair 1 of 1 · Listening test"
    assert (shown["media"], shown["playing"]) == (None, None), "a lock screen shows the title"
    assert "Enough of X is heard to vote." in shown["told"]
    known = r"(X|Y) is heard[.]|Enough of (X|Y) is heard to vote[.]|The sounds are ready[.]"
    assert [one for one in shown["told"] if not re.fullmatch(known, one)] == []
    names = {address.rpartition("/")[2] for address in addresses if "/sound/" in address}
    assert len(names) == 2
    everything = "\n".join([*addresses, *shown["told"], page.inner_text("body")])
    for secret in secrets_of(services, test):
        assert secret not in everything, secret


def test_the_sides_are_in_step_when_the_browser_has_decoded_them(
    services: Services, url: str, page: Page
) -> None:
    """The same music in two files, one of which begins later, aligned by the owner."""
    library = services.library
    first_variant, second_variant = variants("AB")
    asked = (first_variant, replace(second_variant, offset_s=0.5))
    saved = library.listening.save_comparison(new_comparison("AB", variants=asked))
    music, late = (take(library, letter, seconds=6.0) for letter in "AB")
    samples, rate = soundfile.read(music.tracks[0].path)
    silence = np.zeros(rate // 2)
    soundfile.write(late.tracks[0].path, np.concatenate([silence, samples]), rate)
    library.listening.fill_slots(saved.id, {("A", 1): music.id, ("B", 1): late.id})
    test = library.listening.open_test(new_test(library.listening.comparison(saved.id)))
    prepared(services, test.id)
    names: list[str] = []
    page.on("request", lambda one: names.append(one.url) if "/sound/" in one.url else None)
    page.goto(services.listen_url(test, url))
    start(page)
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    first, second = (page.evaluate(DECODE, name) for name in tuple(names))
    assert (first["length"], first["channels"]) == (second["length"], second["channels"])
    left, right = (_samples(one["left"]) for one in (first, second))
    assert lag(left, right) == 0
    assert np.corrcoef(left, right)[0, 1] > 0.99


def lag(one: Any, other: Any) -> int:
    """By how many samples `other` comes after `one`."""
    size = 2 * len(one)
    spectrum = np.fft.rfft(other, size) * np.conj(np.fft.rfft(one, size))
    found = int(np.argmax(np.fft.irfft(spectrum, size)))
    return found if found < size // 2 else found - size


def _samples(text: str) -> Any:
    return np.frombuffer(base64.b64decode(text), dtype=np.float32).astype(float)
