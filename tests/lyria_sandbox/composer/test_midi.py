"""The notes of a piece as a MIDI file."""

import io
from collections import Counter

import mido
import pytest

from lyria_sandbox.composer import Order, render
from lyria_sandbox.composer.compose import compose
from lyria_sandbox.composer.midi import TICKS, write_midi
from lyria_sandbox.composer.parse import read
from lyria_sandbox.composer.plan import make_plan


@pytest.mark.parametrize(
    ("prompt", "quarters"),
    [
        ("rock, 120 BPM, E minor", 1.0),
        ("rock ballad in 6/8, 66 BPM, A major", 1.5),
        ("waltz, 3/4, 110 BPM", 1.0),
    ],
)
def test_every_note_of_the_score_is_read_back(prompt: str, quarters: float) -> None:
    order = Order("lyria-3", prompt, seed=3)
    plan = make_plan(order, read(order))
    score = compose(plan)
    file = mido.MidiFile(file=io.BytesIO(write_midi(plan, score)))
    heard: Counter[tuple[int, int]] = Counter()
    for track in file.tracks:
        tick = 0
        for message in track:
            tick += message.time
            if message.type == "note_on" and message.velocity:
                heard[tick, message.note] += 1
    written = Counter(
        (round(note.beat * quarters * TICKS), note.pitch)
        for part in score.parts
        if part.role != "effects"
        for note in part.notes
    )
    assert heard == written
    assert len(heard) > 50


def test_the_file_lasts_as_long_as_the_piece() -> None:
    made = render(Order("lyria-3", "chiptune, 150 BPM, 10 seconds", seed=3))
    file = mido.MidiFile(file=io.BytesIO(made.midi))
    assert file.length == pytest.approx(made.duration_s, abs=2.5)
    tempo = next(m.tempo for m in file.tracks[0] if m.type == "set_tempo")
    assert mido.tempo2bpm(tempo) == pytest.approx(150)
    drums = [m for track in file.tracks for m in track if m.type == "note_on" and m.channel == 9]
    assert drums
