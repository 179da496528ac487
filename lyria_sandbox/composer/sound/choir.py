"""A choir of our own: a few voices that sing a vowel, made of pulses and formants."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import soxr
from scipy import signal

from lyria_sandbox.composer.sound.cache import SoundCache
from lyria_sandbox.composer.sound.samples import SAMPLE_RATE, Samples, amplitude
from lyria_sandbox.composer.sound.waves import frequency

_RATE = SAMPLE_RATE // 2
_TENOR_BELOW = 57
_MADE_S = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
_ATTACK_S, _RELEASE_S = 0.045, 0.16
_LEVEL = 0.5
_RISE, _FALL = 0.45, 0.2
"""Shares of a period in which the glottis opens and closes (Rosenberg's pulse, JASA 1971)."""

_VOICES: tuple[tuple[float, float, float, float], ...] = (
    (-4.0, 5.1, 0.0, -0.7),
    (3.0, 5.5, 2.1, 0.6),
    (-1.5, 4.8, 4.0, -0.2),
    (2.5, 5.9, 5.2, 0.3),
)
"""Detuning in cents, speed of the vibrato in Hz, its phase, and the place from left to right."""

_VIBRATO_CENTS, _VIBRATO_DELAY_S, _VIBRATO_ONSET_S = 16.0, 0.25, 0.4
_CACHE_BYTES = 12 << 20

Formants = tuple[tuple[float, float, float], ...]
_ALTO: Mapping[str, Formants] = {
    "a": ((800, 0, 80), (1150, -4, 90), (2800, -20, 120), (3500, -36, 130)),
    "e": ((400, 0, 60), (1600, -24, 80), (2700, -30, 120), (3300, -35, 150)),
    "i": ((350, 0, 50), (1700, -20, 100), (2700, -30, 120), (3700, -36, 150)),
    "o": ((450, 0, 70), (800, -9, 80), (2830, -16, 100), (3500, -28, 130)),
    "u": ((325, 0, 50), (700, -12, 60), (2530, -30, 170), (3500, -40, 180)),
}
_TENOR: Mapping[str, Formants] = {
    "a": ((650, 0, 80), (1080, -6, 90), (2650, -7, 120), (2900, -8, 130)),
    "e": ((400, 0, 70), (1700, -14, 80), (2600, -12, 100), (3200, -14, 120)),
    "i": ((290, 0, 40), (1870, -15, 90), (2800, -18, 100), (3250, -20, 120)),
    "o": ((400, 0, 70), (800, -10, 80), (2600, -12, 100), (2800, -12, 130)),
    "u": ((350, 0, 40), (600, -20, 60), (2700, -17, 100), (2900, -14, 120)),
}
"""Frequency in Hz, level in dB and bandwidth in Hz of the formants of sung vowels, as the tables of
the Csound manual (appendix "Formant values") have them."""

_cache = SoundCache(_CACHE_BYTES)


def sing(vowel: str, key: int, seconds: float) -> Samples:
    """Sing a note.

    Args:
        vowel: One of "aeiou".
        key: MIDI key.
        seconds: How long it is held.

    Returns:
        Stereo sound, `(frames, 2)`.
    """
    wanted = min(seconds + _RELEASE_S, _MADE_S[-1])
    made_s = next(length for length in _MADE_S if wanted <= length)
    made = _cache.get((vowel, key, made_s))
    if made is None:
        made = _choir(vowel, key, made_s)
        _cache.put((vowel, key, made_s), made)
    sound = made[: int(wanted * SAMPLE_RATE)].copy()
    fade = min(int(_RELEASE_S * SAMPLE_RATE), len(sound))
    sound[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)[:, None] ** 2
    return sound


def _choir(vowel: str, key: int, seconds: float) -> Samples:
    hz, frames = frequency(key), int(seconds * _RATE)
    time = np.arange(frames) / _RATE
    onset = np.clip((time - _VIBRATO_DELAY_S) / _VIBRATO_ONSET_S, 0, 1) * _VIBRATO_CENTS
    source = np.zeros((frames, 2))
    for cents, speed, phase, place in _VOICES:
        bend = cents + onset * np.sin(2 * np.pi * speed * time + phase)
        turns = (np.cumsum(hz * 2 ** (bend / 1200)) / _RATE + phase) % 1
        # What leaves the mouth is the change of the flow.
        voice = np.diff(_pulse(turns), prepend=0.0)
        source[:, 0] += voice * np.sqrt((1 - place) / 2)
        source[:, 1] += voice * np.sqrt((1 + place) / 2)
    formants = (_TENOR if key < _TENOR_BELOW else _ALTO)[vowel]
    sung = sum(
        amplitude(level) * signal.sosfilt(_resonance(hz_, width), source, axis=0)
        for hz_, level, width in formants
    )
    sung *= np.clip(time / _ATTACK_S, 0, 1)[:, None]
    sung *= _LEVEL / max(float(np.sqrt((sung**2).mean())), 1e-9) / 4
    choir: Samples = soxr.resample(sung.astype(np.float32), _RATE, SAMPLE_RATE, quality="LQ")
    return np.ascontiguousarray(choir)


def _pulse(turns: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    rising = 0.5 - 0.5 * np.cos(np.pi * turns / _RISE)
    falling = np.cos(np.pi / 2 * (turns - _RISE) / _FALL)
    return np.where(turns < _RISE, rising, np.where(turns < _RISE + _FALL, falling, 0.0))


@lru_cache(maxsize=64)
def _resonance(hz: float, width: float) -> npt.NDArray[np.float64]:
    sections: npt.NDArray[np.float64] = signal.tf2sos(*signal.iirpeak(hz, hz / width, fs=_RATE))
    return sections
