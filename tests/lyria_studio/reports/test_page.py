"""The HTML report: what it says, that it loads nothing, and that strange text stays text."""

import os
import re
from html.parser import HTMLParser
from typing import Any

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import sync_playwright
from support.axe import COLOURS, violations
from support.browsers import chromium, launch
from support.report_samples import OTHER, PROMPT, sample

from lyria_studio.model.comparison import Variant
from lyria_studio.model.listening_test import ListeningKind
from lyria_studio.reports import html_report
from lyria_studio.reports.changes import changes

pytestmark = pytest.mark.slow

TWO = "B>A A<B B>A A>B B>A A<B B>A A=B A<B B>A A>B B>A A<B A<B B>A A>B A<B"
REMARKS: dict[int, dict[str, Any]] = {
    1: {"reason": "Leaves room for the voice"},
    3: {"comment": "Lovely entry", "comment_at_s": 8.2, "comment_on": "first"},
}


class Reader(HTMLParser):
    """The words of a page, and what it would load."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.loads: list[str] = []
        self._style = False
        self.feed(page)

    @property
    def text(self) -> str:
        return "".join(self.words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [value or "" for name, value in attrs if name in ("src", "href", "data")]
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_what_a_meeting_asks_for() -> None:
    made = sample(TWO, remarks=REMARKS)
    text = Reader(html_report(made.report)).text
    for said in (
        "Cooking video: Rhodes or guitar?",
        "1 June 2026",
        "17 listeners",
        "17 of 17 planned votes",
        "invited by Ada",
        "Which one would you cook to?",
        "13 of 16 with a preference chose B. Chance alone does this in about 1 of 47 tests.",
        PROMPT,
        "Lyria 3",
        "Leaves room for the voice",
        "Lovely entry",
        "about A at 0:08",
        "Side bias not shown",
        "B is preferred, of these two recordings",
        "Blind: listeners saw X and Y only",
        "the exact sign test decides",
        "The music is the sandbox's",
    ):
        assert said in text, said
    assert text.index(made.results.sentence) < text.index("What was compared")


def test_the_diff_marks_what_changed() -> None:
    page = html_report(sample(TWO).report)
    assert "<del>Rhodes piano</del> <ins>Nylon guitar</ins>" in page
    assert "<del>82</del> <ins>96</ins> BPM" in page


def test_models_that_differ_over_one_prompt() -> None:
    compared = (
        Variant("A", "lyria-3", PROMPT),
        Variant("B", "lyria-2", PROMPT, negative_prompt="vocals", seed=7),
    )
    text = Reader(html_report(sample("A>B B>A", compared=compared).report)).text
    assert "The same prompt as A." in text
    assert "Lyria 2 · 1 take · seed 7" in text.replace("\u2068", "")
    assert "Negative prompt: vocals" in text


def test_live_music_is_not_called_the_sandboxs() -> None:
    assert "sandbox" not in Reader(html_report(sample(TWO, gateway="live").report)).text


def test_an_abx_test() -> None:
    made = sample("A>B " * 12 + "A<B " * 4, kind=ListeningKind.ABX)
    text = Reader(html_report(made.report)).text
    assert "12 of 16 answers were right. Guessing does as well in about 1 of 26 tests." in text
    assert "listeners heard A, B and X, and said which of the two X is" in text
    assert "saw X and Y only" not in text
    assert "preferred" not in text


def test_several_variants() -> None:
    made = sample("A>B A>C B>C A>B C>A A>C B>C A=B", [PROMPT, OTHER, PROMPT + " Slower."])
    text = Reader(html_report(made.report)).text
    assert "No pair is decided." in text
    assert "Holm's correction" in text


def test_it_loads_nothing() -> None:
    page = html_report(sample(TWO, remarks=REMARKS).report)
    read = Reader(page)
    assert read.loads == []
    assert not set(read.tags) & {"script", "link", "img", "iframe", "object", "base", "form"}
    assert not re.search(r"url\(|@import", page)
    assert "default-src 'none'" in page
    outside = set(re.findall(r"https?://[^\s\"'<]+", page))
    assert outside == {"http://www.w3.org/2000/svg"}


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_any_text_stays_text(name: str, said: str) -> None:
    prompts = (f"x {said}", f"{said} y")
    tame = Reader(html_report(sample("A>B B>A", ("x", "y")).report))
    because: dict[int, dict[str, Any]] = {0: {"reason": name}}
    wild = Reader(
        html_report(sample("A>B B>A", prompts, name=name, question=said, remarks=because).report)
    )
    allowed = {"ol", "li", "bdi", "del", "ins", "span", "h2"}
    assert set(wild.tags) - set(tame.tags) <= allowed
    shown = (
        "".join(
            one
            if one in "\t\n\r" or (ord(one) >= 32 and not 0xD800 <= ord(one) < 0xE000)
            else "\ufffd"
            for one in said
        )
        .replace("\ufffe", "\ufffd")
        .replace("\uffff", "\ufffd")
    )
    assert _lines(f"x {shown}") in _lines(wild.text)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def test_remarks_beyond_a_page_are_counted() -> None:
    remarks: dict[int, dict[str, Any]] = {
        number: {"reason": f"because {number}"} for number in range(45)
    }
    text = Reader(html_report(sample("A>B " * 45, remarks=remarks).report)).text
    assert "because 39" in text
    assert "because 40" not in text
    assert "5 more are in the table of votes." in text


words = st.lists(st.sampled_from(["calm", "piano,", "82", "BPM.", "[Intro]"]), max_size=40)


@settings(deadline=None)
@given(words, words)
def test_changes_hold_both_prompts(old: list[str], new: list[str]) -> None:
    found = changes(" ".join(old), " ".join(new))
    if any("…" in text for _, text in found):
        return
    was = " ".join(text for op, text in found if op != "insert")
    now = " ".join(text for op, text in found if op != "delete")
    assert "".join(was.split()) == "".join(old)
    assert "".join(now.split()) == "".join(new)


def test_long_equal_stretches_are_cut() -> None:
    old = " ".join(f"w{number}" for number in range(100))
    found = changes(old, old.replace("w50", "other"))
    text = "".join(piece for _, piece in found)
    assert text == "… w44 w45 w46 w47 w48 w49 w50 other w51 w52 w53 w54 w55 w56 … "[: len(text)]
    assert ("delete", "w50") in found
    assert ("insert", "other") in found


@pytest.mark.browser
@pytest.mark.skipif(chromium() is None and not os.environ.get("CI"), reason="needs Chromium")
def test_a_browser_shows_it_on_a_phone_and_prints_it_on_one_page() -> None:
    page_text = html_report(sample(TWO, remarks=REMARKS).report)
    with sync_playwright() as playwright, launch(playwright) as browser:
        page = browser.new_page(viewport={"width": 360, "height": 740})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.set_content(page_text)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.get_by_role("img", name=re.compile("Share of votes")).is_visible()
        smallest = page.evaluate(
            "Math.min(...[...document.querySelectorAll('svg text')].map("
            "t => parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a))"
        )
        assert smallest >= 9
        assert violations(page) == []
        page.emulate_media(color_scheme="dark")
        assert violations(page, rules=COLOURS) == []
        assert asked == []
        printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
        assert len(printed) == 1
        printed.close()
