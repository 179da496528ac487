"""Measures what a file sounds like, on its samples alone.

Nothing here knows what was asked for or what the composer did.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyloudnorm
import soundfile
import soxr
from scipy import signal
from scipy.ndimage import maximum_filter1d

Floats: TypeAlias = npt.NDArray[np.floating]

BANDS_HZ = ((20, 80), (80, 250), (250, 500), (500, 2000), (2000, 6000), (6000, 20000))
NOTE_NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")

_ONSET_RATE = 200
_ANALYSIS_RATE = 12_000
# Probe-tone profiles of Krumhansl and Kessler (1982).
_MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
_MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])


@dataclass(frozen=True)
class Recording:
    """A decoded file.

    Attributes:
        sound: Samples, ``(frames, channels)``, full scale 1.
        rate: Sample rate in Hz.
    """

    sound: Floats
    rate: int

    @classmethod
    def of(cls, data: bytes) -> Recording:
        """Decode a file's bytes."""
        sound, rate = soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)
        return cls(sound, rate)

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.sound) / self.rate

    @cached_property
    def low_mono(self) -> Floats:
        """The sum of the channels at 12 kHz."""
        mono: Floats = soxr.resample(self.sound.mean(axis=1), self.rate, _ANALYSIS_RATE)
        return mono

    def loudness_lufs(self) -> float:
        """Integrated loudness (BS.1770)."""
        meter = pyloudnorm.Meter(self.rate)
        return float(meter.integrated_loudness(self.sound.astype(np.float64)))

    def true_peak_dbtp(self) -> float:
        """Highest level between the samples, four times oversampled."""
        four_times = soxr.resample(self.sound, self.rate, 4 * self.rate, quality="HQ")
        return float(20 * np.log10(max(float(np.abs(four_times).max()), 1e-9)))

    def clipped(self) -> int:
        """Samples at full scale."""
        return int((np.abs(self.sound) >= 0.999).sum())

    def clicks(self) -> int:
        """Sudden jumps that no instrument makes: a sample far off the line of its neighbours."""
        mono = self.sound.mean(axis=1)
        bend = np.abs(mono[3:] - 3 * mono[2:-1] + 3 * mono[1:-2] - mono[:-3])
        local = np.sqrt(signal.fftconvolve(bend**2, np.full(960, 1 / 960), mode="same").clip(1e-12))
        return int(((bend > 40 * local) & (bend > 0.05)).sum())

    def gaps(
        self, threshold_db: float = -50.0, shortest_s: float = 0.25
    ) -> list[tuple[float, float]]:
        """Stretches below a level, as (from, to) in seconds."""
        frame = self.rate // 20
        usable = len(self.sound) // frame * frame
        rms = np.sqrt(
            (self.sound[:usable].reshape(-1, frame * self.sound.shape[1]) ** 2).mean(axis=1)
        )
        silent = np.concatenate([[False], 20 * np.log10(rms + 1e-9) < threshold_db, [False]])
        edges = np.flatnonzero(np.diff(silent.astype(int)))
        spans = [(a / 20, b / 20) for a, b in zip(edges[::2], edges[1::2], strict=True)]
        return [(a, b) for a, b in spans if b - a >= shortest_s - 1e-9]

    def bands_db(self) -> list[float]:
        """Share of each of `BANDS_HZ` in the whole power, in dB."""
        freqs, power = signal.welch(self.sound.mean(axis=1), self.rate, nperseg=8192)
        whole = power.sum()
        return [
            float(10 * np.log10(power[(freqs >= a) & (freqs < b)].sum() / whole + 1e-12))
            for a, b in BANDS_HZ
        ]

    def correlation(self) -> float:
        """Correlation of left and right: 1 is mono."""
        return float(np.corrcoef(self.sound[:, 0], self.sound[:, 1])[0, 1])

    @cached_property
    def onsets(self) -> Floats:
        """Strength of onsets, 200 values a second: the rise of the logarithmic spectrum."""
        window, hop = 512, _ANALYSIS_RATE // _ONSET_RATE
        padded = np.concatenate([np.zeros(window), self.low_mono])
        frames = np.lib.stride_tricks.sliding_window_view(padded, window)[::hop]
        spectrum = np.abs(np.fft.rfft(frames * np.hanning(window), axis=1))
        level = np.log1p(2 * spectrum)
        # Compare with two frames before: the window is longer than the hop.
        flux = np.maximum(level[3:] - level[:-3], 0).sum(axis=1)
        flux -= signal.fftconvolve(flux, np.full(_ONSET_RATE, 1 / _ONSET_RATE), mode="same")
        rising: Floats = np.maximum(flux, 0)
        return rising

    def tempo_bpm(self, lowest: float = 45.0, highest: float = 215.0) -> float:
        """Estimate the tempo of the beat.

        Periods at which the onsets repeat are candidates, and so are their simple multiples. A
        candidate is judged by a row of pulses laid over the onsets: the mean strength that they
        meet, times the root of their number (a beat that is twice as fast must meet nearly as much
        on its new pulses), times a broad preference for tempos around 105 BPM.
        """
        correlation = self._onset_correlation()
        found = self._repetitions(correlation, lowest, highest)
        candidates = {
            round(self._refined(bpm * ratio, correlation), 2)
            for bpm in found
            for ratio in (1, 2, 1 / 2, 3, 1 / 3, 3 / 2, 2 / 3, 4 / 3, 3 / 4)
            if lowest <= bpm * ratio <= highest
        }
        strength = maximum_filter1d(self.onsets, 5)
        strength = strength / strength.mean()
        return max(candidates, key=lambda bpm: _pulse_score(strength, bpm))

    def _onset_correlation(self) -> Floats:
        onsets = self.onsets - self.onsets.mean()
        spectrum = np.abs(np.fft.rfft(onsets, 4 * len(onsets))) ** 2
        correlation: Floats = np.fft.irfft(spectrum)[: len(onsets)]
        correlation = correlation / correlation[0]
        # Less and less of the piece overlaps with itself: make up for it.
        overlap = np.arange(len(onsets), 0, -1).clip(len(onsets) / 4) / len(onsets)
        evened: Floats = correlation / overlap
        return evened

    @staticmethod
    def _repetitions(correlation: Floats, lowest: float, highest: float) -> list[float]:
        """List the tempos whose periods, and twice and four times those, repeat most."""
        lags = np.arange(len(correlation))
        tempos = np.arange(lowest, highest, 0.1)
        score = np.zeros_like(tempos)
        for beats, weight in ((1, 1.0), (2, 0.7), (4, 0.5)):
            score += weight * np.interp(_ONSET_RATE * 60 / tempos * beats, lags, correlation)
        peaks = signal.argrelmax(score, order=15)[0]
        best = sorted(peaks, key=lambda peak: score[peak], reverse=True)[:8]
        return [float(tempos[peak]) for peak in best]

    @staticmethod
    def _refined(bpm: float, correlation: Floats) -> float:
        """Refine a tempo on the peak at many beats, where the same error in time is smaller."""
        lags = np.arange(len(correlation))
        for beats in (2, 4, 8, 16):
            period = _ONSET_RATE * 60 / bpm * beats
            if period * 1.02 >= len(correlation) * 0.6:
                break
            reach = max(3.0, 0.012 * period)
            near = np.arange(period - reach, period + reach, 0.05)
            values = np.interp(near, lags, correlation)
            bpm = _ONSET_RATE * 60 * beats / float(near[values.argmax()])
        return bpm

    def chroma(self, start_s: float = 0.0, end_s: float | None = None) -> Floats:
        """Strength of the twelve pitch classes, in time: ``(12, frames)``."""
        part = self.low_mono[int(start_s * _ANALYSIS_RATE) :]
        if end_s is not None:
            part = part[: int((end_s - start_s) * _ANALYSIS_RATE)]
        freqs, _, spectrum = signal.stft(part, _ANALYSIS_RATE, nperseg=8192, noverlap=4096)
        strength = np.abs(spectrum)
        chroma = np.zeros((12, strength.shape[1]))
        for row, hz in enumerate(freqs):
            if 55 < hz < 1200:
                key = 12 * np.log2(hz / 440) + 69
                if abs(key - round(key)) < 0.3:
                    chroma[round(key) % 12] += strength[row] / hz**0.3
        return chroma

    def key(self) -> tuple[str, str, float]:
        """Estimate the key: tonic, mode and the correlation with its profile."""
        profile = self.chroma().sum(axis=1)
        found = [
            (float(np.corrcoef(np.roll(shape, tonic), profile)[0, 1]), NOTE_NAMES[tonic], mode)
            for tonic in range(12)
            for shape, mode in ((_MAJOR, "major"), (_MINOR, "minor"))
        ]
        correlation, tonic, mode = max(found)
        return tonic, mode, correlation

    def colour(self, start_s: float, end_s: float) -> Floats:
        """Describe a stretch by its harmony and timbre in one vector, for comparisons."""
        chroma = self.chroma(start_s, end_s)
        # Eight slices keep the order of the chords.
        slices = np.array_split(chroma, 8, axis=1)
        # Each of them counts alike: a quiet beginning has a harmony, too.
        parts = [part.mean(axis=1) for part in slices]
        harmony = np.concatenate([part / (np.linalg.norm(part) + 1e-9) for part in parts])
        part = self.sound[int(start_s * self.rate) : int(end_s * self.rate)].mean(axis=1)
        freqs, power = signal.welch(part, self.rate, nperseg=4096)
        edges = np.geomspace(40, 16_000, 25)
        timbre = np.array(
            [np.log10(power[(freqs >= a) & (freqs < b)].sum() + 1e-12) for a, b in pairwise(edges)]
        )
        harmony = (harmony - harmony.mean()) / (harmony.std() + 1e-9)
        timbre = (timbre - timbre.mean()) / (timbre.std() + 1e-9)
        return np.concatenate([harmony / len(harmony) ** 0.5, timbre / len(timbre) ** 0.5])


def _pulse_score(strength: Floats, bpm: float) -> float:
    """Judge a tempo by the onsets that a row of its beats meets, in the best of its phases."""
    period = _ONSET_RATE * 60 / bpm
    count = int((len(strength) - period) / period)
    pulses = np.arange(count) * period
    phases = np.arange(int(period))
    positions = np.rint(pulses[None, :] + phases[:, None]).astype(int)
    met = float(strength[positions].mean(axis=1).max())
    preference = float(np.exp(-0.5 * (np.log2(bpm / 105) / 0.9) ** 2))
    return met * float(np.sqrt(count)) * preference


def distance(first: Floats, second: Floats) -> float:
    """Distance of two colours: 0 for equal ones."""
    return float(np.linalg.norm(first - second))
