"""Who plays when, how loud, and how it ends."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lyria_sandbox.composer import Order
from lyria_sandbox.composer.compose import compose, make_bars
from lyria_sandbox.composer.compose.voicings import make_voicings
from lyria_sandbox.composer.parse import read
from lyria_sandbox.composer.plan import Plan, make_plan
from lyria_sandbox.composer.score import Note, Score
from lyria_sandbox.composer.sound.dynamics import ride
from lyria_sandbox.composer.sound.samples import SAMPLE_RATE, Samples, decibels
from lyria_sandbox.composer.sound.width import widen
from lyria_sandbox.composer.tables.genres import GENRES

CLUB = "house, 122 BPM\n[Intro]\n[Verse]\n[Build]\n[Drop]\n[Breakdown]\n[Build]\n[Drop]\n[Outro]"


def planned(prompt: str, model: str = "lyria-3-pro", seed: int = 7) -> Plan:
    order = Order(model, prompt, seed=seed)
    return make_plan(order, read(order))


def notes_of(plan: Plan, score: Score, role: str, index: int) -> list[Note]:
    section = plan.sections[index]
    end = section.start_beat + sum(section.bars)
    return [n for n in score.role(role) if section.start_beat <= n.beat < end - 1e-6]


@pytest.mark.parametrize("genre", sorted(GENRES))
def test_the_opening_is_thinner_than_the_chorus(genre: str) -> None:
    plan = planned(f"{genre}, C major, instrumental")
    score = compose(plan)
    kinds = [section.kind for section in plan.sections]
    opening, loud = 0, kinds.index("drop" if "drop" in kinds else "chorus")

    def notes_a_beat(index: int) -> float:
        count = sum(len(notes_of(plan, score, role, index)) for role in dict.fromkeys(roles))
        return count / sum(plan.sections[index].bars)

    roles = [part.role for part in score.parts]
    assert kinds[opening] == "intro"
    assert notes_of(plan, score, "comp", opening) or notes_of(plan, score, "arp", opening)
    assert notes_a_beat(opening) < notes_a_beat(loud)


def test_a_drop_has_the_kick_that_build_up_and_breakdown_keep_back() -> None:
    plan = planned(CLUB)
    score = compose(plan)
    kicks = {
        (section.kind, section.occurrence): sum(
            note.pitch == 36 for note in notes_of(plan, score, "drums", index)
        )
        / sum(section.bars)
        for index, section in enumerate(plan.sections)
    }
    assert kicks["intro", 0] == 0
    assert kicks["breakdown", 0] == 0
    assert kicks["drop", 0] == kicks["drop", 1] == pytest.approx(1.0, abs=0.05)


def test_kick_and_bass_pause_before_a_drop() -> None:
    plan = planned(CLUB)
    score = compose(plan)
    for index, section in enumerate(plan.sections):
        if section.kind == "build":
            end = section.start_beat + sum(section.bars)
            late = [
                note
                for role in ("bass", "drums")
                for note in notes_of(plan, score, role, index)
                if note.beat >= end - 2 and (role == "bass" or note.pitch == 36)
            ]
            assert late == []
            assert any(n.beat == end and n.pitch == 36 for n in score.role("drums"))


def test_the_third_chorus_brings_the_octave() -> None:
    plan = planned("pop, C major, flute, instrumental")
    score = compose(plan)
    choruses = [i for i, section in enumerate(plan.sections) if section.kind == "chorus"]
    assert len(choruses) == 3
    voices = [len(notes_of(plan, score, "harmony", index)) for index in choruses]
    assert voices[0] == 0 < voices[1] < voices[2]
    tune = {note.beat: note.pitch for note in notes_of(plan, score, "lead", choruses[2])}
    highest: dict[float, int] = {}
    for note in notes_of(plan, score, "harmony", choruses[2]):
        highest[note.beat] = max(note.pitch, highest.get(note.beat, 0))
    assert np.mean([pitch == tune[beat] + 12 for beat, pitch in highest.items()]) > 0.9


def test_the_beat_can_be_asked_for() -> None:
    def strokes(prompt: str, *keys: int) -> set[float]:
        plan = planned(prompt)
        notes = notes_of(plan, compose(plan), "drums", 2)
        start = plan.sections[2].start_beat
        first = [note for note in notes if note.beat < start + 8 and note.pitch in keys]
        return {(note.beat - start) % 4 for note in first}

    assert strokes("pop, C major", 36) == {0, 1.5, 2, 2.5}
    assert strokes("pop, C major, four-on-the-floor", 36) == {0, 1, 2, 3}
    assert strokes("pop, C major", 38) == {1, 3}
    assert strokes("pop, C major, half-time drums", 38) == {2}
    plain, floor = planned("pop, C major"), planned("pop, C major, four-on-the-floor")
    assert compose(plain).role("lead") == compose(floor).role("lead")


def test_drums_that_are_asked_for_in_an_opening_play_there() -> None:
    plan = planned("rock\n[Intro: drums and bass]\n[Chorus]\n[Outro]")
    score = compose(plan)
    assert any(note.pitch == 36 for note in notes_of(plan, score, "drums", 0))
    assert notes_of(plan, score, "bass", 0)


def test_moods_do_not_take_the_quiet_sections_away() -> None:
    calm, wild = planned("rock, gentle"), planned("rock, aggressive, explosive, triumphant")
    for plan in (calm, wild):
        by_kind = {section.kind: section.intensity for section in plan.sections}
        assert by_kind["intro"] < 0.5
        assert by_kind["chorus"] - by_kind["intro"] > 0.3
    assert calm.sections[1].intensity < wild.sections[1].intensity


@pytest.mark.parametrize("genre", sorted(GENRES))
def test_chords_of_every_genre_move_by_small_steps(genre: str) -> None:
    plan = planned(f"{genre}, C major, instrumental")
    bars = make_bars(plan)
    chords = make_voicings(plan, bars).chords
    moves = [
        np.mean([abs(a - b) for a, b in zip(before, after, strict=True)])
        for before, after, bar in zip(chords, chords[1:], bars[1:], strict=False)
        if bar.number and bar.new_chord and len(before) == len(after)
    ]
    assert np.mean(moves) < 2.2
    assert max(moves) <= 4


def test_melodies_pass_through_notes_foreign_to_the_chord() -> None:
    foreign = total = 0
    for seed in range(4):
        plan = planned("classical, C major, flute", seed=seed)
        bars = make_bars(plan)
        starts = [bar.start for bar in bars]
        for note in compose(plan).role("lead"):
            bar = bars[int(np.searchsorted(starts, note.beat + 1e-6)) - 1]
            total += 1
            foreign += note.pitch % 12 not in bar.chord.pitch_classes
    assert 0.03 < foreign / total < 0.35


def _noise(seconds: float, seed: int = 1) -> Samples:
    rng = np.random.default_rng(seed)
    return rng.standard_normal((int(seconds * SAMPLE_RATE), 2)).astype(np.float32) * np.float32(0.1)


def test_the_fader_follows_the_sections() -> None:
    plan = planned("[0:00 - 0:10] Intro: quiet\n[0:10 - 0:30] Chorus: powerful\nrock", "lyria-3")
    mix = _noise(30)
    ride(mix, plan)
    quiet, loud = (
        float(np.sqrt((mix[int(a * SAMPLE_RATE) : int(b * SAMPLE_RATE)] ** 2).mean()))
        for a, b in ((2, 8), (14, 26))
    )
    assert decibels(loud / quiet) == pytest.approx(3.2, abs=1)
    steps = np.abs(np.diff(20 * np.log10(np.abs(mix[:, 0] / _noise(30)[:, 0]) + 1e-9)))
    assert np.percentile(steps, 99.9) < 0.2


@settings(max_examples=10, deadline=None)
@given(wide=st.floats(0.02, 0.9), wanted=st.floats(-12, -4))
def test_sides_are_raised_to_a_level_and_no_further(wide: float, wanted: float) -> None:
    middle, side = _noise(1, 2)[:, :1], _noise(1, 3)[:, :1] * np.float32(wide)
    mix = np.concatenate([middle + side, middle - side], axis=1)
    before = decibels(float(np.std(mix[:, 0] - mix[:, 1]) / np.std(mix[:, 0] + mix[:, 1])))
    mono = mix.sum(axis=1)
    widen(mix, wanted)
    after = decibels(float(np.std(mix[:, 0] - mix[:, 1]) / np.std(mix[:, 0] + mix[:, 1])))
    assert after == pytest.approx(max(before, min(wanted, before + 4.5)), abs=0.3)
    np.testing.assert_allclose(mix.sum(axis=1), mono, atol=1e-5)
