"""The PDF: one page, its words are words, and what its font lacks is admitted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.report_samples import OTHER, PROMPT, sample

from lyria_studio.model.listening_test import ListeningKind
from lyria_studio.reports import pdf, pdf_report
from lyria_studio.reports.browser_pdf import can_show, find_browser, print_pdf

pytestmark = pytest.mark.slow

TWO = "B>A A<B B>A A>B B>A A<B B>A A=B A<B B>A A>B B>A A<B A<B B>A A>B A<B"


def pages(said: str, *prompts: str, **fields: Any) -> list[str]:
    """The words of each page."""
    data = pdf_report(sample(said, prompts or (PROMPT, OTHER), **fields).report)
    document = pypdfium2.PdfDocument(data)
    try:
        found = []
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage()
            found.append(" ".join(text.get_text_range().split()))
            text.close()
            page.close()
        return found
    finally:
        document.close()


def test_one_page_with_all_that_matters() -> None:
    remarks = {
        1: {"reason": "Leaves room for the voice"},
        3: {"comment": "Lovely entry", "comment_at_s": 8.2, "comment_on": "first"},
    }
    (text,) = pages(TWO, remarks=remarks)
    for said in (
        "Cooking video: Rhodes or guitar?",
        "17 of 17 planned votes",
        "13 of 16 with a preference chose B. Chance alone does this in about 1 of 47 tests.",
        "The music is the sandbox's",
        "81% (95% CI 54–96%)",
        "Nylon guitar",
        "1. Leaves room for the voice (a listener, chose B)",
        "2. Lovely entry (a listener, chose A, about A at 0:08)",
        "Blind: listeners saw X and Y only",
    ):
        assert said in text, said
    assert "font of this PDF lacks" not in text


@pytest.mark.parametrize("kind", [ListeningKind.ABX, ListeningKind.PREFERENCE])
def test_tests_without_votes(kind: ListeningKind) -> None:
    (text,) = pages("", kind=kind)
    assert ("No answers yet." if kind is ListeningKind.ABX else "No votes yet.") in text


def test_several_variants() -> None:
    prompts = [PROMPT.replace("82", str(tempo)) for tempo in (70, 82, 96, 110, 124, 138)]
    letters = "ABCDEF"
    said = " ".join(f"{a}>{b}" for a in letters for b in letters if a < b)
    (text,) = pages(said, *prompts)
    assert "expected share of votes against the others" in text
    assert "1 of 1" in text


def test_other_scripts() -> None:
    (text,) = pages("A>B", "Спокойный вальс, 96 BPM", "Ήρεμο βαλς, 96 BPM", name="Größe: naïve?")
    assert "Спокойный вальс" in text
    assert "Ήρεμο βαλς" in text
    assert "Größe: naïve?" in text
    assert "lacks" not in text


@pytest.fixture(autouse=True, scope="module")
def no_browser() -> Iterator[None]:
    """Printing by a browser takes a second, and depends on the machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "print_pdf", lambda html: None)
        yield


@pytest.mark.skipif(find_browser() is None, reason="no browser on this machine")
@pytest.mark.parametrize("script", ["静かなピアノ", "शांत पियानो", "เปียโนเบาๆ", "calm piano 🎹"])
def test_a_browser_prints_what_the_font_lacks(script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "print_pdf", print_pdf)
    (text,) = pages("A>B", f"{script}, 90 BPM", f"{script}, 96 BPM")
    if can_show(one for one in script if ord(one) > 0x300):
        assert "\u25a1" not in text
        assert "lacks" not in text
        assert script[:2] in text
    else:  # no font of this machine has it: admitted, rather than printed without a trace
        assert "Characters that the font of this PDF lacks are shown as" in text


def test_a_machine_without_fontconfig_has_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert can_show("ab")
    assert not can_show("\U0010fffd")
    monkeypatch.setenv("PATH", "")
    assert can_show("\U0010fffd")


def test_a_browser_that_cannot_print_is_none(tmp_path: Path) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        assert print_pdf("<p>x</p>") is None


def test_what_the_font_lacks_is_admitted() -> None:
    (text,) = pages("A>B", "静かなピアノ, 90 BPM", "静かなギター, 90 BPM", name="\u202eturned 🎵")
    assert "\u25a1" in text
    assert "Characters that the font of this PDF lacks are shown as" in text
    assert "turned" in text


def test_right_to_left_is_shaped() -> None:
    (text,) = pages("A>B", "موسيقى هادئة مع العود", "موسيقى هادئة مع القانون")
    assert "The HTML report marks the words that changed." in text
    assert "\u25a1" not in text


def test_long_prompts_go_on_on_further_pages() -> None:
    long = "\n".join(f"[Verse {number}] {PROMPT}" for number in range(30))
    found = pages("A>B B>A", long, long.replace("82 BPM", "96 BPM"))
    assert len(found) > 1
    assert "[Verse 29]" in " ".join(found)


def test_the_ink_of_charts_is_the_ink_of_the_page() -> None:
    document = pypdfium2.PdfDocument(pdf_report(sample(TWO).report))
    page = document[0]
    text = page.get_textpage()
    place, _ = text.search("prefer A").get_next()
    left, bottom, right, top = text.get_charbox(place, loose=True)
    picture = page.render(scale=4).to_numpy()
    height = picture.shape[0]
    letter = picture[
        int(height - top * 4) : int(height - bottom * 4), int(left * 4) : int(right * 4)
    ]
    assert letter.min() < 90  # muted ink, which is dark,
    spread = letter.astype(int).max(axis=2) - letter.astype(int).min(axis=2)
    assert spread.max() < 30  # and has no colour
    text.close()
    page.close()
    document.close()


def test_the_same_report_is_the_same_file() -> None:
    made = sample(TWO)
    assert pdf_report(made.report) == pdf_report(made.report)


@settings(max_examples=10, deadline=None)
@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60))
def test_any_text_makes_a_document(name: str, said: str) -> None:
    found = pages("A>B B>A", f"x {said}", f"y {name}", name=name, question=said)
    assert "1 of 2" in found[0] or "1 vote each" in found[0] or "got 1 vote" in found[0]
