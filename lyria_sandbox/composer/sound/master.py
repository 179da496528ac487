"""Mastering: loudness, peaks and fades."""

import numpy as np
import numpy.typing as npt
import soxr
from scipy.ndimage import minimum_filter1d, uniform_filter1d

from lyria_sandbox.composer.plan.model import Plan
from lyria_sandbox.composer.sound.equalizer import balance
from lyria_sandbox.composer.sound.filters import blocks, filter_in_place, highpass
from lyria_sandbox.composer.sound.loudness import integrated_loudness
from lyria_sandbox.composer.sound.samples import SAMPLE_RATE, Samples, amplitude, rms
from lyria_sandbox.composer.sound.tape import wear
from lyria_sandbox.composer.sound.width import widen
from lyria_sandbox.composer.tables.tones import CENTRES_HZ, TONES, WIDTHS_DB

TARGET_LUFS = -14.0
CEILING_DBTP = -1.3
LOSSY_CEILING_DBTP = -2.1
"""True peaks before a lossy codec, which moves them by up to 0.9 dB."""

_LOOK_AHEAD = 240
_LEVELLING, _STEEP_LEVELLING, _EVEN_LEVELLING = 0.2, 0.55, 0.7
_STEEP_FROM_DB = 6.0
"""What is this much quieter than the loud parts is lifted more: nobody turns the volume up."""

_MOST_LIFTED_DB = 9.0
_STEP = 480
_PEAK_BLOCK = 1 << 15
_LIMITER_BLOCK = 1 << 18
_NEAR_CEILING = 0.5
_END_FRAME = SAMPLE_RATE // 20
_FADE_S = 3.5
_FADED_SHARE = 0.85
"""The longest fade, and how much of the closing chord it may take."""

_EXACT_FADE_S = 1.5
"""Where the length is given, the end must not be long and inaudible."""

_AUDIBLE_DBFS = -46.0


def master(mix: Samples, plan: Plan, codec_gain_db: float | None) -> None:
    """Finish a mix, in place.

    Args:
        mix: Stereo sound.
        plan: The plan of the piece.
        codec_gain_db: What a lossy codec will do to the level; None for a lossless file.
    """
    if plan.tape:
        wear(mix)
    filter_in_place(mix, highpass(28))
    target = np.array(TONES[plan.genre.tone]) + _brightness(plan)
    balance(mix, target)
    widen(mix, WIDTHS_DB[plan.genre.tone])
    _saturate(mix)
    _level_sections(mix, _EVEN_LEVELLING if plan.even else _LEVELLING)
    _fade(mix, _fade_seconds(plan), 1.2 if plan.exact_length or plan.fade_s else 2.2)
    ceiling = amplitude(LOSSY_CEILING_DBTP if codec_gain_db is not None else CEILING_DBTP)
    loudness = TARGET_LUFS - (codec_gain_db or 0.0)
    for _ in range(2):
        mix *= np.float32(amplitude(loudness - integrated_loudness(mix)))
        limit(mix, ceiling)


def _brightness(plan: Plan) -> npt.NDArray[np.float64]:
    """Tilt the target as the moods ask: nothing at 500 Hz, all of it at 8 kHz."""
    tilt = np.log2(np.array(CENTRES_HZ) / 500) / 4
    return np.clip(tilt, 0, 1.2) * min(max(plan.brightness, -3.0), 3.0)


def _saturate(mix: Samples) -> None:
    """Round the highest peaks."""
    knee = np.float32(6 * rms(blocks(mix)) + 1e-9)
    for block in blocks(mix):
        block /= knee
        np.tanh(block, out=block)
        block *= knee


def _level_sections(mix: Samples, share: float) -> None:
    """Bring quiet and loud sections nearer to each other, slowly enough to keep the dynamics."""
    power = (mix[::_STEP] ** 2).mean(axis=1).astype(np.float64)
    level = 10 * np.log10(uniform_filter1d(power, 250) + 1e-7)
    below = np.percentile(level, 90) - level
    steep = max(_STEEP_LEVELLING, share)
    lift = share * below + (steep - share) * np.maximum(below - _STEEP_FROM_DB, 0)
    gain_db = np.clip(lift, -2, _MOST_LIFTED_DB)
    gain = 10 ** (gain_db / 20)
    points = np.arange(len(gain)) * _STEP
    start = 0
    for block in blocks(mix):
        curve = np.interp(np.arange(start, start + len(block)), points, gain)
        block *= curve.astype(np.float32)[:, None]
        start += len(block)


def _fade_seconds(plan: Plan) -> float:
    if plan.fade_s:
        return plan.fade_s
    last = plan.sections[-1]
    closing = plan.tempo_map.seconds(last.start_beat + sum(last.bars[:-1]))
    longest = _EXACT_FADE_S if plan.exact_length else _FADE_S
    return max(0.5, min(longest, _FADED_SHARE * (plan.duration_s - closing)))


def _fade(mix: Samples, seconds: float, steepness: float) -> None:
    frames = int(seconds * SAMPLE_RATE)
    fade = np.cos(np.linspace(0, np.pi / 2, frames)) ** steepness
    mix[-frames:] *= fade.astype(np.float32)[:, None]
    mix[:96] *= np.linspace(0, 1, 96, dtype=np.float32)[:, None]


def end_of_music(sound: Samples) -> int:
    """Find the frame after which nothing is heard any more."""
    usable = len(sound) // _END_FRAME * _END_FRAME
    frames = sound[:usable].reshape(-1, 2 * _END_FRAME)
    power = np.einsum("ij,ij->i", frames, frames) / (2 * _END_FRAME)
    audible = np.flatnonzero(power > amplitude(_AUDIBLE_DBFS) ** 2)
    return (int(audible[-1]) + 2) * _END_FRAME if len(audible) else len(sound)


def limit(sound: Samples, ceiling: float) -> None:
    """Hold true peaks under a ceiling, in place, with a gain that moves before they come.

    Args:
        sound: Stereo sound.
        ceiling: Highest amplitude between the samples as well as on them.
    """
    peaks = _true_peaks(sound)
    window = 2 * _LOOK_AHEAD + 1
    for start in range(0, len(sound), _LIMITER_BLOCK):
        end = min(start + _LIMITER_BLOCK, len(sound))
        low, high = max(0, start - window), min(len(sound), end + window)
        gain = np.minimum(np.float32(ceiling) / np.maximum(peaks[low:high], np.float32(1e-9)), 1)
        gain = uniform_filter1d(minimum_filter1d(gain, window), window)
        sound[start:end] *= gain[start - low : end - low, None]


def _true_peaks(sound: Samples) -> Samples:
    """Measure the highest amplitude at and after every sample, four times oversampled."""
    peaks = np.maximum(np.abs(sound[:, 0]), np.abs(sound[:, 1]))
    margin = 256
    for start in range(0, len(sound), _PEAK_BLOCK):
        end = min(start + _PEAK_BLOCK, len(sound))
        # Only blocks that come near the ceiling are worth a closer look.
        if peaks[start:end].max() < _NEAR_CEILING:
            continue
        low, high = max(0, start - margin), min(len(sound), end + margin)
        fine = soxr.resample(sound[low:high], 1, 4, quality="MQ")
        highest = np.maximum(np.abs(fine[:, 0]), np.abs(fine[:, 1]))
        highest = np.maximum.reduce([highest[turn : (high - low) * 4 : 4] for turn in range(4)])
        np.maximum(peaks[start:end], highest[start - low : end - low], out=peaks[start:end])
    return peaks
