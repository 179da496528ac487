"""Synthesised voices: subtractive, FM and plain waves."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lyria_sandbox.composer.sound.cache import SoundCache
from lyria_sandbox.composer.sound.filters import filtered, highpass, lowpass
from lyria_sandbox.composer.sound.samples import SAMPLE_RATE, Samples
from lyria_sandbox.composer.sound.waves import clock, frequency, saw, sine, square, triangle

_RELEASE_S = 0.35
_CACHE_BYTES = 12 << 20
_FILTER_LEVELS = 4


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
        sub: Level of a sine at the pitch, which carries the weight that the filter takes.
        wobbles: Whether the filter opens and closes twice a beat instead.
    """

    detune_cents: tuple[float, ...]
    cutoff_hz: float
    filter_decay_s: float
    filter_floor: float
    attack_s: float = 0.004
    decay_s: float | None = None
    sub: float = 0.0
    wobbles: bool = False


SUBTRACTIVE: Mapping[str, Subtractive] = {
    "saw": Subtractive((-13, -8, -3, 0, 4, 9, 12), 6500, 0.7, 0.35, attack_s=0.05),
    "pluck": Subtractive((-7, 0, 7), 7500, 0.16, 0.0, decay_s=0.45),
    "lead": Subtractive((-6, 0, 6), 5200, 0.7, 0.35),
    "reese": Subtractive((-14, 0, 14), 600, 1.0, 0.7, sub=0.5),
    "wobble": Subtractive((-9, 0, 9), 1800, 1.0, 0.0, sub=0.5, wobbles=True),
}

PLAIN = frozenset({"808", "sub", "tri", "square", "sine", "bells2", "riser"})
SYNTHS = PLAIN | SUBTRACTIVE.keys()


class SynthRack:
    """The synthesisers of one piece.

    Args:
        beat_s: Length of a beat in seconds, for sounds that move in time.
    """

    def __init__(self, beat_s: float) -> None:
        self._beat_s = beat_s
        self._cache = SoundCache(_CACHE_BYTES)

    def play(self, name: str, key: int, velocity: int, seconds: float) -> Samples:
        """Play a note.

        Args:
            name: One of `SYNTHS`.
            key: MIDI key.
            velocity: 1 to 127.
            seconds: How long the key is held.

        Returns:
            Stereo sound, `(frames, 2)`.
        """
        if name == "riser":
            return noise_riser(seconds)
        if name in SUBTRACTIVE:
            return self._subtractive(name, key, velocity, seconds)
        mono = _plain(name, key, seconds)
        return np.stack([mono, mono], axis=1)

    def _subtractive(self, name: str, key: int, velocity: int, seconds: float) -> Samples:
        voice, time = SUBTRACTIVE[name], clock(seconds + _RELEASE_S)
        level = velocity * _FILTER_LEVELS // 128
        bright, dark = self._filtered_saws(name, key, level, len(time))
        if voice.wobbles:
            opening = 0.5 - 0.5 * np.cos(time * np.float32(4 * np.pi / self._beat_s))
        else:
            fall = np.exp(-time / np.float32(voice.filter_decay_s))
            opening = voice.filter_floor + (1 - voice.filter_floor) * fall
        attack = voice.attack_s if seconds > 1 else 0.004
        gain = np.clip(time / np.float32(attack), 0, 1) * _gate(time, seconds, 0.18)
        if voice.decay_s:
            gain *= np.exp(-time / np.float32(voice.decay_s))
        sound: Samples = bright - dark
        sound *= opening.astype(np.float32)[:, None]
        sound += dark
        sound *= (gain * np.float32(1.6))[:, None]
        if voice.sub:
            sound += (sine(frequency(key), len(time)) * gain * np.float32(voice.sub))[:, None]
        return sound

    def _filtered_saws(
        self, name: str, key: int, level: int, frames: int
    ) -> tuple[Samples, Samples]:
        """Return the saws through the open and through the closed filter."""
        cached = self._cache.get((name, key, level))
        if cached is None or cached.shape[1] < frames:
            voice = SUBTRACTIVE[name]
            raw = self._raw(name, key, frames)
            cutoff = round(voice.cutoff_hz * (0.5 + 0.5 * (level + 0.5) / _FILTER_LEVELS))
            cached = np.stack(
                [
                    filtered(raw, lowpass(cutoff)),
                    filtered(raw, lowpass(max(300, round(cutoff * 0.18)))),
                ]
            )
            self._cache.put((name, key, level), cached)
        return cached[0, :frames], cached[1, :frames]

    def _raw(self, name: str, key: int, frames: int) -> Samples:
        cached = self._cache.get((name, key))
        if cached is None or len(cached) < frames:
            # A little longer than asked for: the next note of this key is often longer.
            cached = _saw_stack(name, key, int(frames * 1.25))
            self._cache.put((name, key), cached)
        return cached


