"""Waveform peaks: the lowest and highest sample of about a thousand equal slices of a track.

Stored form: signed bytes, ``min0 max0 min1 max1 ...``, each a sample scaled by 127, so that a whole
track costs 2,000 bytes whatever its length and a browser draws it without decoding any audio.
"""

import numpy as np
from numpy.typing import NDArray

PEAK_BUCKETS = 1000
"""Slices of a track that is long enough; shorter ones have one slice a sample."""

_SCALE = 127.0
_FINE_PER_BUCKET = 16
_MAX_HOP = 256


class PeakCollector:
    """Gathers peaks block by block, so that the whole track never has to be in memory.

    Extremes are first kept for small hops and merged at the end, because the exact length is known
    only after decoding: the frame count in an MP3 header is an estimate.
    """

    def __init__(self, frames_hint: int) -> None:
        hop = 1
        while hop < _MAX_HOP and hop * 2 * PEAK_BUCKETS * _FINE_PER_BUCKET <= frames_hint:
            hop *= 2
        self._hop = hop
        self._lows: list[NDArray[np.float32]] = []
        self._highs: list[NDArray[np.float32]] = []

    def add(self, mono: NDArray[np.float32]) -> None:
        """Take the next samples.

        Args:
            mono: shape (frames,), full scale 1.0. Every block but the last must hold a multiple of
                256 frames.
        """
        if len(mono) == 0:
            return
        starts = np.arange(0, len(mono), self._hop)
        self._lows.append(np.minimum.reduceat(mono, starts))
        self._highs.append(np.maximum.reduceat(mono, starts))

    def result(self) -> bytes:
        """Return the stored form; no samples give no bytes."""
        if not self._lows:
            return b""
        lows, highs = np.concatenate(self._lows), np.concatenate(self._highs)
        buckets = min(PEAK_BUCKETS, len(lows))
        starts = np.arange(buckets) * len(lows) // buckets
        pairs = np.stack(
            [np.minimum.reduceat(lows, starts), np.maximum.reduceat(highs, starts)], axis=1
        )
        return bytes(np.rint(np.clip(pairs, -1.0, 1.0) * _SCALE).astype(np.int8).data)


def peaks_to_floats(peaks: bytes) -> list[tuple[float, float]]:
    """Unpack stored peaks.

    Args:
        peaks: the stored form (see the module).

    Returns:
        One (lowest, highest) pair for each slice, full scale 1.0, rounded to three digits.

    Raises:
        ValueError: if the bytes cannot be pairs.
    """
    pairs = np.frombuffer(peaks, dtype=np.int8).reshape(-1, 2).astype(np.float64) / _SCALE
    return [(round(float(low), 3), round(float(high), 3)) for low, high in pairs]
