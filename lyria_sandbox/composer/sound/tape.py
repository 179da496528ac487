"""A worn tape machine and a dusty record, for lo-fi."""

import numpy as np
import numpy.typing as npt

from lyria_sandbox.composer.sound.filters import filter_in_place, filtered, lowpass
from lyria_sandbox.composer.sound.samples import SAMPLE_RATE, Samples

_BLOCK = 1 << 15
_WOW_HZ, _WOW_FRAMES = 0.55, 26.0
_FLUTTER_HZ, _FLUTTER_FRAMES = 6.1, 5.0
_CRACKLES_A_SECOND = 9
_CRACKLE_FRAMES = 64
_HISS_FRAMES = 1 << 18


def wear(mix: Samples) -> None:
    """Put a mix on tape, in place: wow and flutter, dull highs, crackle and hiss."""
    frames = len(mix)
    source = mix.copy().view(np.complex64)[:, 0]
    heard = mix.view(np.complex64)[:, 0]
    for start in range(0, frames, _BLOCK):
        at = np.arange(start, min(start + _BLOCK, frames))
        time = at / SAMPLE_RATE
        drift = _WOW_FRAMES * _swing(_WOW_HZ, time) + _FLUTTER_FRAMES * _swing(_FLUTTER_HZ, time)
        whole = np.floor(drift).astype(np.int64)
        part = drift - whole
        before = np.clip(at + whole, 0, frames - 2)
        now = source[before]
        heard[start : start + _BLOCK] = now + (source[before + 1] - now) * part
    del source
    filter_in_place(mix, lowpass(9500))
    dust = _dust(frames)
    mix[:, 0] += dust
    mix[:, 1] += dust


def _swing(hz: float, time: npt.NDArray[np.float64]) -> Samples:
    swing: Samples = np.sin((2 * np.pi * ((hz * time) % 1)).astype(np.float32))
    return swing


def _dust(frames: int) -> Samples:
    rng = np.random.default_rng(3)
    crackle = filtered(np.eye(1, _CRACKLE_FRAMES, dtype=np.float32)[0], lowpass(7000))
    hiss = filtered(rng.standard_normal(_HISS_FRAMES, dtype=np.float32), lowpass(9000))
    dust: Samples = np.resize(hiss * np.float32(0.0009), frames)
    count = frames * _CRACKLES_A_SECOND // SAMPLE_RATE
    places = rng.integers(0, max(1, frames - _CRACKLE_FRAMES), count)
    for at, size in zip(places, rng.uniform(-0.05, 0.05, count), strict=True):
        dust[at : at + _CRACKLE_FRAMES] += (crackle * np.float32(size))[: frames - at]
    return dust
