"""How long the jobs of the sandbox take."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Pace:
    """Ranges, in seconds, from which each job draws its own times.

    Attributes:
        queued_s: Shortest and longest time in QUEUED.
        total_s: Shortest and longest time from the order to the end, for each model id; rendering
            may take longer.
    """

    queued_s: tuple[float, float]
    total_s: dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Timetable:
    """When a job moves on, in seconds since it was taken.

    Attributes:
        processing_s: Earliest start of PROCESSING.
        finished_s: Earliest end.
    """

    processing_s: float
    finished_s: float


PACES: Final[dict[str, Pace]] = {
    "instant": Pace(queued_s=(0.0, 0.0), total_s={}),
    "demo": Pace(
        queued_s=(0.8, 1.5),
        total_s={"lyria-3-pro": (5.0, 8.0), "lyria-3": (3.5, 6.0), "lyria-2": (3.0, 5.0)},
    ),
    "realistic": Pace(
        queued_s=(2.0, 6.0),
        total_s={"lyria-3-pro": (60.0, 120.0), "lyria-3": (20.0, 50.0), "lyria-2": (15.0, 30.0)},
    ),
}


def timetable(pace: str, model: str, request_id: str, at_least_s: float = 0.0) -> Timetable:
    """Draw a job's times; the same job draws the same times again after a restart.

    Args:
        pace: A name in ``PACES``.
        model: The model's id.
        request_id: The job, which seeds the draw.
        at_least_s: Lower bound of the whole time, in seconds.
    """
    chosen = PACES[pace]
    draw = random.Random(request_id)
    processing_s = draw.uniform(*chosen.queued_s)
    finished_s = draw.uniform(*chosen.total_s.get(model, (0.0, 0.0)))
    return Timetable(processing_s, max(processing_s, finished_s, at_least_s))
