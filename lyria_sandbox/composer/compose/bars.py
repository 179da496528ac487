"""The bars of the piece, each with its chord, intensity and place."""

from collections.abc import Sequence
from dataclasses import dataclass

from lyria_sandbox.composer.compose.harmony import Chord, chord
from lyria_sandbox.composer.plan.model import Plan, SectionPlan
from lyria_sandbox.composer.randomness import stream
from lyria_sandbox.composer.tables.progressions import IDIOMATIC, progressions
from lyria_sandbox.composer.tables.scales import is_minor

_THEMES = "ABCD"
_DIRECTED = frozenset({"pop", "folk", "epic", "classical", "edm"})
"""Families in which a dominant leads into a new section."""

_HALVED = 4
_HELD_BACK = 0.5
OVERLAP_BEATS = 0.4
"""How long a held chord sounds into the next, so that there is no dip between them."""

OPENING = frozenset({"intro", "breakdown"})
"""Kinds of section that hold the band back, so that what follows is an event."""


@dataclass(frozen=True)
class Bar:
    """A bar.

    Attributes:
        index: Number in the piece.
        number: Number in its section.
        section: Its section.
        start: Its first beat in the piece.
        beats: Its length in beats.
        steps: Its length in grid steps.
        chord: Its chord.
        next_chord: The chord of the bar after it.
        intensity: From 0.2 to 1.
        last: Whether it is the last of its section.
        final: Whether it is the closing chord.
        new_chord: Whether its chord differs from the bar before or its section begins.
    """

    index: int
    number: int
    section: SectionPlan
    start: float
    beats: float
    steps: int
    chord: Chord
    next_chord: Chord
    intensity: float
    last: bool
    final: bool
    new_chord: bool


def make_bars(plan: Plan) -> list[Bar]:
    """Lay the chords out over the sections."""
    degrees = _degrees(plan)
    family = plan.genre.family
    idiomatic = family in IDIOMATIC
    flat = [
        (section, number, beats)
        for section in plan.sections
        for number, beats in enumerate(section.bars)
    ]
    chords = [
        chord(degree, section.mode, plan.genre.chord_size, idiomatic)
        for (section, _, _), degree in zip(flat, degrees, strict=True)
    ]
    bars: list[Bar] = []
    start = 0.0
    for index, (section, number, beats) in enumerate(flat):
        bars.append(
            Bar(
                index=index,
                number=number,
                section=section,
                start=start,
                beats=beats,
                steps=round(beats * plan.meter.steps_per_beat),
                chord=chords[index],
                next_chord=chords[min(index + 1, len(chords) - 1)],
                intensity=_intensity(section, number),
                last=number == len(section.bars) - 1,
                final=index == len(flat) - 1,
                new_chord=number == 0 or chords[index] != chords[index - 1],
            )
        )
        start += beats
    return bars


def _intensity(section: SectionPlan, number: int) -> float:
    """Return the intensity of a bar of a section."""
    if section.energy:
        start, end = section.energy
        return start + (end - start) * (number + 0.5) / len(section.bars)
    growth = 0.55 + 0.45 * (number + 1) / len(section.bars) if section.ramp else 1.0
    return section.intensity * growth


def entering(bar: Bar) -> float:
    """Return the intensity that decides who plays in a bar.

    Within a section that grows nobody comes in: whoever comes in marks where a section begins.
    Where the prompt shapes the whole piece, they come in one after the other.
    """
    return bar.intensity if bar.section.energy else _intensity(bar.section, 0)


def holds_back(bar: Bar) -> bool:
    """Return whether the band holds back here, because the prompt asks for a rise or a fall."""
    return bar.section.energy is not None and bar.intensity < _HELD_BACK


def opened(bar: Bar) -> bool:
    """Return whether an opening section is past its first half; a short one has no halves."""
    return len(bar.section.bars) >= _HALVED and 2 * bar.number >= len(bar.section.bars)


def beats_of_the_chord(bar: Bar, bars: Sequence[Bar]) -> float:
    """Return how long the chord that begins in a bar lasts within its section, in beats."""
    beats = bar.beats
    for later in bars[bar.index + 1 :]:
        if later.section is not bar.section or later.new_chord:
            break
        beats += later.beats
    return beats


def pauses_before_drop(plan: Plan, bar: Bar) -> bool:
    """Return whether kick and bass leave the second half of a bar empty, before a drop."""
    return plan.genre.dance_form and bar.section.ramp and bar.last


def _degrees(plan: Plan) -> list[str]:
    """Choose the degree of every bar; sections of one theme share their progression."""
    order = stream(plan.seed, plan.salt, "chords").permutation(64)
    degrees: list[str] = []
    first = plan.sections[0].theme
    for section in plan.sections:
        minor = is_minor(section.mode)
        pool = progressions(plan.genre.family, section.mode, minor)
        ranks = sorted(range(len(pool)), key=lambda rank: int(order[rank]))
        # What opens the piece begins at home where it can, so that the key is heard.
        home = next((rank for rank in ranks if pool[rank].startswith("1")), ranks[0])
        ranks = [home, *(rank for rank in ranks if rank != home)]
        progression = pool[ranks[_place(section.theme, first) % len(pool)]].split()
        own = [
            progression[(number // plan.genre.bars_per_chord) % len(progression)]
            for number in range(len(section.bars))
        ]
        leads_on = section.kind in ("verse", "pre-chorus", "build", "bridge")
        if plan.genre.family in _DIRECTED and leads_on and len(own) > 3 and len(own) % 4 == 0:
            own[-1] = _dominant(section.mode)
        degrees += own
    degrees[-1] = "1d" if plan.genre.family == "blues" else "1"
    if len(degrees) > 2 and plan.genre.family in _DIRECTED and len(plan.sections[-1].bars) > 2:
        degrees[-2] = _dominant(plan.sections[-1].mode)
    return degrees


def _place(theme: str, first: str) -> int:
    """Return the rank of a theme's chords: the theme that opens the piece changes places with A."""
    swapped = {"A": first, first: "A"}
    return _THEMES.index(swapped.get(theme, theme))


def _dominant(mode: str) -> str:
    """Return the degree that leads home in a mode."""
    return {
        "major": "5",
        "lydian": "5",
        "minor": "5M",
        "mixolydian": "7",
        "dorian": "7",
        "phrygian": "2",
    }[mode]
