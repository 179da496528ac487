"""Choosing the notes of a melody: the ladder it climbs, and each step on it."""

from collections.abc import Sequence

from lyria_sandbox.composer.compose.bars import Bar
from lyria_sandbox.composer.plan.model import Plan
from lyria_sandbox.composer.tables.scales import SCALES, is_minor

_PENTATONIC = {True: frozenset({0, 3, 5, 7, 10}), False: frozenset({0, 2, 4, 7, 9})}
_SPAN_BELOW, _SPAN_ABOVE = 4, 17
_WIDEST_LEAP, _BOLD_LEAP = 5, 8


def ladder(plan: Plan, bar: Bar, low: int) -> list[int]:
    """List the notes a melody may use in a bar, from low to high, above the tonic C.

    The mode is bent to borrowed chords: a chord tone outside of it replaces its neighbour. Simple
    styles keep to the pentatonic scale and the chord.

    Args:
        plan: of the piece.
        bar: which bar.
        low: the lowest note, as a MIDI number.
    """
    scale = SCALES[bar.section.mode]
    bent = {degree: degree for degree in scale}
    for tone in bar.chord.pitch_classes:
        if tone not in scale:
            free = [d for d in scale if d not in bar.chord.pitch_classes]
            if free:
                bent[min(free, key=lambda degree: abs(degree - tone))] = tone
    allowed = set(bent.values())
    if not plan.genre.chromatic_melody:
        pentatonic = _PENTATONIC[is_minor(bar.section.mode)]
        allowed = {t for t in allowed if t in pentatonic or t in bar.chord.pitch_classes[:4]}
    return [n for n in range(low - _SPAN_BELOW, low + _SPAN_ABOVE) if n % 12 in allowed]


def chord_tones(bar: Bar, rungs: Sequence[int]) -> list[int]:
    """Pick the notes of the chord out of a ladder."""
    return [note for note in rungs if note % 12 in bar.chord.pitch_classes[:4]]


def walk(rungs: Sequence[int], allowed: Sequence[int], previous: int, move: int) -> int:
    """Move along the ladder and settle on the nearest allowed note, without a wide leap.

    Args:
        rungs: the notes of the bar, from low to high.
        allowed: where the move may end.
        previous: the note before.
        move: rungs up; negative: down.
    """
    rung = rungs.index(previous) + move
    if not 0 <= rung < len(rungs):
        rung = rungs.index(previous) - move
    wanted = rungs[min(max(rung, 0), len(rungs) - 1)]
    widest = _BOLD_LEAP if abs(move) >= 3 else _WIDEST_LEAP
    reachable = [note for note in allowed if abs(note - previous) <= widest] or allowed
    # Of two notes equally near, the one in the direction of the line.
    return min(reachable, key=lambda note: (abs(note - wanted), -(note - previous) * move, note))


def anchor(tones: Sequence[int], wanted: int, before: int | None) -> int:
    """Choose the chord tone that a bar begins on: as high as wanted, near the note before.

    Args:
        tones: notes of the chord.
        wanted: the height that is aimed at.
        before: the note before; None at the beginning.
    """

    def cost(tone: int) -> tuple[float, int]:
        return abs(tone - wanted) + (0.9 * abs(tone - before) if before is not None else 0.0), tone

    return min(tones, key=cost)


def rest_on(tones: Sequence[int], pitch: int, degrees: Sequence[int]) -> int:
    """End a phrase on a note that asks or answers, if the chord has one near by.

    Args:
        tones: notes of the chord.
        pitch: the note so far.
        degrees: semitones above the tonic that ask or answer.
    """
    for degree in degrees:
        near = [n for n in tones if n % 12 == degree and abs(n - pitch) <= _WIDEST_LEAP]
        if near:
            return min(near, key=lambda note: abs(note - pitch))
    return pitch


def home(rungs: Sequence[int], pitch: int) -> int:
    """Return the tonic nearest to a note."""
    return min((note for note in rungs if note % 12 == 0), key=lambda note: abs(note - pitch))
