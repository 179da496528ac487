"""The same sound in other bytes."""

import io
import subprocess
from collections import Counter

import imageio_ffmpeg
import numpy as np
import pytest
import soundfile

from lyria_studio.audio.blind import BlindSource, make_blind_copies
from lyria_studio.audio.remux import remuxed, remuxed_size

pytestmark = pytest.mark.slow

RATE = 48_000


def _beat(seconds: float) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """Silence, quiet and loud in turn: frames with much sound and with little."""
    rng = np.random.default_rng(7)
    time = np.arange(int(seconds * RATE)) / RATE
    loud = rng.normal(size=(len(time), 2)) * 0.2
    return np.asarray(loud * (np.sin(time * 3) > 0.2)[:, None] + 1e-4 * loud)


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("copies")
    rng = np.random.default_rng(3)
    tones = np.sin(np.arange(RATE * 8)[:, None] * np.array([0.05, 0.051])) * 0.3
    sounds = {"A1": rng.normal(size=(RATE * 8, 2)) * 0.1, "B1": tones, "C1": _beat(8)}
    for name, samples in sounds.items():
        soundfile.write(folder / f"{name}.wav", samples, RATE)
    sources = [BlindSource(name, name, folder / f"{name}.wav") for name in sounds]
    made = make_blind_copies(sources, folder / "blind")
    return {name: (folder / "blind" / one.file).read_bytes() for name, one in made.copies.items()}


def bytes_of(mp3: bytes, seed: str) -> bytes:
    return b"".join(remuxed(mp3, seed.encode()))


def by_ffmpeg(mp3: bytes) -> bytes:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "warning", "-i", "-", "-f", "s16le", "-"]
    found = subprocess.run(command, input=mp3, capture_output=True, check=True)
    assert found.stderr == b""
    return found.stdout


@pytest.mark.parametrize("name", ["A1", "B1", "C1"])
def test_decoders_find_the_same_samples(copies: dict[str, bytes], name: str) -> None:
    original = copies[name]
    samples, _ = soundfile.read(io.BytesIO(original))
    pcm = by_ffmpeg(original)
    for number in range(8):
        other = bytes_of(original, f"listener {number}")
        found, rate = soundfile.read(io.BytesIO(other))
        assert rate == RATE
        np.testing.assert_array_equal(found, samples)
        assert by_ffmpeg(other) == pcm


def test_all_are_equally_long(copies: dict[str, bytes]) -> None:
    sizes = {
        len(bytes_of(mp3, f"{name} {number}"))
        for name, mp3 in copies.items()
        for number in range(5)
    }
    assert sizes == {remuxed_size(len(copies["A1"]), copies["A1"][:4])}


def test_same_seed_gives_the_same_bytes(copies: dict[str, bytes]) -> None:
    assert bytes_of(copies["A1"], "x") == bytes_of(copies["A1"], "x")
    assert bytes_of(copies["A1"], "x") != bytes_of(copies["A1"], "y")


def test_pieces_of_one_sound_do_not_tell_it_from_another(copies: dict[str, bytes]) -> None:
    """Checksums of pieces, wherever they are cut, meet hardly ever."""
    for size in (64, 576):
        seen: Counter[bytes] = Counter()
        for number in range(6):
            other = bytes_of(copies["A1"], f"listener {number}")
            seen.update({other[at : at + size] for at in range(0, len(other) - size, size)})
        assert sum(count > 1 for count in seen.values()) < 0.01 * len(seen)


def _lengths(mp3: bytes) -> list[tuple[int, ...]]:
    """What the side information of each frame says of its four parts (part2_3_length)."""
    frames = [at + odd for at in range(0, len(mp3), 336 + 384) for odd in (0, 336)]
    assert all(mp3[at : at + 2] == b"\xff\xfb" for at in frames if at < len(mp3))
    sides = [int.from_bytes(mp3[at + 4 : at + 36], "big") for at in frames if at < len(mp3)]
    return [tuple(side >> (244 - at) & 0xFFF for at in (20, 79, 138, 197)) for side in sides]


@pytest.mark.parametrize("name", ["A1", "B1", "C1"])
def test_lengths_of_parts_do_not_tell_a_sound_from_another(
    copies: dict[str, bytes], name: str
) -> None:
    one, other = (_lengths(bytes_of(copies[name], seed)) for seed in ("Ada", "Grace"))
    sounding = [pair for pair in zip(one, other, strict=True) if sum(pair[0])]
    assert sounding
    assert sum(first == second for first, second in sounding) < 0.05 * len(sounding)


@pytest.mark.parametrize("cut", [slice(0, -1), slice(0, 0), slice(336 * 40, None), slice(1, None)])
def test_what_is_no_blind_copy_is_refused(copies: dict[str, bytes], cut: slice) -> None:
    with pytest.raises(ValueError, match="not a blind copy"):
        bytes_of(copies["C1"][cut], "x")
