"""Melodies: motifs that return, fitted to the chords."""

from dataclasses import dataclass

import numpy as np

from lyria_sandbox.composer.compose.bars import Bar
from lyria_sandbox.composer.compose.desk import Desk
from lyria_sandbox.composer.parse.lyrics import line_syllables
from lyria_sandbox.composer.plan.model import Plan
from lyria_sandbox.composer.randomness import stream
from lyria_sandbox.composer.tables.instruments import HIGH_LEADS, LOW_LEADS
from lyria_sandbox.composer.tables.rhythms import CELLS_3_4, CELLS_4_4, CELLS_6_8
from lyria_sandbox.composer.tables.scales import SCALES, is_minor

_FORMS = ((0, 1, 0, 3), (0, 1, 2, 3), (0, 0, 2, 3))
_MOVES = (-2, -1, -1, 0, 1, 1, 2, 3, -3)
_ARCHES = ((0, 1, 2, 0, 1, 3, 2, 0), (0, 2, 1, -1, 0, 2, 3, 0), (2, 1, 0, -1, 2, 3, 1, 0))
_REGISTER = {"A": 60, "B": 64, "C": 62, "D": 61, "S": 62}
_PENTATONIC = {True: frozenset({0, 3, 5, 7, 10}), False: frozenset({0, 2, 4, 7, 9})}
_SPAN_BELOW, _SPAN_ABOVE = 5, 17


@dataclass(frozen=True)
class Theme:
    """What a melody is made of.

    Attributes:
        rhythms: Four rhythm cells; the last one closes a phrase.
        contours: For every cell the height of its notes above the first, in steps of the ladder.
        form: Which cell each bar of a phrase uses.
        arch: Where each of eight bars begins, in steps above the register.
    """

    rhythms: tuple[str, ...]
    contours: tuple[tuple[int, ...], ...]
    form: tuple[int, ...]
    arch: tuple[int, ...]


