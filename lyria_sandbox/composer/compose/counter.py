"""A second melody: long notes between the lead and the chords."""

from collections.abc import Callable

from lyria_sandbox.composer.compose.bars import Bar, entering
from lyria_sandbox.composer.compose.desk import Desk

_REGISTER = 64
_HIGHEST = 76
_LEAST, _LEAST_EVEN = 0.55, 0.7
"""Intensity from which it plays; in sections about as loud as each other it marks the choruses."""


def write_counter(desk: Desk, bars: list[Bar]) -> None:
    """Write the counter-melody: thirds and sevenths of the chords, by the shortest way."""
    note: int | None = None
    for bar in bars:
        if bar.number == 0:
            note = None
        patch = bar.section.band.patch("counter")
        least = _LEAST_EVEN if desk.plan.even else _LEAST
        if not patch or (entering(bar) < least and "counter" not in bar.section.forced):
            continue
        rng = desk.hand("counter", bar)
        guides = [*bar.chord.pitch_classes[1:2], *bar.chord.pitch_classes[3:4]]
        second = bar.chord.pitch_classes[2]
        halves = (guides, [second, *guides]) if bar.beats >= 4 and not bar.final else (guides,)
        for index, classes in enumerate(halves):
            near = note if note is not None else _REGISTER + 4
            choices = [n for n in range(_REGISTER - 7, _HIGHEST) if n % 12 in classes]
            note = min(choices, key=_effort(near))
            beats = bar.beats / len(halves) * 0.95
            if bar.final:
                beats = desk.ring_beats(bar) * 0.8
            octave = 12 * bar.section.band.octaves.get("counter", 0)
            desk.write(
                "counter",
                patch,
                bar,
                index * bar.steps / len(halves),
                beats,
                note + octave,
                44 + 46 * bar.intensity,
                rng,
                jitter_s=0.008,
            )


def _effort(near: int) -> Callable[[int], tuple[float, int]]:
    """Prefer a short way that does move, and the middle of the register."""

    def effort(note: int) -> tuple[float, int]:
        stays = 6.0 if note == near else 0.0
        return abs(note - near) + 0.3 * abs(note - _REGISTER - 3) + stays, note

    return effort
