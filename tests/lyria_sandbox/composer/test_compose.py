"""The written score: form, harmony, melody and rhythm."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_sandbox.composer import Order
from lyria_sandbox.composer.compose import compose
from lyria_sandbox.composer.compose.harmony import chord, voicing
from lyria_sandbox.composer.parse import read
from lyria_sandbox.composer.parse.lyrics import line_syllables, line_vowels
from lyria_sandbox.composer.plan import Plan, make_plan
from lyria_sandbox.composer.score import Note, Score
from lyria_sandbox.composer.tables.genres import GENRES
from lyria_sandbox.composer.tables.patches import SINGING
from lyria_sandbox.composer.tables.progressions import FAMILIES, MODAL
from lyria_sandbox.composer.tables.scales import SCALES, tonic_name

SONG = """Pop, 112 BPM, C major, piano, female vocals
[Intro]
[Verse]
Walking down the empty street tonight
Counting all the little city lights
[Chorus]
Oh we are golden, we are free
Running like a river to the sea
[Verse]
Morning comes and paints the window blue
Every song I know is about you
[Chorus]
Oh we are golden, we are free
Running like a river to the sea
[Outro]"""


def written(prompt: str, model: str = "lyria-3-pro", seed: int = 7) -> tuple[Plan, Score]:
    order = Order(model, prompt, seed=seed)
    plan = make_plan(order, read(order))
    return plan, compose(plan)


def section_notes(plan: Plan, score: Score, role: str, index: int) -> list[Note]:
    section = plan.sections[index]
    end = section.start_beat + sum(section.bars)
    return [n for n in score.role(role) if section.start_beat <= n.beat < end - 1e-6]


def tune(plan: Plan, score: Score, role: str, index: int) -> list[tuple[float, int]]:
    start = plan.sections[index].start_beat
    return [(round(n.beat - start, 3), n.pitch) for n in section_notes(plan, score, role, index)]


def test_a_chorus_returns_note_for_note_and_a_verse_is_something_else() -> None:
    plan, score = written(SONG)
    first, second = [i for i, s in enumerate(plan.sections) if s.kind == "chorus"]
    verse = next(i for i, s in enumerate(plan.sections) if s.kind == "verse")
    for role in ("voice", "comp", "bass"):
        assert tune(plan, score, role, first) == tune(plan, score, role, second), role
    assert tune(plan, score, "voice", verse) != tune(plan, score, "voice", first)


def test_a_returning_chorus_brings_a_second_voice() -> None:
    plan, score = written(SONG)
    first, second = [i for i, s in enumerate(plan.sections) if s.kind == "chorus"]
    assert section_notes(plan, score, "harmony", first) == []
    melody = {n.beat: n.pitch for n in section_notes(plan, score, "voice", second)}
    harmony = section_notes(plan, score, "harmony", second)
    assert len(harmony) > len(melody) / 2
    assert all(3 <= melody[note.beat] - note.pitch <= 9 for note in harmony)


def test_every_syllable_gets_a_note() -> None:
    plan, score = written(SONG)
    for index, section in enumerate(plan.sections):
        if section.lyrics:
            syllables = sum(line_syllables(line) for line in section.lyrics)
            assert len(section_notes(plan, score, "voice", index)) == syllables, section.lyrics


def test_every_vowel_of_the_lyrics_is_sung() -> None:
    _, score = written(SONG)
    voices = {part.patch.removeprefix(SINGING) for part in score.parts if part.role == "voice"}
    lines = "".join(SONG.splitlines()[i] for i in (3, 4, 6, 7, 9, 10))
    assert voices == set(line_vowels(lines))


@given(st.text(max_size=60))
def test_a_line_has_a_vowel_for_every_syllable(line: str) -> None:
    vowels = line_vowels(line)
    assert len(vowels) == line_syllables(line)
    assert set(vowels) <= set("aeiou")


@pytest.mark.parametrize(
    ("line", "vowels"), [("Oh we are free", "oeai"), ("night moon day", "aue"), ("Straße", "ae")]
)
def test_vowels(line: str, vowels: str) -> None:
    assert line_vowels(line) == vowels


@pytest.mark.parametrize("genre", sorted(GENRES))
def test_every_genre_ends_at_home(genre: str) -> None:
    plan, score = written(f"{genre}, C major, instrumental", "lyria-3")
    closing = plan.sections[-1].start_beat + sum(plan.sections[-1].bars[:-1])
    assert score.chords[-1].startswith("1")
    last = [n for role in ("bass", "comp", "lead") for n in score.role(role) if n.beat >= closing]
    assert last
    assert min(last, key=lambda note: note.pitch).pitch % 12 in (0, 4, 7)
    assert all(n.pitch % 12 == 0 for n in score.role("lead") if n.beat >= closing)
    end = score.tempo_map.seconds(last[0].beat + last[0].beats)
    assert end > plan.duration_s - 1.5


@pytest.mark.parametrize("genre", sorted(GENRES))
def test_melodies_step_more_than_they_leap(genre: str) -> None:
    _, score = written(f"{genre}, with flute, instrumental")
    pitches = [note.pitch for note in score.role("lead")]
    moves = np.abs(np.diff(pitches))
    assert len(pitches) > 30
    assert (moves <= 5).mean() > 0.8
    assert (moves <= 12).mean() > 0.97
    assert max(pitches) - min(pitches) <= 24


def test_strong_notes_of_a_melody_belong_to_the_chord() -> None:
    plan, score = written("folk, C major, 100 BPM, flute, instrumental")
    starts = np.cumsum([0.0, *(beats for s in plan.sections for beats in s.bars)])
    size, idiomatic = plan.genre.chord_size, False
    hits = []
    for note in score.role("lead"):
        bar = int(np.searchsorted(starts, note.beat + 1e-6) - 1)
        if (note.beat - starts[bar]) % 2 < 1e-6:
            tones = chord(score.chords[bar], "major", size, idiomatic).pitch_classes
            hits.append(note.pitch % 12 in tones)
    assert len(hits) > 20
    assert np.mean(hits) == 1.0


def test_voices_of_chords_move_little() -> None:
    previous: tuple[int, ...] | None = None
    moves = []
    for degree in ("1", "6", "4", "5", "1", "3", "6", "2", "5", "1"):
        notes = voicing(chord(degree, "major", 3, False).pitch_classes, previous, 53, 72)
        assert all(50 <= note <= 80 for note in notes)
        if previous:
            moves.append(sum(abs(a - b) for a, b in zip(notes, previous, strict=True)) / 3)
        previous = notes
    assert max(moves) <= 3


def test_the_bass_plays_the_root_on_the_first_beat() -> None:
    plan, score = written("rock, C major, 120 BPM, instrumental")
    beat = 0.0
    seen = 0
    bass = {round(n.beat, 6): n.pitch for n in score.role("bass")}
    bars = [beats for section in plan.sections for beats in section.bars]
    for beats, degree in zip(bars, score.chords, strict=True):
        if beat in bass:
            seen += 1
            assert bass[beat] % 12 == chord(degree, "major", 3, False).root
        beat += beats
    assert seen > 20


def test_sections_end_with_fills_and_loud_ones_begin_with_a_crash() -> None:
    plan, score = written("rock, 120 BPM, instrumental")
    toms = {38, 40, 41, 43, 45, 48}
    for before, after in zip(plan.sections, plan.sections[1:], strict=False):
        if before.intensity > 0.55 and after.intensity > 0.9:
            end = after.start_beat
            fill = [n for n in score.role("drums") if end - 1 <= n.beat < end and n.pitch in toms]
            assert len(fill) == 4
            assert any(n.pitch == 49 and n.beat == end for n in score.role("drums"))


def test_swing_delays_the_off_beats() -> None:
    _, straight = written("rock, 120 BPM, instrumental")
    _, swung = written("blues, 120 BPM, instrumental")
    fractions = {round(n.beat % 1, 3) for n in swung.role("drums")}
    assert 0.667 in fractions
    assert 0.5 not in fractions
    assert 0.5 in {round(n.beat % 1, 3) for n in straight.role("drums")}


@pytest.mark.parametrize(("words", "beats"), [("waltz", 3), ("in 6/8", 2), ("", 4)])
def test_meters(words: str, beats: int) -> None:
    plan, score = written(f"folk {words}, 100 BPM, instrumental", "lyria-3")
    assert plan.meter.beats == beats
    assert {b for section in plan.sections for b in section.bars} == {float(beats)}
    kicks = [n.beat for n in score.role("drums") if n.pitch == 36]
    assert all(
        any(abs(k - bar) < 1e-6 for k in kicks) for bar in range(4 * beats, 8 * beats, beats)
    )


def test_an_orchestral_ending_broadens() -> None:
    plan, _ = written("orchestral, 96 BPM", "lyria-3")
    assert plan.tempo_map.bpm[0] == 96
    assert min(plan.tempo_map.bpm) < 90
    steady, _ = written("techno, 96 BPM", "lyria-3")
    assert steady.tempo_map.bpm == (96,)


def test_amplified_guitars_are_played_twice_by_hand() -> None:
    _, score = written("thrash metal, 160 BPM, instrumental", "lyria-3")
    one, two = score.role("comp"), score.role("double")
    assert [(n.beat, n.pitch) for n in one] == [(n.beat, n.pitch) for n in two]
    assert [n.nudge_s for n in one] != [n.nudge_s for n in two]


def test_dance_music_rises_into_its_drop() -> None:
    plan, score = written("trance, 138 BPM, instrumental")
    drops = [s.start_beat for s in plan.sections if s.kind == "drop"]
    rises = [n.beat + n.beats for n in score.role("effects")]
    assert drops
    assert rises == pytest.approx(drops)


def test_named_percussion_plays() -> None:
    _, score = written("folk with congas, tambourine and cowbell, 100 BPM", "lyria-3")
    assert {54, 56, 63, 64} <= {note.pitch for note in score.role("percussion")}


def test_progressions_are_readable_and_hold_nothing_twice() -> None:
    pools = [pool for f in FAMILIES.values() for pool in (f.major, f.minor)]
    for pool in [*pools, *MODAL.values()]:
        assert len(pool) == len(set(pool))
        for token in " ".join(pool).split():
            for mode in SCALES:
                assert len(chord(token, mode, 5, False).pitch_classes) >= 3


@pytest.mark.parametrize(
    ("tonic", "mode", "name"),
    [
        (10, "major", "Bb"),
        (6, "minor", "F#"),
        (5, "minor", "F"),
        (2, "dorian", "D"),
        (1, "major", "Db"),
    ],
)
def test_keys_are_spelled_as_their_signature(tonic: int, mode: str, name: str) -> None:
    assert tonic_name(tonic, mode) == name
