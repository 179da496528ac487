"""Where the sections of a piece are heard to begin."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import signal
from scipy.ndimage import uniform_filter1d

Floats = npt.NDArray[np.floating]
_STAMP = re.compile(r"\[(\d+):(\d\d)(?:\s*-\s*\d+:\d\d)?")
_HOP_S = 0.05
_KERNEL_BEATS = 6
_SEARCHED_BEATS = 2.0


def section_starts(prompt: str, sections: list[dict[str, Any]]) -> list[float]:
    """Tell when the sections after the first were to begin, in seconds."""
    stamps = [60.0 * int(m[1]) + int(m[2]) for m in _STAMP.finditer(prompt)]
    starts = stamps or [float(section["start_s"]) for section in sections]
    return sorted(starts)[1:]


def boundary_errors(mono: Floats, rate: int, starts: list[float], tempo_bpm: float) -> list[float]:
    """Tell how far from each start the nearest great change is heard, in beats.

    The change is where the spectrum of the beats after differs most from that of the beats before,
    within two beats of where it is expected: a simple form of Foote's novelty ("Automatic audio
    segmentation using a measure of audio novelty", ICME 2000).

    Args:
        mono: The piece.
        rate: Its sample rate in Hz.
        starts: Where sections are to begin, in seconds.
        tempo_bpm: The tempo.
    """
    hop = int(_HOP_S * rate)
    freqs, _, power = signal.spectrogram(mono, rate, nperseg=4096, noverlap=4096 - hop)
    edges = np.geomspace(40, 12_000, 33)
    bands = [power[(freqs >= low) & (freqs < high)].sum(axis=0) for low, high in pairwise(edges)]
    beat = 60 / tempo_bpm / _HOP_S
    spectrum = 10 * np.log10(np.array(bands) + 1e-9)
    smooth = uniform_filter1d(spectrum, max(1, round(beat)), axis=1)
    half = round(_KERNEL_BEATS * beat)
    errors = []
    for start in starts:
        centre = (start - 4096 / rate / 2) / _HOP_S
        reach = round(_SEARCHED_BEATS * beat)
        places = np.arange(round(centre) - reach, round(centre) + reach + 1)
        places = places[(places > half // 2) & (places < smooth.shape[1] - half // 2)]
        if not len(places):
            continue
        novelty = [_novelty(smooth, int(place), half, round(beat / 2)) for place in places]
        errors.append(float(abs(places[int(np.argmax(novelty))] - centre) / beat))
    return errors


def _novelty(spectrum: Floats, place: int, half: int, gap: int) -> float:
    """Compare the means before and after a place, leaving out what the smoothing mixed."""
    before = spectrum[:, max(0, place - half) : max(1, place - gap)].mean(axis=1)
    after = spectrum[:, place + gap : place + half].mean(axis=1)
    return float(np.linalg.norm(after - before))
