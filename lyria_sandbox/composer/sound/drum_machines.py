"""Drum machines: kicks, snares and hats from sines and noise."""

import zlib

import numpy as np

from lyria_sandbox.composer.sound.filters import bandpass, filtered, highpass, lowpass
from lyria_sandbox.composer.sound.samples import SAMPLE_RATE, Samples
from lyria_sandbox.composer.sound.waves import Wave

_LENGTH_S = 1.0
_CLAP_DELAYS_S = (0.0, 0.011, 0.022, 0.032)
_HAT_DECAYS_S = {42: 0.028, 44: 0.03, 46: 0.16, 70: 0.02, 82: 0.025, 54: 0.06}
_KICK_DECAYS_S = {"@909": 0.16, "@808": 0.3, "@chip": 0.08}
_LEVEL = 0.8


def play_drum_machine(machine: str, key: int) -> Samples:
    """Play a drum of a machine.

    Args:
        machine: "@909", "@808" or "@chip".
        key: General MIDI percussion key.

    Returns:
        Stereo sound, `(frames, 2)`.
    """
    time = np.arange(int(_LENGTH_S * SAMPLE_RATE)) / SAMPLE_RATE
    rng = np.random.default_rng(zlib.crc32(f"{machine}{key}".encode()))
    noise = rng.standard_normal(len(time)).astype(np.float32)
    chip = machine == "@chip"
    wave: Wave
    if key == 36:
        wave = _kick(machine, time, noise)
    elif key in (37, 38, 40):
        crack = filtered(noise, bandpass(1400, 13_000)) * np.exp(-time / (0.07 if chip else 0.11))
        wave = np.sin(2 * np.pi * 190 * time) * np.exp(-time / 0.06) * 0.6 + crack * 0.55
    elif key == 39:
        bursts = sum(
            np.where(time > delay, np.exp(-(time - delay) / (0.012 if delay < 0.03 else 0.13)), 0)
            for delay in _CLAP_DELAYS_S
        )
        wave = filtered(noise, bandpass(900, 4200)) * bursts * 0.8
    elif key in _HAT_DECAYS_S:
        corner = 7500 if key in (42, 44, 46) else 5200
        # Noise above 15 kHz is hardly heard, but a lossy codec drops it and so moves the peaks.
        hiss = filtered(filtered(noise, highpass(corner, 4)), lowpass(14_000, 4))
        wave = hiss * np.exp(-time / _HAT_DECAYS_S[key]) * 0.7
    elif key == 56:
        wave = sum(np.sign(np.sin(2 * np.pi * hz * time)) for hz in (540.0, 800.0)) * (
            np.exp(-time / 0.09) * 0.25
        )
    else:
        pitch = (60 + (key - 36) * 9) * (1 + 0.6 * np.exp(-time * 22))
        wave = np.sin(2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE) * np.exp(-time / 0.16)
    mono = (wave * _LEVEL).astype(np.float32)
    return np.stack([mono, mono], axis=1)


def _kick(machine: str, time: Wave, noise: Samples) -> Wave:
    drop = 9.0 if machine == "@chip" else 5.5
    body = np.sin(2 * np.pi * (48 * time + drop * (1 - np.exp(-time * 38))))
    click = filtered(noise, bandpass(4000, 12_000)) * np.exp(-time / 0.003)
    wave: Wave = body * np.exp(-time / _KICK_DECAYS_S[machine]) * 1.15 + click * 0.25
    return wave
