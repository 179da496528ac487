"""Which part of long tracks the listeners of a test hear."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["ExcerptSide", "starts_of"]

DEFAULT_START_S = 30.0
"""Where an excerpt begins unless somebody says otherwise: behind the intro of most songs."""


@dataclass(frozen=True, slots=True)
class ExcerptSide:
    """One variant, of which a part is heard.

    Attributes:
        duration_s: of the shortest of its takes.
        lead_s: how much later than the others it begins when all are in step.
    """

    letter: str
    duration_s: float
    lead_s: float = 0.0


def starts_of(
    sides: Sequence[ExcerptSide], length_s: float, reported: object, *, linked: bool
) -> dict[str, float]:
    """Return where the excerpt begins in each variant, in seconds: always within its tracks.

    Args:
        sides: at least one, each as long as the excerpt.
        length_s: of the excerpt.
        reported: what a browser said; seconds by letter are meant.
        linked: whether all begin at the same time of the first one, as they are in step.
    """
    asked = _seconds(reported)
    first = sides[0]
    common = asked.get(first.letter, DEFAULT_START_S + first.lead_s) - first.lead_s
    latest = {side.letter: max(0.0, side.duration_s - length_s) for side in sides}
    common = max(0.0, min(common, *(latest[side.letter] - side.lead_s for side in sides)))
    starts = {side.letter: common + side.lead_s for side in sides}
    if not linked:
        starts |= {letter: asked[letter] for letter in starts if letter in asked}
    return {
        letter: round(min(max(0.0, start), latest[letter]), 1) for letter, start in starts.items()
    }


def _seconds(reported: object) -> dict[str, float]:
    if not isinstance(reported, Mapping):
        return {}
    return {
        str(letter): float(seconds)
        for letter, seconds in reported.items()
        if isinstance(seconds, int | float)
        and not isinstance(seconds, bool)
        and math.isfinite(seconds)
    }
