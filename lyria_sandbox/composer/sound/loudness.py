"""Loudness after ITU-R BS.1770-4, block by block."""

import numpy as np
from scipy import signal

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
_HOP = SAMPLE_RATE // 10
_BLOCK_HOPS = 4
_CHUNK_HOPS = 50
_ABSOLUTE_GATE_LUFS, _RELATIVE_GATE_LU = -70.0, -10.0


def block_powers(sound: Samples) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Measure the K-weighted power of blocks of 400 ms that overlap by three quarters.

    Args:
        sound: Stereo sound at 48 kHz.
    """
    state = np.zeros((2, 2, 2))
    hops: list[np.ndarray[tuple[int], np.dtype[np.float64]]] = []
    usable = len(sound) // _HOP * _HOP
    step = _HOP * _CHUNK_HOPS
    for start in range(0, usable, step):
        chunk = sound[start : min(start + step, usable)]
        weighted, state = signal.sosfilt(_K_WEIGHTING, chunk, axis=0, zi=state)
        hops.append((weighted.reshape(-1, _HOP, 2) ** 2).mean(axis=1).sum(axis=1))
    powers = np.concatenate(hops) if hops else np.zeros(1)
    if len(powers) < _BLOCK_HOPS:
        return np.array([powers.mean()])
    return np.convolve(powers, np.full(_BLOCK_HOPS, 1 / _BLOCK_HOPS), mode="valid")


def integrated_loudness(sound: Samples) -> float:
    """Measure the integrated loudness in LUFS, with both gates; -inf for silence."""
    powers = block_powers(sound)
    levels = -0.691 + 10 * np.log10(np.maximum(powers, 1e-15))
    audible = powers[levels > _ABSOLUTE_GATE_LUFS]
    if not len(audible):
        return float("-inf")
    gate = -0.691 + 10 * np.log10(audible.mean()) + _RELATIVE_GATE_LU
    kept = powers[(levels > _ABSOLUTE_GATE_LUFS) & (levels > gate)]
    return float(-0.691 + 10 * np.log10(kept.mean()))
