"""Remarks of listeners as marks on the waveform."""

from __future__ import annotations

from collections.abc import Sequence

from lyria_studio.phrases import clock
from lyria_studio.reports.drawing import Area, Dot, Drawing, Line, Mark, Role, Text

_COLUMNS = 300
_MIDDLE, _REACH = 54.0, 26.0


def waveform_chart(
    name: str,
    peaks: Sequence[tuple[float, float]],
    duration_s: float,
    remarks: Sequence[tuple[int, float]],
    *,
    role: Role = "other",
    width: float = 440.0,
) -> Drawing:
    """Return a drawing of a track's waveform with numbered marks.

    Args:
        name: of the track, e.g. "A, take 1".
        peaks: (lowest, highest) of slices, full scale 1.0 (`lyria_studio.audio.peaks_to_floats`).
        duration_s: of the track, in seconds.
        remarks: numbers and the times that they are about, in seconds from the track's beginning.
        role: the colour of the wave.
        width: of the drawing.
    """
    left, right = 4.0, width - 4.0
    columns = _columns(peaks)
    step = (right - left) / max(1, len(columns))
    upper = [(left + step * (i + 0.5), _MIDDLE - high * _REACH) for i, (_, high) in columns]
    lower = [(left + step * (i + 0.5), _MIDDLE - low * _REACH) for i, (low, _) in columns]
    marks: list[Mark] = [Line(((left, _MIDDLE), (right, _MIDDLE)), "faint")]
    if columns:
        marks.append(Area((*upper, *lower[::-1]), role, 0.55))
    reach = -100.0
    low_row = False
    for number, at_s in sorted(remarks, key=lambda one: one[1]):
        x = left + min(1.0, max(0.0, at_s / duration_s if duration_s else 0.0)) * (right - left)
        x = min(max(x, left + 11), right - 11)
        # Marks side by side: the second of two near ones goes below the wave.
        low_row = x - reach < 24 and not low_row
        reach = x
        y = _MIDDLE + _REACH + 14 if low_row else 13.0
        marks.append(Line(((x, y), (x, _MIDDLE)), "ink", 1))
        marks.append(Dot(x, y, 11.5, "chip"))
        marks.append(Text(x, y + 4.5, str(number), "on chip", 13, "middle", bold=True))
    marks.append(Text(left, 122, "0:00", "muted", 14))
    marks.append(Text(right, 122, clock(duration_s), "muted", 14, "end"))
    marks.append(Text(width / 2, 122, name, "muted", 14, "middle"))
    places = ", ".join(f"{number} at {clock(at_s)}" for number, at_s in remarks)
    description = f"Remarks in {name}: {places}." if places else f"No remarks in {name}."
    return Drawing(width, 128, f"Remarks on the waveform of {name}", description, tuple(marks))


def _columns(
    peaks: Sequence[tuple[float, float]],
) -> list[tuple[int, tuple[float, float]]]:
    """Return the extremes of each slice, for at most as many slices as can be seen."""
    count = min(_COLUMNS, len(peaks))
    found = []
    for i in range(count):
        part = peaks[i * len(peaks) // count : (i + 1) * len(peaks) // count]
        found.append((i, (min(low for low, _ in part), max(high for _, high in part))))
    return found
