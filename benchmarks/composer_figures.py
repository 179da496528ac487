"""What is measured on a finished piece of music, whoever made it.

Nothing here knows a composer: a piece is a file, and what its maker says of it (tempo, key, genre,
sections).
"""

from __future__ import annotations

import re
import sys
import warnings
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyloudnorm
from scipy import signal

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from support.listen import Recording, distance

from benchmarks.composer_boundaries import boundary_errors, section_starts
from benchmarks.composer_ranges import OCTAVES_HZ, outside_db

__all__ = ["Figures", "Recording", "Told", "distance", "measure"]

Floats = npt.NDArray[np.float64]
MINOR = {"minor", "dorian", "phrygian"}
FLATS = {"Db": "C#", "D#": "Eb", "Gb": "F#", "G#": "Ab", "A#": "Bb"}
_NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_RETURNING = ("chorus", "hook", "refrain", "drop")
_START_S = 28.0
_SHAPED = re.compile(r"\[|structure:|build|intro", re.IGNORECASE)


@dataclass(frozen=True)
class Told:
    """What the maker of a piece says of it."""

    genre: str
    tempo_bpm: float
    key: str
    mode: str
    sections: list[dict[str, Any]]
    cpu_s: float


@dataclass
class Figures:
    """The figures of one piece.

    Attributes:
        name: Of the prompt.
        genre: What its maker took it for.
        tempo_bpm: Tempo that it was to have.
        tempo_measured: Tempo heard.
        key: Key that it was to have, with a major or a minor third.
        key_measured: Key heard.
        loudness_lufs: Integrated loudness.
        true_peak_dbtp: Highest true peak.
        octaves_db: Levels of `OCTAVES_HZ`.
        outside_db: How far each octave lies outside of the published range of the genre group.
        air_db: Share of what is above 6 kHz.
        gaps: Silences of 0.25 s and more, in seconds.
        clicks: Jumps that no instrument makes.
        clipped: Samples at full scale.
        boundaries: Distance in beats from the time at which each section was to begin (where the
            prompt gives timestamps these, else what the maker says) to the change that is heard
            nearest to it.
        returns: Distance from a chorus that returns to the first chorus and to the first verse.
        range_lu: Loudness range (EBU Tech 3342).
        contrast_lu: From the quietest section to the loudest.
        crest_db: Peak to root mean square.
        ending_lu: How much quieter the last second is than the piece: large for a real ending.
        correlation: Of left and right; 1 is mono.
        side_db: Level of the sides relative to the middle, above 150 Hz.
        seconds: Length.
        cpu_s: Time of one core that it took.
        colour: Harmony and timbre of its beginning, for distances.
        opening_db: How much quieter the first 3 s are than the piece.
        steps_db: Standard deviation of the level of every 4 s.
        shaped: Whether the prompt asks for sections, and so for a shape of the loudness.
    """

    name: str
    genre: str
    tempo_bpm: float
    tempo_measured: float
    key: str
    key_measured: str
    loudness_lufs: float
    true_peak_dbtp: float
    octaves_db: list[float]
    outside_db: list[float]
    air_db: float
    gaps: list[list[float]]
    clicks: int
    clipped: int
    boundaries: list[float]
    returns: list[float] | None
    range_lu: float
    contrast_lu: float
    crest_db: float
    ending_lu: float
    correlation: float
    side_db: float
    seconds: float
    cpu_s: float
    colour: list[float] = field(repr=False)
    opening_db: float = float("nan")
    steps_db: float = float("nan")
    shaped: bool = False

    @property
    def tempo_off(self) -> float:
        """Tempo heard less the tempo that it was to have, in BPM."""
        return self.tempo_measured - self.tempo_bpm

    @property
    def beat(self) -> str:
        """How the beat was counted: "same", "half", "double", "other"."""
        if abs(self.tempo_off) < 2:
            return "same"
        ratio = self.tempo_measured / self.tempo_bpm
        return {0.5: "half", 2.0: "double"}.get(round(2 * ratio) / 2, "other")

    @property
    def key_found(self) -> str:
        """How the key heard relates to the one played: "same", "relative", "fifth", "other"."""
        tonic, mode = self.key.split()
        heard, heard_mode = self.key_measured.split()
        if self.key == self.key_measured:
            return "same"
        if _relative_major(tonic, mode) == _relative_major(heard, heard_mode):
            return "relative"
        apart = (_NAMES.index(heard) - _NAMES.index(tonic)) % 12
        return "fifth" if mode == heard_mode and apart in (5, 7) else "other"

    @property
    def cpu_s_per_minute(self) -> float:
        """Seconds of one core for a minute of music."""
        return self.cpu_s / self.seconds * 60

    def rounded(self) -> dict[str, Any]:
        """Return the figures as JSON values with the digits that mean something."""
        return {name: _round(value) for name, value in asdict(self).items()}


def _round(value: Any) -> Any:
    if isinstance(value, list):
        return [_round(item) for item in value]
    return round(float(value), 3) if isinstance(value, float | np.floating) else value


def _relative_major(tonic: str, mode: str) -> int:
    return (_NAMES.index(tonic) + (3 if mode == "minor" else 0)) % 12


