"""Types and small helpers of sampled sound."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

SAMPLE_RATE = 48_000
"""Hz; the rate of Lyria 2's files, used throughout."""

Samples: TypeAlias = npt.NDArray[np.float32]
"""Sound: mono `(frames,)` or stereo `(frames, 2)`."""


def decibels(ratio: float) -> float:
    """Convert an amplitude ratio to decibels."""
    return float(20 * np.log10(max(ratio, 1e-12)))


def amplitude(db: float) -> float:
    """Convert decibels to an amplitude ratio."""
    return float(10 ** (db / 20))
