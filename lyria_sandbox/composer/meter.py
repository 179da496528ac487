"""Meters and the grid of steps that patterns are written on."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Meter:
    """A meter.

    Attributes:
        name: "4/4", "3/4" or "6/8".
        beats: Beats a bar; in 6/8 a beat is a dotted quarter.
        steps_per_beat: Grid steps a beat; a step is a sixteenth.
    """

    name: str
    beats: int
    steps_per_beat: int

    @property
    def steps(self) -> int:
        """Grid steps a bar."""
        return self.beats * self.steps_per_beat


METERS: Mapping[str, Meter] = {
    "4/4": Meter("4/4", 4, 4),
    "3/4": Meter("3/4", 3, 4),
    "6/8": Meter("6/8", 2, 6),
}
