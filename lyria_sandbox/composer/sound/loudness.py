"""Loudness after ITU-R BS.1770-4, block by block."""

import numpy as np
import numpy.typing as npt

from lyria_sandbox.composer.sound.filters import RunningFilter
from lyria_sandbox.composer.sound.samples import SAMPLE_RATE, Samples

# The two stages of the K weighting at 48 kHz, from table 1 and table 2 of BS.1770-4.
_K_WEIGHTING = np.array(
    [
        [
            1.53512485958697,
            -2.69169618940638,
            1.19839281085285,
            1.0,
            -1.69065929318241,
            0.73248077421585,
        ],
        [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621],
    ]
)
SLOT = SAMPLE_RATE // 100
"""Frames over which power is measured: 10 ms."""

_BLOCK_SLOTS, _HOP_SLOTS = 40, 10
_CHUNK_SLOTS = 64
_ABSOLUTE_GATE_LUFS, _RELATIVE_GATE_LU = -70.0, -10.0
Floats = npt.NDArray[np.float64]


def slot_powers(sound: Samples) -> Floats:
    """Measure the K-weighted power of every 10 ms.

    Args:
        sound: Stereo sound at 48 kHz.
    """
    weighting = RunningFilter(_K_WEIGHTING)
    powers: list[Floats] = []
    usable = len(sound) // SLOT * SLOT
    step = SLOT * _CHUNK_SLOTS
    for start in range(0, usable, step):
        weighted = weighting(sound[start : min(start + step, usable)]).reshape(-1, 2 * SLOT)
        powers.append(np.einsum("ij,ij->i", weighted, weighted).astype(np.float64) / SLOT)
    return np.concatenate(powers) if powers else np.zeros(1)


def integrated_loudness(powers: Floats) -> float:
    """Return the integrated loudness in LUFS, with both gates; -inf for silence.

    Args:
        powers: K-weighted power of every 10 ms, from `slot_powers`.
    """
    sums = np.concatenate([[0.0], np.cumsum(powers)])
    starts = np.arange(0, max(1, len(powers) - _BLOCK_SLOTS + 1), _HOP_SLOTS)
    ends = np.minimum(starts + _BLOCK_SLOTS, len(powers))
    blocks = (sums[ends] - sums[starts]) / (ends - starts)
    levels = -0.691 + 10 * np.log10(np.maximum(blocks, 1e-15))
    audible = blocks[levels > _ABSOLUTE_GATE_LUFS]
    if not len(audible):
        return float("-inf")
    gate = -0.691 + 10 * np.log10(audible.mean()) + _RELATIVE_GATE_LU
    kept = blocks[(levels > _ABSOLUTE_GATE_LUFS) & (levels > gate)]
    return float(-0.691 + 10 * np.log10(kept.mean()))
