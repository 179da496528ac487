import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lyria_sandbox.composer import Order
from lyria_sandbox.composer.parse import ParsedPrompt, read
from lyria_sandbox.composer.parse.lyrics import line_syllables
from lyria_sandbox.composer.tables.genres import GENRES
from lyria_sandbox.composer.tables.instruments import INSTRUMENTS
from lyria_sandbox.composer.tables.moods import MOODS


def parsed(prompt: str, negative: str = "", model: str = "lyria-3") -> ParsedPrompt:
    return read(Order(model, prompt, negative_prompt=negative))


def names(found: ParsedPrompt) -> list[str]:
    return [instrument.name for instrument in found.instruments]


@pytest.mark.parametrize(
    ("prompt", "bpm"),
    [
        ("rock, 132 BPM", 132),
        ("rock at 95bpm", 95),
        ("rock. Tempo: 84", 84),
        ("tempo of around 77", 77),
        ("120-130 BPM house", 125),
        ("92.5 bpm", 92.5),
        ("a 140-bpm beat", 140),
        ("Andante piano", 80),
        ("20 BPM drone", 40),
        ("900 BPM speedcore", 220),
    ],
)
def test_tempo_in_numbers(prompt: str, bpm: float) -> None:
    assert parsed(prompt).tempo_bpm == bpm


@pytest.mark.parametrize("prompt", ["80s synthwave", "24 violins", "tempo: 30 seconds in", "calm"])
def test_other_numbers_are_no_tempo(prompt: str) -> None:
    assert parsed(prompt).tempo_bpm is None


@pytest.mark.parametrize(
    ("prompt", "tonic", "mode"),
    [
        ("D minor", 2, "minor"),
        ("in Bb major", 10, "major"),
        ("in B flat major", 10, "major"),
        ("F-sharp minor", 6, "minor"),
        ("F# minor", 6, "minor"),
        ("C♯ dorian", 1, "dorian"),
        ("E♭ major", 3, "major"),
        ("key: G", 7, None),
        ("blues in A, slow", 9, None),
        ("lament, C#m", 1, "minor"),
        ("in Am, sad", 9, "minor"),
        ("A natural minor scale", 9, "minor"),
        ("a phrygian mode", 9, "phrygian"),
        ("lydian dreams", None, "lydian"),
        ("a minor disagreement in a major city", 9, "minor"),
    ],
)
def test_keys(prompt: str, tonic: int | None, mode: str | None) -> None:
    key = parsed(prompt).key
    assert (key.tonic, key.mode) == (tonic, mode)


@pytest.mark.parametrize(
    "prompt", ["I am here", "in A world of light", "a big band", "the grand canyon"]
)
def test_words_that_are_no_keys(prompt: str) -> None:
    assert parsed(prompt).key.tonic is None


@pytest.mark.parametrize(
    ("prompt", "meter"),
    [
        ("a waltz", "3/4"),
        ("rock in 6/8", "6/8"),
        ("6/8 time waltz", "6/8"),
        ("slow blues 12/8", "12/8"),
        ("4/4 house", "4/4"),
        ("house", None),
    ],
)
def test_meters(prompt: str, meter: str | None) -> None:
    assert parsed(prompt).meter == meter


@pytest.mark.parametrize(
    ("prompt", "seconds"),
    [
        ("2 minutes", 120),
        ("a two-minute song", 120),
        ("90 seconds of calm", 90),
        ("2 min 30 sec", 150),
        ("length: 1:45", 105),
        ("1:20 long", 80),
        ("1.5 minute jingle", 90),
        ("80s pop", None),
        ("last-minute idea", None),
    ],
)
def test_lengths(prompt: str, seconds: float | None) -> None:
    assert parsed(prompt).length_s == seconds


def test_a_genre_and_a_touch_of_another() -> None:
    found = parsed("Futuristic country music, steel guitar, huge 808s, synth wave elements")
    assert found.genre is not None
    assert found.touch is not None
    assert (found.genre.name, found.touch.name) == ("country", "synthwave")
    assert names(found) == ["pedal steel guitar", "808 bass"]


