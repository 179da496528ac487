"""Mastering: loudness, peaks and fades."""

import numpy as np
import numpy.typing as npt
import soxr
from scipy.ndimage import maximum_filter1d, minimum_filter1d, uniform_filter1d

from lyria_sandbox.composer.plan.model import Plan
from lyria_sandbox.composer.sound.dynamics import even_out
from lyria_sandbox.composer.sound.equalizer import balance
from lyria_sandbox.composer.sound.filters import BLOCK, blocks
from lyria_sandbox.composer.sound.loudness import SLOT, integrated_loudness, slot_powers
from lyria_sandbox.composer.sound.samples import SAMPLE_RATE, Samples, amplitude, rms, scale
from lyria_sandbox.composer.sound.tape import wear
from lyria_sandbox.composer.sound.width import widen
from lyria_sandbox.composer.tables.tones import CENTRES_HZ, TONES, WIDTHS_DB

TARGET_LUFS = -14.0
CEILING_DBTP = -1.3
LOSSY_CEILING_DBTP = -2.1
"""True peaks before a lossy codec, which moves them by up to 0.9 dB."""

_LOOK_AHEAD = 240
_LEVELLING, _STEEP_LEVELLING = 0.2, 0.55
_STEEP_FROM_DB = 6.0
"""What is this much quieter than the loud parts is lifted more: nobody turns the volume up."""

_MOST_LIFTED_DB = 9.0
_STEP = 480
_LIMITER_STEP = 16
_LIMITER_ROUNDS = 3
_MARGIN = 256
_NEAR_CEILING = 0.6
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
    target = np.array(TONES[plan.genre.tone]) + _brightness(plan)
    balance(mix, target)
    widen(mix, WIDTHS_DB[plan.genre.tone])
    _saturate(mix)
    if plan.even:
        even_out(mix, plan)
    _level_sections(mix)
    _fade(mix, _fade_seconds(plan), 1.2 if plan.exact_length else 1.6 if plan.fade_s else 2.2)
    ceiling = amplitude(LOSSY_CEILING_DBTP if codec_gain_db is not None else CEILING_DBTP)
    loudness = TARGET_LUFS - (codec_gain_db or 0.0)
    gain = _loud_gain(mix, loudness, ceiling)
    frames = np.arange(_LIMITER_STEP)
    for block, start in zip(blocks(mix), range(0, len(mix), BLOCK), strict=True):
        first = start // _LIMITER_STEP
        steps = gain[first : first + -(-len(block) // _LIMITER_STEP) + 1]
        slope = np.diff(steps) / np.float32(_LIMITER_STEP)
        curve = (steps[:-1, None] + slope[:, None] * frames).astype(np.float32).ravel()
        scale(block, curve[: len(block)])


def _loud_gain(mix: Samples, loudness: float, ceiling: float) -> Samples:
    """Find the gain, a value for every few frames, that makes a mix loud under a ceiling.

    A limiter moves slowly beside what it limits. So peaks and power are measured once, and the gain
    that meets the loudness behind the limiter is found on them alone.

    Args:
        mix: Stereo sound.
        loudness: Wanted loudness in LUFS.
        ceiling: Highest amplitude between the samples as well as on them.
    """
    powers = slot_powers(mix)
    gain = amplitude(loudness - integrated_loudness(powers))
    peaks = true_peaks(mix, _LIMITER_STEP, _NEAR_CEILING * ceiling / gain)
    per_slot = SLOT // _LIMITER_STEP
    for _ in range(_LIMITER_ROUNDS):
        limited = limiter_gain(peaks * np.float32(gain), ceiling)
        slots = limited[: len(powers) * per_slot].reshape(-1, per_slot)
        weakened = np.square(slots, dtype=np.float64).mean(axis=1) * powers[: len(slots)]
        gain *= amplitude(loudness - integrated_loudness(weakened * gain**2))
    limited = limiter_gain(peaks * np.float32(gain), ceiling)
    whole: Samples = np.append(limited, limited[-1]) * np.float32(gain)
    return whole


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


def _level_sections(mix: Samples) -> None:
    """Bring quiet and loud sections nearer to each other, slowly enough to keep the dynamics."""
    power = (mix[::_STEP, 0] ** 2 + mix[::_STEP, 1] ** 2).astype(np.float64) / 2
    level = 10 * np.log10(uniform_filter1d(power, 250) + 1e-7)
    below = np.percentile(level, 90) - level
    lift = _LEVELLING * below + (_STEEP_LEVELLING - _LEVELLING) * np.maximum(
        below - _STEEP_FROM_DB, 0
    )
    gain_db = np.clip(lift, -2, _MOST_LIFTED_DB)
    gain = 10 ** (gain_db / 20)
    points = np.arange(len(gain)) * _STEP
    start = 0
    for block in blocks(mix):
        curve = np.interp(np.arange(start, start + len(block)), points, gain)
        scale(block, curve.astype(np.float32))
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
    scale(mix[-frames:], fade.astype(np.float32))
    scale(mix[:96], np.linspace(0, 1, 96, dtype=np.float32))


def end_of_music(sound: Samples) -> int:
    """Find the frame after which nothing is heard any more."""
    usable = len(sound) // _END_FRAME * _END_FRAME
    frames = sound[:usable].reshape(-1, 2 * _END_FRAME)
    power = np.einsum("ij,ij->i", frames, frames) / (2 * _END_FRAME)
    audible = np.flatnonzero(power > amplitude(_AUDIBLE_DBFS) ** 2)
    return (int(audible[-1]) + 3) * _END_FRAME if len(audible) else len(sound)


def limiter_gain(peaks: Samples, ceiling: float) -> Samples:
    """Return the gain that holds peaks under a ceiling, and that moves before they come."""
    window = 2 * (_LOOK_AHEAD // _LIMITER_STEP) + 1
    gain = np.minimum(np.float32(ceiling) / np.maximum(peaks, np.float32(1e-9)), 1)
    # Between two values the gain is a line: both ends must hold for what is between them.
    gain = minimum_filter1d(gain, window + 2)
    smooth: Samples = uniform_filter1d(gain, window)
    return smooth


def true_peaks(sound: Samples, step: int, worth: float) -> Samples:
    """Measure the highest amplitude between samples as well as on them, in every few frames.

    Four times oversampled, as in ITU-R BS.1770-4.

    Args:
        sound: Stereo sound.
        step: Frames that share a value.
        worth: Amplitude of samples from which on it is worth looking between them.
    """
    highs: list[Samples] = []
    for block in blocks(sound):
        high = np.maximum(np.abs(block[:, 0]), np.abs(block[:, 1]))
        highs.append(np.maximum.reduceat(high, np.arange(0, len(high), step)))
    peaks = np.concatenate(highs)
    near = maximum_filter1d(peaks, 2 * (_MARGIN // step) + 1) >= worth
    edges = np.flatnonzero(np.diff(near.astype(np.int8), prepend=0, append=0))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        low, end = int(first) * step, min(int(last) * step, len(sound))
        fine = soxr.resample(sound[low:end], 1, 4, quality="LQ")
        highest = np.maximum(np.abs(fine[:, 0]), np.abs(fine[:, 1]))
        count = min(len(highest) // (4 * step), int(last - first))
        between = highest[: count * 4 * step].reshape(-1, 4 * step).max(axis=1)
        np.maximum(peaks[first : first + count], between, out=peaks[first : first + count])
    return peaks
