"""Waves without aliasing."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from lyria_sandbox.composer.sound.samples import SAMPLE_RATE, Samples

Wave: TypeAlias = npt.NDArray[np.floating]


def frequency(key: int) -> float:
    """Return the frequency of a MIDI key in Hz (equal temperament, A4 = 440 Hz)."""
    return float(440 * 2 ** ((key - 69) / 12))


def saw(hz: float, frames: int, phase: float = 0.0) -> Samples:
    """Make a saw wave whose corners are rounded by polynomials (polyBLEP) against aliasing.

    Args:
        hz: Frequency.
        frames: Length.
        phase: Where it starts, in turns.
    """
    step = hz / SAMPLE_RATE
    # Phases are counted in double precision: in single, long notes would become noisy.
    turn = np.arange(frames) * step
    turn += phase
    turn -= np.floor(turn)
    wave: Samples = (2 * turn - 1).astype(np.float32)
    after = np.flatnonzero(turn < step)
    fresh = turn[after] / step
    wave[after] -= (2 * fresh - fresh * fresh - 1).astype(np.float32)
    before = np.flatnonzero(turn > 1 - step)
    due = (turn[before] - 1) / step
    wave[before] -= (due * due + 2 * due + 1).astype(np.float32)
    return wave


def square(hz: float, frames: int) -> Samples:
    """Make a square wave as the difference of two saws."""
    return saw(hz, frames) - saw(hz, frames, 0.5)


def triangle(hz: float, frames: int) -> Samples:
    """Make a triangle wave."""
    turn = (np.arange(frames) * (hz / SAMPLE_RATE)) % 1
    wave: Samples = (4 * np.abs(turn - 0.5) - 1).astype(np.float32)
    return wave


def sine(hz: float | Wave, frames: int) -> Samples:
    """Make a sine wave of a constant or changing frequency."""
    turns = np.cumsum(np.broadcast_to(hz, frames)) / SAMPLE_RATE % 1
    wave: Samples = np.sin((2 * np.pi * turns).astype(np.float32))
    return wave


def clock(seconds: float) -> Samples:
    """Return the time of every frame in seconds."""
    time: Samples = (np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE).astype(np.float32)
    return time
