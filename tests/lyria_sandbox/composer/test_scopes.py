"""Negation, degree, topics and names."""

import pytest
from support.parsed_prompts import names, parsed


@pytest.mark.parametrize(
    ("prompt", "excluded"),
    [
        ("vocals: none, piano", ["voice"]),
        ("Drums: no. Guitar: acoustic.", ["drums"]),
        ("drum-free ambient", ["drums"]),
        ("a beatless drone", ["drums"]),
        ("instead of piano use organ", ["piano"]),
        ("organ rather than piano", ["piano"]),
        ("use organ, not piano", ["piano"]),
        ("never use a choir, strings", ["choir"]),
        ("a song that doesn't have drums", ["drums"]),
        ("everything except the drums", ["drums"]),
        ("neither drums nor bass, just harp and flute", ["drums", "bass"]),
        ("skip the saxophone", ["saxophone"]),
        ("minus the guitars", ["guitar"]),
        ("no drums and no bass, flute", ["drums", "bass"]),
        ("swap the piano for a harpsichord", ["piano"]),
        ("replace the drums with claps", ["drums"]),
    ],
)
def test_ways_to_exclude_instruments(prompt: str, excluded: list[str]) -> None:
    found = parsed(prompt)
    assert names(found.excluded) == excluded
    assert not set(excluded) & set(names(found.instruments))


@pytest.mark.parametrize(
    ("prompt", "wanted"),
    [
        ("instead of piano use organ", ["organ"]),
        ("neither drums nor bass, just harp and flute", ["harp", "flute"]),
        ("no drums, piano", ["piano"]),
        ("not only piano but also harp", ["piano", "harp"]),
        ("no doubt, a banjo", ["banjo"]),
        ("swap the piano for a harpsichord", ["harpsichord"]),
        ("nothing but a lone cello", ["cello"]),
        ("no instruments other than a harp", ["harp"]),
    ],
)
def test_what_is_wanted_beside_an_exclusion(prompt: str, wanted: list[str]) -> None:
    assert names(parsed(prompt).instruments) == wanted


@pytest.mark.parametrize(
    ("prompt", "genre", "excluded"),
    [
        ("anything but jazz", None, "jazz"),
        ("everything except metal, something for dinner", None, "metal"),
        ("not jazz, a blues", "blues", "jazz"),
        ("rock, but not punk", "rock", "punk"),
        ("house rather than techno", "house", "techno"),
        ("the exact opposite of metal", None, "metal"),
        ("a pop song that isn't country", "pop", "country"),
    ],
)
def test_excluded_genres(prompt: str, genre: str | None, excluded: str) -> None:
    found = parsed(prompt)
    assert excluded in names(found.excluded_genres)
    assert (found.genre.name if found.genre else None) == genre


@pytest.mark.parametrize(
    ("prompt", "mood"),
    [
        ("pop, not sad", "sad"),
        ("pop, not too dark", "dark"),
        ("pop that isn't sad", "sad"),
        ("less aggressive rock", "energetic"),
    ],
)
def test_excluded_moods(prompt: str, mood: str) -> None:
    assert mood in names(parsed(prompt).excluded_moods)
    assert mood not in names(parsed(prompt).moods)


@pytest.mark.parametrize(
    ("prompt", "faster"),
    [
        ("pop, not too fast", False),
        ("pop, not fast", False),
        ("pop, not too slow", True),
        ("pop that isn't slow", True),
        ("rock, never too fast, not sad", False),
    ],
)
def test_a_pace_that_is_not_wanted_moves_the_tempo_the_other_way(prompt: str, faster: bool) -> None:
    factor = parsed(prompt).tempo_factor
    assert factor > 1 if faster else factor < 1


