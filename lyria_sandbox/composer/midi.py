"""A score as a standard MIDI file, for those who want to play on with it."""

import io
from itertools import pairwise

import mido

from lyria_sandbox.composer.plan.model import Plan
from lyria_sandbox.composer.score import Part, Score
from lyria_sandbox.composer.tables.patches import patch_name

TICKS = 480
"""Ticks a quarter note."""

_DRUM_CHANNEL = 9
_CHANNELS = tuple(channel for channel in range(16) if channel != _DRUM_CHANNEL)
_PROGRAMS = {
    "piano": 0,
    "epiano": 4,
    "fmep": 5,
    "harpsi": 6,
    "clav": 7,
    "celesta": 8,
    "glock": 9,
    "musicbox": 10,
    "vibes": 11,
    "marimba": 12,
    "xylo": 13,
    "bells": 14,
    "organ": 16,
    "rockorgan": 18,
    "church": 19,
    "accordion": 21,
    "harmonica": 22,
    "bandoneon": 23,
    "nylon": 24,
    "ukulele": 24,
    "steel": 25,
    "mandolin": 25,
    "jazzgtr": 26,
    "clean": 27,
    "muted": 28,
    "overdrive": 29,
    "dist": 30,
    "abass": 32,
    "fbass": 33,
    "pbass": 34,
    "slap": 36,
    "sbass": 38,
    "sub": 38,
    "808": 39,
    "tri": 39,
    "reese": 39,
    "wobble": 39,
    "violin": 40,
    "cello": 42,
    "trem": 44,
    "pizz": 45,
    "harp": 46,
    "timpani": 47,
    "strings": 48,
    "spicc": 48,
    "slowstr": 49,
    "choir": 52,
    "oohs": 53,
    "solovox": 85,
    "trumpet": 56,
    "trombone": 57,
    "mutetpt": 59,
    "horn": 60,
    "brass": 61,
    "asax": 65,
    "tsax": 66,
    "oboe": 68,
    "clarinet": 71,
    "flute": 73,
    "panflute": 75,
    "shaku": 77,
    "square": 80,
    "lead": 81,
    "saw": 81,
    "pluck": 81,
    "sine": 79,
    "bells2": 98,
    "warmpad": 89,
    "space": 91,
    "halo": 94,
    "sitar": 104,
    "banjo": 105,
    "koto": 107,
    "kalimba": 108,
    "steeldrum": 114,
    "taiko": 116,
}
"""General MIDI programs, counted from 0; voices sing "ooh"."""


def write_midi(plan: Plan, score: Score) -> bytes:
    """Write a score as a MIDI file of type 1: a track of tempos, then one for each part."""
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS)
    # In 6/8 a beat is a dotted quarter.
    quarters = 1.5 if plan.meter.steps_per_beat == 6 else 1.0
    file.tracks.append(_tempos(plan, quarters))
    for number, part in enumerate(part for part in score.parts if part.role != "effects"):
        file.tracks.append(_part(part, number, quarters))
    out = io.BytesIO()
    file.save(file=out)
    return out.getvalue()


def _tempos(plan: Plan, quarters: float) -> mido.MidiTrack:
    upper, _, lower = plan.meter.name.partition("/")
    track = mido.MidiTrack(
        [
            mido.MetaMessage("track_name", name=f"{plan.genre.name} (sandbox)"),
            mido.MetaMessage("time_signature", numerator=int(upper), denominator=int(lower)),
        ]
    )
    tempo = plan.tempo_map
    starts = [round(beat * quarters * TICKS) for beat in tempo.beats]
    for before, now, bpm in zip([0, *starts], starts, tempo.bpm, strict=False):
        beat_us = mido.bpm2tempo(bpm * quarters)
        track.append(mido.MetaMessage("set_tempo", tempo=beat_us, time=now - before))
    return track


def _part(part: Part, number: int, quarters: float) -> mido.MidiTrack:
    drums = part.patch.startswith(("kit", "@"))
    channel = _DRUM_CHANNEL if drums else _CHANNELS[number % len(_CHANNELS)]
    track = mido.MidiTrack([mido.MetaMessage("track_name", name=patch_name(part.patch))])
    if not drums:
        program = _PROGRAMS.get(part.patch, _PROGRAMS["oohs"])
        track.append(mido.Message("program_change", channel=channel, program=program))
    moves: list[tuple[int, int, int, int]] = []
    for note in part.notes:
        start = round(note.beat * quarters * TICKS)
        end = max(start + 1, round((note.beat + note.beats) * quarters * TICKS))
        moves += [(start, 1, note.pitch, note.velocity), (end, 0, note.pitch, 0)]
    moves.sort()
    ticks = [0, *(move[0] for move in moves)]
    for (before, now), (_, on, pitch, velocity) in zip(pairwise(ticks), moves, strict=True):
        kind = "note_on" if on else "note_off"
        track.append(
            mido.Message(kind, channel=channel, note=pitch, velocity=velocity, time=now - before)
        )
    return track
