"""Do listeners choose alike?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import evalica
import pandas as pd

from lyria_studio.evidence import wording
from lyria_studio.evidence.ballots import Ballot, one_voice


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far listeners agree.

    Attributes:
        listeners: how many heard a pair that somebody else heard too.
        pairs: how many pairs were heard by two or more listeners.
        alpha: Krippendorff's alpha: 1 is full agreement, 0 what chance gives, below 0 is less
            than chance. None without two listeners on one pair, or if all said "no difference".
        share: how often two listeners of a pair chose alike, 0 to 1; None alike.
        by_chance: the same if votes fell by chance; None alike.
    """

    listeners: int
    pairs: int
    alpha: float | None
    share: float | None
    by_chance: float | None

    @property
    def sentence(self) -> str:
        """The agreement in plain words."""
        return wording.agreement_sentence(self)


def agreement(ballots: Iterable[Ballot]) -> Agreement:
    """Krippendorff's alpha (nominal) over pairs of variants as units, by evalica.

    A vote is for the earlier letter, for the later one, or for neither. Which letter is the
    earlier is an accident, so every pair enters a second time with its sides exchanged: chance
    then has both sides alike, and the answer does not hang on the names. So alpha has a meaning
    for a single pair too, where it is otherwise near 0 by construction.

    Source: Krippendorff, "Content Analysis" (2018), chapter 12.
    """
    columns: dict[str, dict[str, float]] = {}
    heard = one_voice(ballots)
    counts = pd.Series([ballot.pair for ballot in heard], dtype=object).value_counts()
    shared = [ballot for ballot in heard if counts[ballot.pair] > 1]
    listeners = {ballot.listener for ballot in shared}
    if not shared:
        return Agreement(0, 0, None, None, None)
    for ballot in shared:
        side = 0.0 if ballot.winner is None else 1.0 if ballot.winner == ballot.pair[0] else -1.0
        name = "\0".join(ballot.pair)
        columns.setdefault(name, {})[ballot.listener] = side
        columns.setdefault(f"{name}\0mirrored", {})[ballot.listener] = -side
    found = evalica.alpha(pd.DataFrame(columns))
    values = sum(len(column) for column in columns.values())
    share, by_chance = 1 - found.observed / values, 1 - found.expected / values
    alpha = found.alpha if found.expected else None
    return Agreement(len(listeners), len(columns) // 2, alpha, share, by_chance)
