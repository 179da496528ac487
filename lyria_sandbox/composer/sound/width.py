"""Width: how strong the sides are beside the middle."""

import numpy as np

from lyria_sandbox.composer.sound.filters import RunningFilter, blocks, highpass
from lyria_sandbox.composer.sound.samples import Samples, amplitude, decibels

_FROM_HZ = 200.0
"""Below, everything stays where it is: wide basses vanish on small loudspeakers."""

_MOST_DB = 4.5
_MEASURED = 3
"""Every third block tells the width well enough."""


def widen(mix: Samples, wanted_db: float) -> None:
    """Raise the sides of a mix above the bass, in place.

    Args:
        mix: Stereo sound.
        wanted_db: Level of the sides relative to the middle; a mix that is wider is left alone.
    """
    high = highpass(_FROM_HZ)
    side = middle = 0.0
    for block in list(blocks(mix))[::_MEASURED]:
        # Filters are linear: one pass over left and right gives sides and middle.
        clear = RunningFilter(high)(block)
        side += float(np.square(clear[:, 0] - clear[:, 1]).sum())
        middle += float(np.square(clear[:, 0] + clear[:, 1]).sum())
    if not side or not middle:
        return
    missing = min(wanted_db - decibels((side / middle) ** 0.5), _MOST_DB)
    if missing <= 0:
        return
    more = np.float32((amplitude(missing) - 1) / 2)
    running = RunningFilter(high, 1)
    for block in blocks(mix):
        added = running((block[:, 0] - block[:, 1])[:, None])[:, 0] * more
        block[:, 0] += added
        block[:, 1] -= added
