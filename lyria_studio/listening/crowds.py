"""What a reader has to know about who voted: many at once, or many from one place."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from lyria_studio.model.listening_test import LISTENERS_AN_HOUR, Listener, ListeningTest

__all__ = ["crowd_notes"]

CROWD = 4
"""From so many listeners of one network address on, people are told of it."""

BURST = 10
"""From so many new listeners within `BURST_MIN` minutes on, people are told of it."""

BURST_MIN = 10


def crowd_notes(test: ListeningTest, voters: Sequence[Listener]) -> tuple[str, ...]:
    """Return sentences to show with the verdict; none if nothing is unusual.

    Args:
        test: which test.
        voters: its listeners who voted.
    """
    notes = []
    addresses = Counter(one.address_hash for one in voters)
    crowd = max(addresses.values(), default=0)
    if crowd >= CROWD:
        notes.append(
            f"{crowd} of {len(voters)} listeners came from one network address: one office, or "
            "one person many times."
        )
    burst = _burst([one.created_at for one in voters])
    if burst >= BURST:
        notes.append(
            f"{burst} of {len(voters)} listeners joined within {BURST_MIN} minutes. "
            "Unless you invited a group, one person may have voted many times."
        )
    if test.listeners_an_hour > LISTENERS_AN_HOUR:
        notes.append(
            f"Up to {test.listeners_an_hour} new listeners an hour could join, "
            f"instead of {LISTENERS_AN_HOUR}."
        )
    return tuple(notes)


def _burst(moments: Sequence[datetime]) -> int:
    """Return how many of these moments lie within the span of a burst, at most."""
    ordered = sorted(moments)
    span = timedelta(minutes=BURST_MIN)
    return max(
        (bisect_right(ordered, start + span) - at for at, start in enumerate(ordered)), default=0
    )
