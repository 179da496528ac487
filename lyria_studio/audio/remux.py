"""Writes the same MP3 in other bytes, so that listeners cannot recognise a file.

In an MP3 the sound of a frame may begin in the frames before it (the bit reservoir), and what is
between two of them is ignored. So each sound is put at a random place into frames of which every
other one is larger, with random bytes between. Each of the four parts of a sound may end in bits
that stand for lines of zeros, or are discarded once there are 576 lines: so the lengths of parts
vary, and what follows moves by some bits. A decoder finds the same samples (ISO/IEC 11172-3, 2.4.1,
2.4.2.7 and 2.4.3.1: main_data_begin, part2_3_length, count1table_select, ancillary data).
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Iterator
from mmap import mmap
from typing import NamedTuple

__all__ = ["remuxed", "remuxed_size"]

_SIDE = 36  # header and side information of a stereo frame without a checksum
_PIECE = 128  # frames that are made at a time
_LONGEST = 4 * 4096 // 8  # bytes of a sound, whatever its lengths say
_REACH = 511  # how far back main_data_begin points
_MOST_PADDING = 15  # bits at the end of a part
# Where the lengths of the four parts (two granules of two channels) stand in the side information.
_PART = 59  # bits
_LENGTHS_AT = range(20, 256, _PART)
_LONGEST_PART = 0xFFF


class _Rate(NamedTuple):
    """Sizes of frames in bytes at 48 kHz: as they come, and of every other one that goes out."""

    frame: int
    larger: int
    larger_index: int

    @property
    def room(self) -> int:
        return self.frame - _SIDE

    def before(self, number: int) -> int:
        """Return the room of all frames before one, as they go out.

        The first is not larger: decoders that guess the length of a file by its first frame must
        not guess too little.
        """
        return number * self.room + number // 2 * (self.larger - self.frame)


class _Sound(NamedTuple):
    """What a frame says of its sound.

    Attributes:
        start: byte of the reservoir at which it begins.
        lengths: of its parts, in bits.
        steps: by how many bits each of them can grow.
    """

    start: int
    lengths: list[int]
    steps: list[int]

    @property
    def size(self) -> int:
        return (sum(self.lengths) + 7) // 8


class _Place(NamedTuple):
    """Where a sound begins in the reservoir that goes out, and by how many bits its parts grow."""

    start: int
    pads: list[int]


# By the byte of the header that tells the bit rate: 112 kbit/s, as blind copies are, and 160, as
# older ones are.
_RATES = {0x84: _Rate(336, 384, 9), 0xA4: _Rate(480, 576, 11)}


def remuxed_size(size: int, head: bytes) -> int:
    """Return the number of bytes that `remuxed` makes of a file.

    Args:
        size: of the file, in bytes.
        head: the first bytes of it, at least 3.

    Raises:
        ValueError: this is not a blind copy.
    """
    rate = _rate(head)
    count = size // rate.frame
    return count * _SIDE + rate.before(count)


def remuxed(mp3: bytes | mmap, seed: bytes) -> Iterator[bytes]:
    """Yield, piece by piece, a slightly larger MP3 with the same samples.

    Args:
        mp3: a blind copy: stereo frames of constant size and nothing else.
        seed: the same gives the same bytes, another gives others.

    Raises:
        ValueError: this is not such a file.
    """
    rate = _rate(mp3)
    count, rest = divmod(len(mp3), rate.frame)
    if rest or not count:
        raise ValueError("not a blind copy: its frames are not of constant size")
    heads = [mp3[at : at + _SIDE] for at in range(0, len(mp3), rate.frame)]
    sounds = [_sound(rate, head, number) for number, head in enumerate(heads)]
    rng = random.Random(seed)
    places = _places(rate, sounds, rng)
    starts = [place.start for place in places]
    for first in range(0, count, _PIECE):
        last = min(first + _PIECE, count)
        low, high = rate.before(first), rate.before(last)
        # Between the sounds: anything but what looks like the beginning of a frame.
        filled = bytearray(rng.randbytes(high - low).replace(b"\xff", b"\x7f"))
        for number in range(bisect_right(starts, low - _LONGEST), bisect_right(starts, high)):
            at = starts[number] - low
            found = _read(rate, mp3, sounds[number].start, sounds[number].size)
            padded = _padded(found, sounds[number].lengths, places[number].pads)
            part = padded[max(0, -at) : high - low - at]
            filled[max(0, at) : max(0, at) + len(part)] = part
        piece = bytearray()
        for number in range(first, last):
            begin, end = rate.before(number), rate.before(number + 1)
            index = rate.larger_index if number % 2 else heads[number][2] >> 4
            piece += _head(heads[number], index, begin - starts[number], places[number].pads, rng)
            piece += filled[begin - low : end - low]
        yield bytes(piece)


def _rate(mp3: bytes | mmap) -> _Rate:
    try:
        return _RATES[mp3[2] & 0xFE]
    except (IndexError, KeyError):
        raise ValueError("not a blind copy: no MP3 of its bit rates") from None


def _sound(rate: _Rate, head: bytes, number: int) -> _Sound:
    """Return what a frame says of its sound."""
    if (
        head[0] != 0xFF
        or head[1] & 0xFE != 0xFA
        or _RATES.get(head[2] & 0xFE) != rate
        or head[3] >> 6 == 3
    ):
        raise ValueError("not a blind copy: a frame is no stereo of its bit rate at 48 kHz")
    side = int.from_bytes(head[4:], "big")
    start = number * rate.room - (side >> (256 - 9))
    if start < 0:
        raise ValueError("not a blind copy: it begins in the middle")
    lengths = [side >> (256 - at - 12) & _LONGEST_PART for at in _LENGTHS_AT]
    # A line of four zeros is 1 in one table and 1111 in the other.
    steps = [4 if side >> (256 - at - _PART) & 1 else 1 for at in _LENGTHS_AT]
    return _Sound(start, lengths, steps)


def _read(rate: _Rate, mp3: bytes | mmap, start: int, length: int) -> bytes:
    """Return a part of the reservoir, which the headers of the frames interrupt."""
    found = b""
    while len(found) < length:
        frame, place = divmod(start + len(found), rate.room)
        at = frame * rate.frame + _SIDE + place
        found += mp3[at : at + min(rate.room - place, length - len(found))]
    return found


def _places(rate: _Rate, sounds: list[_Sound], rng: random.Random) -> list[_Place]:
    """Draw where each sound begins in the reservoir of the frames that go out, and its padding."""
    latest = rate.before(len(sounds))
    bounds = [(latest, latest)]  # where each begins, and ends, at the latest
    for number in range(len(sounds) - 1, -1, -1):
        ends = min(latest, rate.before(number + 1))
        latest = min(ends - sounds[number].size, rate.before(number))
        bounds.append((latest, ends))
    places: list[_Place] = []
    end = 0
    for number, (sound, (bound, ends)) in enumerate(zip(sounds, bounds[:0:-1], strict=True)):
        earliest = max(end, rate.before(number) - _REACH)
        if earliest > bound:
            raise ValueError("not a blind copy: its sound does not fit")
        start = rng.randint(earliest, bound)
        spare = 8 * (ends - start) - sum(sound.lengths)
        pads = []
        for length, step in zip(sound.lengths, sound.steps, strict=True):
            most = min(_MOST_PADDING, spare, _LONGEST_PART - length) if length else 0
            pads.append(rng.randrange(0, most + 1, step))
            spare -= pads[-1]
        places.append(_Place(start, pads))
        end = start + (sum(sound.lengths) + sum(pads) + 7) // 8
    return places


def _padded(found: bytes, lengths: list[int], pads: list[int]) -> bytes:
    """Return a sound of which each part ends in some more ones."""
    rest = 8 * len(found)
    whole, padded, total = int.from_bytes(found, "big"), 0, 0
    for length, pad in zip(lengths, pads, strict=True):
        rest -= length
        part = whole >> rest & (1 << length) - 1
        padded = (padded << length | part) << pad | (1 << pad) - 1
        total += length + pad
    return (padded << -total % 8).to_bytes((total + 7) // 8, "big")


def _head(head: bytes, index: int, back: int, pads: list[int], rng: random.Random) -> bytes:
    """Return header and side information, with their private bits drawn at random.

    The bits for copyright and original stay: ffmpeg skips frames in which they change.
    """
    third = index << 4 | (head[2] & 0x0E) | rng.getrandbits(1)
    side = int.from_bytes(head[4:], "big")
    side &= ~(0xFFF << (256 - 12))
    side |= (back << 3 | rng.getrandbits(3)) << (256 - 12)
    for at, pad in zip(_LENGTHS_AT, pads, strict=True):
        side += pad << (256 - at - 12)
    return bytes((head[0], head[1], third, head[3])) + side.to_bytes(32, "big")
