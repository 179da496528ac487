"""Files: WAV with an INFO chunk, MP3 with an ID3 tag."""

import io
import struct
import warnings
from collections.abc import Mapping

import imageio_ffmpeg
import numpy as np
import numpy.typing as npt

from lyria_sandbox.composer.sound.samples import SAMPLE_RATE, Samples

with warnings.catch_warnings():
    # pydub looks for ffmpeg on the path and warns; ours comes with imageio-ffmpeg.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

MP3_BITRATE = "192k"
MP3_GAIN_DB = -0.26
"""What LAME does to the level at 192 kbit/s: its preset scales the input by 0.97."""

_LAME_QUALITY = 7
"""At 192 kbit/s as good as LAME's default of 5 in the measurements of a scorecard, and twice as
fast (0.17 s in place of 0.37 s for 30 s of music)."""
_INFO_IDS: Mapping[str, bytes] = {
    "title": b"INAM",
    "artist": b"IART",
    "comment": b"ICMT",
    "encoded_by": b"ISFT",
    "genre": b"IGNR",
}


def wav(sound: Samples, tags: Mapping[str, str]) -> bytes:
    """Write a 16-bit stereo WAV file at 48 kHz with its tags in a LIST INFO chunk."""
    data = _pcm(sound).tobytes()
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

    ffmpeg's encoder takes 0.2 s for 30 s of music; libsndfile's takes 1.0 s and writes no ID3v2.
    """
    AudioSegment.converter = imageio_ffmpeg.get_ffmpeg_exe()
    segment = AudioSegment(
        _pcm(sound).tobytes(), frame_rate=SAMPLE_RATE, sample_width=2, channels=2
    )
    out = io.BytesIO()
    with segment.export(
        out,
        format="mp3",
        bitrate=MP3_BITRATE,
        tags=dict(tags),
        id3v2_version="3",
        parameters=["-compression_level", str(_LAME_QUALITY), "-threads", "1"],
    ):
        return out.getvalue()


def _pcm(sound: Samples) -> npt.NDArray[np.int16]:
    pcm: npt.NDArray[np.int16] = np.empty(sound.shape, "<i2")
    block = 1 << 18
    for start in range(0, len(sound), block):
        part = np.clip(sound[start : start + block], -1, 1) * np.float32(32767)
        pcm[start : start + block] = np.round(part)
    return pcm
