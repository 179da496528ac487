"""Does the side, or the order of hearing, draw votes?"""

from __future__ import annotations

from dataclasses import replace

from lyria_studio.evidence import sentences
from lyria_studio.evidence.decision_rules import LEVEL, exact_interval, sign_p
from lyria_studio.evidence.findings import Bias


def bias(
    first: int,
    second: int,
    *,
    what: str = "Side",
    names: tuple[str, str] = ("shown first", "shown second"),
    consequence: str = "Sides were drawn at random, so no variant gained by it.",
) -> Bias:
    """Test whether votes prefer a place, regardless of what is in it.

    Args:
        first: votes for whatever was in the first place; leave ties out.
        second: the same for the second place.
        what: what is examined, e.g. "Side".
        names: how the two places are called after "the recording".
        consequence: what a bias means for the test, in a sentence.

    Raises:
        ValueError: a negative number of votes.
    """
    if min(first, second) < 0:
        raise ValueError("votes are counted from 0")
    votes = first + second
    low, high = exact_interval(first, votes, 1 - LEVEL)
    found = Bias(
        first=first,
        second=second,
        what=what,
        names=names,
        consequence=consequence,
        low=low,
        high=high,
        p_value=sign_p(first, second),
    )
    return replace(found, sentence=sentences.bias_sentence(found))
