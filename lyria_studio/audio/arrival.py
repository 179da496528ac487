"""Whether a file that arrived is a track that can be heard."""

import math
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from lyria_studio.audio.decode import UnreadableAudioError
from lyria_studio.audio.measure import Heard, Measured, measure_and_describe
from lyria_studio.audio.stated_length import is_cut, promised_frames

SILENCE_DBFS = -70.0
"""A file that never gets louder is silent; dither of 16 bits lies at about -90."""


class Problem(StrEnum):
    """What is wrong with a file; the value is a sentence for a person."""

    UNREADABLE = "The file cannot be decoded."
    EMPTY = "The file holds no sound."
    NOT_NUMBERS = "The file holds no valid samples."
    SILENT = "The file is silent throughout."
    CUT_SHORT = "The file is shorter than its own header says."


@dataclass(frozen=True)
class Arrival:
    """What arrived.

    Attributes:
        measured: what could be measured, without loudness and true peak: a person waits for the
            track meanwhile; None if nothing could.
        problem: why it is no whole track; None if it is one.
    """

    measured: Measured | None
    problem: Problem | None


def examine(path: Path) -> Arrival:
    """Measure a file that arrived, and tell whether it is a whole track that can be heard.

    Args:
        path: the file, whatever its name: the bytes decide.

    Raises:
        OSError: if the file cannot be read at all.
    """
    cut = is_cut(path)
    try:
        measured, heard = measure_and_describe(path, levels=False)
    except UnreadableAudioError:
        return Arrival(None, Problem.CUT_SHORT if cut else Problem.UNREADABLE)
    promised = promised_frames(path)
    if cut or (promised is not None and heard.frames < promised):
        return Arrival(measured, Problem.CUT_SHORT)
    if measured is None:
        return Arrival(None, Problem.EMPTY)
    return Arrival(measured, _silence(heard))


def _silence(heard: Heard) -> Problem | None:
    if not heard.numbers:
        return Problem.NOT_NUMBERS
    level = 20 * math.log10(heard.swing) if heard.swing > 0 else -math.inf
    return Problem.SILENT if level < SILENCE_DBFS else None
