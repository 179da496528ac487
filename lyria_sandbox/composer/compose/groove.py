"""The groove of a take: the genre's patterns as this band plays them."""

from collections.abc import Mapping

import numpy as np

from lyria_sandbox.composer.plan.model import Plan
from lyria_sandbox.composer.randomness import take_stream
from lyria_sandbox.composer.tables.genre import FOUR_ON_THE_FLOOR

_PICKUPS = (14, 7, 10, 6)
_STRAIGHT = 16
_JOINING: tuple[Mapping[str, str], ...] = (
    {},
    {"shaker": "4253425342534253"},
    {"tambourine": "....5.......5..."},
    {"shaker": "..4...4...4...4."},
)
"""Who joins the drummer."""


def drum_lanes(plan: Plan, lanes: Mapping[str, str]) -> dict[str, str]:
    """Vary the drums of a genre: hats, the kick's pick-up, and a shaker or tambourine.

    The beat itself stays: accents are the genre's.
    """
    rng = take_stream(plan.seed, "drums")
    played = dict(lanes)
    if "hat" in lanes:
        played["hat"] = _hats(lanes["hat"], int(rng.integers(3)))
    kick = lanes.get("kick", "")
    if len(kick) == _STRAIGHT and kick != FOUR_ON_THE_FLOOR:
        played["kick"] = _kick(kick, rng)
    if plan.genre.tone not in ("orchestral", "jazz", "ambient"):
        for lane, pattern in _JOINING[int(rng.integers(len(_JOINING)))].items():
            played.setdefault(lane, pattern)
    return played


def _hats(pattern: str, choice: int) -> str:
    """Play the hats as they are, on eighths alone, or with soft strokes between."""
    if choice == 0 or len(pattern) != _STRAIGHT:
        return pattern
    if choice == 1:
        return "".join(s if place % 2 == 0 else "." for place, s in enumerate(pattern))
    return "".join("2" if s == "." and place % 2 else s for place, s in enumerate(pattern))


def _kick(pattern: str, rng: np.random.Generator) -> str:
    """Play the kick as it is, or with one soft stroke more before a beat."""
    place = (None, *_PICKUPS)[int(rng.integers(len(_PICKUPS) + 1))]
    if place is None or pattern[place] != ".":
        return pattern
    return pattern[:place] + "5" + pattern[place + 1 :]


def bass_line(plan: Plan, pattern: str) -> str:
    """Vary a bass pattern: its last root may be a fifth or an octave instead."""
    last = pattern.rfind("R")
    choice = int(take_stream(plan.seed, "bass line").integers(3))
    if last <= 0 or choice == 0:
        return pattern
    return pattern[:last] + ("5" if choice == 1 else "O") + pattern[last + 1 :]
