"""Takes of one model are heard at one bit rate."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from lyria_studio.audio.bit_rates import bit_rate, lower_limits, reduce_to
from lyria_studio.audio.segments import segment_class

pytestmark = pytest.mark.slow

RATE = 48_000


@pytest.fixture(scope="module")
def noise() -> np.ndarray:
    rng = np.random.default_rng(5)
    return (rng.standard_normal((RATE * 4, 2)) * 0.1).astype(np.float32)


def written(folder: Path, name: str, samples: np.ndarray, kbits: int | None) -> Path:
    path = folder / name
    if kbits is None:
        soundfile.write(path, samples, RATE, format="WAV")
        return path
    loud = np.rint(samples * 32_767).astype("<i2")
    segment = segment_class()(loud.tobytes(), frame_rate=RATE, sample_width=2, channels=2)
    segment.export(str(path), format="mp3", bitrate=f"{kbits}k").close()
    return path


def test_bit_rates_are_read_from_the_file(tmp_path: Path, noise: np.ndarray) -> None:
    for kbits in (128, 192):
        path = written(tmp_path, f"{kbits}.mp3", noise, kbits)
        assert bit_rate(path) == pytest.approx(kbits * 1000, rel=0.03)
    assert bit_rate(written(tmp_path, "a.wav", noise, None)) is None
    assert bit_rate(tmp_path / "missing") is None


def test_only_files_of_one_model_are_cut_to_the_lowest(tmp_path: Path, noise: np.ndarray) -> None:
    low = written(tmp_path, "low.mp3", noise, 128)
    high = written(tmp_path, "high.mp3", noise, 192)
    whole = written(tmp_path, "whole.wav", noise, None)
    found = lower_limits(
        {"A1": ("lyria-3", low), "A2": ("lyria-3", high), "B1": ("lyria-2", whole)}
    )
    assert found == {"A2": pytest.approx(128_000, rel=0.03)}
    assert lower_limits({"A1": ("lyria-3", low), "B1": ("lyria-3", low)}) == {}
    mixed = lower_limits({"A1": ("lyria-3", low), "A2": ("lyria-3", whole)})
    assert set(mixed) == {"A2"}


def test_dark_music_is_not_taken_for_a_low_bit_rate(tmp_path: Path, noise: np.ndarray) -> None:
    dark = np.cumsum(noise, axis=0)
    dark = (dark / np.abs(dark).max() * 0.5).astype(np.float32)
    paths = {
        "A1": ("lyria-3", written(tmp_path, "dark.mp3", dark, 192)),
        "B1": ("lyria-3", written(tmp_path, "bright.mp3", noise, 192)),
    }
    assert lower_limits(paths) == {}


def test_what_is_cut_stays_in_step_and_loses_its_top(noise: np.ndarray) -> None:
    reduced = reduce_to(noise, RATE, 96_000)
    assert len(reduced) == len(noise)
    size = 2 * len(noise)
    spectrum = np.fft.rfft(reduced[:, 0], size) * np.conj(np.fft.rfft(noise[:, 0], size))
    assert int(np.argmax(np.fft.irfft(spectrum, size))) == 0
    top = slice(int(18_500 / RATE * len(noise)), int(20_000 / RATE * len(noise)))
    before, after = (np.abs(np.fft.rfft(one[:, 0]))[top].mean() for one in (noise, reduced))
    assert after < before / 10