@pytest.mark.parametrize(
    ("prompt", "quieter", "louder"),
    [
        ("trap with less bass", ["bass"], []),
        ("fewer drums, more strings", ["drums"], ["strings"]),
        ("go easy on the guitars", ["guitar"], []),
        ("not too much piano", ["piano"], []),
        ("a little less choir, louder brass", ["choir"], ["brass"]),
        ("hardly any percussion", ["drums"], []),
        ("almost no guitar, prominent bass", ["guitar"], ["bass"]),
        ("drums in the background, cello", ["drums"], []),
        ("the guitar should be barely audible", ["guitar"], []),
        ("ohne viel Schlagzeug", ["drums"], []),
        ("menos bajo, más guitarra", ["bass"], ["guitar"]),
        ("ドラムは控えめに", ["drums"], []),
        ("почти без ударных", ["drums"], []),
    ],
)
def test_less_and_more_of_an_instrument(prompt: str, quieter: list[str], louder: list[str]) -> None:
    found = parsed(prompt)
    assert (names(found.quieter), names(found.louder)) == (quieter, louder)
    assert not found.excluded


@pytest.mark.parametrize(
    ("prompt", "alone"),
    [
        ("nothing but a lone cello", True),
        ("no instruments except a harp", True),
        ("only piano", True),
        ("cello, but only in the chorus", False),
        ("rock, instrumental only, guitars", False),
    ],
)
def test_who_plays_alone(prompt: str, alone: bool) -> None:
    assert parsed(prompt).alone is alone


@pytest.mark.parametrize(
    ("prompt", "genre"),
    [
        ("a rock song about my house", "rock"),
        ("a folk tune about the trance of love", "folk"),
        ("pop song called Metal Heart", "pop"),
        ("blues in the style of Country Joe", "blues"),
        ("a la Disco Biscuits, reggae", "reggae"),
        ("jazz, à la Soul Coughing", "jazz"),
    ],
)
def test_topics_titles_and_names_of_artists_name_no_genre(prompt: str, genre: str) -> None:
    found = parsed(prompt)
    assert found.genre is not None
    assert found.genre.name == genre
    assert found.touch is None


@pytest.mark.parametrize(
    ("prompt", "genre"),
    [
        ("in the style of classic rock", "rock"),
        ("something like Techno", "techno"),
        ("about 100 seconds of jazz", "jazz"),
    ],
)
def test_a_style_is_no_name_of_an_artist(prompt: str, genre: str) -> None:
    found = parsed(prompt)
    assert found.genre is not None
    assert found.genre.name == genre


@pytest.mark.parametrize(
    ("prompt", "wanted", "unwanted"),
    [
        ("rather rock than jazz", "rock", "jazz"),
        ("sooner house than techno", "house", "techno"),
        ("plutôt rock que jazz", "rock", "jazz"),
        ("plutôt de la bossa nova que du reggae", "bossa nova", "reggae"),
        ("eher Folk als Rock", "folk", "rock"),
        ("más bien bossa nova que techno", "bossa nova", "techno"),
        ("mais para reggae do que rock", "reggae", "rock"),
        ("скорее джаз, чем рок", "jazz", "rock"),
        ("ジャズよりロック", "rock", "jazz"),
        ("재즈보다는 록", "rock", "jazz"),
        ("जैज़ की बजाय रॉक", "rock", "jazz"),
        ("与其爵士不如摇滚", "rock", "jazz"),
    ],
)
def test_of_two_things_that_are_compared_one_is_wanted(
    prompt: str, wanted: str, unwanted: str
) -> None:
    found = parsed(prompt)
    assert found.genre is not None
    assert found.genre.name == wanted
    assert [genre.name for genre in found.excluded_genres] == [unwanted]


@pytest.mark.parametrize(
    ("prompt", "wanted", "unwanted"),
    [
        ("jazz, rather organ than piano", "organ", "piano"),
        ("lieber Klavier als Gitarre, Jazz", "piano", "guitar"),
        ("ピアノの代わりにオルガン、ジャズ", "organ", "piano"),
        ("피아노 대신 오르간, 재즈", "organ", "piano"),
        ("पियानो की जगह गिटार, जैज़", "guitar", "piano"),
    ],
)
def test_one_instrument_may_take_the_place_of_another(
    prompt: str, wanted: str, unwanted: str
) -> None:
    found = parsed(prompt)
    assert [one.name for one in found.excluded] == [unwanted]
    assert wanted in [one.name for one in found.instruments]
