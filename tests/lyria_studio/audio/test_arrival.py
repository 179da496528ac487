"""What arrived: every kind of file is read, and one that cannot be heard is told from a track."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
import soundfile

from lyria_core._partfile import PartFile
from lyria_studio.audio import (
    Problem,
    copy_as,
    examine,
    extension_for,
    measure,
    media_type_for,
)
from lyria_studio.audio.decode import as_16_bit, whole

pytestmark = pytest.mark.slow

RATE = 48_000
SECONDS = 3.0
TONE = np.stack([np.sin(2 * np.pi * 440 * np.arange(int(RATE * SECONDS)) / RATE) * 0.4] * 2, 1)

KINDS = {
    "wav": [],
    "aiff": [],
    "w64": [],
    "caf": [],
    "flac": [],
    "mp3": ["-c:a", "libmp3lame"],
    "mp2": ["-c:a", "mp2", "-f", "mp2"],
    "ogg": ["-c:a", "libvorbis"],
    "m4a": ["-c:a", "aac"],
    "aac": ["-c:a", "aac", "-f", "adts"],
    "webm": ["-c:a", "libopus"],
}


def ffmpeg(*arguments: str) -> None:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-nostdin", *arguments]
    subprocess.run(command, check=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("kinds")
    soundfile.write(made / "tone.wav", TONE, RATE)
    for kind, arguments in KINDS.items():
        ffmpeg("-i", str(made / "tone.wav"), *arguments, str(made / f"a.{kind}"))
    return made


def arrived(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_kept_with_its_extension_length_and_waveform(
    folder: Path, tmp_path: Path, kind: str
) -> None:
    data = (folder / f"a.{kind}").read_bytes()
    arrived(tmp_path / "x.part", data)
    assert PartFile(tmp_path, "x").extension() == kind
    arrival = examine(arrived(tmp_path / "output.mpeg", data))
    assert arrival.problem is None
    assert arrival.measured is not None
    assert arrival.measured.duration_s == pytest.approx(SECONDS, abs=0.08)
    assert len(arrival.measured.peaks) == 2000
    # Loudness and true peak are measured once the track can be played.
    assert (arrival.measured.loudness_lufs, arrival.measured.true_peak_dbtp) == (None, None)
    whole = measure(tmp_path / "output.mpeg")
    assert whole.loudness_lufs == pytest.approx(-8, abs=1.5)
    assert replace(whole, loudness_lufs=None, true_peak_dbtp=None) == arrival.measured
    assert extension_for(media_type_for(kind)) == kind


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("copy", ["mp3", "wav"])
def test_every_kind_has_copies_that_sound_the_same(
    folder: Path, tmp_path: Path, kind: str, copy: str
) -> None:
    target = tmp_path / f"copy.{copy}"
    copy_as(folder / f"a.{kind}", target, "mp3" if copy == "mp3" else "wav", {"title": "a"})
    samples, rate = whole(target)
    assert (rate, soundfile.info(str(target)).format) == (RATE, copy.upper())
    assert np.abs(samples).max() == pytest.approx(0.4, abs=0.06)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("aac", "mp2")])
@pytest.mark.parametrize("share", [0.97, 0.5])
def test_a_file_shorter_than_its_header_says_is_cut_short(
    folder: Path, tmp_path: Path, kind: str, share: float
) -> None:
    data = (folder / f"a.{kind}").read_bytes()
    arrival = examine(arrived(tmp_path / "output", data[: int(len(data) * share)]))
    assert arrival.problem is Problem.CUT_SHORT


@pytest.mark.parametrize("size", [0, 0x7FFFF000, 0xFFFFFFFF])
def test_a_length_that_was_never_written_is_no_promise(
    folder: Path, tmp_path: Path, size: int
) -> None:
    data = bytearray((folder / "a.wav").read_bytes())
    at = data.index(b"data") + 4
    data[at : at + 4] = size.to_bytes(4, "little")
    arrival = examine(arrived(tmp_path / "output", bytes(data)))
    assert arrival.problem in (None, Problem.EMPTY if size == 0 else None)


def test_an_mp3_after_zeros_or_a_long_tag_is_whole(folder: Path, tmp_path: Path) -> None:
    data = (folder / "a.mp3").read_bytes()
    for padding in (4096, 40_000):
        arrived(tmp_path / "x.part", bytes(padding) + data)
        assert PartFile(tmp_path, "x").extension() == "mp3"
        assert examine(tmp_path / "x.part").problem is None
    cut = arrived(tmp_path / "cut", bytes(4096) + data[: len(data) // 2])
    assert examine(cut).problem is Problem.CUT_SHORT


@pytest.mark.parametrize("rate", [44_100, 22_050])
def test_an_mp3_that_promises_frames_but_no_bytes(folder: Path, tmp_path: Path, rate: int) -> None:
    made = tmp_path / "a.mp3"
    ffmpeg("-i", str(folder / "tone.wav"), "-ar", str(rate), "-c:a", "libmp3lame", str(made))
    data = bytearray(made.read_bytes())
    at = max(data.find(b"Xing"), data.find(b"Info")) + 4
    assert data[at + 3] & 3 == 3
    data[at + 3] &= ~2  # the frames stay, what follows them is read as something else
    del data[at + 8 : at + 12]
    data[at + 12 : at + 12] = bytes(4)
    assert examine(arrived(made, bytes(data))).problem is None
    assert examine(arrived(made, bytes(data[: len(data) // 2]))).problem is Problem.CUT_SHORT


def float_wav(path: Path, samples: np.ndarray) -> Path:
    soundfile.write(path, samples, RATE, format="WAV", subtype="FLOAT")
    return path


@pytest.mark.parametrize(
    ("samples", "problem"),
    [
        pytest.param(np.zeros((0, 2)), Problem.EMPTY, id="no frames"),
        pytest.param(np.zeros((RATE, 2)), Problem.SILENT, id="zeros"),
        pytest.param(np.full((RATE, 2), 0.5), Problem.SILENT, id="direct current"),
        pytest.param(TONE * 10 ** (-70.5 / 20) / 0.4, Problem.SILENT, id="below -70 dBFS"),
        pytest.param(TONE * 10 ** (-69.5 / 20) / 0.4, None, id="above -70 dBFS"),
        pytest.param(np.full((RATE, 2), np.nan), Problem.NOT_NUMBERS, id="NaN"),
        pytest.param(np.full((RATE, 1), 1e-40), Problem.SILENT, id="denormals"),
        pytest.param(np.where(np.arange(RATE) == 7, np.nan, TONE[:RATE, 0]), None, id="one NaN"),
        pytest.param(TONE * 20, None, id="hot"),
    ],
)
def test_what_cannot_be_heard(tmp_path: Path, samples: np.ndarray, problem: Problem | None) -> None:
    assert examine(float_wav(tmp_path / "a.wav", samples)).problem is problem


def test_dither_is_silence(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(-1, 2, (RATE, 2)).astype(np.int16)
    soundfile.write(tmp_path / "a.wav", noise, RATE, subtype="PCM_16")
    assert examine(tmp_path / "a.wav").problem is Problem.SILENT


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", Problem.UNREADABLE),
        (b"<html>not found</html>", Problem.UNREADABLE),
        (bytes(5000), Problem.UNREADABLE),
        (b"ID3\x04\0\0\0\0\x07\x76" + bytes(1014), Problem.UNREADABLE),
        (b"#EXTM3U\n#EXTINF:9,\n/etc/hostname\n", Problem.UNREADABLE),
    ],
    ids=["empty", "HTML", "zeros", "tags only", "playlist"],
)
def test_what_is_no_audio(tmp_path: Path, data: bytes, problem: Problem) -> None:
    assert examine(arrived(tmp_path / "a.mp3", data)).problem is problem


def test_a_44_byte_wav_holds_no_sound(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros((0, 1)), RATE, subtype="PCM_16")
    assert (tmp_path / "a.wav").stat().st_size == 44
    assert examine(tmp_path / "a.wav").problem is Problem.EMPTY


def test_an_mp3_copy_of_a_float_wav_is_not_silent_and_hot_samples_do_not_wrap(
    tmp_path: Path,
) -> None:
    hot = float_wav(tmp_path / "hot.wav", TONE * 4)
    copy_as(hot, tmp_path / "copy.mp3", "mp3", {})
    samples, _ = whole(tmp_path / "copy.mp3")
    middle = samples[RATE // 2 : RATE]
    clipped = np.clip(TONE * 4, -1, 1)[RATE // 2 : RATE]
    assert np.abs(middle).max() > 0.9
    assert max(np.corrcoef(middle[:, 0], np.roll(clipped[:, 0], k))[0, 1] for k in range(120)) > 0.9


def test_numbers_of_16_bits_are_clipped_and_exact() -> None:
    samples = np.array([[2.0], [-2.0], [np.nan], [np.inf], [-np.inf], [1e-40], [1 / 32768]])
    expected = [32767, -32768, 0, 32767, -32768, 0, 1]
    assert as_16_bit(samples.astype(np.float32))[:, 0].tolist() == expected


@pytest.mark.parametrize("kind", ["mp4", "webm"])
def test_a_video_is_no_audio(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"v.{kind}"
    codec = ["-c:v", "libx264", "-movflags", "+faststart"] if kind == "mp4" else ["-c:v", "libvpx"]
    ffmpeg("-f", "lavfi", "-i", "testsrc=size=64x64:duration=0.2", *codec, str(path))
    arrived(tmp_path / "x.part", path.read_bytes())
    assert PartFile(tmp_path, "x").extension() is None
