from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyloudnorm
import pytest
import soundfile
import soxr

from lyria_studio.audio import blind
from lyria_studio.audio.blind import BlindError, BlindSource, Interrupted, make_blind_copies
from lyria_studio.audio.blind_files import BlindCopies, load_blind_copies

pytestmark = pytest.mark.slow

RATE = 48_000
MUSIC = Path(blind.__file__).parents[1] / "web" / "listen_page" / "static"
Samples = npt.NDArray[np.float64]


def noise(seconds: float, seed: int = 1, level: float = 0.1) -> Samples:
    """Stereo noise without sharp edges in its spectrum, so that an MP3 resembles it."""
    rng = np.random.default_rng(seed)
    white = rng.normal(size=(int(seconds * RATE), 2))
    smooth = np.apply_along_axis(np.convolve, 0, white, np.hanning(8) / 4, "same")
    return smooth * level


def clicks(seconds: float) -> Samples:
    """Quiet, with peaks far above: it can be turned up very little."""
    found = noise(seconds, seed=2, level=0.02)
    found[:: RATE // 2] = 0.95
    return found


@pytest.fixture
def source(tmp_path: Path) -> Callable[..., BlindSource]:
    def write(
        name: str, samples: Samples, kind: str = "WAV", rate: int = RATE, offset_s: float = 0.0
    ) -> BlindSource:
        path = tmp_path / f"{name}.audio"
        if rate != RATE:
            samples = soxr.resample(samples, RATE, rate)
        soundfile.write(path, samples, rate, format=kind)
        return BlindSource(name, f"take {name[1:]} of {name[0]}", path, offset_s)

    return write


def decoded(folder: Path, copies: BlindCopies, name: str) -> Samples:
    samples, rate = soundfile.read(folder / copies.copies[name].file, always_2d=True)
    assert rate == RATE
    return np.asarray(samples)


def lag(one: Samples, other: Samples) -> int:
    """By how many samples `other` comes after `one`."""
    size = 2 * max(len(one), len(other))
    spectrum = np.fft.rfft(other[:, 0], size) * np.conj(np.fft.rfft(one[:, 0], size))
    found = int(np.argmax(np.fft.irfft(spectrum, size)))
    return found if found < size // 2 else found - size


def test_only_the_sound_tells_them_apart(tmp_path: Path, source: Any) -> None:
    sources = [
        source("A1", noise(6.0, level=0.2), "MP3", 44_100),
        source("A2", noise(5.0, seed=3, level=0.01)),
        source("B1", clicks(5.7), "FLAC", 22_050),
        source("B2", noise(9.0, seed=4)[:, :1], "OGG"),
    ]
    copies = make_blind_copies(sources, tmp_path / "blind")
    files = {name: tmp_path / "blind" / copy.file for name, copy in copies.copies.items()}
    assert {path.stat().st_size for path in files.values()} == {copies.size_bytes}
    assert {(i.format, i.samplerate, i.channels) for i in map(soundfile.info, files.values())} == {
        ("MP3", RATE, 2)
    }
    sounds = {name: decoded(tmp_path / "blind", copies, name) for name in files}
    assert len({len(samples) for samples in sounds.values()}) == 1
    assert copies.duration_s == pytest.approx(5.0, abs=0.001)
    loudness = [pyloudnorm.Meter(RATE).integrated_loudness(one) for one in sounds.values()]
    assert max(loudness) - min(loudness) < 0.1
    peaks = [20 * np.log10(np.abs(soxr.resample(s, RATE, 4 * RATE)).max()) for s in sounds.values()]
    assert max(peaks) <= -1.0
    assert max(peaks) > -3.0, "the loudest level that all reach"
    for name, path in files.items():
        content = path.read_bytes()
        assert content[:2] == b"\xff\xfb", "it begins with a frame of sound"
        assert not any(word in content for word in (b"ID3", b"Xing", b"Info", b"TAG"))
        assert name not in path.stem
        assert len(path.stem) == 32
        assert len(copies.copies[name].peaks) == 2000


def test_copies_are_in_step_for_all_originals(tmp_path: Path, source: Any) -> None:
    played = noise(8.0)
    before = np.zeros((RATE * 3 // 4, 2))
    sources = [
        source("A1", played),
        source("B1", np.vstack([before, played]), "FLAC", offset_s=0.75),
        source("C1", played, "WAV", 44_100),
    ]
    copies = make_blind_copies(sources, tmp_path / "blind")
    first, *others = (decoded(tmp_path / "blind", copies, one.name) for one in sources)
    assert [lag(first, other) for other in others] == [0, 0]
    # As every encoder does, this one puts some silence before; it does so for all alike.
    assert lag(played, first) == 1105


def test_the_encoder_changes_level_and_peak_of_music_as_expected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is expected of it holds within 0.1 dB, so a second encoding is a small correction."""
    sources = [BlindSource(name, name, MUSIC / f"practice-{name}.mp3") for name in ("one", "two")]
    gains: dict[str, list[float]] = {"one": [], "two": []}
    encode = blind._Maker._encode

    def noted(
        maker: blind._Maker, source: BlindSource, frames: int, gain_db: float, *more: Any
    ) -> Path:
        gains[source.name].append(gain_db)
        return encode(maker, source, frames, gain_db, *more)

    monkeypatch.setattr(blind._Maker, "_encode", noted)
    copies = make_blind_copies(sources, tmp_path / "blind")
    assert all(max(tried) - min(tried) < 0.1 for tried in gains.values()), gains
    peaks = [copy.true_peak_dbtp for copy in copies.copies.values()]
    assert -2.0 < max(peaks) <= -1.0, "turned up as far as it goes"


def test_what_begins_later_makes_all_begin_later(tmp_path: Path, source: Any) -> None:
    played = noise(8.0)
    sources = [source("A1", played), source("B1", played[RATE:], offset_s=-1.0)]
    copies = make_blind_copies(sources, tmp_path / "blind")
    first, second = (decoded(tmp_path / "blind", copies, one.name) for one in sources)
    assert lag(first, second) == 0
    assert copies.duration_s == pytest.approx(7.0, abs=0.001)


@pytest.mark.parametrize("seconds", [3.001, 3.5, 3.9999])
def test_their_size_depends_on_their_length_alone(
    tmp_path: Path, source: Any, seconds: float
) -> None:
    sources = [source("A1", noise(seconds, level=0.3)), source("B1", clicks(seconds))]
    copies = make_blind_copies(sources, tmp_path / "blind")
    assert copies.size_bytes % 336 == 0, "frames of 24 ms at 112 kbit/s"


def test_what_was_made_is_found_again(tmp_path: Path, source: Any) -> None:
    sources = [source("A1", noise(4.0)), source("B1", noise(4.0, seed=2))]
    made = make_blind_copies(sources, tmp_path / "blind")
    assert load_blind_copies(tmp_path / "blind") == made
    assert sorted(path.suffix for path in (tmp_path / "blind").iterdir()) == [
        ".json",
        ".mp3",
        ".mp3",
    ]


@pytest.mark.parametrize("text", ["{}", '{"copies": {"A1": {}}}', "nothing"])
def test_a_damaged_list_of_copies_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(ValueError):
        load_blind_copies(tmp_path)


def test_unmatched_levels_are_reported_in_a_sentence(tmp_path: Path, source: Any) -> None:
    good = source("A1", noise(5.0))
    broken = source("B1", noise(5.0))
    broken.path.write_bytes(b"<html>")
    gone = BlindSource("B2", "take 2 of B", tmp_path / "gone")
    quiet = source("B3", np.zeros((RATE * 5, 2)))
    short = source("B4", noise(1.0))
    late = source("B5", noise(5.0), offset_s=4.0)
    for other, words in (
        (broken, "take 1 of B cannot be read"),
        (gone, "take 2 of B cannot be read"),
        (quiet, "take 3 of B .* silent"),
        (short, "less than 3 s in common"),
        (late, "less than 3 s in common"),
    ):
        with pytest.raises(BlindError, match=words):
            make_blind_copies([good, other], tmp_path / "blind")
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


def test_it_can_be_interrupted_and_leaves_nothing_behind(tmp_path: Path, source: Any) -> None:
    asked = iter([False] * 3 + [True] * 9)
    sources = [source("A1", noise(4.0)), source("B1", noise(4.0, seed=2))]
    with pytest.raises(Interrupted):
        make_blind_copies(sources, tmp_path / "blind", interrupted=lambda: next(asked))
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


def test_an_excerpt_is_the_same_seconds_of_each(tmp_path: Path, source: Any) -> None:
    played = noise(9.0)
    before = np.zeros((RATE, 2))
    sources = [source("A1", played), source("B1", np.vstack([before, played]), offset_s=1.0)]
    part = make_blind_copies(sources, tmp_path / "part", excerpt=(2.0, 4.0))
    assert part.duration_s == pytest.approx(4.0, abs=0.05)
    first, second = (decoded(tmp_path / "part", part, one.name) for one in sources)
    assert lag(first, second) == 0
    assert 0 <= lag(played[2 * RATE : 6 * RATE], first) < RATE * 0.03
    with pytest.raises(BlindError, match="in common"):
        make_blind_copies(sources, tmp_path / "late", excerpt=(7.0, 4.0))


def test_a_side_that_is_mostly_silent_is_refused(tmp_path: Path, source: Any) -> None:
    quiet = noise(10.0)
    quiet[: 6 * RATE] = 0
    with pytest.raises(
        BlindError, match="take 1 of B that would be heard is silent for most of the time"
    ):
        make_blind_copies([source("A1", noise(10.0)), source("B1", quiet)], tmp_path / "blind")
