"""Decodes audio files of any kind: with libsndfile, else with the bundled ffmpeg."""

import contextlib
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import imageio_ffmpeg
import numpy as np
import soundfile
from numpy.typing import NDArray

from lyria_core import Charge, LyriaError

Samples = NDArray[np.float32]

BLOCK_FRAMES = 65_536
_TIMEOUT_S = 300.0
# Only files of these kinds, and nothing that such a file may refer to: a playlist is no track.
_ONLY = [
    *("-protocol_whitelist", "file"),
    *("-format_whitelist", "mov,matroska,aac,mp3,flac,ogg,wav,w64,aiff,caf,asf"),
]
# Sun's AU has the simplest header of a format that holds floats: six big-endian words.
_AS_AU = ["-map", "0:a:0", "-f", "au", "-c:a", "pcm_f32be", "pipe:1"]
_AU_HEADER = struct.Struct(">4s5I")


class UnreadableAudioError(LyriaError):
    """The file could not be decoded as audio."""

    default_charge = Charge.NO
    default_advice = "Choose another file."


@dataclass(frozen=True)
class Sound:
    """An audio file that is being decoded.

    Attributes:
        rate_hz: sample rate in hertz.
        channels: number of channels.
        frames: what the header says, which need not be true; 0 where it is not known.
        read: returns the next block as it is in the file, shape (frames, channels), full scale
            1.0, with whatever is no number; an empty one at the end, also where the rest is
            missing.
    """

    rate_hz: int
    channels: int
    frames: int
    read: Callable[[], Samples]

    def blocks(self) -> Iterator[Samples]:
        """Yield the blocks as they are in the file."""
        while len(block := self.read()):
            yield block


@contextlib.contextmanager
def decoding(path: Path) -> Iterator[Sound]:
    """Decode an audio file, block by block; the bytes decide what kind it is.

    Raises:
        UnreadableAudioError: no decoder opens it.
        OSError: the file cannot be read at all.
    """
    with path.open("rb") as file:
        try:
            sound = soundfile.SoundFile(file)
        except soundfile.LibsndfileError:
            sound = None
        if sound is not None:
            with sound:
                yield _by_libsndfile(sound)
            return
    with _by_ffmpeg(path) as other:
        yield other


def clean(block: Samples) -> Samples:
    """Return a block whose every sample is a number: encoders stop the process at others."""
    if not np.isfinite(block).all():
        return np.nan_to_num(block, nan=0.0, posinf=1.0, neginf=-1.0)
    return block


def whole(path: Path) -> tuple[Samples, int]:
    """Return all samples of a file, every one a number, and the sample rate in hertz.

    Raises:
        UnreadableAudioError: no decoder opens it, or it holds no sample.
        OSError: the file cannot be read at all.
    """
    with decoding(path) as sound:
        blocks = [clean(block) for block in sound.blocks()]
        if not blocks:
            raise UnreadableAudioError("The file holds no sound.")
        return np.concatenate(blocks), sound.rate_hz


def as_16_bit(samples: Samples) -> NDArray[np.int16]:
    """Return samples as 16-bit numbers; what is too loud is clipped and never wraps."""
    full = 32_768.0
    rounded = np.rint(np.clip(clean(samples) * np.float32(full), -full, full - 1))
    return np.asarray(rounded, dtype=np.int16)


def _by_libsndfile(sound: soundfile.SoundFile) -> Sound:
    def read() -> Samples:
        # Not SoundFile.blocks(): it trusts the frame count in the header, which a cut file belies.
        try:
            block: Samples = sound.read(BLOCK_FRAMES, dtype="float32", always_2d=True)
        except soundfile.LibsndfileError:  # a FLAC that is cut short
            return np.zeros((0, sound.channels), dtype=np.float32)
        return block

    return Sound(sound.samplerate, sound.channels, sound.frames, read)


@contextlib.contextmanager
def _by_ffmpeg(path: Path) -> Iterator[Sound]:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", *_ONLY]
    with subprocess.Popen(  # noqa: S603  # every argument is ours
        [*command, "-i", str(path.absolute()), *_AS_AU],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        limit = threading.Timer(_TIMEOUT_S, process.kill)
        limit.start()
        try:
            assert process.stdout is not None  # noqa: S101  # it is a pipe
            yield _from_au(process.stdout)
        finally:
            limit.cancel()
            process.kill()


def _from_au(stream: IO[bytes]) -> Sound:
    header = stream.read(_AU_HEADER.size)
    if len(header) < _AU_HEADER.size:
        raise UnreadableAudioError("The file is not audio that can be decoded.")
    _, start, _, _, rate_hz, channels = _AU_HEADER.unpack(header)
    stream.read(start - _AU_HEADER.size)
    frame = 4 * channels

    def read() -> Samples:
        data = stream.read(BLOCK_FRAMES * frame)
        data = data[: len(data) // frame * frame]
        return np.frombuffer(data, dtype=">f4").astype(np.float32).reshape(-1, channels)

    return Sound(rate_hz, channels, 0, read)
