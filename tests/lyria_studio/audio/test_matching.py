"""Equal loudness: measured on the delivered sound, with the meter of BS.1770."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
import soundfile
import soxr
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from lyria_studio.audio import measure
from lyria_studio.audio.matching import PEAK_CEILING_DBTP, matched_gains

pytestmark = pytest.mark.slow

RATE_HZ = 48_000
SECONDS = 6


@dataclass(frozen=True)
class Track:
    loudness_lufs: float | None
    true_peak_dbtp: float | None
    channels: int | None = 2


def music(seed: int, level: float, channels: int) -> NDArray[np.float64]:
    """Plucked chords with a part of noise, different for each seed; widely different levels."""
    rng = np.random.default_rng(seed)
    time = np.arange(SECONDS * RATE_HZ) / RATE_HZ
    sound = np.zeros((len(time), channels))
    for tone in rng.choice([110, 165, 220, 277, 330, 440, 880, 1760], 4, replace=False):
        pluck = np.exp(-4 * (time * rng.integers(1, 4) % 1))
        pans = rng.uniform(0.3, 1, channels)
        sound += (np.sin(2 * np.pi * tone * time) * pluck)[:, None] * pans
    sound += 0.05 * rng.standard_normal(sound.shape)
    scaled: NDArray[np.float64] = level * sound / np.abs(sound).max()
    return scaled


def delivered(sound: NDArray[np.float64], gain_db: float) -> NDArray[np.float64]:
    """What comes out of the loudspeakers: two channels, a mono sound on both."""
    pair = np.repeat(sound, 2, axis=1) if sound.shape[1] == 1 else sound
    return pair * 10 ** (gain_db / 20)


def true_peak_dbtp(sound: NDArray[np.float64]) -> float:
    return float(20 * np.log10(np.abs(soxr.resample(sound, RATE_HZ, 4 * RATE_HZ)).max()))


def test_delivered_sounds_are_equally_loud(tmp_path: Path) -> None:
    kinds = [(1, 0.99, 2), (2, 0.2, 2), (3, 0.7, 1), (4, 0.03, 1), (5, 0.5, 2), (6, 1.0, 1)]
    sounds = [music(*kind) for kind in kinds]
    tracks = []
    for number, sound in enumerate(sounds):
        path = tmp_path / f"{number}.wav"
        soundfile.write(path, sound, RATE_HZ, subtype="PCM_24")
        tracks.append(measure(path))
    heard = [
        delivered(sound, gain) for sound, gain in zip(sounds, matched_gains(tracks), strict=True)
    ]
    meter = pyloudnorm.Meter(RATE_HZ)
    loudness = [meter.integrated_loudness(sound) for sound in heard]
    assert max(loudness) - min(loudness) < 0.1
    assert max(true_peak_dbtp(sound) for sound in heard) < PEAK_CEILING_DBTP + 0.1


def test_the_quietest_is_left_alone_when_no_peak_is_too_high() -> None:
    gains = matched_gains([Track(-14.0, -2.0), Track(-18.5, -6.0), Track(-10.0, -1.5)])
    assert gains == pytest.approx([-4.5, 0.0, -8.5])


def test_a_high_peak_of_the_quietest_turns_all_down() -> None:
    gains = matched_gains([Track(-20.0, 0.5), Track(-14.0, -3.0)])
    assert gains == pytest.approx([-1.5, -7.5])


def test_what_could_not_be_measured_is_kept_below_the_ceiling() -> None:
    gains = matched_gains([Track(None, 0.25), Track(None, None), Track(-14.0, -2.0)])
    assert gains == pytest.approx([-1.25, 0.0, 0.0])


def test_nothing_to_match() -> None:
    assert matched_gains([]) == []


levels = st.floats(-60, 0)
measured = st.builds(Track, levels, st.floats(-40, 3), st.sampled_from([1, 2, None]))


@given(st.lists(measured, min_size=1, max_size=6))
def test_equal_loudness_and_room_for_peaks_without_making_anything_louder(
    tracks: list[Track],
) -> None:
    gains = matched_gains(tracks)
    heard = []
    for track, gain in zip(tracks, gains, strict=True):
        assert track.loudness_lufs is not None
        assert track.true_peak_dbtp is not None
        assert gain <= 1e-9
        assert track.true_peak_dbtp + gain <= PEAK_CEILING_DBTP + 1e-9
        heard.append(track.loudness_lufs + gain + (3.0103 if track.channels == 1 else 0))
    assert max(heard) - min(heard) < 1e-3
    # No louder common level would do: one track is unchanged or touches the ceiling.
    tight = [
        gain > -1e-9 or track.true_peak_dbtp + gain > PEAK_CEILING_DBTP - 1e-9
        for track, gain in zip(tracks, gains, strict=True)
        if track.true_peak_dbtp is not None
    ]
    assert any(tight)
