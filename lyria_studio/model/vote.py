"""Trials and votes: one pair of recordings shown to one listener, and the answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from lyria_studio.model.listening_test import Listener, Side

__all__ = ["Cast", "Choice", "NewVote", "Place", "Standing", "Trial", "Vote"]

Place = Literal["first", "second"]
"""Which of the two sides of a trial."""


class Choice(StrEnum):
    """An answer. In an ABX trial FIRST and SECOND say which of the two X is; NONE is refused."""

    FIRST = "first"
    SECOND = "second"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Trial:
    """One pair shown to one listener. Nothing of it but `id` and `number` may reach the browser.

    Attributes:
        number: from 1, among the listener's trials.
        first: what the page calls X (in an ABX trial: A).
        second: what the page calls Y (in an ABX trial: B).
        x_is: which of the two X is in an ABX trial; None in a preference trial.
        heard_from: when its first sound was handed out; None: not yet.
        must_hear_s: how many seconds of each side have to be heard before a vote counts.
        repeats: the number of the trial that comes again here with its sides exchanged.
    """

    id: str
    test_id: str
    listener_id: str = field(repr=False)
    number: int
    first: Side
    second: Side
    x_is: Place | None
    drawn_at: datetime
    heard_from: datetime | None
    must_hear_s: float
    repeats: int | None = None

    def side(self, place: Place) -> Side:
        """Return the recording at this place."""
        return self.first if place == "first" else self.second


@dataclass(frozen=True, slots=True)
class NewVote:
    """An answer as it comes from the page.

    Attributes:
        heard_first_s: how many seconds of the first side were heard, as the page counts.
        reason: why, in a few words; longer text is cut.
        comment: a remark; longer text is cut.
        comment_at_s: the time in the track that the comment is about, in seconds.
        comment_on: which side the comment is about.
        began_with: which side was played first; None if the page does not say.
    """

    choice: Choice
    heard_first_s: float
    heard_second_s: float
    reason: str | None = field(default=None, repr=False)
    comment: str | None = field(default=None, repr=False)
    comment_at_s: float | None = None
    comment_on: Place | None = None
    began_with: Place | None = None


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote that counts, with what was compared. Text of listeners is not in its repr.

    Attributes:
        trial_number: the number of its trial among the listener's, from 1.
        revealed_at: when the listener was told what was what; None: not told.
        began_with: which side was played first; None if the page did not say.
        repeats: the number of the trial that came again here; such a vote counts for consistency.
    """

    trial_id: str
    test_id: str
    listener_id: str = field(repr=False)
    trial_number: int
    first: Side
    second: Side
    x_is: Place | None
    choice: Choice
    reason: str | None = field(repr=False)
    comment: str | None = field(repr=False)
    comment_at_s: float | None
    comment_on: Place | None
    heard_first_s: float
    heard_second_s: float
    cast_at: datetime
    revealed_at: datetime | None = None
    began_with: Place | None = None
    repeats: int | None = None

    @property
    def winner_letter(self) -> str | None:
        """The letter that was preferred; None: no difference, or an ABX vote."""
        if self.x_is is not None or self.choice is Choice.NONE:
            return None
        return (self.first if self.choice is Choice.FIRST else self.second).letter

    @property
    def correct(self) -> bool | None:
        """Whether an ABX vote named what X is; None for a preference."""
        return None if self.x_is is None else self.choice.value == self.x_is


@dataclass(frozen=True, slots=True)
class Cast:
    """What became of a vote.

    Attributes:
        vote: the vote that counts for this trial.
        repeated: the trial was voted on before; nothing was changed this time.
        differs: the repeat gave another answer; the first one counts.
    """

    vote: Vote
    repeated: bool = False
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a listener stands in a test, from one snapshot.

    Attributes:
        listener: who it is; None: nobody who was here before.
        over: why the test takes no more votes, in a sentence for the listener; None: it does.
        trial: what to hear and vote on next; None: nothing, or it is not drawn yet.
        votes: this listener's, in the order in which they were cast.
    """

    listener: Listener | None
    over: str | None
    trial: Trial | None
    votes: tuple[Vote, ...]

    @property
    def awaits_trial(self) -> bool:
        """Whether the next trial has to be drawn."""
        if self.listener is None or self.over is not None or self.trial is not None:
            return False
        return self.listener.finished_at is None
