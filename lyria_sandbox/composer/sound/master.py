"""Mastering: loudness, peaks and fades."""

import numpy as np
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from lyria_sandbox.composer.plan.model import Plan
from lyria_sandbox.composer.sound.filters import filter_in_place, highpass
from lyria_sandbox.composer.sound.loudness import integrated_loudness
from lyria_sandbox.composer.sound.samples import SAMPLE_RATE, Samples, amplitude
from lyria_sandbox.composer.sound.tape import wear

TARGET_LUFS = -14.0
CEILING_DBFS = -2.0
"""Sample peak of the limiter: true peaks lie up to 0.5 dB, and a lossy codec 0.5 dB more, above."""

_LOOK_AHEAD = 240
_LEVELLING = 0.38
_STEP = 480


def master(mix: Samples, plan: Plan) -> None:
    """Finish a mix, in place."""
    if plan.genre.tape:
        wear(mix)
    filter_in_place(mix, highpass(28))
    _saturate(mix)
    _level_sections(mix)
    _fade(mix, plan.duration_s)
    for _ in range(2):
        mix *= np.float32(amplitude(TARGET_LUFS - integrated_loudness(mix)))
        limit(mix, amplitude(CEILING_DBFS))


def _saturate(mix: Samples) -> None:
    """Round the highest peaks."""
    knee = np.float32(np.sqrt(float(np.square(mix, dtype=np.float32).mean(dtype=np.float64))) * 6)
    mix /= knee
    np.tanh(mix, out=mix)
    mix *= knee


def _level_sections(mix: Samples) -> None:
    """Bring quiet and loud sections nearer to each other, slowly enough to keep the dynamics."""
    power = (mix[::_STEP] ** 2).mean(axis=1).astype(np.float64)
    level = 10 * np.log10(uniform_filter1d(power, 250) + 1e-7)
    gain_db = np.clip(-_LEVELLING * (level - np.percentile(level, 90)), -2, 9)
    gain = (10 ** (gain_db / 20)).astype(np.float32)
    curve = np.interp(np.arange(len(mix)), np.arange(len(gain)) * _STEP, gain)
    mix *= curve.astype(np.float32)[:, None]


def _fade(mix: Samples, duration_s: float) -> None:
    frames = int(min(1.4, 0.05 * duration_s) * SAMPLE_RATE)
    fade = np.cos(np.linspace(0, np.pi / 2, frames)) ** 1.5
    mix[-frames:] *= fade.astype(np.float32)[:, None]
    mix[:96] *= np.linspace(0, 1, 96, dtype=np.float32)[:, None]


def limit(sound: Samples, ceiling: float) -> None:
    """Hold peaks under a ceiling, in place, with a gain that moves before they come."""
    peaks = np.abs(sound).max(axis=1)
    gain = np.minimum(1, ceiling / np.maximum(peaks, 1e-9)).astype(np.float32)
    window = 2 * _LOOK_AHEAD + 1
    gain = -maximum_filter1d(-gain, window)
    sound *= uniform_filter1d(gain, window)[:, None]
