"""Short names for tracks, from prompts as people write them."""

import pytest

from lyria_studio.prompts import all_templates, title_of
from lyria_studio.prompts.titles import LONGEST, UNTITLED


@pytest.mark.parametrize(
    ("prompt", "title"),
    [
        ("Lo-fi hip hop, 80 BPM, Rhodes and soft drums", "Lo-fi hip hop, Rhodes"),
        ("Warm lo-fi hip hop, 80 BPM, D minor, Rhodes", "Warm lo-fi hip hop, Rhodes"),
        ("Epic orchestral trailer, 90 BPM, French horns", "Epic orchestral trailer, French horns"),
        ("Calm solo piano, 70 BPM, C major", "Calm solo piano"),
        ("Synthwave, no saxophone, with analog synths", "Synthwave, analog synths"),
        (
            "Genre: funk\nMood: nostalgic\nInstruments: slap bass",
            "Nostalgic funk, slap bass",
        ),
        ("Please make me a happy disco track for a party with strings", "Happy disco, strings"),
        ("Something for my wedding. Jazz trio, romantic.", "Romantic jazz"),
        ("A song about my house with piano", "Song about my house"),
        ("Waltz [[error]]", "Waltz"),
        ("静かなピアノ曲、雨の午後", "静かなピアノ曲"),
        (
            "Ein ruhiges Klavierstück für einen regnerischen Nachmittag",
            "Ein ruhiges Klavierstück für einen regnerischen",
        ),
        ("Lyrics:\nla la la", "La la la"),
        ("[Intro] quiet\n[Verse] hello", "Quiet"),
        ("", UNTITLED),
        (" \n ", UNTITLED),
        ("[[error]]", "Error"),
    ],
)
def test_title_says_genre_instrument_and_mood_or_the_first_words(prompt: str, title: str) -> None:
    assert title_of(prompt) == title


@pytest.mark.parametrize("template", all_templates(), ids=lambda template: template.id)
def test_prompt_of_a_template_is_called_as_the_template(template: object) -> None:
    assert title_of(f" {template.prompt}\n") == template.title  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "prompt",
    ["x" * 30_000, "word " * 5_000, "🎹" * 100, "[" * 500, "(((,,,;;;", "\x00\x07", "a\n" * 200]
    + [f"{start} jazz, sad, with violins and oboes" for start in ("very " * 20, "")],
    ids=range(9),
)
def test_any_prompt_has_a_title_on_one_short_line(prompt: str) -> None:
    title = title_of(prompt)
    assert title.strip()
    assert len(title) <= LONGEST
    assert "\n" not in title
