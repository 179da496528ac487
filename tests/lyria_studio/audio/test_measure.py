import math
from pathlib import Path

import numpy as np
import pytest
import soundfile

from lyria_studio.audio import PEAK_BUCKETS, UnreadableAudioError, measure, peaks_to_floats


def write(path: Path, samples: np.ndarray, rate: int = 48_000, kind: str = "FLOAT") -> Path:
    soundfile.write(path, samples, rate, format="WAV", subtype=kind)
    return path


def sine(hertz: float, seconds: float, rate: int = 48_000, phase: float = 0.0) -> np.ndarray:
    time = np.arange(int(seconds * rate)) / rate
    return np.sin(2 * math.pi * hertz * time + phase)


def test_a_full_scale_sine_on_one_channel_reads_minus_3_01_lufs(tmp_path: Path) -> None:
    # The reference point of ITU-R BS.1770: 0 dB FS, 997 Hz, in one front channel.
    tone = sine(997, 5)
    stereo = np.stack([tone, np.zeros_like(tone)], axis=1)
    measured = measure(write(tmp_path / "a.wav", stereo))
    assert measured.loudness_lufs == pytest.approx(-3.01, abs=0.05)
    assert measured.channels == 2
    assert measured.sample_rate_hz == 48_000
    assert measured.duration_s == pytest.approx(5.0, abs=1e-9)


def test_true_peak_finds_what_lies_between_the_samples(tmp_path: Path) -> None:
    # A quarter of the sample rate at 45 degrees: no sample exceeds -3.01 dB, the signal 0 dB does.
    tone = sine(12_000, 2, phase=math.pi / 4) * np.minimum(1, np.arange(96_000) / 4800)
    measured = measure(write(tmp_path / "a.wav", tone))
    assert np.abs(tone).max() == pytest.approx(math.sqrt(0.5), abs=1e-3)
    assert measured.true_peak_dbtp == pytest.approx(0.0, abs=0.3)


def test_peaks_follow_the_envelope(tmp_path: Path) -> None:
    envelope = np.linspace(0, 1, 96_000)
    pairs = peaks_to_floats(measure(write(tmp_path / "a.wav", sine(4000, 2) * envelope)).peaks)
    assert len(pairs) == PEAK_BUCKETS
    for index, (low, high) in enumerate(pairs):
        assert high == pytest.approx((index + 1) / PEAK_BUCKETS, abs=0.04)
        assert low == pytest.approx(-(index + 1) / PEAK_BUCKETS, abs=0.04)


def test_one_loud_sample_in_three_minutes_stays_visible(tmp_path: Path) -> None:
    samples = np.zeros(180 * 8000)
    samples[777_777] = -0.5
    pairs = peaks_to_floats(measure(write(tmp_path / "a.wav", samples, rate=8000)).peaks)
    assert [index for index, (low, _) in enumerate(pairs) if low < -0.49] == [540]


@pytest.mark.parametrize("frames", [1, 2, 999, 1000, 1001, 19_199, 65_536, 65_537])
def test_files_of_any_length_are_measured(tmp_path: Path, frames: int) -> None:
    measured = measure(write(tmp_path / "a.wav", np.full(frames, 0.5)))
    pairs = peaks_to_floats(measured.peaks)
    assert measured.duration_s == frames / 48_000
    assert len(pairs) == min(frames, PEAK_BUCKETS)
    assert all(pair == (0.504, 0.504) for pair in pairs)
    assert (measured.loudness_lufs is None) == (frames < 19_200)


def test_silence_has_no_loudness_and_no_peak(tmp_path: Path) -> None:
    measured = measure(write(tmp_path / "a.wav", np.zeros((96_000, 2)), kind="PCM_16"))
    assert measured.loudness_lufs is None
    assert measured.true_peak_dbtp is None
    assert set(peaks_to_floats(measured.peaks)) == {(0.0, 0.0)}


def test_samples_that_are_not_numbers_do_no_harm(tmp_path: Path) -> None:
    samples = sine(440, 1)
    samples[100] = np.nan
    samples[200] = np.inf
    measured = measure(write(tmp_path / "a.wav", samples))
    assert measured.loudness_lufs is not None
    assert math.isfinite(measured.loudness_lufs)
    assert measured.true_peak_dbtp is not None
    assert math.isfinite(measured.true_peak_dbtp)


def test_an_mp3_under_another_name_is_measured(tmp_path: Path) -> None:
    path = tmp_path / "output.mpeg"
    tone = sine(440, 3, rate=44_100) * 0.5 * np.hanning(3 * 44_100)
    soundfile.write(path, tone, 44_100, format="MP3")
    measured = measure(path)
    assert measured.duration_s == pytest.approx(3.0, abs=0.06)
    assert measured.true_peak_dbtp == pytest.approx(-6.02, abs=0.3)


def test_a_cut_mp3_is_measured_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "output.mpeg"
    soundfile.write(path, sine(440, 4, rate=44_100) * 0.5, 44_100, format="MP3")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert measure(path).duration_s == pytest.approx(2.0, abs=0.2)


@pytest.mark.parametrize("content", [b"", b"<html>no</html>", b"RIFF\0\0\0\0WAVE", bytes(5000)])
def test_what_is_not_audio_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "output.mpeg"
    path.write_bytes(content)
    with pytest.raises(UnreadableAudioError):
        measure(path)


def test_a_wav_without_samples_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableAudioError):
        measure(write(tmp_path / "a.wav", np.zeros(0)))


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        measure(tmp_path / "nothing.wav")
