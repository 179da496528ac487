"""What is measured on a track: length, waveform peaks, loudness and true peak."""

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from lyria_studio.audio.peaks import PeakCollector

_BLOCK_FRAMES = 65_536
_OVERSAMPLING = 4  # ITU-R BS.1770-5, annex 2: at least four times at 48 kHz
_LOUDNESS_MAX_S = 15 * 60  # pyloudnorm wants the whole track in memory: 350 MB for this much
_LOUDNESS_MAX_CHANNELS = 5
_FLOOR = 1e-10  # -200 dB: what is below counts as digital silence

# A three-minute track keeps one core busy for a second and needs some 200 MB meanwhile: one core is
# left to those who wait for a page.
_slots = threading.BoundedSemaphore(max(1, min(4, (os.cpu_count() or 2) - 1)))
# pyloudnorm changes the process-wide warning filters, which is not safe in parallel.
_loudness_lock = threading.Lock()


class UnreadableAudioError(Exception):
    """The file could not be decoded as audio."""


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


def measure(path: Path) -> Measured:
    """Decode an audio file once and measure it.

    A file that is cut short is measured as far as it can be decoded.

    Args:
        path: an MP3, WAV, FLAC or OGG file, whatever its name: the bytes decide.

    Returns:
        The measurements.

    Raises:
        UnreadableAudioError: if the bytes are not audio that can be decoded, or hold no sample.
        OSError: if the file cannot be read at all.
    """
    with _slots, path.open("rb") as file:
        try:
            with soundfile.SoundFile(file) as sound:
                return _measure(sound)
        except soundfile.LibsndfileError as error:
            raise UnreadableAudioError("The file is not audio that can be decoded.") from error


def _blocks(sound: soundfile.SoundFile) -> Iterator[NDArray[np.float32]]:
    # Not SoundFile.blocks(): it trusts the frame count in the header, which a cut file belies.
    while True:
        block = sound.read(_BLOCK_FRAMES, dtype="float32", always_2d=True)
        if len(block) == 0:
            return
        if not np.isfinite(block).all():
            np.nan_to_num(block, copy=False, nan=0.0, posinf=1.0, neginf=-1.0)
        yield block


def _measure(sound: soundfile.SoundFile) -> Measured:
    rate, channels = sound.samplerate, sound.channels
    peaks = PeakCollector(sound.frames)
    oversampler = soxr.ResampleStream(rate, rate * _OVERSAMPLING, channels, dtype="float32")
    mix = np.full(channels, 1 / channels, dtype=np.float32)
    highest = 0.0
    frames = 0
    kept: list[NDArray[np.float32]] | None = []
    for block in _blocks(sound):
        frames += len(block)
        peaks.add(block @ mix)
        highest = max(highest, _top(block), _top(oversampler.resample_chunk(block)))
        if kept is not None:
            kept.append(block)
            if frames > _LOUDNESS_MAX_S * rate or channels > _LOUDNESS_MAX_CHANNELS:
                kept = None
    if frames == 0:
        raise UnreadableAudioError("The file holds no sound.")
    tail = np.zeros((0, channels), dtype=np.float32)
    highest = max(highest, _top(oversampler.resample_chunk(tail, last=True)))
    return Measured(
        duration_s=frames / rate,
        sample_rate_hz=rate,
        channels=channels,
        peaks=peaks.result(),
        loudness_lufs=_loudness(kept, rate) if kept else None,
        true_peak_dbtp=round(20 * float(np.log10(highest)), 2) if highest > _FLOOR else None,
    )


def _top(samples: NDArray[np.float32]) -> float:
    return float(max(samples.max(), -samples.min())) if samples.size else 0.0


def _loudness(blocks: list[NDArray[np.float32]], rate: int) -> float | None:
    import pyloudnorm  # takes a second to import, which nobody should wait for at start

    samples = np.concatenate(blocks)
    blocks.clear()
    try:
        with _loudness_lock:
            loudness = float(pyloudnorm.Meter(rate).integrated_loudness(samples))
    except ValueError:  # shorter than one gating block
        return None
    return round(loudness, 2) if np.isfinite(loudness) else None
