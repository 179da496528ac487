"""The scorecard's last table: every column over all prompts, ours beside the earlier draft's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.composer_figures import Figures, distance

_HARMONY, _SPECTRUM = slice(0, 96), slice(96, None)
"""The parts of a `Figures.colour`: eight times twelve pitch classes, and bands of the spectrum."""

_BALANCED = "spectra differ less where all keep to the published balance"

_EVEN = "sections of one clip differ by less than 2 dB unless the prompt asks for more"

_ONE_TUNE = "one seed gives prompts that differ in words for instruments the same tune"


@dataclass(frozen=True)
class Column:
    """A figure over all prompts.

    Attributes:
        name: What it is.
        of: Computes it.
        better: "more", "less", or "in" for one that only has to hold.
        holds: For "in": whether a value is good.
        form: How it is printed.
        why: What to know where it is not better than the earlier draft's.
    """

    name: str
    of: Callable[[Sequence[Figures]], float]
    better: str = "more"
    holds: Callable[[float], bool] = lambda value: True
    form: str = ".2f"
    why: str = ""


def _share(test: Callable[[Figures], bool]) -> Callable[[Sequence[Figures]], float]:
    return lambda rows: 100 * sum(map(test, rows)) / len(rows)


def _mean(of: Callable[[Figures], float]) -> Callable[[Sequence[Figures]], float]:
    return lambda rows: float(np.mean([of(row) for row in rows]))


def _boundaries(rows: Sequence[Figures]) -> list[float]:
    return [error for row in rows for error in row.boundaries]


def _returns(rows: Sequence[Figures]) -> float:
    ratios = [row.returns[0] / row.returns[1] for row in rows if row.returns]
    return max(ratios) if ratios else 0.0


def _distances(rows: Sequence[Figures], part: slice = slice(None)) -> list[float]:
    colours = [np.array(row.colour)[part] for row in rows]
    return [distance(a, b) for index, a in enumerate(colours) for b in colours[:index]]


def _average(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else 0.0


def _nearest(rows: Sequence[Figures]) -> float:
    return min(_distances(rows), default=0.0)


COLUMNS = (
    Column("tempo within 2 BPM, %", _share(lambda row: row.beat == "same")),
    Column("tempo within 2 BPM or counted in half or double, %",
           _share(lambda row: row.beat != "other")),
    Column("key heard as played, %", _share(lambda row: row.key_found == "same")),
    Column("key heard as played, its relative or its fifth, %",
           _share(lambda row: row.key_found != "other"),
           why="the ninth chords of big bands are heard as the chord on their third"),
    Column("furthest from -14 LUFS, LU",
           lambda rows: max(abs(row.loudness_lufs + 14) for row in rows), "in",
           lambda value: value <= 0.3),
    Column("highest true peak, dBTP", lambda rows: max(row.true_peak_dbtp for row in rows), "in",
           lambda value: value < -1.0),
    Column("octaves outside of the published range, of 8",
           _mean(lambda row: sum(abs(db) >= 0.05 for db in row.outside_db)), "less"),
    Column("how far outside, mean dB an octave",
           _mean(lambda row: float(np.abs(row.outside_db).mean())), "less"),
    Column("pieces with silences", lambda rows: sum(bool(row.gaps) for row in rows), "less",
           form=".0f"),
    Column("pieces with clicks or clipping",
           lambda rows: sum(row.clicks + row.clipped > 0 for row in rows), "less", form=".0f"),
    Column("boundary of a section, median beats off",
           lambda rows: float(np.median(_boundaries(rows) or [0.0])), "less",
           why="a fill leads into a section half a beat or a beat before it begins"),
    Column("boundaries heard within one beat, %",
           lambda rows: 100 * _average([float(error <= 1) for error in _boundaries(rows)]),
           why="where the loudness stays even, only who plays tells the sections apart"),
    Column("chorus to chorus / chorus to verse, worst", _returns, "less"),
    Column("distance between prompts, mean", lambda rows: _average(_distances(rows)),
           why=_BALANCED),
    Column("... of their harmony", lambda rows: _average(_distances(rows, _HARMONY))),
    Column("... of their spectrum", lambda rows: _average(_distances(rows, _SPECTRUM)),
           why=_BALANCED),
    Column("... of the two prompts nearest to each other", _nearest, why=_ONE_TUNE),
    Column("loudness range, mean LU", _mean(lambda row: row.range_lu), why=_EVEN),
    Column("quietest to loudest section, mean LU",
           _mean(lambda row: row.contrast_lu), why=_EVEN),
    Column("peak to mean power, mean dB", _mean(lambda row: row.crest_db), "in",
           lambda value: 10 <= value <= 18),
    Column("last second below the piece, median LU",
           lambda rows: float(np.median([row.ending_lu for row in rows])),
           why="files end where the last chord becomes inaudible"),
    Column("openings over 4 dB below the piece, unasked",
           lambda rows: sum(row.opening_db > 4 and not row.shaped for row in rows), "less",
           form=".0f"),
    Column("opening below the piece, unasked, worst dB",
           lambda rows: max((r.opening_db for r in rows if not r.shaped), default=0.0), "less"),
    Column("level steps of 2 dB and more, unasked, pieces",
           lambda rows: sum(row.steps_db >= 2 and not row.shaped for row in rows), "less",
           form=".0f"),
    Column("level steps, unasked, mean dB",
           lambda rows: _average([r.steps_db for r in rows if not r.shaped]), "less"),
    Column("sides below the middle, mean dB", _mean(lambda row: row.side_db)),
    Column("seconds of one core a minute of music",
           _mean(lambda row: row.cpu_s_per_minute), "less"),
    Column("times real time on one core, median",
           lambda rows: float(np.median([60 / row.cpu_s_per_minute for row in rows]))),
    Column("times real time on one core, slowest",
           lambda rows: min(60 / row.cpu_s_per_minute for row in rows)),
)  # fmt: skip


def summarise(ours: Sequence[Figures], theirs: Sequence[Figures]) -> str:
    """Write the table.

    Args:
        ours: Figures of all prompts.
        theirs: The earlier draft's on the same prompts, or nothing.
    """
    lines = [f"\n{len(ours)} prompts{'':44s}ours  earlier draft"]
    for column in COLUMNS:
        mine = column.of(ours)
        line = f"{column.name:52s}{mine:8{column.form}}"
        if theirs:
            other = column.of(theirs)
            verdict = _verdict(column, mine, other)
            line += f"{other:10{column.form}}  {verdict}"
            if verdict == "not better" and column.why:
                line += f": {column.why}"
        lines.append(line)
    return "\n".join(lines)


def _verdict(column: Column, mine: float, other: float) -> str:
    if column.better == "in":
        return "holds" if column.holds(mine) else "does not hold"
    gain = mine - other if column.better == "more" else other - mine
    return "better" if gain > 0.005 else "equal" if gain > -0.005 else "not better"
