"""The prompts with their meaning, and how much of them is understood."""

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.composer_understanding import MEANINGS, UNSEEN, meanings, measure, share

LANGUAGES = ("en", "de", "es", "fr", "hi", "ja", "ko", "pt", "zh", "ru")


def test_prompts_in_ten_languages_are_stored_with_their_meaning() -> None:
    entries = meanings()
    assert len(entries) >= 200
    assert set(Counter(entry["language"] for entry in entries)) == set(LANGUAGES)
    assert all(entry["meaning"] for entry in entries)
    assert len({entry["prompt"] for entry in entries}) == len(entries)


def test_half_of_the_prompts_are_quoted_with_their_source() -> None:
    entries = meanings()
    assert 2 * sum(bool(entry.get("source")) for entry in entries) >= len(entries)


@pytest.mark.parametrize("file", [MEANINGS, UNSEEN], ids=lambda file: file.stem)
def test_nearly_all_of_what_prompts_say_is_understood_in_every_language(file: Path) -> None:
    found = measure(meanings(file))
    shares = {
        language: share(fact for fact in found if fact.language == language)
        for language in LANGUAGES
    }
    assert min(shares.values()) >= 0.95, shares
    assert share(found) >= 0.97
