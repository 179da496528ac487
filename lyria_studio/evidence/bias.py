"""Does the side, or the order of hearing, draw votes?"""

from __future__ import annotations

from dataclasses import dataclass

from lyria_studio.evidence import wording
from lyria_studio.evidence.rules import LEVEL, exact_interval, sign_p


@dataclass(frozen=True, slots=True)
class Bias:
    """How votes fall on two places that should not matter.

    Attributes:
        first: votes for whatever was in the first place.
        second: votes for whatever was in the second place.
        what: what is examined, e.g. "the side".
        names: how the two places are called after "the one", e.g. "on the left".
        share_first: 0 to 1; None without votes.
        low: lower end of its 95% Clopper-Pearson interval.
        high: its upper end.
        p_value: of the exact two-sided sign test.
    """

    first: int
    second: int
    what: str
    names: tuple[str, str]
    share_first: float | None
    low: float
    high: float
    p_value: float

    @property
    def found(self) -> bool:
        """Whether the votes carry a bias, at 5 in 100. It is a check, read without a guard."""
        return self.p_value <= LEVEL

    @property
    def sentence(self) -> str:
        """The finding in plain words."""
        return wording.bias_sentence(self)


def bias(
    first: int,
    second: int,
    *,
    what: str = "the side",
    names: tuple[str, str] = ("shown first", "shown second"),
) -> Bias:
    """Examine whether votes prefer a place, whatever is in it. Leave ties out.

    Raises:
        ValueError: a negative number of votes.
    """
    if min(first, second) < 0:
        raise ValueError("votes are counted from 0")
    votes = first + second
    low, high = exact_interval(first, votes, 1 - LEVEL)
    return Bias(
        first=first,
        second=second,
        what=what,
        names=names,
        share_first=first / votes if votes else None,
        low=low,
        high=high,
        p_value=sign_p(first, second),
    )
