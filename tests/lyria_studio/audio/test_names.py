import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_studio.audio import file_name


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("Warm lo-fi beat, 80 BPM", "warm-lo-fi-beat-80-bpm_lyria-3-pro.mp3"),
        ("[Verse 1]\nWalking through", "walking-through_lyria-3-pro.mp3"),
        ("[0:00 - 0:10] Intro: piano", "intro-piano_lyria-3-pro.mp3"),
        ("[Verse]", "verse_lyria-3-pro.mp3"),
        ("../../etc/passwd", "etc-passwd_lyria-3-pro.mp3"),
        ("静かなピアノ", "静かなピアノ_lyria-3-pro.mp3"),
        ("शांत पियानो", "शांत-पियानो_lyria-3-pro.mp3"),
        ("!!!", "track_lyria-3-pro.mp3"),
    ],
)
def test_the_name_says_what_was_asked_for(prompt: str, expected: str) -> None:
    assert file_name(prompt, "Lyria 3 Pro", "audio/mpeg") == expected


def test_a_long_prompt_ends_at_a_word() -> None:
    name = file_name(
        "walking through the neon glow and the rain of the city", "Lyria 2", "audio/wav"
    )
    assert name == "walking-through-the-neon-glow-and-the-rain-of_lyria-2.wav"


def test_takes_and_parts_are_numbered_when_there_are_several() -> None:
    assert file_name("a", "M", "audio/mpeg", take=2, takes=3) == "a_m_take-2.mp3"
    assert file_name("a", "M", "audio/mpeg", part=2) == "a_m_part-2.mp3"


@given(st.text(max_size=300))
def test_any_prompt_gives_a_safe_name(prompt: str) -> None:
    name = file_name(prompt, "Lyria 3", "audio/mpeg")
    assert name.endswith("_lyria-3.mp3")
    assert not re.search(r'[/\\:*?"<>|\s\x00-\x1f]', name)
    assert not name.startswith(("-", "."))
    assert len(name) <= 70
