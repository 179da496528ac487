"""Phrases before words, misspellings, stand-ins, and what is said to be unknown."""

import pytest
from support.parsed_prompts import names, parsed, written

from lyria_sandbox.composer import Order
from lyria_sandbox.composer.parse.typos import mend, vocabulary
from lyria_sandbox.composer.tables.genres import GENRES
from lyria_sandbox.composer.tables.related import RELATED
from lyria_sandbox.composer.understood import describe


def told(prompt: str) -> list[str]:
    """List the notes of the field `understood`."""
    order = Order("lyria-3", prompt, seed=5)
    plan, score = written(prompt)
    notes: list[str] = describe(order, parsed(prompt), plan, score, plan.duration_s)["notes"]
    return notes


@pytest.mark.parametrize(
    ("prompt", "genre"),
    [
        ("jazz piano trio", "jazz"),
        ("Indian classical", "indian"),
        ("Indian classical raga with sitar", "indian"),
        ("deep house about my old house", "house"),
        ("jazz rock", "rock"),
        ("symphonic metal", "metal"),
        ("symphonc metal", "metal"),
        ("funk with horns", "funk"),
        ("a jazz waltz", "jazz"),
        ("folk punk", "punk"),
        ("country rock", "rock"),
        ("soul jazz", "soul jazz"),
        ("trap metal", "metal"),
        ("orchestral hip hop", "hip hop"),
        ("city pop", "city pop"),
        ("big band swing", "big band"),
    ],
)
def test_the_longest_phrase_and_the_last_of_two_names_decide(prompt: str, genre: str) -> None:
    found = parsed(prompt).genre
    assert found is not None
    assert found.name == genre


@pytest.mark.parametrize(
    ("prompt", "ensemble"),
    [
        ("jazz piano trio", "jazz trio"),
        ("piano trio", "piano trio"),
        ("a string quartet", "string quartet"),
        ("brass quintet", "brass band"),
    ],
)
def test_ensembles(prompt: str, ensemble: str) -> None:
    found = parsed(prompt).ensemble
    assert found is not None
    assert found.name == ensemble


@pytest.mark.parametrize("prompt", ["solo drums", "drum solo, nothing else", "only percussion"])
def test_drums_may_play_alone(prompt: str) -> None:
    _, score = written(prompt)
    assert {part.role for part in score.parts} <= {"drums", "percussion"}


@pytest.mark.parametrize("prompt", ["funk with horns", "horns and drums, soul"])
def test_horns_of_a_band_are_no_orchestral_horns(prompt: str) -> None:
    assert "French horn" not in names(parsed(prompt).instruments)
    assert names(parsed("orchestra with French horns").instruments) == ["French horn"]


@pytest.mark.parametrize(
    ("prompt", "read_as"),
    [
        ("regae with a bass", "reggae"),
        ("tecno with synths", "techno"),
        ("lofi hip hpo", "hip hop"),
        ("a saxophon and a drum", "saxophone"),
        ("melancolic pop", "melancholic"),
        ("pop with violn", "violin"),
        ("guitarr and drums", "guitar"),
        ("orchestal music", "orchestral"),
        ("flamneco", "flamenco"),
    ],
)
def test_a_misspelt_word_is_read_and_reported(prompt: str, read_as: str) -> None:
    _, notes = mend(prompt)
    assert any(read_as in note for note in notes)


@pytest.mark.parametrize(
    "prompt",
    [
        "a pope and his hope", "ride the rock", "pine trees", "a fork in the road", "rook takes",
        "soup", "cleaning the mouse", "a slack day", "the horse", "harm", "faulty flutter", "panic",
        "the plane", "my chores", "a chord",
        "gnaw", "steel drums", "bella",
        "hose", "base of operations", "a souls mission", "the organic",
        "Rocco and Regina", "bluish sea", "the drama", "discs", "violets",
        "count me in",
    ],
)  # fmt: skip
def test_words_of_the_dictionary_and_names_stay_as_they_are(prompt: str) -> None:
    assert mend(prompt) == (prompt, ())


def test_no_known_word_is_mended() -> None:
    assert len(vocabulary()) > 300
    changed = {word: mend(word)[0] for word in vocabulary() if mend(word)[0] != word}
    assert changed == {}


@pytest.mark.parametrize("name", sorted(RELATED))
def test_a_genre_that_is_missing_is_played_as_its_neighbour(name: str) -> None:
    found = parsed(f"{name}, 100 BPM")
    assert found.genre is not None
    assert found.genre.name == name
    assert found.genre.neighbour in GENRES
    assert f"{name}: played as {found.genre.neighbour}." in told(name)


