"""Filters that work in place and in blocks, so that long pieces need little memory."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import signal

from lyria_sandbox.composer.sound.samples import SAMPLE_RATE, Samples

_BLOCK = 1 << 18
Sections = npt.NDArray[np.float64]


@lru_cache(maxsize=256)
def lowpass(cutoff_hz: float, order: int = 2) -> Sections:
    """Design a Butterworth low-pass as second-order sections."""
    sections: Sections = signal.butter(
        order, min(cutoff_hz, 0.45 * SAMPLE_RATE), fs=SAMPLE_RATE, output="sos"
    )
    return sections


@lru_cache(maxsize=256)
def highpass(cutoff_hz: float, order: int = 2) -> Sections:
    """Design a Butterworth high-pass as second-order sections."""
    sections: Sections = signal.butter(order, cutoff_hz, "high", fs=SAMPLE_RATE, output="sos")
    return sections


@lru_cache(maxsize=64)
def bandpass(low_hz: float, high_hz: float, order: int = 2) -> Sections:
    """Design a Butterworth band-pass as second-order sections."""
    sections: Sections = signal.butter(
        order, [low_hz, high_hz], "band", fs=SAMPLE_RATE, output="sos"
    )
    return sections


def filtered(sound: Samples, sections: Sections) -> Samples:
    """Return a filtered copy of a short sound."""
    result: Samples = signal.sosfilt(sections.astype(np.float32), sound, axis=0)
    return result


def filter_in_place(sound: Samples, sections: Sections) -> None:
    """Filter a long sound in place, block by block.

    Args:
        sound: `(frames,)` or `(frames, 2)`.
        sections: Second-order sections.
    """
    shape = (len(sections), 2) if sound.ndim == 1 else (len(sections), 2, sound.shape[1])
    state = np.zeros(shape)
    for start in range(0, len(sound), _BLOCK):
        block = sound[start : start + _BLOCK]
        done, state = signal.sosfilt(sections, block, axis=0, zi=state)
        block[:] = done
