"""From beats to seconds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class TempoMap:
    """A tempo that is constant between its changes.

    Attributes:
        beats: Where each tempo begins, in beats, ascending from 0.
        bpm: The tempos.
    """

    beats: tuple[float, ...]
    bpm: tuple[float, ...]

    def seconds(self, beat: float) -> float:
        """Return the time of a position, in seconds from the beginning."""
        total = 0.0
        for index, start in enumerate(self.beats):
            end = self.beats[index + 1] if index + 1 < len(self.beats) else float("inf")
            if beat <= start and index:
                break
            total += (min(beat, end) - start) * 60 / self.bpm[index]
        return total

    def bpm_at(self, beat: float) -> float:
        """Return the tempo at a position."""
        index = int(np.searchsorted(self.beats, beat, side="right")) - 1
        return self.bpm[max(index, 0)]


def join(changes: Sequence[tuple[float, float]]) -> TempoMap:
    """Make a map of (beat, bpm) changes, dropping those that change nothing."""
    kept: list[tuple[float, float]] = []
    for beat, bpm in changes:
        if kept and kept[-1][1] == bpm:
            continue
        kept.append((beat, bpm))
    return TempoMap(tuple(beat for beat, _ in kept), tuple(bpm for _, bpm in kept))
