"""An exciter: overtones for recordings that have none."""

import numpy as np

from lyria_sandbox.composer.sound.filters import RunningFilter, bandpass, blocks, highpass
from lyria_sandbox.composer.sound.samples import Samples, amplitude, middle, rms

_PRESENCE = bandpass(1800, 6500)
_AIR = highpass(5000, 4)
_BIAS = 0.6
"""Moves the bend off the middle, so that it makes even overtones as well as odd ones."""

_DRIVE = 1 / 3


_MEASURED = 4
"""Every fourth block tells the levels well enough."""


class _Exciter:
    """Bends the presence range and keeps what is new above 5 kHz."""

    def __init__(self, level: float) -> None:
        self._presence = RunningFilter(_PRESENCE, 1)
        self._air = RunningFilter(_AIR, 1)
        self._scale = np.float32(_DRIVE / level)

    def __call__(self, block: Samples) -> Samples:
        bent = self._presence(block)
        bent *= self._scale
        bent += np.float32(_BIAS)
        np.tanh(bent, out=bent)
        return self._air(bent)


def excite(sound: Samples, wanted_db: float) -> None:
    """Add overtones above 5 kHz that follow the strokes and bows of the presence range, in place.

    Recordings with a low sample rate have nothing there that a filter could raise.

    Args:
        sound: Stereo sound.
        wanted_db: Level of the overtones relative to the whole.
    """
    some = [middle(block)[:, None] for block in list(blocks(sound))[::_MEASURED]]
    presence = RunningFilter(_PRESENCE, 1)
    level = max(rms(presence(block) for block in some), 1e-6)
    probe = _Exciter(level)
    made = max(rms(probe(block) for block in some), 1e-6)
    gain = np.float32(amplitude(wanted_db) * rms(blocks(sound)) / made)
    exciter = _Exciter(level)
    for block in blocks(sound):
        added = exciter(middle(block)[:, None])[:, 0] * gain
        block[:, 0] += added
        block[:, 1] += added
