"""Reverberation: convolution with a room made of decaying noise, at half the sample rate.

Rooms have little above 12 kHz, and half the rate is a quarter of the work.
"""

from functools import lru_cache

import numpy as np
import soxr
from scipy import fft, signal

from lyria_sandbox.composer.sound.samples import SAMPLE_RATE, Samples

ROOM_RATE = SAMPLE_RATE // 2
_BEFORE_S = 0.018
_ECHOES = ((0.75, 0.2, True), (1.5, 0.09, False))
"""Echoes: delay in beats, gain, and whether left and right change places."""

_BLOCK = 1 << 16


class Room:
    """What is sent into the room of a piece.

    Args:
        frames: Length of the piece at `SAMPLE_RATE`.
        beat_s: Length of a beat in seconds, which times the echoes.
    """

    def __init__(self, frames: int, beat_s: float) -> None:
        self._sent = np.zeros((frames // 2 + 1, 2), np.float32)
        self._echoes = [
            (int(beats * beat_s * ROOM_RATE), np.float32(gain), swapped)
            for beats, gain, swapped in _ECHOES
        ]

    def send(self, part: Samples, start: int, gain: float, *, echoes: bool) -> None:
        """Send a stretch of a stem into the room.

        Args:
            part: Stereo sound that begins at an even frame.
            start: The frame of the piece at which it begins.
            gain: How much of it.
            echoes: Whether it echoes.
        """
        # Two channels as one complex number: adding neighbours is then one fast operation.
        pairs = part[: len(part) // 2 * 2].view(np.complex64)[:, 0]
        half = (pairs[::2] + pairs[1::2]).view(np.float32).reshape(-1, 2)
        half *= np.float32(0.5)
        at = start // 2
        self._sent[at : at + len(half)] += half * np.float32(gain)
        if not echoes:
            return
        for delay, level, swapped in self._echoes:
            into = self._sent[at + delay : at + delay + len(half)]
            left, right = (1, 0) if swapped else (0, 1)
            into[:, left] += half[: len(into), 0] * level
            into[:, right] += half[: len(into), 1] * level

    def add_to(self, mix: Samples, seconds: float, level: float) -> None:
        """Add the reverberation to a mix, in place and block by block.

        Args:
            mix: Stereo sound.
            seconds: Reverberation time.
            level: Amplitude of the reverberation.
        """
        response = impulse_response(round(seconds, 1)) * np.float32(level)
        size = fft.next_fast_len(_BLOCK + len(response) - 1, real=True)
        spectrum = fft.rfft(response, size, axis=0)
        upward = soxr.ResampleStream(ROOM_RATE, SAMPLE_RATE, 2, dtype="float32", quality="LQ")
        tail = np.zeros((size, 2), np.float32)
        at = 0
        for start in range(0, len(self._sent), _BLOCK):
            block = self._sent[start : start + _BLOCK]
            wet = fft.irfft(fft.rfft(block, size, axis=0) * spectrum, size, axis=0)
            wet[: len(tail)] += tail[:size]
            last = start + _BLOCK >= len(self._sent)
            out = upward.resample_chunk(np.ascontiguousarray(wet[: len(block)]), last=last)
            tail = np.zeros((size, 2), np.float32)
            tail[: size - len(block)] = wet[len(block) :]
            out = out[: len(mix) - at]
            mix[at : at + len(out)] += out
            at += len(out)


@lru_cache(maxsize=4)
def impulse_response(seconds: float) -> Samples:
    """Make the impulse response of a room.

    High frequencies die away faster than low ones, as air and walls have it.

    Args:
        seconds: Time in which the low frequencies decay by 60 dB.

    Returns:
        Stereo response at `ROOM_RATE`, of unit energy a channel.
    """
    frames = int(seconds * ROOM_RATE)
    time = (np.arange(frames) / ROOM_RATE).astype(np.float32)
    noise = np.random.default_rng(5).standard_normal((frames, 2), dtype=np.float32)
    response = np.zeros((frames, 2), np.float32)
    for (low, high), share, level in (
        ((180, 900), 1.0, 1.0),
        ((900, 4500), 0.8, 1.0),
        ((4500, 11_000), 0.4, 0.5),
    ):
        band = signal.butter(2, [low, high], "band", fs=ROOM_RATE, output="sos")
        decay = np.exp(-6.9 * time / np.float32(seconds * share))[:, None]
        response += signal.sosfilt(band, noise, axis=0) * decay * level
    response *= np.clip(time / 0.02, 0, 1)[:, None]
    silence = np.zeros((int(_BEFORE_S * ROOM_RATE), 2), np.float32)
    response = np.concatenate([silence, response]).astype(np.float32)
    normal: Samples = response / np.sqrt((response**2).sum(axis=0))
    return normal
