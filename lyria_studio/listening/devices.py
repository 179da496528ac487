"""How votes differ between headphones and speakers: a split of the counts, without a verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from lyria_studio.evidence import Ballot
from lyria_studio.model.vote import Vote
from lyria_studio.phrases import count, listed

__all__ = ["device_notes"]

_DEVICES = {"headphones": "Headphones", "speaker": "Speaker", None: "Unknown"}


def device_notes(
    letters: Sequence[str],
    ballots: Sequence[Ballot],
    answers: Sequence[Vote],
    devices: Mapping[str, str | None],
) -> tuple[str, ...]:
    """Return sentences on the votes by headphones and by speaker, if listeners stated it.

    Args:
        letters: the variants of the test.
        ballots: what is counted of a preference test; empty for ABX.
        answers: the answers of an ABX test; empty otherwise.
        devices: listener id to "headphones", "speaker" or None.
    """
    parts = {
        device: _preferred(letters, [one for one in ballots if devices.get(one.listener) == device])
        or _right([one for one in answers if devices.get(one.listener_id) == device])
        for device in _DEVICES
    }
    if not (parts["headphones"] or parts["speaker"]):
        return ()
    sentence = " ".join(f"{_DEVICES[device]}: {part}." for device, part in parts.items() if part)
    return (f"{sentence} This split is a hint: the plan was not made for it.",)


def _preferred(letters: Sequence[str], ballots: Sequence[Ballot]) -> str:
    """`3 votes for A, 8 for B and 1 for neither`; empty without ballots."""
    if not ballots:
        return ""
    won = Counter(ballot.winner for ballot in ballots)
    first, *others = letters
    shares = [
        f"{count(won[first], 'vote')} for {first}",
        *(f"{won[one]} for {one}" for one in others),
    ]
    return listed([*shares, f"{won[None]} for neither"] if won[None] else shares)


def _right(answers: Sequence[Vote]) -> str:
    if not answers:
        return ""
    return f"{sum(bool(one.correct) for one in answers)} of {count(len(answers), 'answer')} right"