@pytest.mark.parametrize("name", sorted(GENRES))
def test_every_genre_is_known_by_its_name(name: str) -> None:
    found = parsed(f"{name} track").genre
    assert found is not None
    assert found.name == name


def test_there_are_genres_and_instruments_enough() -> None:
    assert len(GENRES) >= 24
    assert len({instrument.name for instrument in INSTRUMENTS}) >= 60


@pytest.mark.parametrize("name", sorted(i.name for i in INSTRUMENTS))
def test_every_instrument_is_known_by_its_name(name: str) -> None:
    assert names(parsed(f"music with {name} please")) == [name]


def test_tables_hold_nothing_twice() -> None:
    instruments = [instrument.name for instrument in INSTRUMENTS]
    patterns = [instrument.pattern for instrument in INSTRUMENTS]
    moods = [mood.name for mood in MOODS]
    for entries in (instruments, patterns, moods, [g.pattern for g in GENRES.values()]):
        assert len(entries) == len(set(entries))


@pytest.mark.parametrize(
    ("prompt", "excluded"),
    [
        ("no drums, piano", ["drums"]),
        ("pop without drums or bass guitar", ["drums", "bass guitar"]),
        ("no drums, bass or guitars", ["drums", "bass", "guitar"]),
        ("Don't use any brass. Strings", ["brass"]),
        ("avoid heavy guitars and choir, flute", ["distorted guitar", "choir"]),
        ("ohne Schlagzeug", ["drums"]),
        ("no vocals 90 bpm", ["voice"]),
        ("no doubt a piano", []),
    ],
)
def test_exclusions(prompt: str, excluded: list[str]) -> None:
    assert [instrument.name for instrument in parsed(prompt).excluded] == excluded


def test_what_follows_an_exclusion_is_wanted() -> None:
    assert names(parsed("no drums, piano and flute")) == ["piano", "flute"]
    assert parsed("no vocals 90 bpm").tempo_bpm == 90


def test_the_negative_prompt_excludes() -> None:
    found = parsed("rock with organ and choir", negative="vocals, slow tempo, organ, sad mood")
    assert [instrument.name for instrument in found.excluded] == ["voice", "organ"]
    assert found.instrumental
    assert found.tempo_factor > 1
    assert names(found) == ["choir"]


@pytest.mark.parametrize(
    "prompt",
    ["Instrumental only, no vocals", "an instrumental track", "no singing", "lo-fi, no lyrics"],
)
def test_instrumental(prompt: str) -> None:
    assert parsed(prompt).instrumental


def test_lyria_2_is_always_instrumental() -> None:
    assert parsed("soaring vocals", model="lyria-2").instrumental
    assert not parsed("soaring vocals").instrumental


LYRICS = """Dreamy indie pop
[Intro]
(soft piano)
[Verse 1]
Walking through the neon glow,
city lights reflect below,
(ooh, we are free)

[Chorus: powerful, with strings]
We are the echoes in the night

[Outro]

Genre: Dreamy indie pop. Mood: Nostalgic. Tempo: 110 BPM. Key: E minor"""


def test_tags_lyrics_and_a_description_after_them() -> None:
    found = parsed(LYRICS)
    assert [section.kind for section in found.sections] == ["intro", "verse", "chorus", "outro"]
    intro, verse, chorus, outro = found.sections
    assert [instrument.name for instrument in intro.instruments] == ["piano"]
    assert verse.lyrics == (
        "Walking through the neon glow,",
        "city lights reflect below,",
        "ooh, we are free",
    )
    assert chorus.lyrics == ("We are the echoes in the night",)
    assert [instrument.name for instrument in chorus.instruments] == ["strings"]
    assert chorus.intensity > 0
    assert outro.lyrics == ()
    assert (found.tempo_bpm, found.key.tonic, found.key.mode) == (110, 4, "minor")
    assert found.not_understood == ()


