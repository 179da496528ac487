"""The spectral balance that masters aim at, by group of genres.

Mastered recordings fall by about 5 dB an octave in spectral density from 100 Hz to 4 kHz and faster
above (Pestana et al., "Spectral Characteristics of Popular Commercial Recordings 1950-2010", AES
2013), which is 2 dB an octave in octave bands; the more percussion there is, the stronger are both
ends (Elowsson and Friberg, "Long-term average spectrum in popular music and its relation to the
level of the percussion", AES 2017). The groups depart from that mean as their instruments do.
"""

from collections.abc import Mapping

CENTRES_HZ = (63, 125, 250, 500, 1000, 2000, 4000, 8000, 12500)

TONES: Mapping[str, tuple[float, ...]] = {
    "pop": (-8.0, -6.0, -7.0, -8.5, -10.5, -13.0, -16.0, -19.5, -25.0),
    "rock": (-9.0, -6.5, -7.0, -8.0, -9.5, -12.0, -14.5, -18.0, -24.0),
    "electronic": (-5.0, -6.0, -9.0, -10.0, -11.5, -13.5, -15.5, -17.5, -22.0),
    "urban": (-4.5, -6.0, -8.5, -10.0, -12.0, -14.0, -17.0, -20.0, -25.0),
    "mellow": (-7.0, -6.0, -6.0, -7.5, -10.0, -13.5, -18.5, -24.0, -30.0),
    "acoustic": (-12.0, -7.0, -6.0, -7.0, -9.5, -13.0, -17.0, -22.0, -28.0),
    "jazz": (-10.0, -6.5, -6.0, -7.5, -10.0, -13.5, -18.0, -23.0, -29.0),
    "orchestral": (-12.0, -8.0, -6.0, -6.5, -9.0, -13.0, -19.0, -25.0, -32.0),
    "ambient": (-12.0, -7.0, -5.5, -7.0, -10.0, -15.0, -21.0, -27.0, -34.0),
}
"""Level of the octave around each centre relative to the whole, in dB."""

WIDTHS_DB: Mapping[str, float] = {
    "pop": -6.0,
    "rock": -6.0,
    "electronic": -5.0,
    "urban": -7.0,
    "mellow": -8.0,
    "acoustic": -7.0,
    "jazz": -8.0,
    "orchestral": -5.5,
    "ambient": -5.0,
}
"""Least level of the sides relative to the middle above the bass, in dB: close styles are narrow,
halls and synthesisers wide."""
