"""Do listeners answer the same pair alike when its sides are exchanged?"""

from __future__ import annotations

from collections.abc import Sequence

from lyria_studio.model.vote import Vote

__all__ = ["consistency_of"]


def consistency_of(votes: Sequence[Vote]) -> dict[str, bool | None]:
    """Compare each listener's answer to the repeated pair with the first answer.

    Returns:
        Listener id to whether the same recording was preferred both times. None where "no
        difference" was one of the answers: that is no contradiction. Listeners who were not asked
        twice, or not yet, are left out.
    """
    first = {(vote.listener_id, vote.trial_number): vote for vote in votes}
    found: dict[str, bool | None] = {}
    for vote in votes:
        if vote.repeats is None or (before := first.get((vote.listener_id, vote.repeats))) is None:
            continue
        answers = (before.winner_letter, vote.winner_letter)
        found[vote.listener_id] = None if None in answers else answers[0] == answers[1]
    return found
