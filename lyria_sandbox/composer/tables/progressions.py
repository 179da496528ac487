"""Chord progressions, a chord a bar, as degrees of the mode.

A degree may carry a quality: `d` dominant seventh, `M` major, `m` minor; without one the chord is
built from the mode's own notes.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Family:
    """Progressions of a family of genres, for modes with a major and with a minor third."""

    major: tuple[str, ...]
    minor: tuple[str, ...]


FAMILIES: Mapping[str, Family] = {
    "pop": Family(
        ("1 5 6 4", "6 4 1 5", "1 6 4 5", "4 5 3 6", "1 4 6 5", "4 1 5 6"),
        ("1 6 3 7", "1 7 6 7", "6 7 1 3", "1 3 7 4", "1 4 6 5M", "6 3 7 1"),
    ),
    "jazz": Family(
        ("2 5d 1 1", "1 6 2 5d", "1 4 2 5d", "1 4 3 6d 2 5d 1 1"),
        ("1 4 7d 3 6 2 5d 1", "1 6 2 5d", "1 1 2 5d"),
    ),
    "lofi": Family(
        ("2 5 1 6", "4 3 2 1", "4 5 3 6", "1 3 4 4m"),
        ("1 4 7 3", "6 5 1 1", "4 5 1 1", "1 6 4 5", "6 7 1 4"),
    ),
    "blues": Family(
        ("1d 4d 1d 1d 4d 4d 1d 1d 5d 4d 1d 5d",),
        ("1 1 1 1 4 4 1 1 6 5d 1 5d",),
    ),
    "funk": Family(
        ("1d 1d 4d 1d", "1d 1d 1d 4d", "1d 7M 4d 1d"),
        ("1 1 4d 1", "1 1 1 4d", "1 7 4 1"),
    ),
    "epic": Family(
        ("1 5 6 4", "4 1 5 6", "1 3 6 4", "6 4 1 5"),
        ("1 6 3 7", "1 6 4 5M", "6 7 1 1", "1 3 7 6", "4 6 1 7"),
    ),
    "ambient": Family(
        ("1 4", "1 6 4 4", "4 1", "1 3 4 4"),
        ("1 6", "1 4", "6 7 1 1", "1 3 6 4"),
    ),
    "folk": Family(
        ("1 4 1 5", "1 5 4 1", "1 4 5 4", "6 4 1 5", "1 5 6 4"),
        ("1 7 6 7", "1 4 1 7", "1 3 7 4", "6 3 7 1"),
    ),
    "classical": Family(
        ("1 4 5 1", "1 6 2 5", "1 5 6 3 4 1 4 5", "1 2 5 1", "6 2 5 1"),
        ("1 4 5M 1", "1 6 4 5M", "1 7 3 6 4 1 4 5M", "1 4 7 3", "6 4 5M 1"),
    ),
    "edm": Family(
        ("4 5 6 6", "6 4 1 5", "4 1 5 6", "1 5 6 4"),
        ("6 7 1 3", "1 6 3 7", "4 6 1 7", "1 7 4 6", "6 3 7 1"),
    ),
    "chanson": Family(
        ("1 6 2 5d", "1 1 2 5d 2 5d 1 1", "4 4m 1 6d 2 5d 1 1", "6 2 5d 1"),
        ("1 4 7d 3 6 2 5d 1", "1 1 4 4 5d 5d 1 1", "4 1 5d 1", "6 3 4 5d"),
    ),
    "latin": Family(
        ("1 6d 2 5d", "2 5d 1 1", "1 1 2d 2d 2 5d 1 5d"),
        ("1 4 5d 1", "1 1 2 5d", "4 7d 3 6 2 5d 1 1"),
    ),
    "andalusian": Family(
        ("1 4 5d 1", "1 5d 1 4", "2 5d 1 1"),
        ("1 7 6 5M", "1 4 5M 1", "4 7 6 5M", "1 6 5M 1"),
    ),
}

MODAL: Mapping[str, tuple[str, ...]] = {
    "lydian": ("1 2 1 2", "1 5 2 1", "1 2 6 5", "6 2 1 1"),
    "mixolydian": ("1 7 4 1", "1 4 7 4", "1 7 1 4", "4 7 1 1"),
    "dorian": ("1 1 4 1", "1 7 1 4", "1 2 3 1", "3 4 1 1"),
    "phrygian": ("1 2 1 7", "1 2 3 2", "1 6 2 1", "1 1 2 7"),
}
"""Progressions that show the colour of a mode, for families that have no idiom of their own."""

IDIOMATIC = frozenset({"jazz", "blues", "funk", "latin", "andalusian", "chanson"})
"""Families that keep their own progressions in every mode."""


def progressions(family: str, mode: str, minor: bool) -> tuple[str, ...]:
    """Return the progressions that `family` uses in `mode`.

    Args:
        family: of the genre.
        mode: of the piece.
        minor: whether its tonic chord is minor.
    """
    if mode in MODAL and family not in IDIOMATIC:
        return MODAL[mode]
    return FAMILIES[family].minor if minor else FAMILIES[family].major
