"""What kind of file the bytes are."""

from __future__ import annotations

import re

HEAD_BYTES = 16 * 1024
"""How much of the beginning is enough to tell."""

# Bit rates in kbit/s by MPEG version (1, else 2 and 2.5) for layer III, ISO/IEC 11172-3, 2.4.2.3.
_BITRATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_BITRATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLE_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


# Layer II, ISO/IEC 11172-3 and 13818-3, 2.4.2.3.
_BITRATES_1_II = (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384)

_MAGIC = (
    (re.compile(rb"RIFF.{4}WAVE|RF64.{4}WAVE", re.DOTALL), "wav"),
    (re.compile(rb"fLaC"), "flac"),
    (re.compile(rb"OggS"), "ogg"),
    (re.compile(rb"FORM.{4}AIF[FC]", re.DOTALL), "aiff"),
    (re.compile(rb"riff\x2e\x91\xcf\x11"), "w64"),
    (re.compile(rb"caff\0"), "caf"),
    (re.compile(rb".{4}ftyp(?!avi[fs]|hei[cxms]|hev[cx]|mif1|msf1)", re.DOTALL), "m4a"),
    (re.compile(rb"\x1a\x45\xdf\xa3.{0,64}?webm", re.DOTALL), "webm"),
)
# PNG, JPEG, GIF, WebP and AVI, BMP, HEIF and AVIF, Matroska.
_PICTURE = re.compile(
    rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF.{4}(?:WEBP|AVI )|BM.{4}\0\0\0\0|.{4}ftyp|\x1a\x45\xdf\xa3",
    re.DOTALL,
)
# The handler of a track of pictures in MP4, a codec for them in WebM.
_PICTURES = re.compile(rb"hdlr.{8}vide|V_(?:VP[89]|AV1|MPEG)", re.DOTALL)


def audio_extension(head: bytes) -> str | None:
    """Tell the extension that fits the first bytes of a file.

    The gateway's own words do not decide: ``output.mpeg`` is an MP3, and
    ``application/octet-stream`` occurs.

    Args:
        head: The first ``HEAD_BYTES`` bytes, or all if there are fewer.

    Returns:
        ``mp3``, ``wav``, ``flac``, ``ogg``, ``m4a``, ``aac``, ``aiff``, ``mp2``, ``w64``, ``caf``
        or ``webm``; ``None`` if it is no audio file.
    """
    for magic, extension in _MAGIC:
        if magic.match(head):
            return None if extension in ("m4a", "webm") and _PICTURES.search(head) else extension
    if head.startswith(b"ID3"):
        return "mp3"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "aac"
    return _mpeg_kind(head)


def is_image_or_video(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of an image or a video."""
    return _PICTURE.match(head) is not None or _PICTURES.search(head) is not None


def _mpeg_kind(head: bytes) -> str | None:
    """Find three frames of a layer in a row, at the start or after padding."""
    start = head.find(b"\xff")
    while start >= 0:
        at = start
        for _ in range(3):
            length = _frame_length(head[at : at + 4])
            if length is None:
                break
            at += length
        else:
            return "mp2" if head[start + 1] & 0x06 == 0x04 else "mp3"
        start = head.find(b"\xff", start + 1)
    return None


def _frame_length(header: bytes) -> int | None:
    """Return the length in bytes of the layer II or III frame with this header, if it is one."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    rates = _SAMPLE_RATES.get(version)
    bitrate_index, rate_index, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if layer not in (1, 2) or rates is None or rate_index == 3 or bitrate_index in (0, 15):
        return None
    first = _BITRATES_1 if layer == 1 else _BITRATES_1_II
    bitrate = (first if version == 3 else _BITRATES_2)[bitrate_index]
    factor = 144 if version == 3 or layer == 2 else 72
    return factor * bitrate * 1000 // rates[rate_index] + padding
