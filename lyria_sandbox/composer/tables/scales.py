"""Scales and note names."""

from collections.abc import Mapping

SCALES: Mapping[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
}
"""Semitones above the tonic of the seven degrees of each mode."""

NATURALS: Mapping[str, int] = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}

_SHARP_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_FLAT_NAMES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
_FLAT_MAJOR_TONICS = frozenset({1, 3, 5, 8, 10})


def is_minor(mode: str) -> bool:
    """Return whether the third of `mode` is minor."""
    return SCALES[mode][2] == 3


def tonic_name(tonic: int, mode: str) -> str:
    """Name a pitch class as the key signature of `mode` spells it.

    Args:
        tonic: Pitch class, 0 for C.
        mode: A key of `SCALES`.
    """
    # The relative major decides between sharps and flats: F minor has flats, F sharp minor sharps.
    fifth_above = {"minor": 3, "dorian": 10, "lydian": 7, "mixolydian": 5, "phrygian": 8}
    relative_major = (tonic + fifth_above.get(mode, 0)) % 12
    names = _FLAT_NAMES if relative_major in _FLAT_MAJOR_TONICS else _SHARP_NAMES
    return names[tonic % 12]
