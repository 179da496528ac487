"""Rhythm from lyrics: a note for every syllable."""

from lyria_sandbox.composer.compose.bars import Bar
from lyria_sandbox.composer.parse.lyrics import line_syllables


def sung_rhythm(bar: Bar, steps_per_beat: int) -> str:
    """Place a note for every syllable of the line that is sung in a bar.

    Lines share the bars of their section evenly; a line that takes several bars leaves a breath at
    its end.
    """
    lines = bar.section.lyrics
    share = len(bar.section.bars) / len(lines)
    if share < 1:
        first, last = int(bar.number / share), int((bar.number + 1) / share)
        count = sum(line_syllables(line) for line in lines[first:last])
        return _spread(count, bar.steps, steps_per_beat, breath=True)
    bars_per_line = int(share)
    line = bar.number // bars_per_line
    if line >= len(lines):
        return "-" * bar.steps
    place = bar.number % bars_per_line
    total = line_syllables(lines[line])
    here = total * (place + 1) // bars_per_line - total * place // bars_per_line
    return _spread(here, bar.steps, steps_per_beat, breath=place == bars_per_line - 1)


def _spread(count: int, steps: int, steps_per_beat: int, *, breath: bool) -> str:
    """Spread notes over a bar on eighths, or on sixteenths where there are many."""
    if count == 0:
        return "-" * steps
    span = steps - (steps_per_beat if breath else 0)
    grid = 2 if count <= span // 2 else 1
    slots = max(1, span // grid)
    count = min(count, slots)
    onsets = {(index * slots // count) * grid for index in range(count)}
    return "".join("x" if step in onsets else "-" for step in range(steps))