@pytest.mark.parametrize(
    "name",
    ["polka", "klezmer", "hyperpop", "future bass", "IDM", "dixieland", "fado", "zydeco",
     "gamelan", "ska", "grunge", "phonk", "vaporwave", "bluegrass", "cumbia", "salsa", "dub",
     "requiem", "hymn", "choro", "rebetiko", "gqom", "neurofunk", "dungeon synth", "show tune"],
)  # fmt: skip
def test_genres_that_people_name_are_known(name: str) -> None:
    found = parsed(name)
    assert found.genre is not None
    assert not found.not_understood


@pytest.mark.parametrize(
    ("prompt", "note"),
    [
        ("country with pedal steel", "pedal steel guitar: played by steel-string guitar."),
        ("something by the sea", "No genre recognised, using pop."),
        ("polka", "polka: played as march."),
        ("rock in 11/8", "11/8 can't be played."),
        ("regae", 'Read "regae" as "reggae".'),
    ],
)
def test_what_takes_the_place_of_a_wish_is_told(prompt: str, note: str) -> None:
    assert any(note in said for said in told(prompt)), told(prompt)


@pytest.mark.parametrize(
    ("prompt", "unknown"),
    [
        ("rock 4711", "4711"),
        ("rock with a vuvuzela", "vuvuzela"),
        ("rock, μουσική", "μουσική"),
        ("rock, שיר", "שיר"),
        ("jazz, เพลง", "เพลง"),
        ("rock with 3 zorbs", "zorbs"),
    ],
)
def test_unknown_numbers_words_and_scripts_are_reported(prompt: str, unknown: str) -> None:
    assert unknown in " ".join(parsed(prompt).not_understood)


@pytest.mark.parametrize(
    "prompt",
    [
        "rock\n0:00-0:10 soft piano\n0:10-0:20 drums join\n0:20-0:30 huge climax",
        "rock. [0:00-0:10] soft piano [0:10-0:20] drums join [0:20-0:30] huge climax",
        "rock\n(0:00 - 0:10) soft piano\n(0:10 - 0:20) drums join\n(0:20 - 0:30) huge climax",
        "rock, 0:00 to 0:10 soft piano, 0:10 to 0:20 drums join, 0:20 to 0:30 huge climax",
        "rock\n[0s-10s] soft piano\n[10s-20s] drums join\n[20s-30s] huge climax",
        "rock\n0:00 soft piano\n0:10 drums join\n0:20 huge climax",
    ],
)
def test_timestamps_with_and_without_brackets(prompt: str) -> None:
    sections = parsed(prompt).sections
    assert [section.start_s for section in sections] == [0, 10, 20]
    assert [names(section.instruments) for section in sections] == [["piano"], ["drums"], []]
    assert sections[-1].kind == "chorus"
    assert sections[-1].intensity > 0 > sections[0].intensity


@pytest.mark.parametrize(
    ("last", "kind"),
    [
        ("huge climax with choir", "chorus"),
        ("explosive finale, everything plays", "outro"),
        ("drop", "drop"),
        ("everything fades out", "outro"),
        ("the last note dies away", "outro"),
        ("guitar solo", "solo"),
    ],
)
def test_the_last_span_is_what_its_words_say(last: str, kind: str) -> None:
    sections = parsed(f"rock\n[0:00-0:10] piano\n[0:10-0:20] drums\n[0:20-0:30] {last}").sections
    assert sections[-1].kind == kind


@pytest.mark.parametrize(
    ("prompt", "starts"),
    [
        ("Pop\n[Drop at 0:15] big bass", [0, 15]),
        ("At 0:10 the drums come in, at 0:20 everything explodes", [0, 10, 20]),
        ("House\n[0:15 Drop] bass\n[0:25 Outro] fade", [0, 15, 25]),
    ],
)
def test_what_comes_before_the_first_time_is_a_section(prompt: str, starts: list[float]) -> None:
    sections = parsed(prompt).sections
    assert [section.start_s for section in sections] == starts
    assert sections[0].kind == "intro"


@pytest.mark.parametrize(
    "prompt", ["first 10 seconds piano, then all", "fade in the last 5 seconds"]
)
def test_a_stretch_of_the_piece_is_not_its_length(prompt: str) -> None:
    assert parsed(prompt).length_s is None


@pytest.mark.parametrize("prompt", ["pop, 1:30 long", "a song of 2:15", "rock. Length: 0:45"])
def test_a_single_time_is_a_length_and_no_section(prompt: str) -> None:
    assert parsed(prompt).sections == ()
