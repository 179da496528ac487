from collections.abc import Sequence
from itertools import pairwise

import pytest

from lyria_studio.prompts import INSTRUMENTAL, Blueprint, advise, compose_prompt
from lyria_studio.prompts.genre_defaults import GENRES, Genre, genre_in
from lyria_studio.prompts.vocabulary import (
    ERAS_AND_REGIONS,
    INSTRUMENT_FAMILIES,
    INSTRUMENTS,
    ITALIAN_TEMPOS,
    KEYS,
    LANGUAGES,
    MOODS,
    SECTION_NAMES,
    TEMPOS,
    VOICES,
    TempoWord,
    named,
    tempo_word,
)

LISTS = {
    "genres": [genre.name for genre in GENRES],
    "moods": MOODS,
    "instruments": INSTRUMENTS,
    "keys": KEYS,
    "tempos": [tempo.word for tempo in TEMPOS],
    "voices": VOICES,
    "eras": ERAS_AND_REGIONS,
    "sections": SECTION_NAMES,
}


def said(blueprint: Blueprint) -> set[str]:
    prompt = compose_prompt(blueprint, "lyria-3")
    return {advice.id for advice in advise(prompt, "", (), "lyria-3")}


@pytest.mark.parametrize("name", LISTS)
def test_lists_have_no_doubles_and_no_commas(name: str) -> None:
    items = [item.lower() for item in LISTS[name]]
    assert len(items) == len(set(items))
    assert not any("," in item or item != item.strip() for item in items)


def test_lists_are_long_enough_to_choose_from() -> None:
    assert len(GENRES) >= 40
    assert len(MOODS) >= 30
    assert len(INSTRUMENTS) >= 60
    assert len(INSTRUMENTS) == sum(len(family) for family in INSTRUMENT_FAMILIES.values())
    assert len(KEYS) == 24


def test_the_eight_languages_are_those_that_lyria_sings() -> None:
    assert " ".join(language.code for language in LANGUAGES) == "en de es fr hi ja ko pt"


@pytest.mark.parametrize("genre", GENRES, ids=lambda genre: genre.name)
def test_the_coach_knows_each_genre_and_what_goes_with_it(genre: Genre) -> None:
    low, high = genre.bpm
    assert 30 <= low < high <= 240
    assert 2 <= len(genre.instruments) <= 4
    for name in (genre.name, *genre.aliases):
        assert genre_in(f"some {name} music") is genre
    blueprint = Blueprint(
        genre=genre.name,
        moods=("warm",),
        tempo=low,
        voice=INSTRUMENTAL,
        instruments=genre.instruments,
    )
    assert said(blueprint) == set()


@pytest.mark.parametrize("mood", MOODS)
def test_the_coach_knows_each_mood(mood: str) -> None:
    assert "no-mood" not in said(Blueprint(genre="folk", moods=(mood,)))


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_the_coach_knows_each_instrument(instrument: str) -> None:
    assert "no-instruments" not in said(Blueprint(genre="folk", instruments=(instrument,)))


@pytest.mark.parametrize("voice", VOICES)
def test_the_coach_knows_each_voice(voice: str) -> None:
    assert "voice-unsaid" not in said(Blueprint(genre="folk", voice=voice))


@pytest.mark.parametrize("tempo", [*TEMPOS, *ITALIAN_TEMPOS], ids=lambda tempo: tempo.word)
def test_the_coach_knows_each_tempo(tempo: TempoWord) -> None:
    assert "no-tempo" not in said(Blueprint(genre="folk", tempo=tempo.word))


def test_tempo_words_follow_each_other_without_a_gap() -> None:
    for slower, faster in pairwise(TEMPOS):
        assert slower.bpm[1] == faster.bpm[0]
    assert [tempo_word(bpm) for bpm in (20, 59, 60, 100, 131, 200, 400)] == [
        "very slow",
        "very slow",
        "slow",
        "medium",
        "upbeat",
        "very fast",
        "very fast",
    ]


def test_a_haunted_house_is_no_house_music() -> None:
    assert genre_in("a haunted house in March") is None
    assert [getattr(genre_in(text), "name", None) for text in ("a house track", "deep house")] == [
        "house",
        "house",
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bossa", "bossa nova"),
        (" Bossa  NOVA ", "bossa nova"),
        ("jazz", "jazz"),
        ("bos", "bos"),
        ("klezmer from Mars", "klezmer from Mars"),
        ("", ""),
    ],
)
def test_a_name_that_was_typed_in_part_is_known(typed: str, meant: str) -> None:
    assert named(typed, ["jazz", "jazz fusion", "bossa nova"]) == meant


def test_a_beginning_that_several_names_have_is_none() -> None:
    assert named("deep", ["deep house", "deep techno"]) == "deep"


@pytest.mark.parametrize("names", [MOODS, INSTRUMENTS, KEYS, [genre.name for genre in GENRES]])
def test_a_name_means_itself(names: Sequence[str]) -> None:
    assert [named(name, names) for name in names] == list(names)
