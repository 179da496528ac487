"""Build -> prompt -> Build, and prompt -> Build -> prompt, on whatever people may type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.prompts import any_text, blueprints, texts, words

from lyria_studio.prompts import (
    Blueprint,
    Section,
    compose_prompt,
    from_json,
    read_prompt,
    tidy,
    to_json,
    written,
)
from lyria_studio.prompts.fragments import read_fragments
from lyria_studio.prompts.grammar import FIELD_OF_LABEL

pytestmark = pytest.mark.slow

SINGERS = ("lyria-3-pro", "lyria-3")

# Words of the grammar itself: a label may be written with another of its names, and the words
# around a tempo, a key or a language in a list are no part of them.
AROUND = ("lyrics", "until", "to", "at", "in", "around", "about", "sung", "singing", "bpm")
OF_THE_GRAMMAR = {*AROUND, *(word for label in FIELD_OF_LABEL for word in label.split())}

PARTS = (
    "slow blues",
    "harmonica",
    "A minor",
    "male vocals",
    "90 BPM",
    "warm",
    "in German",
    "a dog barks",
    "R&B",
    "no vocals",
    "Genre: jazz",
    "Mood: sad. Tempo: 90 BPM. Live.",
    "[Verse 1] la la",
    "(0:10 - 0:20) Solo",
    "",
)
prompts = st.one_of(
    st.text(max_size=300),
    st.lists(any_text, max_size=8).map("\n".join),
    st.tuples(st.sampled_from([", ", ". ", "\n", "\n\n"]), st.lists(st.sampled_from(PARTS))).map(
        lambda drawn: drawn[0].join(drawn[1])
    ),
)


def is_read_by_its_labels(blueprint: Blueprint) -> bool:
    """Whether something besides the free text was said, or that names nothing the form knows."""
    said = written(blueprint, "lyria-2")
    labelled = compose_prompt(said, "lyria-2") != said.extra
    found: dict[str, object] = {}
    read_fragments(said.extra, found)
    return labelled or not found


@given(blueprints, st.sampled_from(("lyria-3-pro", "lyria-3", "lyria-2")))
def test_form_survives_its_prompt(blueprint: Blueprint, model: str) -> None:
    if not is_read_by_its_labels(blueprint):
        return
    assert read_prompt(compose_prompt(blueprint, model)) == written(blueprint, model)


@given(blueprints)
def test_tidying_twice_changes_nothing(blueprint: Blueprint) -> None:
    assert tidy(tidy(blueprint)) == tidy(blueprint)


@given(blueprints)
def test_tidying_loses_no_word(blueprint: Blueprint) -> None:
    after = words(texts(tidy(blueprint)))
    assert words(texts(blueprint)) - OF_THE_GRAMMAR <= after | {"only", "no", "vocals"}


@given(prompts)
def test_prompt_by_hand_loses_no_word(text: str) -> None:
    again = compose_prompt(read_prompt(text), "lyria-3-pro")
    assert words(text) - OF_THE_GRAMMAR <= words(again) | times_within(text)


def times_within(text: str) -> set[str]:
    """Digits of timestamps are written in another way: 00:05 becomes 0:05."""
    return {word for word in words(text) if word.isdigit()}


@given(prompts)
def test_reading_settles_at_once(text: str) -> None:
    once = read_prompt(text)
    assert read_prompt(compose_prompt(once, "lyria-3")) == once


@given(blueprints)
def test_draft_survives_json(blueprint: Blueprint) -> None:
    assert from_json(to_json(blueprint)) == blueprint


@pytest.mark.parametrize("model", SINGERS)
def test_words_in_a_list_are_recognised(model: str) -> None:
    blueprint = read_prompt("Futuristic country music, steel guitar, huge 808s, 96 BPM")
    assert compose_prompt(blueprint, model) == (
        "Genre: Futuristic country music\nInstruments: steel guitar, huge 808s\nTempo: 96 BPM"
    )


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        (
            "Slow blues, harmonica, A minor, male vocals, in German.",
            Blueprint(
                genre="Slow blues",
                instruments=("harmonica",),
                key="A minor",
                voice="male vocals",
                language="German",
            ),
        ),
        (
            "Warm and hopeful, drum and bass, at 172 BPM. Instrumental only, no vocals.",
            Blueprint(
                genre="drum and bass",
                moods=("Warm and hopeful",),
                tempo=172,
                voice="instrumental",
            ),
        ),
        ("Rainy night jazz for a chase.", Blueprint(extra="Rainy night jazz for a chase.")),
        ("Without singing.", Blueprint(extra="Without singing.")),
        (
            "Genre: Dreamy indie pop. Mood: Nostalgic and uplifting. Tempo: 110 BPM. Keep it live.",
            Blueprint(
                genre="Dreamy indie pop",
                moods=("Nostalgic and uplifting",),
                tempo=110,
                extra="Keep it live.",
            ),
        ),
        (
            "- **Mood:** dark\nBPM: 90\n(0:00 - 0:10) Intro: rain\n[0:10-0:20 Verse] drums\n"
            "[Chorus] we are the best of friends tonight\n\nGenre: soul",
            Blueprint(
                genre="soul",
                moods=("dark",),
                tempo=90,
                sections=(
                    Section("Intro", 0.0, 10.0, "rain"),
                    Section("Verse", 10.0, 20.0, "drums"),
                    Section("Chorus", lyrics="we are the best of friends tonight"),
                ),
            ),
        ),
        (
            "Synth pop. [0:00 - 0:10] Intro: quiet piano. [0:10 - 0:20] Verse: drums [loud]",
            Blueprint(
                genre="Synth pop",
                sections=(
                    Section("Intro", 0.0, 10.0, "quiet piano."),
                    Section("Verse", 10.0, 20.0, "drums (loud)"),
                ),
            ),
        ),
        (
            "Genre: pop\nLyrics: la la la\nla la",
            Blueprint(genre="pop", sections=(Section(lyrics="la la la\nla la"),)),
        ),
    ],
)
def test_prompts_by_hand_are_understood(prompt: str, expected: Blueprint) -> None:
    assert read_prompt(prompt) == expected
