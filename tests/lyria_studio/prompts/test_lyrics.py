"""Lyrics in a prompt: found, replaced, counted, and sung by the sandbox."""

import pytest

from lyria_sandbox.composer import Order
from lyria_sandbox.composer.parse import read
from lyria_studio.prompts import (
    LYRICS_SECTIONS,
    line_counts,
    split_lyrics,
    with_lyrics,
    with_section,
)

SONG = "[Verse]\nRain on the roof\nTea on the stove\n\n[Chorus]\nStay, stay with me"


@pytest.mark.parametrize(
    ("prompt", "described", "lyrics"),
    [
        ("Folk song, 90 BPM", "Folk song, 90 BPM", ""),
        (f"Folk song\n\nLyrics:\n{SONG}", "Folk song", SONG),
        (f"Folk song\n\n{SONG}", "Folk song", SONG),
        ("Folk. Lyrics here\nLYRICS: la la\nlo lo", "Folk. Lyrics here", "la la\nlo lo"),
        ("Folk\n[0:00 - 0:10] Intro: quiet", "Folk\n[0:00 - 0:10] Intro: quiet", ""),
        (SONG, "", SONG),
        ("", "", ""),
    ],
)
def test_lyrics_are_told_from_the_description(prompt: str, described: str, lyrics: str) -> None:
    assert split_lyrics(prompt) == (described, lyrics)


@pytest.mark.parametrize("prompt", ["", "Folk", "Folk\n\nLyrics:\nold", "Folk\n\n[Verse]\nold"])
def test_written_lyrics_are_read_back(prompt: str) -> None:
    written = with_lyrics(prompt, SONG)
    assert split_lyrics(written) == (split_lyrics(prompt)[0], SONG)
    assert with_lyrics(written, SONG) == written
    assert with_lyrics(written, " \n") == split_lyrics(prompt)[0]


def test_sections_are_numbered_and_a_chorus_is_repeated() -> None:
    assert with_section("", "Verse") == "[Verse]\n"
    longer = with_section(with_section(SONG, "Verse"), "Chorus")
    assert line_counts(longer) == [("Verse", 2), ("Chorus", 1), ("Verse 2", 0), ("Chorus", 1)]
    assert line_counts("no tag\nat all") == [("Lyrics", 2)]


@pytest.mark.parametrize("model", ["lyria-3", "lyria-3-pro"])
@pytest.mark.parametrize("name", LYRICS_SECTIONS)
def test_the_sandbox_sings_what_the_editor_writes(model: str, name: str) -> None:
    lyrics = f"{with_section('', name)}Rain on the roof\nTea on the stove"
    prompt = with_lyrics("Indie folk, 90 BPM, acoustic guitar, female voice", lyrics)
    found = read(Order(model, prompt))
    sung = " ".join(line for section in found.sections for line in section.lyrics)
    assert "Rain on the roof" in sung
    assert "Tea on the stove" in sung
    assert found.tempo_bpm == 90
