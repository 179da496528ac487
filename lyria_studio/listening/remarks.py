"""What listeners wrote with their votes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from lyria_studio.model.listening_test import ListeningKind, ListeningTest, Side
from lyria_studio.model.vote import Vote
from lyria_studio.phrases import clock

__all__ = ["Remark", "RemarkKind", "remarks_of"]


class RemarkKind(StrEnum):
    """The reason of a vote, or a comment."""

    REASON = "reason"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Remark:
    """Words of a listener. They are a stranger's: show them as text, never as markup.

    Attributes:
        about: the recording that it is about: of a reason the preferred one, of a comment the
            one that was named; None for "no difference", an ABX reason, or both.
        at_s: the time that it is about, in seconds from the beginning of the blind copies.
        at_track_s: the same from the beginning of the track of `about`; None if it is about
            neither recording, or about no time.
        place: what its listener chose, and what it is about, e.g. "chose B, about A at 0:08".
        name: what the listener wants to be called; None if nothing was given.
        vote: the vote that it came with.
    """

    kind: RemarkKind
    text: str = field(repr=False)
    about: Side | None
    at_s: float | None
    at_track_s: float | None
    place: str
    name: str | None
    vote: Vote = field(repr=False)


def remarks_of(
    test: ListeningTest, votes: Sequence[Vote], names: Mapping[str, str | None]
) -> tuple[Remark, ...]:
    """Return the reasons and comments of votes, in their order.

    Args:
        test: what they voted in.
        votes: as `library.listening.votes` gives them.
        names: listener id to name.
    """
    found = []
    for vote in votes:
        name = names.get(vote.listener_id)
        if vote.reason is not None:
            found.append(
                Remark(
                    kind=RemarkKind.REASON,
                    text=vote.reason,
                    about=_winner(vote),
                    at_s=None,
                    at_track_s=None,
                    place=_chosen(test, vote),
                    name=name,
                    vote=vote,
                )
            )
        if vote.comment is not None:
            about, at_s = _commented(vote), vote.comment_at_s
            at_track_s = None if about is None or at_s is None else at_s + test.start_s(about)
            found.append(
                Remark(
                    kind=RemarkKind.COMMENT,
                    text=vote.comment,
                    about=about,
                    at_s=at_s,
                    at_track_s=at_track_s,
                    place=_place(test, vote, about, at_s if at_track_s is None else at_track_s),
                    name=name,
                    vote=vote,
                )
            )
    return tuple(found)


def _winner(vote: Vote) -> Side | None:
    letter = vote.winner_letter
    if letter is None:
        return None
    return vote.first if vote.first.letter == letter else vote.second


def _commented(vote: Vote) -> Side | None:
    if vote.comment_on is None:
        return None
    return vote.first if vote.comment_on == "first" else vote.second


def _chosen(test: ListeningTest, vote: Vote) -> str:
    if vote.correct is not None:
        return "answered right" if vote.correct else "answered wrong"
    winner = _winner(vote)
    return "heard no difference" if winner is None else f"chose {_called(test, winner)}"


def _place(test: ListeningTest, vote: Vote, about: Side | None, at_s: float | None) -> str:
    answer = _chosen(test, vote)
    at = "" if at_s is None else f" at {clock(at_s)}"
    return f"{answer}, about {_called(test, about)}{at}" if about is not None else f"{answer}{at}"


def _called(test: ListeningTest, side: Side) -> str:
    """`B`, or `B, take 2` where B has several; in an ABX test A and B are names of sounds, too."""
    takes = sum(other.letter == side.letter for other in test.sides)
    letter = f"variant {side.letter}" if test.kind is ListeningKind.ABX else side.letter
    return f"{letter}, take {side.take}" if takes > 1 else letter
