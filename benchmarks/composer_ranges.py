"""The published spectral balance of commercial recordings, as ranges by octave.

**Where the numbers come from.** The middle is the mean long-term average spectrum of 12,345 tracks
of popular music by Elowsson and Friberg ("Long-term average spectrum in popular music and its
relation to the level of the percussion", AES Convention 142, 2017, paper 9762): their equations 5
(bass) and 6 (mid and high), two parabolas over a logarithmic axis of 60 steps an octave that begins
at 30 Hz, in dB of spectral density. They agree with the decay of about 5 dB an octave from 100 Hz
to 4 kHz of 772 number-one records (Pestana, Ma, Reiss, Barbosa and Black, "Spectral characteristics
of popular commercial recordings 1950-2010", AES Convention 135, 2013, paper 8960).

**What was derived, and how.** Neither paper prints a table of ranges, so the ranges here are read
from what they say in words and figures:

* Tracks differ least from 200 Hz to 1 kHz, little to 4 kHz and most at both ends, where deviations
  of about 10 dB are not uncommon in the bass, those below the mean less alarming (Elowsson and
  Friberg). `_SPREAD_DB` puts figures to that; they are a reading, not a measurement.
* Genres differ "mainly as a side-effect" of how prominent the percussion is: more of it raises the
  bass and the top together and leaves 89 Hz to 4.5 kHz at 4.53 dB an octave (Elowsson and Friberg,
  section 4); hip hop, rock, pop and electronic music are stronger below 150 Hz and above 5 kHz than
  jazz and folk (Pestana et al.). So the groups with loud drums may be above the mean at both ends
  by `_MORE_DB`, and the groups with few or none below it by `_LESS_DB`; each group keeps the mean
  itself within its range.
* For orchestras, chamber music and ambient music neither paper has data. Their range is that of
  music without percussion, taken on downwards by `_LESS_DB` once more at the ends: wide, and weak
  as evidence.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

OCTAVES_HZ = (63, 125, 250, 500, 1000, 2000, 4000, 8000)
_BASS_FIT = (-0.000907, 0.256, -32.942)
_UPPER_FIT = (-0.000183, 0.0213, -16.735)
_FITS_MEET = 100
"""The step of the logarithmic axis from which the upper parabola holds: 94 Hz."""

_SPREAD_DB = np.array([8.0, 5.0, 4.0, 4.0, 4.0, 4.0, 5.0, 7.0])
_MORE_DB = np.array([5.0, 2.0, 0.0, 0.0, 0.0, 0.0, 1.0, 3.0])
_LESS_DB = np.array([5.0, 2.0, 0.0, 0.0, 0.0, 0.0, 1.0, 3.0])
_MIDDLE = slice(2, 6)
"""Octaves in which tracks differ least: levels are told relative to their mean."""

_STEPS = {"percussive": (0.0, 1.0), "mixed": (0.0, 0.0), "soft": (-1.0, 0.0), "none": (-2.0, 0.0)}
"""How many times a group's range is widened downwards by `_LESS_DB`, and upwards by `_MORE_DB`."""

GROUPS = {
    "electronic": "percussive",
    "urban": "percussive",
    "rock": "percussive",
    "pop": "percussive",
    "mellow": "mixed",
    "acoustic": "soft",
    "jazz": "soft",
    "orchestral": "none",
    "ambient": "none",
}
"""How prominent the percussion is in each group of genres."""


def mean_spectrum() -> Floats:
    """Return the published mean by octave, in dB relative to the mean of 250 Hz to 2 kHz."""
    power = []
    for centre in OCTAVES_HZ:
        hz = centre * 2 ** np.linspace(-0.5, 0.5, 201)
        density = 10 ** (_density_db(hz) / 10)
        power.append(float(np.sum((density[1:] + density[:-1]) / 2 * np.diff(hz))))
    return relative(10 * np.log10(np.array(power)))


def _density_db(hz: Floats) -> Floats:
    step = 1 + 60 * np.log2(hz / 30)
    bass, upper = np.polyval(_BASS_FIT, step), np.polyval(_UPPER_FIT, step)
    return np.where(step < _FITS_MEET, bass, upper)


def relative(levels_db: Floats) -> Floats:
    """Tell octave levels relative to the mean of the middle ones."""
    told: Floats = levels_db - levels_db[_MIDDLE].mean()
    return told


def published_range(group: str) -> tuple[Floats, Floats]:
    """Return the lowest and the highest level of every octave for a group of genres, in dB.

    Args:
        group: A key of `GROUPS`.
    """
    down, up = _STEPS[GROUPS[group]]
    mean = mean_spectrum()
    return mean - _SPREAD_DB + down * _LESS_DB, mean + _SPREAD_DB + up * _MORE_DB


def outside_db(levels_db: Floats, group: str) -> Floats:
    """Tell how far every octave of a recording lies outside of its group's range.

    Args:
        levels_db: Levels of `OCTAVES_HZ`, relative to anything.
        group: A key of `GROUPS`.

    Returns:
        dB above the range (positive) or below it (negative), 0 within it.
    """
    low, high = published_range(group)
    levels = relative(levels_db)
    outside: Floats = np.maximum(levels - high, 0) + np.minimum(levels - low, 0)
    return outside
