"""Bass lines."""

from lyria_sandbox.composer.compose.bars import (
    OPENING,
    OVERLAP_BEATS,
    Bar,
    beats_of_the_chord,
    opened,
    pauses_before_drop,
)
from lyria_sandbox.composer.compose.desk import Desk
from lyria_sandbox.composer.compose.groove import bass_line
from lyria_sandbox.composer.compose.patterns import bass_pattern, events, fit
from lyria_sandbox.composer.meter import Meter
from lyria_sandbox.composer.plan.model import Plan
from lyria_sandbox.composer.tables.genre import Genre
from lyria_sandbox.composer.tables.patches import SUSTAINED

_LOWEST = 33
"""A1: with the transposition of -5..6 the bass stays between E1 and E flat 3."""
_SUB_LOWEST = 30
_LEAST, _LEAST_EVEN = 0.5, 0.4
"""Intensity from which the bass plays its pattern."""

_SUB_BASSES = frozenset({"808", "sub", "reese", "wobble"})
_HIGH_BASSES = frozenset(
    {"piano", "cello", "pizz", "slowstr", "harp", "nylon", "steel", "trombone"}
)
"""Patches that sound muddy in the lowest octave."""


def write_bass(desk: Desk, bars: list[Bar]) -> None:
    """Write the bass: the genre's pattern on the chord's root, with steps into the next root."""
    genre, meter = desk.plan.genre, desk.plan.meter
    pattern = bass_line(desk.plan, bass_pattern(genre.bass.pattern, meter))
    for bar in bars:
        patch = bar.section.band.patch("bass")
        forced = "bass" in bar.section.forced
        if not patch or (genre.groove and not forced and _waits(genre, bar)):
            continue
        held = patch in SUSTAINED and pattern.strip("-") == "R" and not bar.final
        if held and not bar.new_chord:
            continue
        rng = desk.hand("bass", bar)
        shape = _shape(desk, bar, pattern, forced)
        lowest = _SUB_LOWEST if patch in _SUB_BASSES else _LOWEST
        root = lowest + (bar.chord.root - lowest) % 12
        if patch in _HIGH_BASSES and root < 40:
            root += 12
        approach = (bar.next_chord.root - bar.chord.root + 6) % 12 - 6
        side = int(desk.habit("bass", bar).choice((-1, 1)))
        intervals = {
            "R": 0,
            "3": bar.chord.third,
            "5": bar.chord.fifth,
            "6": 9,
            "O": 12,
            "a": approach + side,
        }
        loudness = 62 + 46 * bar.intensity
        for step, symbol, length in events(shape):
            beats = length / meter.steps_per_beat * 0.93
            if bar.final:
                beats = desk.ring_beats(bar)
            elif held:
                beats = beats_of_the_chord(bar, bars) + OVERLAP_BEATS
            desk.write(
                "bass",
                patch,
                bar,
                step,
                beats,
                root + intervals.get(symbol, 0),
                loudness + (4 if step == 0 else 0),
                rng,
                jitter_s=0.004,
            )


def _shape(desk: Desk, bar: Bar, pattern: str, forced: bool) -> str:
    """Return what the bass plays in a bar."""
    genre, meter = desk.plan.genre, desk.plan.meter
    if bar.final or (bar.last and bar.section.kind == "outro"):
        shape = "R" + "-" * (bar.steps - 1)
    elif genre.groove and not forced and _holds(desk.plan, bar):
        shape = fit(_held(bar, meter), bar, meter)
    else:
        shape = fit(pattern, bar, meter)
    if not pauses_before_drop(desk.plan, bar):
        return shape
    half = bar.steps // 2
    return shape[:half] + "." * (bar.steps - half)


def _held(bar: Bar, meter: Meter) -> str:
    """Return the roots of a bar that is held: in an opening once, elsewhere in both its halves."""
    halves = 1 if bar.section.kind in OPENING or meter.steps % 2 else 2
    return ("R" + "-" * (meter.steps // halves - 1)) * halves


def _waits(genre: Genre, bar: Bar) -> bool:
    """Return whether the bass has not come in yet, or is resting; in jazz it opens the piece."""
    if bar.section.kind == "intro" and not opened(bar):
        return genre.tone != "jazz"
    # The drop brings the bass back.
    return bar.intensity < 0.38 or (genre.dance_form and bar.section.kind == "build")


def _holds(plan: Plan, bar: Bar) -> bool:
    """Return whether the bass only holds the roots."""
    opens = bar.section.kind in OPENING and plan.genre.tone != "jazz"
    return bar.intensity < (_LEAST_EVEN if plan.even else _LEAST) or opens
