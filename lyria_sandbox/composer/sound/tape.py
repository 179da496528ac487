"""A worn tape machine and a dusty record, for lo-fi."""

import numpy as np

from lyria_sandbox.composer.sound.filters import filter_in_place, filtered, lowpass
from lyria_sandbox.composer.sound.samples import SAMPLE_RATE, Samples

_BLOCK = 1 << 18
_WOW_HZ, _WOW_FRAMES = 0.55, 26.0
_FLUTTER_HZ, _FLUTTER_FRAMES = 6.1, 5.0
_CRACKLES_A_SECOND = 9


def wear(mix: Samples) -> None:
    """Put a mix on tape, in place: wow and flutter, dull highs, crackle and hiss."""
    frames = len(mix)
    source = mix.copy()
    index = np.arange(frames)
    for start in range(0, frames, _BLOCK):
        at = index[start : start + _BLOCK]
        drift = _WOW_FRAMES * np.sin(2 * np.pi * _WOW_HZ * at / SAMPLE_RATE)
        drift += _FLUTTER_FRAMES * np.sin(2 * np.pi * _FLUTTER_HZ * at / SAMPLE_RATE)
        position = np.clip(at + drift, 0, frames - 1.001)
        whole = position.astype(np.int64)
        part = (position - whole).astype(np.float32)[:, None]
        mix[start : start + _BLOCK] = source[whole] * (1 - part) + source[whole + 1] * part
    del source
    filter_in_place(mix, lowpass(9500))
    mix += _dust(frames)[:, None]


def _dust(frames: int) -> Samples:
    rng = np.random.default_rng(3)
    crackle = np.zeros(frames, np.float32)
    at = rng.integers(0, frames, frames * _CRACKLES_A_SECOND // SAMPLE_RATE)
    crackle[at] = rng.uniform(-1, 1, len(at))
    hiss = rng.standard_normal(frames).astype(np.float32)
    dust: Samples = filtered(crackle, lowpass(7000)) * np.float32(0.05)
    dust += filtered(hiss, lowpass(9000)) * np.float32(0.0009)
    return dust
