"""Filters that work in place and in blocks, so that long pieces need little memory."""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import signal

from lyria_sandbox.composer.sound.samples import SAMPLE_RATE, Samples

BLOCK = 1 << 15
"""Small enough for the processor's cache."""

_SILENT = 1e-12
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
    """Design a Butterworth band-pass as second-order sections.

    Args:
        low_hz: lower edge.
        high_hz: upper edge.
        order: of the filter.
    """
    sections: Sections = signal.butter(
        order, [low_hz, high_hz], "band", fs=SAMPLE_RATE, output="sos"
    )
    return sections


def filtered(sound: Samples, sections: Sections) -> Samples:
    """Return a filtered copy of a short sound."""
    result: Samples = signal.sosfilt(sections.astype(np.float32), sound, axis=0)
    return result


class RunningFilter:
    """A filter that is fed block by block and remembers where it was.

    Args:
        sections: Second-order sections.
        channels: Channels of the blocks, `(frames, channels)`.
    """

    def __init__(self, sections: Sections, channels: int = 2) -> None:
        self._sections = sections
        self._state = np.zeros((len(sections), 2, channels))

    def __call__(self, block: Samples) -> Samples:
        """Filter the next block."""
        if np.abs(self._state).max() < _SILENT:
            if not block.any():
                return np.zeros_like(block)
            # A state that dies away becomes denormal numbers, which cost five times the time.
            self._state[:] = 0
        done, self._state = signal.sosfilt(self._sections, block, axis=0, zi=self._state)
        filtered_block: Samples = done.astype(np.float32)
        return filtered_block


def filter_in_place(sound: Samples, sections: Sections) -> None:
    """Filter a long sound in place, block by block."""
    running = RunningFilter(sections, sound.shape[1])
    for block in blocks(sound):
        block[:] = running(block)


def blocks(sound: Samples) -> Iterator[Samples]:
    """Yield views of a long sound, one after the other."""
    for start in range(0, len(sound), BLOCK):
        yield sound[start : start + BLOCK]
