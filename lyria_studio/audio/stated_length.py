"""Compares the length that an audio file states with its bytes, to find cut files.

libsndfile and ffmpeg report what is there; only the headers tell what is missing.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

_OGG_PAGE = 27 + 255 + 255 * 255
_OGG_LAST = 0x04  # header_type of the last page, RFC 3533, section 6
# Written into a pipe, a length is 0 or as large as can be: sox and ffmpeg differ in the last bits.
_UNKNOWN_FROM = 0x7FFF0000
_MOST_CHUNKS = 10_000
_MPEG = re.compile(rb"ID3|\xff[\xe2-\xff]|\0")
_MPEG_ENDS = 4


def is_cut(path: Path) -> bool:
    """Return whether a file is shorter than its own header says.

    False where the header says nothing, as in raw AAC or a stream of unknown length.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        head = file.read(16)
        for magic, check in _CHECKS:
            if magic.match(head):
                file.seek(0)
                return check(file, size)
    return False


def promised_frames(path: Path) -> int | None:
    """Return the number of samples that a FLAC or MP3 file states, or None.

    Their frames have no length that could be counted without decoding them. What an encoder adds
    to an MP3 at both ends, and decoders leave out, is not promised.
    """
    with path.open("rb") as file:
        head = file.read(26)
        if head.startswith(b"fLaC") and len(head) == 26:
            # STREAMINFO, RFC 9639, section 8.2: 36 bits from the 14th byte of the block on.
            return int.from_bytes(head[21:26], "big") & 0xFFFFFFFFF or None
        if _MPEG.match(head):
            file.seek(0)
            info = _info(file)
            if info is not None and info.frames is not None:
                return max(0, info.frames - _MPEG_ENDS) * info.samples
    return None


def _riff(file: BinaryIO, size: int) -> bool:
    """RIFF and RF64 (EBU Tech 3306): chunks of a 32-bit size, little-endian."""
    at, long = 12, 0
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        header = file.read(8)
        if len(header) < 8:
            return True  # it ends before there is any sound
        length = int.from_bytes(header[4:], "little")
        if header[:4] == b"ds64":
            long = int.from_bytes(file.read(16)[8:], "little")
        if header[:4] == b"data":
            known = long or (length < _UNKNOWN_FROM and length)
            return bool(known) and at + 8 + known > size
        at += 8 + length + length % 2
    return False


def _form(file: BinaryIO, size: int) -> bool:
    """AIFF: chunks of a 32-bit size, big-endian."""
    at = 12
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        header = file.read(8)
        if len(header) < 8:
            return False
        length = int.from_bytes(header[4:], "big")
        if at + 8 + length > size:
            return True
        at += 8 + length + length % 2
    return False


def _w64(file: BinaryIO, size: int) -> bool:
    """Sony Wave64: the size of everything, 64 bits behind the first of its long names."""
    file.seek(16)
    return int.from_bytes(file.read(8), "little") > size


def _caf(file: BinaryIO, size: int) -> bool:
    """Core Audio Format: chunks of a signed 64-bit size, big-endian; -1 is the rest."""
    at = 8
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        header = file.read(12)
        if len(header) < 12:
            return False
        length = int.from_bytes(header[4:], "big", signed=True)
        if length < 0 or at + 12 + length > size:
            return length >= 0
        at += 12 + length
    return False


def _ogg(file: BinaryIO, size: int) -> bool:
    """Return whether the last page is marked as the last one and is complete."""
    file.seek(max(0, size - _OGG_PAGE))
    tail = file.read()
    at = tail.rfind(b"OggS")
    if at < 0 or len(tail) < at + 27:
        return True
    lacing = tail[at + 27 : at + 27 + tail[at + 26]]
    whole = len(lacing) == tail[at + 26] and at + 27 + len(lacing) + sum(lacing) <= len(tail)
    return not (whole and tail[at + 5] & _OGG_LAST)


def _boxes(file: BinaryIO, size: int) -> bool:
    """MP4 (ISO/IEC 14496-12, section 4.2): every box is whole, and one of them is the index."""
    at, indexed = 0, False
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        header = file.read(16)
        if len(header) < 8:
            break
        length = int.from_bytes(header[:4], "big")
        if length == 1:
            length = int.from_bytes(header[8:], "big")
        indexed = indexed or header[4:8] == b"moov"
        if length == 0:
            break
        if length < 8 or at + length > size:
            return True
        at += length
    return not indexed


def _ebml(file: BinaryIO, size: int) -> bool:
    """WebM (RFC 8794, section 6): the size of the segment, unless all its bits are set."""
    head = file.read(4096)
    at = head.find(b"\x18\x53\x80\x67")
    if at < 0 or len(head) < at + 12:
        return True
    width = 9 - head[at + 4].bit_length()
    bits = 7 * width
    length = int.from_bytes(head[at + 4 : at + 4 + width], "big") & (1 << bits) - 1
    return length != (1 << bits) - 1 and at + 4 + width + length > size


@dataclass(frozen=True)
class _Info:
    """The Xing or Info frame at the beginning of an MP3.

    Attributes:
        at: where the frame is, in bytes.
        samples: samples in a frame.
        frames: how many frames follow, if it says so.
        length: how many bytes they take together, if it says so.
    """

    at: int
    samples: int
    frames: int | None
    length: int | None


def _info(file: BinaryIO) -> _Info | None:
    start = 0
    head = file.read(10)
    if head.startswith(b"ID3"):
        start = 10 + sum((byte & 0x7F) << 7 * (3 - i) for i, byte in enumerate(head[6:10]))
    file.seek(start)
    head = file.read(64 * 1024)
    found = re.search(rb"\xff([\xe2-\xff]).{11,36}?(?:Xing|Info)(?=\0\0\0)", head, re.DOTALL)
    if found is None:
        return None
    flags, *numbers = (
        int.from_bytes(head[at : at + 4], "big") for at in range(found.end(), found.end() + 12, 4)
    )
    frames = numbers.pop(0) if flags & 1 else None
    length = numbers.pop(0) if flags & 2 else None
    # Only version 1 (both bits set) has two granules a frame.
    samples = 1152 if found[1][0] & 0x18 == 0x18 else 576
    return _Info(start + found.start(), samples, frames, length)


def _mpeg(file: BinaryIO, size: int) -> bool:
    info = _info(file)
    return info is not None and info.length is not None and info.at + info.length > size


_Check = Callable[[BinaryIO, int], bool]
_CHECKS: Final[tuple[tuple[re.Pattern[bytes], _Check], ...]] = (
    (re.compile(rb"RIFF....WAVE|RF64....WAVE", re.DOTALL), _riff),
    (re.compile(rb"FORM....AIF[FC]", re.DOTALL), _form),
    (re.compile(rb"riff\x2e\x91\xcf\x11"), _w64),
    (re.compile(rb"caff"), _caf),
    (re.compile(rb"OggS"), _ogg),
    (re.compile(rb"....ftyp", re.DOTALL), _boxes),
    (re.compile(rb"\x1a\x45\xdf\xa3"), _ebml),
    (_MPEG, _mpeg),
)
