"""Chords, broken chords and pads."""

import numpy as np

from lyria_sandbox.composer.compose.bars import Bar
from lyria_sandbox.composer.compose.desk import Desk
from lyria_sandbox.composer.compose.harmony import voicing
from lyria_sandbox.composer.compose.patterns import chord_pattern, events, fit
from lyria_sandbox.composer.tables.instruments import (
    GUITARS,
    KEYBOARDS_AND_PLUCKED,
    RINGING,
    SUSTAINED,
)

_BROKEN_CHORDS = "0-1-2-1-3-1-2-1-"
_DEFAULT_ARPEGGIO = "0.1.2.1.3.1.2.1."
_POWER_ROOT = 40
_HIGH_ARPEGGIOS = frozenset({"bells2", "square", "marimba", "kalimba", "pluck", "celesta"})


def write_chords(desk: Desk, bars: list[Bar]) -> None:
    """Write chords, pads and arpeggios over voicings that move as little as they can."""
    chords: tuple[int, ...] | None = None
    pad: tuple[int, ...] | None = None
    for bar in bars:
        band, pitch_classes = bar.section.band, bar.chord.pitch_classes
        if bar.number == 0:
            # Every section begins afresh, so that the length of the one before changes nothing.
            chords = pad = None
        # Where a bass plays the root, rich chords leave it out.
        rootless = desk.plan.genre.chord_size >= 4 and band.patch("bass") and len(pitch_classes) > 3
        chords = voicing(pitch_classes[1:] if rootless else pitch_classes, chords, 53, 72)
        pad = voicing(pitch_classes[:3], pad, 58, 76)
        _write_comp(desk, bar, chords)
        _write_pads(desk, bar, pad, bars)
        _write_arpeggio(desk, bar, chords)


def _write_comp(desk: Desk, bar: Bar, chords: tuple[int, ...]) -> None:
    patch = bar.section.band.patch("comp")
    if not patch or (bar.intensity < 0.5 and patch == "dist" and "comp" not in bar.section.forced):
        return
    meter = desk.plan.meter
    rng = desk.hand("comp", bar)
    shape = _comp_shape(desk, bar, patch)
    loudness = 58 + 46 * bar.intensity
    strums = patch in GUITARS
    down = True
    for step, symbol, length in events(shape):
        beats = length / meter.steps_per_beat * 0.97
        if bar.final:
            beats = desk.ring_beats(bar)
        if symbol in "Pp":
            held = symbol == "P" or length > 1 or bar.final
            root = _POWER_ROOT + (bar.chord.root - _POWER_ROOT) % 12
            for interval in (0, 7, 12):
                desk.write(
                    "comp",
                    patch,
                    bar,
                    step,
                    beats if held else 0.8 / meter.steps_per_beat,
                    root + interval,
                    loudness + (6 if symbol == "P" else -10),
                    rng,
                )
        elif symbol.isdigit():
            rung = [*chords, *(note + 12 for note in chords)]
            desk.write(
                "comp",
                patch,
                bar,
                step,
                max(beats, 1.1) if patch in RINGING else beats,
                rung[int(symbol) % len(rung)] + (12 if patch in _HIGH_ARPEGGIOS else 0),
                loudness - 14 + (6 if step % meter.steps_per_beat == 0 else 0),
                rng,
            )
        else:
            strength = loudness - (8 if symbol == "X" else 22)
            _write_strike(desk, bar, patch, step, beats, chords, strength, rng, strums, down)
            down = not down


def _write_strike(
    desk: Desk,
    bar: Bar,
    patch: str,
    step: int,
    beats: float,
    chords: tuple[int, ...],
    strength: float,
    rng: np.random.Generator,
    strums: bool,
    down: bool,
) -> None:
    """Write one struck or strummed chord."""
    notes = list(chords)
    if strums and patch not in ("clean", "jazzgtr"):
        notes = sorted({*notes, notes[0] + 12 if notes[0] + 12 < 78 else notes[-1] - 12})
    if strums and not down:
        notes.reverse()
    for order, note in enumerate(notes):
        late = order * 0.013 if strums else float(rng.uniform(0, 0.008))
        desk.write(
            "comp", patch, bar, step, beats, note, strength, rng, jitter_s=0.003, late_s=late
        )


def _comp_shape(desk: Desk, bar: Bar, patch: str) -> str:
    """Choose the pattern that suits the patch and the bar."""
    genre, meter = desk.plan.genre, desk.plan.meter
    if bar.final or (bar.last and bar.section.kind == "outro"):
        return "X" + "-" * (bar.steps - 1)
    if patch in SUSTAINED:
        return "X" + "-" * (bar.steps - 1)
    pattern = chord_pattern(genre.comp.pattern, meter)
    moving = bar.section.band.unaccompanied and meter.name == "4/4" and genre.family != "ambient"
    if patch in KEYBOARDS_AND_PLUCKED and moving:
        pattern = _BROKEN_CHORDS
    shape = fit(pattern, bar, meter)
    if bar.number == 0 and shape[0] == "." and bar.section.kind == "intro":
        shape = "x-" + shape[2:]
    return shape


def _write_pads(desk: Desk, bar: Bar, notes: tuple[int, ...], bars: list[Bar]) -> None:
    band, genre = bar.section.band, desk.plan.genre
    for role in ("pad", "pad2"):
        patch = band.patch(role)
        audible = (
            bar.intensity >= 0.5
            or not genre.groove
            or bar.section.kind in ("intro", "breakdown")
            or role in bar.section.forced
        )
        if not patch or not audible or not bar.new_chord:
            continue
        rng = desk.hand(role, bar)
        beats = bar.beats
        for later in bars[bar.index + 1 :]:
            if later.section is not bar.section or later.new_chord:
                break
            beats += later.beats
        if bar.final:
            beats = desk.ring_beats(bar)
        for note in notes:
            lift = 12 if role == "pad2" else 0
            strength = 36 + 46 * bar.intensity
            desk.write(role, patch, bar, 0, beats + 0.1, note + lift, strength, rng, jitter_s=0.004)


def _write_arpeggio(desk: Desk, bar: Bar, chords: tuple[int, ...]) -> None:
    patch = bar.section.band.patch("arp")
    genre, meter = desk.plan.genre, desk.plan.meter
    quiet_colour = bar.section.kind in ("intro", "bridge", "breakdown") and bar.intensity < 0.6
    audible = (
        bar.intensity >= 0.7 or not genre.groove or quiet_colour or "arp" in bar.section.forced
    )
    if not patch or not audible or bar.final:
        return
    rng = desk.hand("arp", bar)
    pattern = genre.arp.pattern if genre.arp else _DEFAULT_ARPEGGIO
    rung = [*chords, *(note + 12 for note in chords)]
    loudness = 42 + 46 * bar.intensity
    low = patch in ("spicc", "pizz", "muted")
    beats = 2.0 if patch in RINGING else 0.48
    for step, symbol, _ in events(fit(chord_pattern(pattern, meter), bar, meter)):
        accent = 6 if step % meter.steps_per_beat == 0 else 0
        if symbol.isdigit():
            note = rung[int(symbol) % len(rung)] + (0 if low else 12)
            desk.write("arp", patch, bar, step, beats, note, loudness + accent, rng, jitter_s=0.004)
        else:
            for note in chords:
                desk.write("arp", patch, bar, step, beats, note + 12, loudness - 6, rng)
