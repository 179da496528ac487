"""Spectral balance: what is missing is measured, excited and filtered in."""

import numpy as np
import numpy.typing as npt
from scipy import fft

from lyria_sandbox.composer.sound.exciter import excite
from lyria_sandbox.composer.sound.samples import SAMPLE_RATE, Samples, middle
from lyria_sandbox.composer.tables.tones import CENTRES_HZ

_SHARE = 0.7
"""How much of the way to the target a master goes: the rest is the piece's own character."""

_MOST_DB, _MOST_CUT_DB = 8.5, 10.0
_TAPS = 2047
_WINDOW = 8192
_HOP = 2 * _WINDOW
"""Half of a piece tells its balance."""

_LOWEST_HZ = 28.0
_BLOCK = 1 << 15
_DARK_DB = 5.0
_MOST_EXCITED_DB = 16.0
Floats = npt.NDArray[np.float64]


def octave_levels(sound: Samples) -> Floats:
    """Measure the octaves around `CENTRES_HZ` relative to the whole, in dB."""
    power = np.zeros(_WINDOW // 2 + 1)
    shape = np.hanning(_WINDOW).astype(np.float32)
    for start in range(0, len(sound) - _WINDOW + 1, _HOP):
        spectrum = fft.rfft(middle(sound[start : start + _WINDOW]) * shape)
        power += spectrum.real**2 + spectrum.imag**2
    freqs = np.fft.rfftfreq(_WINDOW, 1 / SAMPLE_RATE)
    whole = power.sum() + 1e-20
    bands = [power[(freqs > hz / 2**0.5) & (freqs < hz * 2**0.5)].sum() for hz in CENTRES_HZ]
    levels: Floats = 10 * np.log10(np.array(bands) / whole + 1e-12)
    return levels


def balance(sound: Samples, target_db: Floats) -> None:
    """Bring a mix nearer to a spectral balance and clear what is below hearing, in place.

    Args:
        sound: Stereo sound.
        target_db: Wanted levels of the octaves around `CENTRES_HZ`, relative to the whole.
    """
    levels = octave_levels(sound)
    missing = target_db - levels
    top = CENTRES_HZ.index(8000)
    if missing[top] > _DARK_DB:
        excite(sound, min(float(target_db[top]), float(levels[top]) + _MOST_EXCITED_DB))
        missing = target_db - octave_levels(sound)
    # The whole stays as loud as it is: only the shape is corrected.
    missing -= float(np.mean(missing[1:6]))
    _filter(sound, np.clip(_SHARE * missing, -_MOST_CUT_DB, _MOST_DB))


def _filter(sound: Samples, gains_db: Floats) -> None:
    """Filter by octave gains with a linear-phase filter, in place and block by block."""
    response = _impulse(gains_db)
    size = int(fft.next_fast_len(_BLOCK + _TAPS - 1, real=True))
    spectrum = fft.rfft(response.astype(np.float32), size)
    for channel in range(2):
        _filter_channel(sound[:, channel], spectrum, size)


def _filter_channel(sound: Samples, spectrum: npt.NDArray[np.complex64], size: int) -> None:
    delay = _TAPS // 2
    frames = len(sound)
    carried = np.zeros(_TAPS - 1, np.float32)
    out_at = -delay
    for start in range(0, frames + delay, _BLOCK):
        block = sound[start : start + _BLOCK].copy()
        wet = fft.irfft(fft.rfft(block, size) * spectrum, size)
        wet[: _TAPS - 1] += carried
        carried = wet[_BLOCK : _BLOCK + _TAPS - 1].copy()
        low, high = max(out_at, 0), min(out_at + _BLOCK, frames)
        if high > low:
            sound[low:high] = wet[low - out_at : high - out_at]
        out_at += _BLOCK


def _impulse(gains_db: Floats) -> Floats:
    freqs = np.fft.rfftfreq(8192, 1 / SAMPLE_RATE)
    octaves = np.log2(np.maximum(freqs, 20))
    gain = np.interp(octaves, np.log2(CENTRES_HZ), gains_db)
    # A Butterworth high-pass of the second order: nobody hears what is below.
    gain -= 10 * np.log10(1 + (_LOWEST_HZ / np.maximum(freqs, 1)) ** 4)
    impulse = np.fft.irfft(10 ** (gain / 20))
    half = _TAPS // 2
    centred = np.concatenate([impulse[-half:], impulse[: half + 1]])
    shaped: Floats = centred * np.hanning(_TAPS + 2)[1:-1]
    return shaped