STAMPS = """[0:00 - 0:10] Intro: solo piano, soft
[0:10 - 0:20] Verse: drums and bass join, no strings
[0:20] Chorus: full band, key change up a whole step, 128 BPM
Cinematic rock in D minor, 120 BPM"""


def test_timestamps() -> None:
    found = parsed(STAMPS)
    intro, verse, chorus = found.sections
    assert [(s.kind, s.start_s, s.end_s) for s in found.sections] == [
        ("intro", 0, 10),
        ("verse", 10, 20),
        ("chorus", 20, None),
    ]
    assert intro.alone
    assert [i.name for i in verse.instruments] == ["drums", "bass"]
    assert [i.name for i in verse.excluded] == ["strings"]
    assert (chorus.tempo_bpm, chorus.lift) == (128, 2)
    assert (found.tempo_bpm, found.key.tonic) == (120, 2)


@pytest.mark.parametrize(
    "prompt",
    [
        "rock\n[0:00 - 0:12] [Verse] guitars\n[0:12 - 0:30] [Chorus] all",
        "rock\n0:00 - 0:12 Verse: guitars\n0:12 - 0:30 Chorus: all",
        "rock\n[Verse] [0:00-0:12]\n[Chorus] [0:12-0:30]",
        "rock\n[0:00 – 0:12 Verse]\n[0:12 – 0:30 Chorus]",
    ],
)
def test_forms_of_timestamps(prompt: str) -> None:
    assert [(s.kind, s.start_s, s.end_s) for s in parsed(prompt).sections] == [
        ("verse", 0, 12),
        ("chorus", 12, 30),
    ]


def test_titles_without_brackets_and_forms_as_lists() -> None:
    titled = parsed(
        "Folk song\n\nVerse 1:\nSo long my love I have to go\n\n**Chorus**\nHome again at last"
    )
    assert [(s.kind, len(s.lyrics)) for s in titled.sections] == [("verse", 1), ("chorus", 1)]
    listed = parsed("Pop. Structure: intro, verse, chorus, guitar solo, chorus, outro. 100 BPM")
    kinds = ["intro", "verse", "chorus", "solo", "chorus", "outro"]
    assert [section.kind for section in listed.sections] == kinds
    assert listed.tempo_bpm == 100


def test_words_in_lyrics_steer_nothing() -> None:
    found = parsed("Pop\n[Verse]\nI hear the drums and violins in the dark minor rain tonight")
    assert names(found) == []
    assert found.moods == ()
    assert found.key.mode is None


def test_unknown_words_are_reported() -> None:
    found = parsed("Bumbling techno with quixotic marimba and no vuvuzela")
    assert found.not_understood == ("bumbling", "quixotic", "no vuvuzela")


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("Walking through the neon glow", 7),
        ("We are the echoes in the night", 8),
        ("every", 2),
        ("Straße", 2),
        ("さくら", 3),
        ("사랑해", 3),
        ("प्यार", 2),
        ("", 0),
    ],
)
def test_syllables(line: str, count: int) -> None:
    assert line_syllables(line) == count


@settings(max_examples=150, deadline=None)
@given(
    prompt=st.lists(
        st.one_of(
            st.text(max_size=30),
            st.sampled_from(
                [
                    "[Verse]", "[0:10 - 0:05]", "[99:99]", "no ", "120 BPM", "C# minor", "\n", "İ",
                    "[0:00", "without drums or ", "Structure: verse, chorus", "(", "3/4",
                ]
            ),
        ),
        max_size=8,
    ).map(" ".join),
    negative=st.text(max_size=30),
)  # fmt: skip
def test_any_text_can_be_read(prompt: str, negative: str) -> None:
    found = parsed(prompt, negative)
    assert found.tempo_bpm is None or 40 <= found.tempo_bpm <= 220
    assert all(re.search(r"\w", word) for word in found.not_understood)
