"""Reverberation: convolution with a room made of decaying noise."""

from functools import lru_cache

import numpy as np
from scipy import signal

from lyria_sandbox.composer.sound.filters import filtered, highpass, lowpass
from lyria_sandbox.composer.sound.samples import SAMPLE_RATE, Samples

_BEFORE_S = 0.018
_BLOCK = 1 << 17


@lru_cache(maxsize=4)
def room(seconds: float) -> Samples:
    """Make the impulse response of a room.

    High frequencies die away faster than low ones, as air and walls have it.

    Args:
        seconds: Time in which the low frequencies decay by 60 dB.

    Returns:
        Stereo response of unit energy a channel.
    """
    frames = int(seconds * SAMPLE_RATE)
    time = (np.arange(frames) / SAMPLE_RATE).astype(np.float32)
    noise = np.random.default_rng(5).standard_normal((frames, 2)).astype(np.float32)
    bands = (
        (filtered(noise, lowpass(900)), 1.0, 1.0),
        (filtered(filtered(noise, lowpass(4500)), highpass(900)), 0.8, 1.0),
        (filtered(noise, highpass(4500)), 0.4, 0.5),
    )
    response = np.zeros((frames, 2), np.float32)
    for band, share, level in bands:
        decay = np.exp(-6.9 * time / np.float32(seconds * share))[:, None]
        response += band * decay * np.float32(level)
    response *= np.clip(time / 0.02, 0, 1)[:, None]
    response = filtered(response, highpass(180))
    response = np.concatenate([np.zeros((int(_BEFORE_S * SAMPLE_RATE), 2), np.float32), response])
    normal: Samples = response / np.sqrt((response**2).sum(axis=0))
    return normal


def add_reverb(mix: Samples, sent: Samples, seconds: float, level: float) -> None:
    """Add the reverberation of `sent` to `mix`, in place and block by block.

    Args:
        mix: Stereo sound to add to.
        sent: What is sent into the room, as long as `mix`.
        seconds: Reverberation time.
        level: Amplitude of the reverberation.
    """
    response = room(round(seconds, 1)) * np.float32(level)
    frames = len(mix)
    for start in range(0, frames, _BLOCK):
        block = sent[start : start + _BLOCK]
        for channel in (0, 1):
            wet = signal.fftconvolve(block[:, channel], response[:, channel])
            wet = wet[: frames - start]
            mix[start : start + len(wet), channel] += wet
