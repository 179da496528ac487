"""Layout: how many bars every section gets, and how long the piece is."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from lyria_sandbox.composer.meter import Meter
from lyria_sandbox.composer.parse.parsed_prompt import ParsedSection

LYRIA_2_SECONDS = 32.8
CLIP_SECONDS = 30.0
PRO_SHORTEST, PRO_LONGEST = 90.0, 180.0
SHORTEST = 8.0
TAIL_SHORTEST, TAIL_LONGEST = 2.2, 5.0
"""How long the last chord may ring, in seconds."""

STOP_TAIL_S = 1.9
"""How long the room sounds after a band has stopped."""

_MOST_CHOICES = 8
_LENGTH_SLACK = 0.05
"""How far a piece may miss its length for the sake of whole phrases."""

STAMP_TOLERANCE = 0.8
"""How far from its timestamp a section may begin, in beats: less than one."""


@dataclass(frozen=True)
class Layout:
    """Bars of a piece.

    Attributes:
        bars: For every section the beats of each of its bars. The last bar of the last section is
            the closing chord.
        duration_s: Length of the file in seconds.
    """

    bars: tuple[tuple[float, ...], ...]
    duration_s: float


def by_weight(
    weights: Sequence[float],
    kinds: Sequence[str],
    target_s: float,
    bar_s: float,
    meter: Meter,
    *,
    exact: bool,
    longest_s: float,
    tail_s: float | None = None,
) -> Layout:
    """Share a length out among sections by their weights.

    Args:
        weights: Relative lengths of the sections.
        kinds: Kinds of the sections.
        target_s: Wanted length in seconds.
        bar_s: Length of a bar in seconds.
        meter: The meter.
        exact: Whether the file must be as long as `target_s`, rather than a phrase near it.
        longest_s: Longest file in seconds.
        tail_s: How long the closing chord rings; by default as long as suits the tempo.
    """
    tail = _tail_s(bar_s) if tail_s is None else tail_s
    most = max(len(weights), int((longest_s - tail) / bar_s))
    body = max(_body_bars(target_s, bar_s, tail, exact), len(weights))
    counts = _share(weights, kinds, body if exact else min(body, most), exact=exact)
    if not exact:
        _change(counts, min(0, most - sum(counts)))
    whole = float(meter.beats)
    bars = [tuple([whole] * count) for count in counts]
    body_s = sum(counts) * bar_s
    if exact and target_s - body_s > TAIL_LONGEST + 0.5 and meter.beats % 2 == 0:
        # Very slow pieces: half a bar more, so that the last chord need not last for ever.
        bars[-1] = (*bars[-1], whole / 2)
        body_s += bar_s / 2
    bars[-1] = (*bars[-1], whole)
    return Layout(tuple(bars), target_s if exact else body_s + tail)


def _body_bars(target_s: float, bar_s: float, tail: float, exact: bool) -> int:
    """Choose the number of bars before the closing chord."""
    if exact:
        return max(1, int((target_s - TAIL_SHORTEST) / bar_s))
    wanted = (target_s - tail) / bar_s
    slack = max(2.0, target_s * 0.06)

    def cost(bars: int) -> float:
        miss = abs(bars * bar_s + tail - target_s)
        phrase = 0.0 if bars % 4 == 0 else 0.5 if bars % 2 == 0 else 1.5
        return miss + phrase * slack / 2 + (100 if miss > slack else 0)

    return min(range(max(1, int(wanted) - 4), int(wanted) + 5), key=cost)


def _tail_s(bar_s: float) -> float:
    """Tell how long the closing chord rings where nothing else decides."""
    return min(max(bar_s, 2.8), 3.8)


def _share(weights: Sequence[float], kinds: Sequence[str], total: int, *, exact: bool) -> list[int]:
    """Share bars out in whole phrases; sections of one kind and weight get equal lengths.

    Args:
        weights: Relative lengths.
        kinds: Kinds of the sections.
        total: Wanted sum, at least one bar for each.
        exact: Whether the sum must be met, by the last sections if need be.
    """
    unit = 4 if total >= 40 else 2 if total >= 2.5 * len(weights) else 1
    groups = list(zip(kinds, weights, strict=True))
    scale = total / sum(weights)
    choices = {group: _phrases(group[1] * scale, unit) for group in groups}
    for group in list(choices)[_MOST_CHOICES:]:
        choices[group] = choices[group][:1]

    def cost(lengths: dict[tuple[str, float], int]) -> tuple[float, float]:
        missed = abs(sum(lengths[group] for group in groups) - total)
        bent = sum(abs(lengths[group] - group[1] * scale) for group in groups)
        return missed, bent

    distinct = list(choices)
    options = [dict(zip(distinct, picked, strict=True)) for picked in product(*choices.values())]
    best = min(options, key=cost)
    counts = [best[group] for group in groups]
    left = total - sum(counts)
    if exact or abs(left) > _LENGTH_SLACK * total:
        _change(counts, left)
    return counts


def _change(counts: list[int], bars: int) -> None:
    """Add bars to the last sections, or take them away, in place; every section keeps one."""
    for index in reversed(range(len(counts))):
        change = max(bars, 1 - counts[index])
        counts[index] += change
        bars -= change


def _phrases(bars: float, unit: int) -> tuple[int, ...]:
    """List the whole phrases next to a length."""
    below = int(bars // unit) * unit
    return tuple(sorted({max(below, min(unit, 2)), below + unit}))


def by_timestamps(
    starts: Sequence[float], end_s: float, bpm: Sequence[float], meter: Meter
) -> Layout:
    """Lay sections out on their timestamps.

    Every section begins on the beat that makes whole bars of the section before it, provided that
    the beat is within `STAMP_TOLERANCE` of the timestamp; otherwise the last bar before it is
    shortened or lengthened.

    Args:
        starts: Where the sections begin, in seconds, ascending from 0.
        end_s: Where the file ends, in seconds.
        bpm: Tempo of each section.
        meter: The meter.
    """
    sections: list[tuple[float, ...]] = []
    clock = 0.0
    for index, tempo in enumerate(bpm):
        beat_s = 60 / tempo
        if index + 1 < len(starts):
            beats = _beats_until((starts[index + 1] - clock) / beat_s, meter)
            sections.append(_bars_of(beats, meter))
            clock += beats * beat_s
        else:
            # The closing chord falls on a beat that leaves it time to ring.
            room = (end_s - clock) / beat_s
            tail_beats = max(TAIL_SHORTEST / beat_s, 1.0)
            before = max(0, int(room - tail_beats))
            whole = before - before % meter.beats
            if (before - whole) * beat_s > TAIL_LONGEST - TAIL_SHORTEST:
                whole = before - before % max(1, meter.beats // 2)
            sections.append((*_bars_of(whole, meter), float(meter.beats)))
    return Layout(tuple(sections), end_s)


def _beats_until(distance: float, meter: Meter) -> int:
    low = max(1, int(-(-(distance - STAMP_TOLERANCE) // 1)))
    high = max(low, int(distance + STAMP_TOLERANCE))

    def cost(beats: int) -> tuple[float, float]:
        rest = beats % meter.beats
        grade = 0.0 if rest == 0 else 0.5 if rest * 2 == meter.beats else 1.0
        return grade, abs(beats - distance)

    return min(range(low, high + 1), key=cost)


def _bars_of(beats: float, meter: Meter) -> tuple[float, ...]:
    if beats == 0:
        return ()
    count, rest = divmod(beats, meter.beats)
    bars = [float(meter.beats)] * int(count)
    if 0 < rest <= 1 and bars and meter.beats > 2:
        bars[-1] += rest
    elif rest:
        bars.append(float(rest))
    return tuple(bars)


def lyric_weight(section: ParsedSection, weight: float) -> float:
    """Weigh a section by its lines where it has lyrics: four lines make a verse."""
    if not section.lyrics:
        return weight
    return min(2.0, max(0.5, len(section.lyrics) / 4))
