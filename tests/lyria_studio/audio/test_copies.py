import re
import subprocess
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
import soundfile

from lyria_studio.audio import CopyError, copy_as

pytestmark = pytest.mark.slow

TAGS = {"title": "Neon glow", "artist": "Lyria 2 (sandbox)", "comment": "line 1\nline 2; a=b \\ ü"}


def tags_of(path: Path) -> str:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-i", str(path), "-f", "ffmetadata", "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


@pytest.fixture
def original(tmp_path: Path) -> Path:
    rng = np.random.default_rng(1)
    samples = np.cumsum(rng.normal(size=(96_000, 2)), axis=0)
    samples *= 0.5 / np.abs(samples).max()
    path = tmp_path / "output.wav"
    soundfile.write(path, samples, 48_000, subtype="PCM_16")
    return path


def test_a_wav_copy_has_the_same_samples_and_the_tags(original: Path, tmp_path: Path) -> None:
    before = original.read_bytes()
    copy_as(original, tmp_path / "copy.wav", "wav", TAGS)
    was, _ = soundfile.read(original, dtype="int16")
    now, rate = soundfile.read(tmp_path / "copy.wav", dtype="int16")
    assert rate == 48_000
    assert np.array_equal(was, now)
    assert "title=Neon glow\n" in tags_of(tmp_path / "copy.wav")
    assert original.read_bytes() == before


def test_an_mp3_copy_sounds_the_same_and_has_the_tags(original: Path, tmp_path: Path) -> None:
    copy_as(original, tmp_path / "copy.mp3", "mp3", TAGS)
    was, _ = soundfile.read(original)
    now, rate = soundfile.read(tmp_path / "copy.mp3")
    assert rate == 48_000
    assert len(now) == pytest.approx(len(was), abs=2400)
    length = min(len(was), len(now))
    assert np.corrcoef(was[:length, 0], now[:length, 0])[0, 1] > 0.99
    found = tags_of(tmp_path / "copy.mp3")
    assert "artist=Lyria 2 (sandbox)" in found
    assert "comment=line 1\\\nline 2\\; a\\=b \\\\ ü" in found


def test_nothing_is_left_behind_by_a_copy(original: Path, tmp_path: Path) -> None:
    copy_as(original, tmp_path / "copy.mp3", "mp3", {})
    assert sorted(p.name for p in tmp_path.iterdir()) == ["copy.mp3", "output.wav"]


def test_a_nul_in_a_tag_is_left_out(original: Path, tmp_path: Path) -> None:
    copy_as(original, tmp_path / "copy.mp3", "mp3", {"title": "a\0b"})
    assert "title=ab\n" in tags_of(tmp_path / "copy.mp3")


def test_what_cannot_be_decoded_gives_no_copy(tmp_path: Path) -> None:
    path = tmp_path / "output.mpeg"
    path.write_bytes(b"<html>")
    with pytest.raises(CopyError, match="decoded"):
        copy_as(path, tmp_path / "copy.wav", "wav", {})
    assert [p.name for p in tmp_path.iterdir()] == ["output.mpeg"]


def test_an_encoder_error_does_not_reveal_the_prompt(original: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.mp3"
    # Nine channels have no standard layout, so that nothing says how to mix them down to two.
    soundfile.write(original, np.zeros((4800, 9)), 48_000, format="WAV", subtype="PCM_16")
    with pytest.raises(CopyError) as caught:
        copy_as(original, target, "mp3", {"comment": "the secret prompt"})
    assert "secret" not in repr(caught.value)
    assert not target.exists()


def test_a_track_that_has_the_format_already_is_not_encoded_again(tmp_path: Path) -> None:
    time = np.arange(96_000) / 48_000
    path = tmp_path / "output.mpeg"
    soundfile.write(path, np.sin(2 * np.pi * 440 * time) * 0.4, 48_000, format="MP3")
    copy_as(path, tmp_path / "copy.mp3", "mp3", TAGS)
    was, _ = soundfile.read(path, dtype="int16")
    now, _ = soundfile.read(tmp_path / "copy.mp3", dtype="int16")
    # The samples are those of the original; an encoder would have changed every one of them.
    common = min(len(was), len(now)) - 2304
    assert any(
        np.array_equal(was[start : start + common], now[:common])
        or np.array_equal(was[:common], now[start : start + common])
        for start in range(2305)
    )
    assert "title=Neon glow\n" in tags_of(tmp_path / "copy.mp3")


def test_a_tag_that_is_cut_says_so(original: Path, tmp_path: Path) -> None:
    copy_as(original, tmp_path / "copy.wav", "wav", {"comment": "x" * 5_000})
    [comment] = re.findall("comment=(x+…?)\n", tags_of(tmp_path / "copy.wav"))
    assert len(comment) == 4_000
    assert comment.endswith("x…")
