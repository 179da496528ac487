"""Synthesised voices: subtractive, FM and plain waves."""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lyria_sandbox.composer.sound.filters import filtered, highpass, lowpass
from lyria_sandbox.composer.sound.samples import SAMPLE_RATE, Samples

Wave = npt.NDArray[np.float64]
_RELEASE_S = 0.35


@dataclass(frozen=True)
class Subtractive:
    """Detuned saws through a filter that opens and closes.

    Attributes:
        detune_cents: Detuning of every saw; they spread from left to right.
        cutoff_hz: Of the open filter at full velocity.
        filter_decay_s: How fast the filter closes.
        filter_floor: How far it stays open, 0 to 1.
        attack_s: Attack of notes longer than a second.
        decay_s: Decay of the level, or None for an organ-like level.
    """

    detune_cents: tuple[float, ...]
    cutoff_hz: float
    filter_decay_s: float
    filter_floor: float
    attack_s: float = 0.004
    decay_s: float | None = None


_SUBTRACTIVE: Mapping[str, Subtractive] = {
    "saw": Subtractive((-13, -8, -3, 0, 4, 9, 12), 5200, 0.7, 0.35, attack_s=0.05),
    "pluck": Subtractive((-7, 0, 7), 6500, 0.16, 0.0, decay_s=0.45),
    "lead": Subtractive((-6, 0, 6), 4200, 0.7, 0.35),
    "reese": Subtractive((-14, 0, 14), 420, 1000.0, 0.0),
    "wobble": Subtractive((-9, 0, 9), 1600, 1000.0, 0.0),
}


def frequency(key: int) -> float:
    """Return the frequency of a MIDI key in Hz (equal temperament, A4 = 440 Hz)."""
    return float(440 * 2 ** ((key - 69) / 12))


def saw(hz: float, frames: int, phase: float = 0.0) -> Wave:
    """Make a saw wave whose corners are rounded by polynomials (polyBLEP) against aliasing."""
    turn = (phase + np.arange(frames) * (hz / SAMPLE_RATE)) % 1
    return 2 * turn - 1 - _corner(turn, hz / SAMPLE_RATE)


def square(hz: float, frames: int) -> Wave:
    """Make a square wave as the difference of two saws."""
    step = hz / SAMPLE_RATE
    turn = (np.arange(frames) * step) % 1
    shifted = (turn + 0.5) % 1
    return (2 * turn - _corner(turn, step)) - (2 * shifted - _corner(shifted, step))


def triangle(hz: float, frames: int) -> Wave:
    """Make a triangle wave."""
    turn = (np.arange(frames) * (hz / SAMPLE_RATE)) % 1
    wave: Wave = 4 * np.abs(turn - 0.5) - 1
    return wave


def _corner(turn: Wave, step: float) -> Wave:
    rounding = np.zeros_like(turn)
    after = turn < step
    fresh = turn[after] / step
    rounding[after] = 2 * fresh - fresh * fresh - 1
    before = turn > 1 - step
    due = (turn[before] - 1) / step
    rounding[before] = due * due + 2 * due + 1
    return rounding


def play_synth(name: str, key: int, velocity: int, seconds: float, beat_s: float) -> Samples:
    """Play a note of a synthesiser.

    Args:
        name: A key of `SYNTHS`.
        key: MIDI key.
        velocity: 1 to 127.
        seconds: How long the key is held.
        beat_s: Length of a beat in seconds, for sounds that move in time.

    Returns:
        Stereo sound, `(frames, 2)`.
    """
    return SYNTHS[name](name, key, velocity, seconds, beat_s)


def _gate(time: Wave, seconds: float, release_s: float) -> Wave:
    gate: Wave = np.clip((seconds - time) / release_s + 1, 0, 1)
    return gate


def _stereo(wave: Wave, gain: float) -> Samples:
    mono = (wave * gain).astype(np.float32)
    return np.stack([mono, mono], axis=1)


def _time(seconds: float) -> Wave:
    return np.arange(int((seconds + _RELEASE_S) * SAMPLE_RATE)) / SAMPLE_RATE


def _sub(name: str, key: int, velocity: int, seconds: float, beat_s: float) -> Samples:
    hz, time = frequency(key), _time(seconds)
    drive, decay = (2.2, 1.3) if name == "808" else (1.3, 3.0)
    glide = hz * 0.035 * (1 - np.exp(-time * 30)) if name == "808" else 0.0
    wave = np.tanh(np.sin(2 * np.pi * (hz * time + glide)) * drive) * np.exp(-time / decay)
    return _stereo(wave * _gate(time, seconds, 0.06) * np.clip(time / 0.004, 0, 1), 0.7)