def _saw_stack(name: str, key: int, frames: int) -> Samples:
    cents = SUBTRACTIVE[name].detune_cents
    phases = np.random.default_rng(zlib.crc32(f"{name}{key}".encode())).random(len(cents))
    both = np.zeros((frames, 2), np.float32)
    for order, (detune, phase) in enumerate(zip(cents, phases, strict=True)):
        wave = saw(frequency(key) * 2 ** (detune / 1200), frames, float(phase))
        side = order / (len(cents) - 1) * np.pi / 2
        both[:, 0] += wave * np.float32(np.cos(side) / len(cents))
        both[:, 1] += wave * np.float32(np.sin(side) / len(cents))
    return both


def _gate(time: Samples, seconds: float, release_s: float) -> Samples:
    gate: Samples = np.clip((seconds - time) / np.float32(release_s) + 1, 0, 1)
    return gate


def _plain(name: str, key: int, seconds: float) -> Samples:
    hz, time = frequency(key), clock(seconds + _RELEASE_S)
    if name in ("808", "sub"):
        return _deep(name, hz, time, seconds)
    if name == "bells2":
        return _bell(hz, time, seconds)
    if name == "sine":
        return _singing_sine(hz, time, seconds)
    wave: Samples
    if name == "square":
        # Long notes fade as slowly as they need to.
        wave = square(hz, len(time)) * np.exp(-time / np.float32(max(1.2, 0.8 * seconds)))
        wave *= np.float32(0.4)
    else:
        wave = triangle(hz, len(time))
        wave *= np.clip(time / np.float32(0.003), 0, 1) * np.float32(0.7)
    wave *= _gate(time, seconds, 0.06)
    return wave


def _deep(name: str, hz: float, time: Samples, seconds: float) -> Samples:
    drive, decay = (2.2, 1.3) if name == "808" else (1.3, 3.0)
    # The 808 falls into its pitch.
    glide = 1 + (1.05 * np.exp(-time * 30) if name == "808" else np.zeros_like(time))
    wave: Samples = np.tanh(sine(hz * glide, len(time)) * np.float32(drive))
    wave *= np.exp(-time / np.float32(decay)) * np.clip(time / np.float32(0.004), 0, 1)
    return wave * _gate(time, seconds, 0.06) * np.float32(0.7)


def _bell(hz: float, time: Samples, seconds: float) -> Samples:
    """Make a bell by frequency modulation at four times the pitch."""
    index = np.float32(1.6) * np.exp(-time / np.float32(0.25)) * sine(4 * hz, len(time))
    turns = (np.arange(len(time)) * (hz / SAMPLE_RATE)) % 1
    wave: Samples = np.sin((2 * np.pi * turns).astype(np.float32) + index)
    wave *= np.exp(-time / np.float32(0.9)) * np.clip(time / np.float32(0.002), 0, 1)
    wave *= np.clip((seconds + 0.3 - time) / np.float32(0.3), 0, 1) * np.float32(0.5)
    return wave


def _singing_sine(hz: float, time: Samples, seconds: float) -> Samples:
    vibrato = 0.006 * np.clip((time - 0.2) / 0.3, 0, 1) * np.sin(2 * np.pi * 5.6 * time)
    pitch = hz * (1 + vibrato)
    wave = sine(pitch, len(time)) + np.float32(0.12) * sine(2 * pitch, len(time))
    wave *= np.clip(time / np.float32(0.05), 0, 1) * np.float32(0.5)
    return wave * _gate(time, seconds, 0.12)


def noise_riser(seconds: float) -> Samples:
    """Make a rush of noise that rises in pitch and level, for builds.

    Returns:
        Stereo sound, `(frames, 2)`.
    """
    frames = int(seconds * SAMPLE_RATE)
    noise = np.random.default_rng(91).standard_normal((frames, 2), dtype=np.float32)
    growth = np.linspace(0, 1, frames, dtype=np.float32)[:, None]
    low, high = filtered(noise, highpass(600)), filtered(noise, highpass(5000))
    riser: Samples = (low * (1 - growth) + high * growth) * growth**2 * np.float32(0.3)
    return riser
