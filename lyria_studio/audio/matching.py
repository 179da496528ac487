"""Equal loudness for tracks that are compared: without it the louder one wins."""

import math
from collections.abc import Sequence
from typing import Protocol

PEAK_CEILING_DBTP = -1.0
"""Highest true peak after matching (EBU R 128, 2023, clause j)."""

_MONO_ON_TWO = 10 * math.log10(2)


class Measurements(Protocol):
    """What has to be known of a track; `lyria_studio.library.Track` has it."""

    @property
    def loudness_lufs(self) -> float | None:
        """Integrated loudness in LUFS; None if it could not be measured."""

    @property
    def true_peak_dbtp(self) -> float | None:
        """True peak in dB relative to full scale; None if it could not be measured."""

    @property
    def channels(self) -> int | None:
        """Number of channels; None if not known."""


def matched_gains(tracks: Sequence[Measurements]) -> list[float]:
    """Return the gain of each track, in decibels, with which all are heard equally loud.

    The common loudness is the highest that every track reaches without being made louder and
    without a true peak above `PEAK_CEILING_DBTP`; so no gain is positive. One that could not be
    measured takes no part in the matching: it is only kept below the ceiling.

    A mono track is heard on both loudspeakers, as a browser plays it, and so 3 LU louder than the
    one channel measures (ITU-R BS.1770-5 adds up the powers of the channels).

    Args:
        tracks: any number of tracks.

    Returns:
        One gain for each, 0 or negative.
    """
    heard = [_heard_lufs(track) for track in tracks]
    rooms = [_room_db(track) for track in tracks]
    reached = [
        loudness + room for loudness, room in zip(heard, rooms, strict=True) if loudness is not None
    ]
    common = min(reached, default=0.0)
    return [
        room if loudness is None else common - loudness
        for loudness, room in zip(heard, rooms, strict=True)
    ]


def _heard_lufs(track: Measurements) -> float | None:
    if track.loudness_lufs is None:
        return None
    return track.loudness_lufs + (_MONO_ON_TWO if track.channels == 1 else 0.0)


def _room_db(track: Measurements) -> float:
    """Return how far a track has to be turned down for its peaks alone: 0 or negative."""
    if track.true_peak_dbtp is None:
        return 0.0
    return min(0.0, PEAK_CEILING_DBTP - track.true_peak_dbtp)