def measure(name: str, prompt: str, group: str, audio: bytes, told: Told) -> Figures:
    """Measure a piece.

    Args:
        name: Of the prompt.
        prompt: The prompt; its timestamps are when sections were to begin.
        group: Group of genres that the prompt belongs to, a key of `composer_ranges.GROUPS`.
        audio: The file.
        told: What its maker says of it.
    """
    heard = Recording.of(audio)
    tonic, mode, _ = heard.key()
    levels = octave_levels(heard)
    middle, side = heard.sound.mean(axis=1), (heard.sound[:, 0] - heard.sound[:, 1]) / 2
    high = signal.butter(2, 150, "high", fs=heard.rate, output="sos")
    widths = [float(np.sqrt((signal.sosfilt(high, part) ** 2).mean())) for part in (side, middle)]
    loudness = heard.loudness_lufs()
    tempo = told.tempo_bpm
    third = "minor" if told.mode in MINOR else "major"
    return Figures(
        name=name,
        genre=told.genre,
        tempo_bpm=tempo,
        tempo_measured=heard.tempo_bpm(),
        key=f"{FLATS.get(told.key, told.key)} {third}",
        key_measured=f"{tonic} {mode}",
        loudness_lufs=loudness,
        true_peak_dbtp=heard.true_peak_dbtp(),
        octaves_db=list(levels),
        outside_db=list(outside_db(levels, group)),
        air_db=heard.bands_db()[-1],
        gaps=[list(gap) for gap in heard.gaps()],
        clicks=heard.clicks(),
        clipped=heard.clipped(),
        boundaries=boundary_errors(
            heard.sound.mean(axis=1), heard.rate, section_starts(prompt, told.sections), tempo
        ),
        returns=returning(heard, told.sections, tempo),
        range_lu=loudness_range(heard),
        contrast_lu=contrast(heard, told.sections),
        crest_db=20 * np.log10(np.abs(heard.sound).max() / np.sqrt((heard.sound**2).mean())),
        ending_lu=loudness - _level(heard, heard.seconds - 1, heard.seconds),
        correlation=heard.correlation(),
        side_db=20 * np.log10(widths[0] / widths[1] + 1e-6),
        seconds=heard.seconds,
        cpu_s=told.cpu_s,
        colour=list(heard.colour(0, min(_START_S, heard.seconds))),
        opening_db=_level_db(heard.sound) - _level_db(heard.sound[: int(3 * heard.rate)]),
        steps_db=level_steps(heard),
        shaped=bool(_SHAPED.search(prompt)),
    )


def octave_levels(heard: Recording) -> Floats:
    """Measure the power of every octave, in dB."""
    freqs, power = signal.welch(heard.sound.mean(axis=1), heard.rate, nperseg=8192)
    bands = [power[(freqs > hz / 2**0.5) & (freqs < hz * 2**0.5)].sum() for hz in OCTAVES_HZ]
    levels: Floats = 10 * np.log10(np.array(bands) + 1e-15)
    return levels


def level_steps(heard: Recording) -> float:
    """Return the standard deviation of the level of every whole 4 s, in dB."""
    span = 4 * heard.rate
    starts = range(0, len(heard.sound) - span + 1, span)
    return float(np.std([_level_db(heard.sound[start : start + span]) for start in starts]))


def _level_db(sound: npt.NDArray[np.floating]) -> float:
    return float(10 * np.log10((sound.astype(np.float64) ** 2).mean() + 1e-12))


def returning(
    heard: Recording, sections: list[dict[str, Any]], tempo_bpm: float
) -> list[float] | None:
    """Compare a chorus that returns with the first chorus and with the first verse."""
    spans: dict[str, list[tuple[float, float]]] = {}
    for section in sections:
        spans.setdefault(section["name"], []).append((section["start_s"], section["end_s"]))
    name = next((name for name in _RETURNING if len(spans.get(name, [])) > 1), None)
    if name is None or "verse" not in spans:
        return None
    # The cadence at the end of a piece is no return: its last two bars are left out.
    ends = max(section["end_s"] for section in sections)
    cadence = 8 * 60 / tempo_bpm
    length = min(end - start - (cadence if end == ends else 0) for start, end in spans[name][:2])
    first, again = (heard.colour(start, start + length) for start, _ in spans[name][:2])
    return [distance(first, again), distance(again, heard.colour(*spans["verse"][0]))]


def loudness_range(heard: Recording) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(pyloudnorm.Meter(heard.rate).loudness_range(heard.sound.astype(np.float64)))


def contrast(heard: Recording, sections: list[dict[str, Any]]) -> float:
    """Tell how much louder the loudest section is than the quietest, in LU."""
    levels = [
        _level(heard, section["start_s"], min(section["end_s"], heard.seconds))
        for section in sections
        if section["end_s"] - section["start_s"] > 1
    ]
    return max(levels) - min(levels) if levels else 0.0


def _level(heard: Recording, start_s: float, end_s: float) -> float:
    """Measure the loudness of a stretch without gates."""
    part = heard.sound[int(start_s * heard.rate) : int(end_s * heard.rate)]
    meter = pyloudnorm.Meter(heard.rate, block_size=min(0.4, len(part) / heard.rate * 0.9))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        level = float(meter.integrated_loudness(part.astype(np.float64)))
    return max(level, -70.0)
