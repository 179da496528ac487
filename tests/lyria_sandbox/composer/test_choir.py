"""The choir that sings syllables."""

from itertools import combinations, pairwise

import numpy as np
import pytest

from lyria_sandbox.composer.sound.choir import sing
from lyria_sandbox.composer.sound.samples import SAMPLE_RATE
from lyria_sandbox.composer.sound.waves import frequency

KEYS = (45, 52, 57, 60, 64, 69, 76)


def spectrum(vowel: str, key: int) -> tuple[np.ndarray, np.ndarray]:
    heard = sing(vowel, key, 1.8).mean(axis=1)[4800:76_800]
    power = np.abs(np.fft.rfft(heard * np.hanning(len(heard)), 1 << 20)) ** 2
    return np.fft.rfftfreq(1 << 20, 1 / SAMPLE_RATE), power


@pytest.mark.parametrize("vowel", "aeiou")
@pytest.mark.parametrize("key", KEYS)
def test_every_vowel_is_in_tune(vowel: str, key: int) -> None:
    freqs, power = spectrum(vowel, key)
    found = weight = 0.0
    for overtone in (1, 2, 3):
        pitch = overtone * frequency(key)
        near = (freqs > pitch * 0.97) & (freqs < pitch * 1.03)
        centre = (freqs[near] * power[near]).sum() / power[near].sum()
        found += 1200 * np.log2(centre / pitch) * power[near].sum()
        weight += power[near].sum()
    assert abs(found / weight) < 10


def test_vowels_differ_in_their_formants() -> None:
    octaves = np.geomspace(200, 4000, 14)
    colours = {}
    for vowel in "aeiou":
        freqs, power = spectrum(vowel, 52)
        bands = [power[(freqs >= low) & (freqs < high)].sum() for low, high in pairwise(octaves)]
        colours[vowel] = 10 * np.log10(np.array(bands) / sum(bands) + 1e-6)
    for one, other in combinations("aeiou", 2):
        assert np.abs(colours[one] - colours[other]).max() > 5, (one, other)


def test_notes_are_as_long_as_they_are_held_and_end_softly() -> None:
    for seconds in (0.2, 0.7, 3.0):
        heard = sing("a", 60, seconds)
        assert len(heard) == pytest.approx((seconds + 0.16) * SAMPLE_RATE, abs=2)
        assert np.abs(heard[-2:]).max() < 1e-3
    np.testing.assert_array_equal(sing("o", 62, 1.0), sing("o", 62, 1.0))
