"""The shape of a piece over its time: how its strength and its tempo move."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from lyria_sandbox.composer.parse.parsed_prompt import ParsedPrompt, ParsedSection
from lyria_sandbox.composer.plan.model import SectionPlan
from lyria_sandbox.composer.timing import TempoMap, join

_QUIETEST, _LOUDEST = 0.25, 1.0
_OWN_SHARE = 0.35
"""How much of a section's own strength remains where the prompt names both it and a rise."""

_CURVES: Mapping[str, Callable[[float], float]] = {
    "rising": lambda place: place,
    "falling": lambda place: 1 - place,
    "swelling": lambda place: 1 - abs(2 * place - 1),
    "loud": lambda place: 1.0,
}
"""How strong a piece is at a place of it, both from 0 to 1."""

_HELD_BACK = 0.3
"""How much weaker sections are than the one that is to outdo them."""

_WEAKEST_HELD_BACK = 0.5
_BETWEEN = {"drop": "build", "verse": "chorus"}
"""What stands between two sections of a kind, where it is not a verse."""

_SWELLING_SECTIONS = 4
_CONTINUING = {"outro": "chorus", "breakdown": "verse", "interlude": "verse"}
"""What takes the place of sections that would let a rise collapse."""


def shaped_form(sections: list[ParsedSection], parsed: ParsedPrompt) -> list[ParsedSection]:
    """Let a form be able to do what the prompt asks for, unless it names its sections itself.

    Sections that break a rise are replaced. Where the second drop is to be the bigger one, there
    are two.
    """
    if parsed.sections:
        return sections
    for kind, place in parsed.emphasis:
        wanted = place + 1 if place >= 0 else 2
        if sum(section.kind == kind for section in sections) < wanted:
            alike = next((s for s in sections if s.kind == kind), replace(sections[0], kind=kind))
            between = replace(alike, kind=_BETWEEN.get(kind, "verse"))
            sections = [alike, *[between, alike] * (wanted - 1)]
    if parsed.dynamics == "loud":
        sections = [s for s in sections if s.kind not in ("intro", "outro")] or sections
    if parsed.dynamics == "swelling" and len(sections) < _SWELLING_SECTIONS:
        # The strength moves between the ends of sections: the peak is at one of them.
        outer, inner = (replace(sections[0], kind=kind) for kind in ("verse", "chorus"))
        sections = [outer, inner, inner, outer]
    if parsed.dynamics != "rising":
        return sections
    return [replace(s, kind=_CONTINUING.get(s.kind, s.kind), ramp=False) for s in sections]


def shaped(sections: tuple[SectionPlan, ...], parsed: ParsedPrompt) -> tuple[SectionPlan, ...]:
    """Give sections the strength that a rise, a fall or a comparison between them asks for."""
    if parsed.dynamics:
        sections = _along(sections, parsed.dynamics, 0.0 if not parsed.sections else _OWN_SHARE)
    for kind, place in parsed.emphasis:
        sections = _outdone(sections, kind, place)
    return sections


def _along(
    sections: tuple[SectionPlan, ...], dynamics: str, own_share: float
) -> tuple[SectionPlan, ...]:
    whole = sum(sum(section.bars) for section in sections)

    def strength(beat: float, own: float) -> float:
        curve = _QUIETEST + (_LOUDEST - _QUIETEST) * _CURVES[dynamics](beat / whole)
        return own_share * own + (1 - own_share) * curve

    planned: list[SectionPlan] = []
    for section in sections:
        end = section.start_beat + sum(section.bars)
        energy = (
            strength(section.start_beat, section.intensity),
            strength(end, section.intensity),
        )
        planned.append(replace(section, intensity=max(energy), energy=energy))
    return tuple(planned)


def _outdone(sections: tuple[SectionPlan, ...], kind: str, place: int) -> tuple[SectionPlan, ...]:
    alike = [index for index, section in enumerate(sections) if section.kind == kind]
    if len(alike) < 2 or place >= len(alike):
        return sections
    chosen = alike[place]

    def strength(index: int, section: SectionPlan) -> float:
        if index == chosen:
            return _LOUDEST
        if index < chosen:
            return max(section.intensity - _HELD_BACK, _WEAKEST_HELD_BACK)
        return section.intensity

    planned = list(sections)
    for index in alike:
        own = strength(index, sections[index])
        planned[index] = replace(sections[index], intensity=own, energy=(own, own))
    return tuple(planned)


def section_tempos(lengths: Sequence[float], start_bpm: float, change: float) -> list[float]:
    """Return the mean tempo of each section of a piece that gets faster or slower.

    Args:
        lengths: Relative lengths of the sections.
        start_bpm: Tempo at the beginning.
        change: How many times as fast the end is.
    """
    total = sum(lengths)
    tempos: list[float] = []
    before = 0.0
    for length in lengths:
        tempos.append(start_bpm * change ** ((before + length / 2) / total))
        before += length
    return tempos


def changing_tempo(
    sections: Sequence[SectionPlan], tempos: Sequence[float], start_bpm: float, change: float
) -> TempoMap:
    """Make the map of a piece that gets faster or slower from bar to bar.

    Every section lasts as long as in its mean tempo.

    Args:
        sections: in their order.
        tempos: mean tempo of each, in BPM.
        start_bpm: tempo at the start.
        change: the last tempo over the first.
    """
    count = sum(len(section.bars) for section in sections)
    changes: list[tuple[float, float]] = []
    number = 0
    for section, mean in zip(sections, tempos, strict=True):
        wanted = []
        for _ in section.bars:
            wanted.append(start_bpm * change ** (number / max(count - 1, 1)))
            number += 1
        lasts = sum(beats / bpm for beats, bpm in zip(section.bars, wanted, strict=True))
        scale = lasts / (sum(section.bars) / mean)
        beat = section.start_beat
        for beats, bpm in zip(section.bars, wanted, strict=True):
            changes.append((beat, round(bpm * scale, 3)))
            beat += beats
    return join(changes)
