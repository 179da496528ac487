"""Meters and the grid of steps that patterns are written on."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Meter:
    """A meter.

    Attributes:
        name: Its signature, as "4/4".
        beats: Beats a bar: quarters, in 6/8 and 12/8 dotted quarters; 7/8 has three and a half.
        steps_per_beat: Grid steps a beat; a step is a sixteenth.
    """

    name: str
    beats: float
    steps_per_beat: int

    @property
    def steps(self) -> int:
        """Grid steps a bar."""
        return round(self.beats * self.steps_per_beat)


METERS: Mapping[str, Meter] = {
    "4/4": Meter("4/4", 4, 4),
    "3/4": Meter("3/4", 3, 4),
    "6/8": Meter("6/8", 2, 6),
    "5/4": Meter("5/4", 5, 4),
    "7/8": Meter("7/8", 3.5, 4),
    "12/8": Meter("12/8", 4, 6),
}
