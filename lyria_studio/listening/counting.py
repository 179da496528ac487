"""Which votes of a listening test count, and as what."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from lyria_studio.evidence import Ballot, Stage, TakeVote
from lyria_studio.model.listening_test import ListeningTest
from lyria_studio.model.vote import Vote

__all__ = ["ballot_of", "planned_ballots", "votes_by_take", "votes_that_count"]


def votes_that_count(
    test: ListeningTest, votes: Sequence[Vote], voters: Counter[str], stage: Stage
) -> list[Vote]:
    """List the votes that count: of listeners who finished, in the order in which they did.

    Counting each listener at one moment keeps a verdict from turning when somebody else begins,
    and the guard of early looks supposes that what was counted stays.

    Args:
        test: which test.
        votes: all its votes, in the order in which they were cast.
        voters: how many votes each listener cast.
        stage: where the test stands.
    """
    finished = {vote.listener_id: number for number, vote in enumerate(votes)}
    return sorted(
        (
            vote
            for vote in votes
            if stage is not Stage.OPEN or voters[vote.listener_id] >= test.trials_per_listener
        ),
        key=lambda vote: finished[vote.listener_id],
    )


def ballot_of(vote: Vote) -> Ballot:
    """Return a vote as a ballot: who chose which letter of a pair."""
    return Ballot(vote.listener_id, vote.first.letter, vote.second.letter, vote.winner_letter)


def votes_by_take(votes: Sequence[Vote]) -> dict[tuple[str, str], list[TakeVote]]:
    """Sort votes by their pair of letters, each with its takes."""
    found: dict[tuple[str, str], list[TakeVote]] = {}
    for vote in votes:
        a, b = sorted((vote.first, vote.second), key=lambda side: side.letter)
        winner = vote.winner_letter
        for_b = 0 if winner is None else 1 if winner == b.letter else -1
        take_vote = TakeVote(vote.listener_id, a.take, b.take, for_b)
        found.setdefault((a.letter, b.letter), []).append(take_vote)
    return found


def planned_ballots(test: ListeningTest) -> int:
    """Count the planned ballots of each pair: votes are spread evenly over pairs.

    Each listener counts once for a pair, however often it is heard.
    """
    counted = test.planned_votes * test.counted_trials / test.trials_per_listener
    return math.ceil(counted / max(test.pairs, test.counted_trials))
