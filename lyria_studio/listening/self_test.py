"""The result of a test for oneself: what one person chose, nothing about listeners."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lyria_studio.model.vote import Vote
from lyria_studio.phrases import count, listed

__all__ = ["SelfTest", "self_test"]


@dataclass(frozen=True, slots=True)
class SelfTest:
    """The choices of one person.

    Attributes:
        favourite: the variant that was chosen most often of the times it was heard; None if two
            share that place, or without a choice.
        hidden: the test still runs and a pair comes again, so the choices stay secret.
        headline: what was chosen, in a few words.
        sentence: the rest of it.
    """

    favourite: str | None
    hidden: bool
    headline: str
    sentence: str


def self_test(letters: Sequence[str], votes: Sequence[Vote], *, hidden: bool) -> SelfTest:
    """Count what one person chose.

    Args:
        letters: the variants of the test.
        votes: all votes of it.
        hidden: whether the choices stay secret for now, so that the rest of the test stays blind.
    """
    if not votes:
        return SelfTest(None, hidden, "No votes yet", "")
    if hidden:
        progress = f"{count(len(votes), 'vote')} so far"
        return SelfTest(None, True, progress, "You see your choices at the end, to stay blind.")
    heard = Counter(side.letter for vote in votes for side in (vote.first, vote.second))
    chosen = Counter(vote.winner_letter for vote in votes)
    shares = {letter: chosen[letter] / heard[letter] for letter in letters if heard[letter]}
    best = [letter for letter, share in shares.items() if share == max(shares.values())]
    favourite = best[0] if len(best) == 1 else None
    rest = [
        f"{letter} {count(chosen[letter], 'time')}"
        for letter in letters
        if letter != favourite and (chosen[letter] or favourite is None)
    ]
    if chosen[None]:
        rest.append(f"no difference {count(chosen[None], 'time')}")
    headline = (
        f"You chose {favourite} {chosen[favourite]} of {count(heard[favourite], 'time')}"
        if favourite is not None
        else f"You chose {listed(best)} equally often"
    )
    others = f"You chose {listed(rest)}. " if rest else ""
    return SelfTest(
        favourite,
        False,
        headline,
        f"{others}This is your own taste. Invite others to learn what listeners prefer.",
    )
