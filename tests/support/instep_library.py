"""A library of pieces that differ in loudness, length and channels, to be played in step."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from support.library_rows import in_state, measured_track
from support.sounds import RATE_HZ, encoded, music

from lyria_studio.library import Library
from lyria_studio.model.states import State

PIECES = {
    "Warm lo-fi hip hop, 80 BPM, D minor, Rhodes and jazz guitar": (24.0, 2, 0.9),
    "Warm lo-fi hip hop, 96 BPM, D minor, Rhodes and jazz guitar, vinyl crackle": (20.0, 2, 0.35),
    "<b>Lo-fi</b> hip hop, 80 BPM": (22.5, 1, 0.6),
    "Slow lo-fi, 70 BPM, D minor, felt piano and an upright bass in a small wooden room, rain": (
        24.0,
        2,
        0.5,
    ),
    "温暖的低保真嘻哈，每分钟八十拍，电钢琴": (18.0, 2, 0.7),
    "Lo-fi, 80 BPM, no drums": (24.0, 2, 0.2),
}
"""Prompt: seconds, channels, highest sample."""


def populate(home: Path) -> list[Path]:
    """Fill a library; return where the files of its tracks are, oldest first."""
    files = []
    with Library(home) as library:
        for number, prompt in enumerate(PIECES):
            one = in_state(library, State.DOWNLOADING, prompt=prompt)
            path = library.home / "tracks" / one.id / "output.mpeg"
            path.parent.mkdir(parents=True)
            path.write_bytes(piece(number))
            library.jobs.track_stored(one.id, measured_track(path))
            files.append(path)
    return files


@cache
def piece(number: int) -> bytes:
    """The file of a piece, an MP3 as the gateway's are."""
    seconds, channels, level = list(PIECES.values())[number]
    bars = music(number, 4, channels, level)
    return encoded(np.resize(bars, (round(seconds * RATE_HZ), channels)), RATE_HZ, "MP3")
