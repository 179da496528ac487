"""The background: held pads and broken chords."""

from lyria_sandbox.composer.compose.bars import (
    OVERLAP_BEATS,
    Bar,
    beats_of_the_chord,
    entering,
    holds_back,
    opened,
)
from lyria_sandbox.composer.compose.desk import Desk
from lyria_sandbox.composer.compose.patterns import chord_pattern, events, fit
from lyria_sandbox.composer.compose.voicings import Voicings
from lyria_sandbox.composer.tables.patches import RINGING

_DEFAULT_ARPEGGIO = "0.1.2.1.3.1.2.1."
_FULL = 0.72
"""Intensity from which a section has everybody play."""

_LOW_ARPEGGIOS = frozenset({"spicc", "pizz", "muted"})


def write_background(desk: Desk, bars: list[Bar], voicings: Voicings) -> None:
    """Write pads and arpeggios.

    Args:
        desk: takes the notes.
        bars: all bars of the piece.
        voicings: the chord of each bar.
    """
    for bar, chord, pad in zip(bars, voicings.chords, voicings.pads, strict=True):
        for role in ("pad", "pad2"):
            _write_pad(desk, bar, role, pad, bars)
        _write_arpeggio(desk, bar, chord)


def _write_pad(desk: Desk, bar: Bar, role: str, notes: tuple[int, ...], bars: list[Bar]) -> None:
    patch, genre = bar.section.band.patch(role), desk.plan.genre
    if _waits(bar) and not genre.groove and role not in bar.section.forced:
        return
    # In sections about as loud as each other, the pad marks the choruses.
    audible = (
        entering(bar) >= (_FULL if desk.plan.even else 0.5)
        or not genre.groove
        or bar.section.kind in ("intro", "breakdown")
        or role in bar.section.forced
    )
    if holds_back(bar) and role not in bar.section.forced and bar.section.band.patch("comp"):
        return
    if not patch or not audible or not bar.new_chord:
        return
    rng = desk.hand(role, bar)
    beats = desk.ring_beats(bar) if bar.final else beats_of_the_chord(bar, bars) + OVERLAP_BEATS
    strength = 36 + 46 * bar.intensity
    for note in notes:
        lift = 12 if role == "pad2" else 0
        desk.write(role, patch, bar, 0, beats, note + lift, strength, rng, jitter_s=0.004)


def _waits(bar: Bar) -> bool:
    """Return whether the chords open the piece alone."""
    return bar.section.kind == "intro" and not opened(bar) and bool(bar.section.band.patch("comp"))


def _write_arpeggio(desk: Desk, bar: Bar, chord: tuple[int, ...]) -> None:
    patch, genre, meter = bar.section.band.patch("arp"), desk.plan.genre, desk.plan.meter
    quiet_colour = bar.section.kind in ("intro", "bridge", "breakdown") and bar.intensity < 0.6
    # Without drums, and in sections about as loud as each other, players mark the choruses.
    always = not genre.groove and not (desk.plan.even and bar.section.band.patch("comp"))
    audible = entering(bar) >= _FULL or always or quiet_colour or "arp" in bar.section.forced
    waits = (not genre.groove and _waits(bar)) or holds_back(bar)
    if not patch or not audible or bar.final or (waits and "arp" not in bar.section.forced):
        return
    rng = desk.hand("arp", bar)
    pattern = chord_pattern(genre.arp.pattern if genre.arp else _DEFAULT_ARPEGGIO, meter)
    rungs = [*chord, *(note + 12 for note in chord)]
    loudness = 40 + 46 * bar.intensity
    lift = 0 if patch in _LOW_ARPEGGIOS else 12
    beats = 2.0 if patch in RINGING else 0.48
    for step, symbol, _ in events(fit(pattern, bar, meter)):
        strength = loudness + (10 if step % meter.steps_per_beat == 0 else 0)
        sounding = [rungs[int(symbol) % len(rungs)]] if symbol.isdigit() else list(chord)
        for note in sounding:
            desk.write("arp", patch, bar, step, beats, note + lift, strength, rng, jitter_s=0.004)
