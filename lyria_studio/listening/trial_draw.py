"""Which pair a listener hears next, and in which order: balanced, and not to be foreseen."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations, product
from typing import Literal, NamedTuple, TypeVar

__all__ = ["BLOCK", "Drawn", "Pairing", "Recording", "draw"]

T = TypeVar("T")

BLOCK = 4
"""Of this many trials of a pair in a row, each letter comes first in half."""


class Recording(NamedTuple):
    """One take of one variant."""

    letter: str
    take: int


class Pairing(NamedTuple):
    """Two recordings in the order in which they are presented."""

    first: Recording
    second: Recording


class Drawn(NamedTuple):
    """A trial as it was drawn; `x_is` is None unless it is an ABX trial."""

    first: Recording
    second: Recording
    x_is: Literal["first", "second"] | None


def draw(
    takes: Mapping[str, Sequence[int]],
    own: Mapping[Pairing, int],
    everybody: Mapping[Pairing, int],
    *,
    abx: bool,
    rng: random.Random,
) -> Drawn:
    """Draw the next trial of a listener.

    The pair of letters is one that this listener had least, among these one that everybody had
    least; so are the takes of it. Which letter comes first is drawn in permuted blocks over the
    whole test (Matts and Lachin, 1988: sampling without replacement from a block with two of each
    order), so the orders of a pair never differ by more than 2 and are equal after every fourth
    trial, without one order following from the other. Every tie is broken by chance.

    What X is in an ABX trial is a fair coin each time, whatever came before: only then does
    somebody who hears nothing, but was told about the earlier trials, name it in half of them,
    which the exact binomial test supposes. So X is balanced on average, not by count.

    Args:
        takes: the takes that may be played, for each letter; at least two letters.
        own: how often this listener had each pairing.
        everybody: how often all listeners together had each pairing, this one included.
        abx: whether to draw an X.
        rng: `secrets.SystemRandom()`, unless a test wants to repeat itself.
    """
    pair = _least(list(combinations(sorted(takes), 2)), _letters(own), _letters(everybody), rng)
    one, other = pair
    of_takes = [
        (Recording(one, take), Recording(other, other_take))
        for take, other_take in product(takes[one], takes[other])
    ]
    first, second = _least(of_takes, _recordings(own), _recordings(everybody), rng)
    if not _leads(pair, everybody, rng):
        first, second = second, first
    x_is: Literal["first", "second"] | None = None
    if abx:
        x_is = "first" if rng.random() < 0.5 else "second"
    return Drawn(first, second, x_is)


def _least(choices: Sequence[T], own: Counter[T], everybody: Counter[T], rng: random.Random) -> T:
    counted = [((own[choice], everybody[choice]), choice) for choice in choices]
    least = min(count for count, _ in counted)
    return rng.choice([choice for count, choice in counted if count == least])


def _letters(counts: Mapping[Pairing, int]) -> Counter[tuple[str, str]]:
    """Return how often each pair of letters was drawn, in either order; keys are sorted."""
    found: Counter[tuple[str, str]] = Counter()
    for (one, other), times in _recordings(counts).items():
        found[one.letter, other.letter] += times
    return found


def _recordings(counts: Mapping[Pairing, int]) -> Counter[tuple[Recording, Recording]]:
    """Return how often each pair of recordings was drawn, in either order; keys are sorted."""
    found: Counter[tuple[Recording, Recording]] = Counter()
    for (first, second), times in counts.items():
        found[(first, second) if first < second else (second, first)] += times
    return found


def _leads(pair: tuple[str, str], everybody: Mapping[Pairing, int], rng: random.Random) -> bool:
    """Return whether the pair is presented in the order of the alphabet.

    Complete blocks hold as many of either order, so the counts alone say what is left of the
    block that is being filled.
    """
    orders: Counter[tuple[str, str]] = Counter()
    for (first, second), times in everybody.items():
        orders[first.letter, second.letter] += times
    leading, following = orders[pair], orders[pair[::-1]]
    complete = (leading + following) // BLOCK
    left = BLOCK // 2 * (complete + 1) - leading
    other_left = BLOCK // 2 * (complete + 1) - following
    return rng.random() * (left + other_left) < left
