import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lyria_studio.prompts
from lyria_studio.prompts import soften, word_diff
from lyria_studio.prompts.artist_names import find_names

ROOM = Path(lyria_studio.prompts.__file__).parent
NAMES = json.loads((ROOM / "names.json").read_text(encoding="utf-8"))
UNSAFE = json.loads((ROOM / "unsafe.json").read_text(encoding="utf-8"))["words"]
ROWS = [*NAMES["artists"], *NAMES["songs"]]

WORDS = (
    "Queen", "ABBA", "like", "by", "in the style of", "Jane Doe", "a", "an", "the", "murder",
    "Fucking", "piano", "calm", ",", ".", "\n", "and", "-style", "cover of", "Let It Go", "song",
    "Bohemian Rhapsody", "’s", "90 BPM", "日本", "🎸", "",
)  # fmt: skip
prompts = st.one_of(
    st.text(max_size=100),
    st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join),
    st.lists(st.sampled_from([row["name"] for row in ROWS]), max_size=5).map(" like ".join),
)


@pytest.mark.parametrize(
    ("prompt", "softened"),
    [
        (
            "A slow song in the style of The Beatles, 80 BPM",
            "A slow song in the style of 1960s British guitar pop with close harmonies, 80 BPM",
        ),
        ("a Daft Punk bass line", "a French filter house bass line"),
        ("ABBA-style chorus", "1970s Swedish disco-pop chorus"),
        ("Calm piano, in the style of Jane Doe, with rain", "Calm piano, with rain"),
        ("a cover of Ain't No Mountain High Enough", "an uplifting 1960s soul duet"),
        (
            "a tune by Elvis.",
            "a tune in the style of 1950s rock and roll with a deep crooning voice.",
        ),
        ("inspired by Enya", "inspired by Celtic new age with layered female vocals"),
        ("a fucking loud murder ballad", "a loud mystery ballad"),
        ("KILL the lights", "DEFEAT the lights"),
        ("piano stabs for a killer queen", "piano stabs for a killer queen"),
    ],
)
def test_what_filters_refuse_is_described(prompt: str, softened: str) -> None:
    assert soften(prompt).prompt == softened


def test_every_change_is_published() -> None:
    changes = soften("a murder song like Queen").changes
    assert [(change.before, change.after, change.reason) for change in changes] == [
        ("murder", "mystery", "a refused word"),
        ("Queen", "1970s operatic rock with stacked harmonies", "an artist's name"),
    ]


@given(prompts)
def test_the_prompt_changes_only_with_a_reported_change(prompt: str) -> None:
    softened = soften(prompt)
    assert (softened.prompt == prompt) == (not softened.changes)
    assert all(change.before for change in softened.changes)


@given(prompts)
def test_softening_twice_changes_nothing_more(prompt: str) -> None:
    once = soften(prompt).prompt
    assert soften(once).changes == ()
    assert find_names(once) == []


@given(prompts)
def test_the_difference_shows_both(prompt: str) -> None:
    softened = soften(prompt).prompt
    diff = word_diff(prompt, softened)
    assert "".join(text for op, text in diff if op != "delete") == softened


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_every_name_is_found_and_its_description_is_clean(row: dict[str, str]) -> None:
    said = f"a song in the style of {row['name']}, slow"
    assert [name.instead for name in find_names(said)] == [row["instead"]]
    assert find_names(f"in the style of {row['instead']}") == []
    assert soften(row["instead"]).changes == ()


def test_the_lists_are_long_and_without_doubles() -> None:
    names = [row["name"].casefold() for row in ROWS]
    assert len(names) == len(set(names)) >= 400
    assert {row["kind"] for row in ROWS} == {"clear", "cued", "strict"}


@pytest.mark.parametrize("word", UNSAFE)
def test_every_milder_word_is_mild(word: str) -> None:
    assert soften(UNSAFE[word]).changes == ()
