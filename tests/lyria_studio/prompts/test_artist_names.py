from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_studio.prompts.artist_names import find_names


@pytest.mark.parametrize(
    "prompt",
    [
        "a song like Queen",
        "in the style of queen",
        "Queen-style harmonies",
        "something by Prince and Kiss",
        "à la Daft Punk",
        "Beyonce vocals",
        "BEYONCÉ vocals",
        "like The Beatles",
        "AC/DC riffs",
        "Simon & Garfunkel harmonies",
        "like Earth, Wind & Fire",
        "guns n roses drums",
        "Drake type beat",
        "similar to Yes",
        "like The Police",
        "think Kiss or Toto",
        "Beyoncé's voice",
        "jay z",
        "a cover of Hello",
        "like “Imagine”",
        "don't stop believin'",
        "Don’t Stop Believin’",
        "in the style of Jane Doe",
        "Bohemian Rhapsody by Some Band",
        "Instruments: piano\nlike Bush",
    ],
)
def test_names_are_found(prompt: str) -> None:
    assert find_names(prompt)


@pytest.mark.parametrize(
    "prompt",
    [
        "a queen walks in",
        "music fit for a prince",
        "a kiss goodbye",
        "hidden in the bush",
        "yes, more drums",
        "like a queen",
        "like Prince Charming",
        "the Queen's speech",
        "Chicago house",
        "in the style of Chicago blues",
        "a night in Boston",
        "learn it by heart",
        "Kansas City swing",
        "in the style of Bollywood",
        "in the style of 1980s Manchester",
        "in the style of New Orleans jazz",
        "in the style of French Chanson",
        "sounds like rain",
        "air and cream",
        "let it go now",
        "pixies dancing, imagine dragons flying",
        "a pad with massive attack",
        "usher in a new day",
        "mon cher ami",
        "a rush of air",
        "like a rolling stone",
        "like\nQueen",
        "I like. Queen of the night",
        "reggae with horns by the sea",
        "Abbath",
    ],
)
def test_common_words_are_left_alone(prompt: str) -> None:
    assert find_names(prompt) == []


def test_an_artist_is_found_with_its_place_and_its_cue() -> None:
    prompt = "A song like the Beatles, or Prince"
    beatles, prince = find_names(prompt)
    assert prompt[beatles.start : beatles.end] == beatles.text == "the Beatles"
    assert (beatles.kind, beatles.cue) == ("artist", ("like",))
    assert prompt[beatles.cue_start :].startswith("like")
    assert prince.text == "Prince"


@given(st.text())
def test_any_text_is_read(prompt: str) -> None:
    found = find_names(prompt)
    assert all(prompt[name.start : name.end] == name.text for name in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
