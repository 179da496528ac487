"""Screens speak plain English: no text of the product has a word of `banned_words.toml`."""

import re
import tomllib
from pathlib import Path

import pytest
from support.screen_texts import screen_texts

LIST = tomllib.loads(Path(__file__).with_name("banned_words.toml").read_text(encoding="utf-8"))
TEXTS = list(screen_texts())


def banned(text: str) -> list[str]:
    """What the list says against a text, with what to write instead."""
    said = [
        f"{pattern} → {instead}"
        for pattern, instead in LIST["phrases"].items()
        if re.search(pattern, text, re.IGNORECASE)
    ]
    said += [
        f"{label} → {instead}"
        for label, instead in LIST["labels"].items()
        if text.casefold().strip(" .:") == label
    ]
    return said


def test_no_text_of_a_screen_has_a_banned_word() -> None:
    found = [f"{one.where}: {one.text!r}: {said}" for one in TEXTS for said in banned(one.text)]
    assert found == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("lyria_studio/ui/compare/overview.py", "New comparison"),
        ("lyria_studio/outlook.py", "Undo settling"),
        ("lyria_studio/assets/instep/view.js", "Press play to load."),
        ("lyria_studio/ui/elements/instep.html", "Loop"),
    ],
    ids=["widget", "wording", "script", "template"],
)
def test_texts_of_every_kind_are_read(file: str, text: str) -> None:
    assert text in {one.text for one in TEXTS if one.where.startswith(f"{file}:")}


@pytest.mark.parametrize(
    "text",
    [
        "Ordered. It goes on in the background, also when you leave this page.",
        "The coach has nothing to add: the prompt says what the models want to know.",
        "Nothing is said of the mood",
        "$0.04 of sandbox money charged",
        "Being fetched",
        "lately 10 to 30 s",
        "Also with",
        "Leave out (optional)",
        "“cello” became “harmonium”",
        "Keep A and go on",
        "5 s to hear",
        "Needs a look",
        "Together",
        "made the test blunter",
    ],
)
def test_words_of_earlier_screens_are_banned(text: str) -> None:
    assert banned(text)
