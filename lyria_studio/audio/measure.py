"""What is measured on a track: length, waveform peaks, loudness and true peak."""

import os
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from lyria_studio.audio.decode import Sound, UnreadableAudioError, clean, decoding
from lyria_studio.audio.peaks import PeakCollector

_OVERSAMPLING = 4  # ITU-R BS.1770-5, annex 2: at least four times at 48 kHz
_LOUDNESS_MAX_S = 15 * 60  # pyloudnorm wants the whole track in memory: 350 MB for this much
_LOUDNESS_MAX_CHANNELS = 5
_FLOOR = 1e-10  # -200 dB: what is below counts as digital silence
SILENCE_DBTP = -200.0
"""What a library notes as the true peak of silence, which has none."""

# A three-minute track keeps one core busy for a second and needs some 200 MB meanwhile: one core is
# left to those who wait for a page.
_slots = threading.BoundedSemaphore(max(1, min(4, (os.cpu_count() or 2) - 1)))
# pyloudnorm changes the process-wide warning filters, which is not safe in parallel.
_loudness_lock = threading.Lock()


@dataclass(frozen=True)
class Measured:
    """What was measured on one audio file.

    Attributes:
        duration_s: decoded length in seconds.
        sample_rate_hz: sample rate in hertz.
        channels: number of channels.
        peaks: waveform of the mono mix, see `lyria_studio.audio.peaks`.
        loudness_lufs: integrated loudness by ITU-R BS.1770 in LUFS; None where it is not defined
            (shorter than the 400 ms gating block, or silent) or the file is over 15 minutes long.
        true_peak_dbtp: highest level between the samples, 4 times oversampled, in dB relative to
            full scale; None for silence.
    """

    duration_s: float
    sample_rate_hz: int
    channels: int
    peaks: bytes
    loudness_lufs: float | None
    true_peak_dbtp: float | None


@dataclass(frozen=True)
class Heard:
    """What shows that a file holds music and not only decodes.

    Attributes:
        frames: how many were decoded.
        numbers: whether any sample is a number.
        swing: half the distance between the highest and the lowest sample of a channel, the
            largest of all channels, full scale 1.0: a level without the direct current.
    """

    frames: int
    numbers: bool
    swing: float


def measure(path: Path) -> Measured:
    """Decode an audio file once and measure it.

    A file that is cut short is measured as far as it can be decoded.

    Args:
        path: an audio file, whatever its name: the bytes decide.

    Returns:
        The measurements.

    Raises:
        UnreadableAudioError: if the bytes are not audio that can be decoded, or hold no sample.
        OSError: if the file cannot be read at all.
    """
    measured, _ = measure_and_describe(path)
    if measured is None:
        raise UnreadableAudioError("The file holds no sound.")
    return measured


def measure_and_describe(path: Path, *, levels: bool = True) -> tuple[Measured | None, Heard]:
    """Decode an audio file once, measure it and describe what can be heard in it.

    Args:
        path: an audio file, whatever its name: the bytes decide.
        levels: whether to measure loudness and true peak, which take four fifths of the time; they
            are None otherwise.

    Returns:
        The measurements, None if there is no sample; and what is to be heard.

    Raises:
        UnreadableAudioError: if the bytes are not audio that can be decoded.
        OSError: if the file cannot be read at all.
    """
    with _slots, decoding(path) as sound:
        return _measure(sound, levels)


def _measure(sound: Sound, levels: bool) -> tuple[Measured | None, Heard]:
    rate, channels = sound.rate_hz, sound.channels
    peaks = PeakCollector(sound.frames)
    oversampler = soxr.ResampleStream(rate, rate * _OVERSAMPLING, channels, dtype="float32")
    mix = np.full(channels, 1 / channels, dtype=np.float32)
    lowest = np.full(channels, np.inf, dtype=np.float32)
    upper = np.full(channels, -np.inf, dtype=np.float32)
    highest = 0.0
    frames = 0
    numbers = False
    kept: list[NDArray[np.float32]] | None = [] if levels else None
    for raw in sound.blocks():
        block = clean(raw)
        numbers = numbers or block is raw or bool(np.isfinite(raw).any())
        frames += len(block)
        peaks.add(block @ mix)
        # Channel by channel: along a first axis beside one as short as two, numpy is slow.
        lowest = np.minimum(lowest, [channel.min() for channel in block.T])
        upper = np.maximum(upper, [channel.max() for channel in block.T])
        if levels:
            highest = max(highest, _top(block), _top(oversampler.resample_chunk(block)))
        if kept is not None:
            kept.append(block)
            if frames > _LOUDNESS_MAX_S * rate or channels > _LOUDNESS_MAX_CHANNELS:
                kept = None
    if frames == 0:
        return None, Heard(frames=0, numbers=False, swing=0.0)
    if levels:
        tail = np.zeros((0, channels), dtype=np.float32)
        highest = max(highest, _top(oversampler.resample_chunk(tail, last=True)))
    measured = Measured(
        duration_s=frames / rate,
        sample_rate_hz=rate,
        channels=channels,
        peaks=peaks.result(),
        loudness_lufs=_loudness(kept, rate) if kept else None,
        true_peak_dbtp=round(20 * float(np.log10(highest)), 2) if highest > _FLOOR else None,
    )
    return measured, Heard(frames, numbers, float((upper - lowest).max()) / 2)


def _top(samples: NDArray[np.float32]) -> float:
    return float(max(samples.max(), -samples.min())) if samples.size else 0.0


def _loudness(blocks: list[NDArray[np.float32]], rate: int) -> float | None:
    import pyloudnorm  # importing it takes a second, too long for the start

    samples = np.concatenate(blocks)
    blocks.clear()
    try:
        with _loudness_lock:
            loudness = float(pyloudnorm.Meter(rate).integrated_loudness(samples))
    except ValueError:  # shorter than one gating block
        return None
    return round(loudness, 2) if np.isfinite(loudness) else None
