"""What kind of file the bytes are."""

from __future__ import annotations

HEAD_BYTES = 16 * 1024
"""How much of the beginning is enough to tell."""

# Bit rates in kbit/s by MPEG version (1, else 2 and 2.5) for layer III, ISO/IEC 11172-3, 2.4.2.3.
_BITRATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_BITRATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLE_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def audio_extension(head: bytes) -> str | None:
    """Tell the extension that fits the first bytes of a file.

    The gateway's own words do not decide: ``output.mpeg`` is an MP3, and
    ``application/octet-stream`` occurs.

    Args:
        head: The first ``HEAD_BYTES`` bytes, or all if there are fewer.

    Returns:
        ``mp3``, ``wav``, ``flac``, ``ogg``, ``m4a`` or ``aac``; ``None`` if it is no audio file.
    """
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return "wav"
    if head.startswith(b"fLaC"):
        return "flac"
    if head.startswith(b"OggS"):
        return "ogg"
    if head[4:8] == b"ftyp":
        return "m4a"
    if head.startswith(b"ID3"):
        return "mp3"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "aac"
    return "mp3" if _has_mpeg_frames(head) else None


def _has_mpeg_frames(head: bytes) -> bool:
    """Find three layer III frames in a row, at the start or after padding."""
    start = head.find(b"\xff")
    while start >= 0:
        at = start
        for _ in range(3):
            length = _frame_length(head[at : at + 4])
            if length is None:
                break
            at += length
        else:
            return True
        start = head.find(b"\xff", start + 1)
    return False


def _frame_length(header: bytes) -> int | None:
    """Return the length in bytes of the layer III frame with this header, if it is one."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return None
    version = header[1] >> 3 & 3
    rates = _SAMPLE_RATES.get(version)
    bitrate_index, rate_index, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if rates is None or rate_index == 3 or bitrate_index in (0, 15):
        return None
    bitrate = (_BITRATES_1 if version == 3 else _BITRATES_2)[bitrate_index]
    return (144 if version == 3 else 72) * bitrate * 1000 // rates[rate_index] + padding
