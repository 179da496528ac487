"""Rhythm from lyrics: a note for every syllable."""

from dataclasses import dataclass

from lyria_sandbox.composer.compose.bars import Bar
from lyria_sandbox.composer.parse.lyrics import line_vowels


@dataclass(frozen=True)
class Syllable:
    """A syllable in its bar.

    Attributes:
        step: Grid step it is sung on.
        vowel: One of "aeiou".
    """

    step: int
    vowel: str


def sung_syllables(bar: Bar, steps_per_beat: int) -> list[Syllable]:
    """Place a note for every syllable of the line that is sung in a bar.

    Lines share the bars of their section evenly; a line that takes several bars leaves a pause at
    its end.
    """
    lines = [line_vowels(line) for line in bar.section.lyrics]
    share = len(bar.section.bars) / len(lines)
    if share < 1:
        first, last = int(bar.number / share), int((bar.number + 1) / share)
        return _spread("".join(lines[first:last]), bar.steps, steps_per_beat, pause=True)
    bars_per_line = int(share)
    index = bar.number // bars_per_line
    if index >= len(lines):
        return []
    place = bar.number % bars_per_line
    vowels = lines[index]
    here = slice(len(vowels) * place // bars_per_line, len(vowels) * (place + 1) // bars_per_line)
    return _spread(vowels[here], bar.steps, steps_per_beat, pause=place == bars_per_line - 1)


def _spread(vowels: str, steps: int, steps_per_beat: int, *, pause: bool) -> list[Syllable]:
    """Spread notes over a bar on eighths, or on sixteenths where there are many."""
    if not vowels:
        return []
    span = steps - (steps_per_beat if pause else 0)
    grid = 2 if len(vowels) <= span // 2 else 1
    slots = max(1, span // grid)
    count = min(len(vowels), slots)
    return [
        Syllable((index * slots // count) * grid, vowels[index * len(vowels) // count])
        for index in range(count)
    ]