def _plain(name: str, key: int, velocity: int, seconds: float, beat_s: float) -> Samples:
    hz, time = frequency(key), _time(seconds)
    if name == "square":
        return _stereo(
            square(hz, len(time)) * _gate(time, seconds, 0.06) * np.exp(-time / 1.2), 0.4
        )
    if name == "sine":
        depth = 0.006 * hz * np.clip((time - 0.2) / 0.3, 0, 1)
        phase = np.cumsum(hz + depth * np.sin(2 * np.pi * 5.6 * time)) / SAMPLE_RATE
        wave = np.sin(2 * np.pi * phase) + 0.12 * np.sin(4 * np.pi * phase)
        return _stereo(wave * _gate(time, seconds, 0.12) * np.clip(time / 0.05, 0, 1), 0.5)
    return _stereo(
        triangle(hz, len(time)) * _gate(time, seconds, 0.06) * np.clip(time / 0.003, 0, 1), 0.7
    )


def _bell(name: str, key: int, velocity: int, seconds: float, beat_s: float) -> Samples:
    hz, time = frequency(key), _time(seconds)
    index = 1.6 * np.exp(-time / 0.25) * np.sin(2 * np.pi * 4 * hz * time)
    level = np.exp(-time / 0.9) * np.clip(time / 0.002, 0, 1)
    wave = np.sin(2 * np.pi * hz * time + index) * level
    return _stereo(wave * np.clip((seconds + 0.3 - time) / 0.3, 0, 1), 0.5)


def _subtractive(name: str, key: int, velocity: int, seconds: float, beat_s: float) -> Samples:
    voice, hz, time = _SUBTRACTIVE[name], frequency(key), _time(seconds)
    phases = np.random.default_rng(zlib.crc32(f"{name}{key}".encode()))
    both = np.zeros((len(time), 2))
    for order, cents in enumerate(voice.detune_cents):
        wave = saw(hz * 2 ** (cents / 1200), len(time), float(phases.random()))
        side = order / (len(voice.detune_cents) - 1) * np.pi / 2
        both[:, 0] += wave * np.cos(side)
        both[:, 1] += wave * np.sin(side)
    raw = (both / len(voice.detune_cents)).astype(np.float32)
    cutoff = round(voice.cutoff_hz * (0.5 + 0.5 * velocity / 127))
    bright = filtered(raw, lowpass(cutoff))
    dark = filtered(raw, lowpass(max(300, round(cutoff * 0.18))))
    opening = voice.filter_floor + (1 - voice.filter_floor) * np.exp(-time / voice.filter_decay_s)
    if name == "reese":
        opening = np.full(len(time), 0.7)
    elif name == "wobble":
        opening = 0.5 - 0.5 * np.cos(2 * np.pi * time / (beat_s / 2))
    mix = opening.astype(np.float32)[:, None]
    sound = bright * mix + dark * (1 - mix)
    attack = voice.attack_s if seconds > 1 else 0.004
    level = np.clip(time / attack, 0, 1) * _gate(time, seconds, 0.18)
    if voice.decay_s:
        level = level * np.exp(-time / voice.decay_s)
    shaped: Samples = sound * (level * 1.6).astype(np.float32)[:, None]
    if name in ("reese", "wobble"):
        # A sine an octave below carries the weight that the filter takes.
        shaped += _stereo(np.sin(2 * np.pi * hz * time) * level, 0.5)
    return shaped


SYNTHS: Mapping[str, Callable[[str, int, int, float, float], Samples]] = {
    "808": _sub,
    "sub": _sub,
    "tri": _plain,
    "square": _plain,
    "sine": _plain,
    "bells2": _bell,
    **dict.fromkeys(_SUBTRACTIVE, _subtractive),
}
"""How each synthesised patch is played."""


def noise_riser(seconds: float) -> Samples:
    """Make a rush of noise that rises in pitch and level, for builds."""
    frames = int(seconds * SAMPLE_RATE)
    noise = np.random.default_rng(91).standard_normal((frames, 2)).astype(np.float32)
    growth = np.linspace(0, 1, frames, dtype=np.float32)[:, None]
    low = filtered(noise, highpass(600))
    high = filtered(noise, highpass(5000))
    riser: Samples = (low * (1 - growth) + high * growth) * growth**2 * np.float32(0.3)
    return riser
