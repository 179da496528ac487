"""Width: how strong the sides are beside the middle."""

import numpy as np

from lyria_sandbox.composer.sound.filters import RunningFilter, blocks, highpass
from lyria_sandbox.composer.sound.samples import Samples, amplitude, decibels, rms

_FROM_HZ = 200.0
"""Below, everything stays where it is: wide basses vanish on small loudspeakers."""

_MOST_DB = 4.5


def widen(mix: Samples, wanted_db: float) -> None:
    """Raise the sides of a mix above the bass, in place.

    Args:
        mix: Stereo sound.
        wanted_db: Level of the sides relative to the middle; a mix that is wider is left alone.
    """
    high = highpass(_FROM_HZ)
    sides, middle = RunningFilter(high, 1), RunningFilter(high, 1)
    side = rms(sides(block[:, :1] - block[:, 1:]) for block in blocks(mix))
    whole = rms(middle(block[:, :1] + block[:, 1:]) for block in blocks(mix))
    if not side or not whole:
        return
    missing = min(wanted_db - decibels(side / whole), _MOST_DB)
    if missing <= 0:
        return
    more = np.float32((amplitude(missing) - 1) / 2)
    running = RunningFilter(high, 1)
    for block in blocks(mix):
        added = running(block[:, :1] - block[:, 1:]) * more
        block[:, :1] += added
        block[:, 1:] -= added
