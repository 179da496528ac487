"""When to look at a job next: a pure decision."""

from __future__ import annotations

import random
from collections.abc import Sequence

SHORTEST_S = 2.0
LONGEST_S = 10.0


def next_look(
    elapsed_s: float,
    looks: int,
    recent_s: Sequence[float] = (),
    rng: random.Random | None = None,
) -> float:
    """Return the seconds until the next look at a job."""
    del elapsed_s, recent_s
    jitter = (rng or random).uniform(0.9, 1.1)
    return max(SHORTEST_S, min(LONGEST_S, SHORTEST_S * 1.5**looks) * jitter)
