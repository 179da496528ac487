"""Chords: from degrees of the mode to pitch classes and voicings.

Everything is composed on the tonic C and transposed when it is written down, so that a change of
key is a transposition and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from lyria_sandbox.composer.tables.scales import SCALES

_DOMINANT_SEVENTH = (0, 4, 7, 10)
_DIMINISHED_TRIAD = (0, 3, 6)


@dataclass(frozen=True)
class Chord:
    """A chord above the tonic C.

    Attributes:
        degree: How the progression writes it.
        root: Semitones above the tonic, 0 to 11.
        pitch_classes: Root first.
    """

    degree: str
    root: int
    pitch_classes: tuple[int, ...]

    @property
    def third(self) -> int:
        """Semitones from the root to the third."""
        return (self.pitch_classes[1] - self.pitch_classes[0]) % 12

    @property
    def fifth(self) -> int:
        """Semitones from the root to the fifth."""
        return (self.pitch_classes[2] - self.pitch_classes[0]) % 12


@lru_cache(maxsize=512)
def chord(degree: str, mode: str, size: int, idiomatic: bool) -> Chord:
    """Build a chord.

    Args:
        degree: A token of `tables.progressions`.
        mode: The mode it belongs to.
        size: Notes of a diatonic chord: 3, 4 or 5.
        idiomatic: Whether diminished triads are wanted as they are (jazz), rather than with a
            perfect fifth (everything else).
    """
    scale = SCALES[mode]
    step, quality = int(degree[0]) - 1, degree[1:]
    root = scale[step]
    if quality == "d":
        intervals = list(_DOMINANT_SEVENTH)
        if size > 4 and step in (0, 3, 4):
            intervals.append(14)
    elif quality:
        intervals = [0, 4 if quality == "M" else 3, 7]
    else:
        intervals = [
            scale[(step + third) % 7] + 12 * ((step + third) // 7) - root
            for third in (0, 2, 4, 6, 8)[:size]
        ]
        # A minor ninth above the root is harsh in every style.
        intervals = [interval for interval in intervals if interval != 13]
        if tuple(intervals[:3]) == _DIMINISHED_TRIAD and not idiomatic:
            intervals[2] = 7
    return Chord(degree, root, tuple((root + interval) % 12 for interval in intervals))


def voicing(
    pitch_classes: Sequence[int], previous: Sequence[int] | None, low: int, high: int
) -> tuple[int, ...]:
    """Choose the close position that moves the voices least.

    Args:
        pitch_classes: Notes to be voiced.
        previous: The voicing before, or None at the beginning.
        low: Lowest bottom note, as a MIDI key.
        high: Where top notes begin to cost.
    """
    best: tuple[float, tuple[int, ...]] | None = None
    middle = (low + high) / 2
    for inversion in range(len(pitch_classes)):
        order = [*pitch_classes[inversion:], *pitch_classes[:inversion]]
        bottom = low + (order[0] - low) % 12
        notes = [bottom]
        for pitch_class in order[1:]:
            notes.append(notes[-1] + 1 + (pitch_class - notes[-1] - 1) % 12)
        if previous:
            cost = float(sum(min(abs(note - old) for old in previous) for note in notes))
            # The ear follows the top voice: its movement counts again.
            cost += 0.5 * abs(notes[-1] - previous[-1])
        else:
            cost = abs(sum(notes) / len(notes) - middle)
        cost += max(0, notes[-1] - high) * 3
        if best is None or cost < best[0]:
            best = (cost, tuple(notes))
    assert best is not None  # noqa: S101  # a chord has notes
    return best[1]
