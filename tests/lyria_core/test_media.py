"""The first bytes tell what a file is."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_core._media import audio_extension


def mpeg(header: bytes, length: int, frames: int = 4) -> bytes:
    return (header + bytes(length - 4)) * frames


@pytest.mark.parametrize(
    ("head", "extension"),
    [
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "wav"),
        (b"RF64\xff\xff\xff\xffWAVEds64", "wav"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", None),
        (b"ID3\x04\x00", "mp3"),
        (mpeg(b"\xff\xfb\x90\x64", 417), "mp3"),  # MPEG-1, 128 kbit/s, 44.1 kHz
        (mpeg(b"\xff\xfb\xe4\x64", 960), "mp3"),  # MPEG-1, 320 kbit/s, 48 kHz
        (mpeg(b"\xff\xf3\x84\x64", 192), "mp3"),  # MPEG-2, 64 kbit/s, 24 kHz
        (bytes(1000) + mpeg(b"\xff\xfb\x90\x64", 417), "mp3"),
        (mpeg(b"\xff\xfb\x90\x64", 417, frames=2), None),
        (b"\xff\xf1\x50\x80" + bytes(100), "aac"),
        (b"\x00\x00\x00\x20ftypM4A ", "m4a"),
        (b"fLaC", "flac"),
        (b"OggS", "ogg"),
        (b"<html>", None),
        (b"\xef\xbb\xbf<html>", None),
        (b"", None),
        (b"\x1f\x8b\x08\x00", None),
        (b"PK\x03\x04", None),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\xff" * 500, None),
    ],
)
def test_file_types(head: bytes, extension: str | None) -> None:
    assert audio_extension(head) == extension


def test_noise_is_hardly_ever_taken_for_audio() -> None:
    rng = random.Random(1)
    taken = [audio_extension(b"\x00" + rng.randbytes(16_383)) for _ in range(200)]
    assert not any(taken)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_no_text_is_taken_for_audio(text: str) -> None:
    body = f"<p>{text}".encode()
    assert audio_extension(body) is None
