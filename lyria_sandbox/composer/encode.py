"""Files: WAV with an INFO chunk, MP3 with an ID3 tag."""

import struct
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import numpy.typing as npt

from lyria_sandbox.composer.sound.samples import SAMPLE_RATE, Samples

MP3_BITRATE = "192k"
MP3_GAIN_DB = -0.26
"""What LAME does to the level at 192 kbit/s: its preset scales the input by 0.97."""

_LAME_QUALITY = 7
"""At 192 kbit/s as good as LAME's default of 5 in the measurements of a scorecard, and twice as
fast (0.17 s in place of 0.37 s for 30 s of music)."""
_BLOCK = 1 << 18
_INFO_IDS: Mapping[str, bytes] = {
    "title": b"INAM",
    "artist": b"IART",
    "comment": b"ICMT",
    "encoded_by": b"ISFT",
    "genre": b"IGNR",
}


def wav(sound: Samples, tags: Mapping[str, str]) -> bytes:
    """Write a 16-bit stereo WAV file at 48 kHz with its tags in a LIST INFO chunk."""
    data = b"".join(
        _pcm(sound[start : start + _BLOCK]).tobytes() for start in range(0, len(sound), _BLOCK)
    )
    channels, width = 2, 2
    header = struct.pack(
        "<4sIHHIIHH",
        b"fmt ",
        16,
        1,
        channels,
        SAMPLE_RATE,
        SAMPLE_RATE * channels * width,
        channels * width,
        8 * width,
    )
    info = b"INFO" + b"".join(
        _chunk(_INFO_IDS[name], value.encode() + b"\x00")
        for name, value in tags.items()
        if name in _INFO_IDS
    )
    body = b"WAVE" + header + _chunk(b"LIST", info) + _chunk(b"data", data)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _chunk(name: bytes, content: bytes) -> bytes:
    padding = b"\x00" if len(content) % 2 else b""
    return name + struct.pack("<I", len(content)) + content + padding


def mp3(sound: Samples, tags: Mapping[str, str]) -> bytes:
    """Write a stereo MP3 file at 48 kHz with its tags in an ID3v2.3 tag.

    ffmpeg's encoder takes 0.25 s for 30 s of music; libsndfile's takes 1.0 s and writes no ID3v2.

    Raises:
        OSError: The encoder could not write the file.
    """
    with tempfile.TemporaryDirectory() as folder:
        # A file and not a pipe: the encoder comes back to write the length into the first frame.
        path = Path(folder) / "output.mp3"
        command = [
            *(imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin"),
            *("-f", "s16le", "-ar", str(SAMPLE_RATE), "-ac", "2", "-i", "pipe:0"),
            *(part for tag in tags.items() for part in ("-metadata", "=".join(tag))),
            *("-b:a", MP3_BITRATE, "-compression_level", str(_LAME_QUALITY), "-threads", "1"),
            *("-id3v2_version", "3", str(path)),
        ]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:  # noqa: S603 - our own
            assert encoder.stdin  # noqa: S101 - Popen opened it
            for start in range(0, len(sound), _BLOCK):
                encoder.stdin.write(_pcm(sound[start : start + _BLOCK]).tobytes())
        if encoder.returncode:
            raise OSError(f"the encoder ended with {encoder.returncode}")
        return path.read_bytes()


def _pcm(sound: Samples) -> npt.NDArray[np.int16]:
    pcm: npt.NDArray[np.int16] = np.round(np.clip(sound, -1, 1) * np.float32(32767)).astype("<i2")
    return pcm