def make_theme(plan: Plan, letter: str) -> Theme:
    """Invent the theme of a letter: the same in every tempo, key and instrumentation."""
    rng = stream(plan.seed, plan.salt, "theme", letter)
    family = "fast" if letter == "S" else plan.genre.cells
    cells = {"4/4": CELLS_4_4[family], "3/4": CELLS_3_4, "6/8": CELLS_6_8}[plan.meter.name]
    order = [int(x) for x in rng.permutation(len(cells))]
    steps = plan.meter.steps
    closing = cells[order[1]][: steps // 2] + "-" * (steps // 2)
    rhythms = (cells[order[0]], cells[order[1]], cells[order[2 % len(cells)]], closing)
    contours = tuple(tuple(_contour(rng)) for _ in rhythms)
    form = _FORMS[int(rng.integers(len(_FORMS)))]
    return Theme(rhythms, contours, form, _ARCHES[int(rng.integers(len(_ARCHES)))])


def _contour(rng: np.random.Generator) -> list[int]:
    """Invent a line that steps more than it leaps and turns back after a leap."""
    heights = [0]
    for _ in range(15):
        move = int(rng.choice(_MOVES))
        last = heights[-1] - heights[-2] if len(heights) > 1 else 0
        if abs(last) >= 2 and move * last > 0:
            move = -move
        if abs(heights[-1] + move) > 5:
            move = -move
        heights.append(heights[-1] + move)
    return heights


def write_melody(desk: Desk, bars: list[Bar]) -> None:
    """Write the voice where it sings and the lead elsewhere."""
    themes: dict[str, Theme] = {}
    previous: dict[str, int] = {}
    for bar in bars:
        role = "voice" if bar.section.sung else "lead"
        patch = bar.section.band.patch(role)
        if not patch or _silent(desk.plan, bar, role):
            continue
        letter = "S" if bar.section.kind == "solo" else bar.section.theme
        if letter not in themes:
            themes[letter] = make_theme(desk.plan, letter)
        previous[role] = _write_bar(
            desk, bar, role, patch, letter, themes[letter], previous.get(role)
        )


def _silent(plan: Plan, bar: Bar, role: str) -> bool:
    waits = bar.section.kind in ("intro", "build") and role == "lead"
    if waits and len(plan.sections) > 1 and "lead" not in bar.section.forced:
        return True
    closing = bar.final or (bar.last and bar.section.kind == "outro")
    return closing and role == "voice" and not bar.section.lyrics


def _write_bar(
    desk: Desk, bar: Bar, role: str, patch: str, letter: str, theme: Theme, before: int | None
) -> int:
    plan, meter = desk.plan, desk.plan.meter
    cell = theme.form[bar.number % 4]
    rhythm = theme.rhythms[cell]
    if role == "voice" and bar.section.lyrics:
        rhythm = sung_rhythm(bar, meter.steps_per_beat)
    if bar.final:
        rhythm = "x"
    onsets = [step for step, symbol in enumerate(rhythm[: bar.steps]) if symbol == "x"]
    if not onsets:
        return before if before is not None else _REGISTER[letter] + 5
    low = _REGISTER[letter]
    ladder = _ladder(plan, bar, low)
    chord_tones = [note for note in ladder if note % 12 in bar.chord.pitch_classes[:4]]
    anchor = _anchor(ladder, chord_tones, low, theme.arch[bar.number % 8], before)
    rng = desk.hand(role, bar)
    shift = _register_shift(plan, bar, role, patch)
    ends = [*onsets[1:], bar.steps]
    note = anchor
    phrase_end = bar.number % 4 == 3
    for count, (step, end) in enumerate(zip(onsets, ends, strict=True)):
        length = end - step
        rung = ladder.index(anchor) + theme.contours[cell][count % 16]
        note = ladder[min(max(rung, 0), len(ladder) - 1)]
        strong = step % (2 * meter.steps_per_beat) == 0 or length >= meter.steps_per_beat
        if strong or (phrase_end and count == len(onsets) - 1):
            target = note
            note = min(chord_tones, key=lambda tone: (abs(tone - target), tone))
        if bar.final:
            home = note
            note = min((n for n in ladder if n % 12 == 0), key=lambda tone: abs(tone - home))
        held = min(length, 3 * meter.steps_per_beat) / meter.steps_per_beat
        beats = held * (0.96 if length < 2 * meter.steps_per_beat else 0.85)
        if bar.final:
            beats = desk.ring_beats(bar) * 0.8
        accent = 6 if step % meter.steps_per_beat == 0 else 0
        accent += 4 if length >= meter.steps_per_beat else 0
        loudness = 60 + 46 * bar.intensity + accent
        desk.write(role, patch, bar, step, beats, note + shift, loudness, rng, jitter_s=0.008)
    return note


def _register_shift(plan: Plan, bar: Bar, role: str, patch: str) -> int:
    octave = bar.section.band.octaves.get(role, 0)
    if role == "voice":
        return -12 if plan.low_voice else 0
    if octave == 0 and patch in LOW_LEADS:
        octave = -1
    if octave == 0 and patch in HIGH_LEADS:
        octave = 1
    return 12 * octave


def _ladder(plan: Plan, bar: Bar, low: int) -> list[int]:
    """List the notes a melody may use in a bar, from low to high.

    The mode is bent to borrowed chords: a chord tone outside of it replaces its neighbour.
    """
    scale = SCALES[bar.section.mode]
    bent = {degree: degree for degree in scale}
    for tone in bar.chord.pitch_classes:
        if tone not in scale:
            free = [d for d in scale if d not in bar.chord.pitch_classes]
            if free:
                bent[min(free, key=lambda degree: abs(degree - tone))] = tone
    allowed = set(bent.values())
    if not plan.genre.chromatic_melody:
        pentatonic = _PENTATONIC[is_minor(bar.section.mode)]
        allowed = {t for t in allowed if t in pentatonic or t in bar.chord.pitch_classes[:4]}
    return [n for n in range(low - _SPAN_BELOW, low + _SPAN_ABOVE) if n % 12 in allowed]


def _anchor(
    ladder: list[int], chord_tones: list[int], low: int, arch: int, before: int | None
) -> int:
    """Choose the chord tone that a bar begins on: where the arch says, near the note before."""
    wanted = low + 4 + 2 * arch

    def cost(tone: int) -> tuple[float, int]:
        return abs(tone - wanted) + (0.4 * abs(tone - before) if before is not None else 0.0), tone

    return min(chord_tones or ladder, key=cost)


def sung_rhythm(bar: Bar, steps_per_beat: int) -> str:
    """Place a note for every syllable of the line that is sung in a bar.

    Lines share the bars of their section evenly; a line that takes several bars leaves a breath at
    its end.
    """
    lines = bar.section.lyrics
    share = len(bar.section.bars) / len(lines)
    if share < 1:
        first = int(bar.number / share)
        count = sum(line_syllables(line) for line in lines[first : int((bar.number + 1) / share)])
        return _spread(count, bar.steps, steps_per_beat, breath=True)
    bars_per_line = int(share)
    line = min(bar.number // bars_per_line, len(lines) - 1)
    if bar.number // bars_per_line >= len(lines):
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
