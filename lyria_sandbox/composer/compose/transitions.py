"""Transitions between sections: risers before a drop, and the impact of its first beat."""

from lyria_sandbox.composer.compose.bars import Bar
from lyria_sandbox.composer.compose.desk import Desk

RISER = "riser"
_RISER_BARS = 2
_ROLE = "effects"
_KEY = 60


def write_transitions(desk: Desk, bars: list[Bar]) -> None:
    """Write a rush of noise into every drop of electronic dance music."""
    if not desk.plan.genre.dance_form or desk.plan.meter.name != "4/4":
        return
    for bar in bars:
        length = len(bar.section.bars)
        from_bar = max(0, length - _RISER_BARS)
        following = _following_kind(desk, bar)
        if bar.number != from_bar or following not in ("drop", "chorus", "hook"):
            continue
        beats = sum(bar.section.bars[from_bar:])
        strength = 70 + 40 * bar.intensity
        rng = desk.hand(_ROLE, bar)
        desk.write(_ROLE, RISER, bar, 0, beats, _KEY, strength, rng, jitter_s=0, pitched=False)


def _following_kind(desk: Desk, bar: Bar) -> str:
    sections = desk.plan.sections
    index = sections.index(bar.section)
    return sections[index + 1].kind if index + 1 < len(sections) else ""
