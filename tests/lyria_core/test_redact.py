"""Secrets do not come back from the gateway's words."""

from __future__ import annotations

import pytest

from lyria_core._redact import Redactor, phrase

KEY = "5f0d7c2b9a1e4c3d8b6f0a9e7d5c3b1a"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("All is well", "All is well"),
        (f"Key {KEY}!", "Key [hidden]!"),
        (f"Key {KEY.upper()}!", "Key [hidden]!"),
        ("Bad prompt: a  Velvet\nwaltz, sorry", "Bad prompt: [hidden], sorry"),
        ("Refused: nine bassoons and one reluctant…", "[hidden]"),
        ("nine bassoons are loud", "nine bassoons are loud"),
        ("jazz and jazzy", "[hidden] and jazzy"),
    ],
)
def test_secrets_are_hidden(words: str, shown: str) -> None:
    texts = ["a velvet waltz", "For nine bassoons and one reluctant accordion", "jazz", "", "  "]
    assert Redactor(KEY, texts).text(words) == shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [("The system failed. ", "The system failed"), ("Why?", "Why?"), ("...", "..."), ("", "")],
)
def test_words_inside_a_sentence_end_without_a_full_stop(words: str, shown: str) -> None:
    assert phrase(words) == shown


def test_a_short_key_is_hidden_as_a_word_only() -> None:
    redactor = Redactor("demo")
    assert redactor.text("demo of a demonstration") == "[hidden] of a demonstration"
    assert "demo" not in repr(redactor)


def test_hidden_in_an_answer_but_never_in_its_id() -> None:
    payload = {
        "request_id": f"lyria-2_{KEY}",
        "output": {"media_url": ["https://e.example/a velvet waltz", f"https://e.example/{KEY}"]},
        "error": {"message": "a velvet waltz", "tries": [1, None, KEY]},
    }
    assert Redactor(KEY, ["a velvet waltz"]).payload(payload) == {
        "request_id": f"lyria-2_{KEY}",
        "output": {"media_url": ["https://e.example/a velvet waltz", "https://e.example/[hidden]"]},
        "error": {"message": "[hidden]", "tries": [1, None, "[hidden]"]},
    }
