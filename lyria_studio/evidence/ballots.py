"""Votes as the statistics read them, and how they are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ballot:
    """One answer of one listener to one pair.

    Attributes:
        listener: who; any text that tells listeners apart.
        one: a variant of the pair.
        other: the other variant.
        winner: the preferred one of the two; None for "no difference", or if divided.
        divided: the listener chose each of the two as often as the other.
    """

    listener: str
    one: str
    other: str
    winner: str | None
    divided: bool = False

    def __post_init__(self) -> None:
        if self.one == self.other:
            raise ValueError("a pair has two different variants")
        if self.winner is not None and self.winner not in (self.one, self.other):
            raise ValueError("the winner is one of the pair")
        if self.divided and self.winner is not None:
            raise ValueError("a divided listener prefers neither")

    @property
    def pair(self) -> tuple[str, str]:
        """The two variants in the order of their letters."""
        return (self.one, self.other) if self.one < self.other else (self.other, self.one)


@dataclass(frozen=True, slots=True)
class Tally:
    """Votes counted.

    Attributes:
        letters: the variants, in the order of rows and columns.
        wins: shape (variants, variants); votes for the row over the column.
        ties: the same shape, symmetric; "no difference", each counted once at either place.
        divided: the same shape, symmetric; listeners who chose both equally often.
    """

    letters: tuple[str, ...]
    wins: Counts
    ties: Counts
    divided: Counts


def tally(ballots: Iterable[Ballot], letters: Sequence[str]) -> Tally:
    """Count ballots into matrices.

    Raises:
        ValueError: a ballot names a variant that is not among `letters`.
    """
    place = {letter: number for number, letter in enumerate(letters)}
    wins = np.zeros((len(place), len(place)))
    ties, divided = np.zeros_like(wins), np.zeros_like(wins)
    for ballot in ballots:
        if ballot.one not in place or ballot.other not in place:
            raise ValueError("a ballot names a variant that is not compared")
        i, j = place[ballot.one], place[ballot.other]
        if ballot.winner is None:
            neither = divided if ballot.divided else ties
            neither[i, j] += 1
            neither[j, i] += 1
        elif ballot.winner == ballot.one:
            wins[i, j] += 1
        else:
            wins[j, i] += 1
    return Tally(tuple(letters), wins, ties, divided)


def ballot_per_listener(ballots: Iterable[Ballot]) -> list[Ballot]:
    """Merge the answers of each listener to each pair into one ballot: the most frequent one.

    Repeated answers of one listener are not independent, and a sign test that counts each finds
    more than there is. As many for one as for the other is divided; mostly "no difference" is
    "no difference".
    """
    heard: dict[tuple[str, tuple[str, str]], Counter[str | None]] = {}
    for ballot in ballots:
        heard.setdefault((ballot.listener, ballot.pair), Counter())[ballot.winner] += 1
    return [_merged(listener, pair, answers) for (listener, pair), answers in heard.items()]


def _merged(listener: str, pair: tuple[str, str], answers: Counter[str | None]) -> Ballot:
    first, second, neither = answers[pair[0]], answers[pair[1]], answers[None]
    if neither > max(first, second):
        return Ballot(listener, *pair, None)
    if first == second:
        return Ballot(listener, *pair, None, divided=True)
    return Ballot(listener, *pair, pair[0] if first > second else pair[1])
