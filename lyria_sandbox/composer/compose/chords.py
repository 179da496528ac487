"""Chords: struck, strummed, broken or held."""

from lyria_sandbox.composer.compose.bars import (
    OPENING,
    OVERLAP_BEATS,
    Bar,
    beats_of_the_chord,
    holds_back,
    opened,
)
from lyria_sandbox.composer.compose.desk import Desk
from lyria_sandbox.composer.compose.patterns import (
    chord_pattern,
    events,
    fit,
    sparse,
    sustained,
    thinned,
)
from lyria_sandbox.composer.compose.voicings import Voicings
from lyria_sandbox.composer.tables.patches import (
    AMPLIFIED,
    GUITARS,
    KEYBOARDS_AND_PLUCKED,
    RINGING,
    SUSTAINED,
)

_BROKEN_CHORDS = "0-1-2-1-3-1-2-1-"
_POWER_ROOT = 40
_HIGH_ARPEGGIOS = frozenset({"bells2", "square", "marimba", "kalimba", "pluck", "celesta"})
_QUIET_END_S = 0.7
"""How long before its end nothing new begins in a piece."""

_STRUM_S = 0.013
"""Time between two strings of a strum."""


def write_chords(desk: Desk, bars: list[Bar], voicings: Voicings) -> None:
    """Write the chords; amplified guitars are played twice, once for each side.

    Args:
        desk: takes the notes.
        bars: all bars of the piece.
        voicings: the chord of each bar.
    """
    for bar, notes in zip(bars, voicings.chords, strict=True):
        patch = bar.section.band.patch("comp")
        if not patch or (patch == "dist" and _too_quiet_for_distortion(bar)):
            continue
        if patch in SUSTAINED and not bar.final:
            if bar.new_chord:
                _hold(desk, bar, patch, notes, beats_of_the_chord(bar, bars) + OVERLAP_BEATS)
            continue
        _write_bar(desk, bar, "comp", patch, notes)
        if bar.final and patch in RINGING:
            _let_ring(desk, bar, patch, notes)
        if patch in AMPLIFIED:
            _write_bar(desk, bar, "double", patch, notes)


def _hold(desk: Desk, bar: Bar, patch: str, notes: tuple[int, ...], beats: float) -> None:
    """Write a chord that sounds until the next: struck anew in every bar it would pump."""
    _strike(desk, bar, "comp", patch, 0, beats, notes, 50 + 46 * bar.intensity, down=True)


def _too_quiet_for_distortion(bar: Bar) -> bool:
    others = set(bar.section.band.patches) & {"pad", "arp"}
    return bar.intensity < 0.5 and "comp" not in bar.section.forced and bool(others)


def _let_ring(desk: Desk, bar: Bar, patch: str, notes: tuple[int, ...]) -> None:
    """Climb through the closing chord and back while it dies away."""
    rng = desk.hand("ring", bar)
    climb = [*notes, *(note + 12 for note in notes)][1:]
    rungs = [*climb, *climb[-2::-1]]
    left = desk.ring_beats(bar)
    last = left - _QUIET_END_S * desk.plan.tempo_map.bpm_at(bar.start) / 60
    for count, note in enumerate(rungs):
        beat = count + 1
        if beat > last:
            break
        strength = 48 + 30 * bar.intensity - 3 * count
        step = beat * desk.plan.meter.steps_per_beat
        desk.write("comp", patch, bar, step, left - beat, note, strength, rng)


def _write_bar(desk: Desk, bar: Bar, role: str, patch: str, notes: tuple[int, ...]) -> None:
    steps_per_beat = desk.plan.meter.steps_per_beat
    rng = desk.hand(role, bar)
    loudness = 58 + 46 * bar.intensity
    down = True
    for step, symbol, length in events(_shape(desk, bar, patch)):
        beats = desk.ring_beats(bar) if bar.final else length / steps_per_beat * 0.97
        if symbol in "Pp":
            muted = symbol == "p" and length == 1 and not bar.final
            root = _POWER_ROOT + (bar.chord.root - _POWER_ROOT) % 12
            strength = loudness + (6 if symbol == "P" else -10)
            for interval in (0, 7, 12):
                held = 0.8 / steps_per_beat if muted else beats
                desk.write(role, patch, bar, step, held, root + interval, strength, rng)
        elif symbol.isdigit():
            rungs = [*notes, *(note + 12 for note in notes)]
            pitch = rungs[int(symbol) % len(rungs)] + (12 if patch in _HIGH_ARPEGGIOS else 0)
            strength = loudness - 28 + (28 if step % steps_per_beat == 0 else 0)
            held = max(beats, 1.1) if patch in RINGING else beats
            desk.write(role, patch, bar, step, held, pitch, strength, rng)
        else:
            strength = loudness - (8 if symbol == "X" else 22)
            _strike(desk, bar, role, patch, step, beats, notes, strength, down=down)
            down = not down


def _strike(
    desk: Desk,
    bar: Bar,
    role: str,
    patch: str,
    step: int,
    beats: float,
    chord: tuple[int, ...],
    strength: float,
    *,
    down: bool,
) -> None:
    """Write one struck or strummed chord."""
    rng = desk.hand(f"{role} {step}", bar)
    notes = list(chord)
    strums = patch in GUITARS
    if strums and patch not in ("clean", "jazzgtr"):
        notes = sorted({*notes, notes[0] + 12 if notes[0] + 12 < 78 else notes[-1] - 12})
    if strums and not down:
        notes.reverse()
    for order, note in enumerate(notes):
        late = order * _STRUM_S if strums else float(rng.uniform(0, 0.008))
        desk.write(role, patch, bar, step, beats, note, strength, rng, jitter_s=0.003, late_s=late)


def _shape(desk: Desk, bar: Bar, patch: str) -> str:
    """Choose the pattern that suits the patch and the bar."""
    genre, meter = desk.plan.genre, desk.plan.meter
    if bar.final or (bar.last and bar.section.kind == "outro"):
        return "X" + "-" * (bar.steps - 1)
    pattern = chord_pattern(genre.comp.pattern, meter)
    moving = (
        bar.section.band.unaccompanied
        and meter.name in ("4/4", "5/4", "7/8")
        and genre.family != "ambient"
    )
    if patch in KEYBOARDS_AND_PLUCKED and moving:
        pattern = _BROKEN_CHORDS
    shape = fit(pattern, bar, meter)
    if bar.intensity < (0.7 if desk.plan.even else 0.56) and genre.groove:
        shape = thinned(shape)
    if holds_back(bar):
        shape = sparse(shape)
    if bar.number == 0 and shape[0] == "." and bar.section.kind == "intro":
        shape = "x-" + shape[2:]
    if genre.groove and bar.section.kind in OPENING and not opened(bar):
        shape = sustained(shape)
    return shape
