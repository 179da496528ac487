"""A listening test: the recordings of a comparison, put blind before listeners."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

__all__ = [
    "LISTENERS_AN_HOUR",
    "MOST_LISTENERS_AN_HOUR",
    "Listener",
    "ListeningKind",
    "ListeningTest",
    "NewTest",
    "Over",
    "Reveal",
    "Side",
]

LISTENERS_AN_HOUR = 60
"""How many new listeners a test takes within an hour, unless its owner expects more."""

MOST_LISTENERS_AN_HOUR = 1000
"""What an owner can raise it to."""


class ListeningKind(StrEnum):
    """The question of a listening test: which is better, or is there a difference at all."""

    PREFERENCE = "preference"
    ABX = "abx"


class Reveal(StrEnum):
    """When a listener sees the answer: after each vote, or after the last trial.

    Whichever is chosen, a listener who is told cannot take that vote back.
    """

    AFTER_VOTE = "vote"
    AT_END = "end"


class Over(StrEnum):
    """Why a listening test takes no more votes."""

    CLOSED = "closed"
    TIME = "time"
    VOTES = "votes"


@dataclass(frozen=True, slots=True)
class Side:
    """One recording in a listening test, as it was when the test was opened.

    Attributes:
        track_id: the first track of the generation.
        offset_s: `Variant.offset_s` at that time, or where the excerpt begins in it.
        duration_s: of the track; None if it could not be measured.
    """

    letter: str
    take: int
    generation_id: str
    track_id: str
    offset_s: float = 0.0
    duration_s: float | None = None


@dataclass(frozen=True, slots=True)
class NewTest:
    """A listening test to be opened.

    Attributes:
        id: mint it when the form is drawn (`new_intent_id`); opening twice opens once.
        host_name: who invites, shown to listeners.
        question: what listeners are asked, e.g. "Which one fits the film better?".
        letters: which variants are compared, at least two; exactly two for ABX.
        trials_per_listener: how many pairs each listener is asked about.
        planned_votes: how many votes the test is planned for; it takes no more.
        ends_at: when it ends by itself; None: never.
        attention: the last pair of each listener is one of the earlier ones with its sides
            exchanged, and counts for nothing but the listener's consistency.
        exclude_inconsistent: listeners who contradict themselves there are left out.
        ask_device: listeners are asked whether they use headphones or a speaker.
        excerpt_start_s: where the part that is heard begins, in seconds from the common start;
            None: at the beginning.
        excerpt_s: how long it is, in seconds; None: as long as the shortest recording.
        starts: where it begins in the recordings of each letter, in seconds, instead of
            `excerpt_start_s`; None: at the same time of all.
        listeners_an_hour: how many new listeners may begin within an hour.
    """

    id: str
    comparison_id: str
    kind: ListeningKind
    host_name: str
    question: str
    letters: tuple[str, ...]
    trials_per_listener: int
    planned_votes: int
    reveal: Reveal = Reveal.AFTER_VOTE
    ends_at: datetime | None = None
    attention: bool = False
    exclude_inconsistent: bool = False
    ask_device: bool = False
    excerpt_start_s: float | None = None
    excerpt_s: float | None = None
    starts: Mapping[str, float] | None = None
    listeners_an_hour: int = LISTENERS_AN_HOUR


@dataclass(frozen=True, slots=True)
class ListeningTest:
    """A stored listening test. The other attributes are explained at `NewTest`.

    Attributes:
        nonce: a link is good while it carries this.
        closed_at: when the owner closed it; None: not closed.
        prepared: the name of the folder with its blind copies; None: not prepared yet.
        problem: one sentence on why preparing failed; None: it did not.
        sides: the recordings that its trials are made of, by letter and take: every take of
            `letters` that had a track when the test was opened.
    """

    id: str
    comparison_id: str
    kind: ListeningKind
    host_name: str
    question: str
    letters: tuple[str, ...]
    trials_per_listener: int
    planned_votes: int
    reveal: Reveal
    ends_at: datetime | None
    nonce: str = field(repr=False)
    created_at: datetime
    closed_at: datetime | None
    prepared: str | None
    problem: str | None
    sides: tuple[Side, ...] = field(default=(), repr=False)
    attention: bool = False
    exclude_inconsistent: bool = False
    ask_device: bool = False
    excerpt_start_s: float | None = None
    excerpt_s: float | None = None
    listeners_an_hour: int = LISTENERS_AN_HOUR

    @property
    def for_oneself(self) -> bool:
        """Whether it was opened to listen oneself: nobody invites, and there is one listener."""
        return not self.host_name

    @property
    def pairs(self) -> int:
        """How many pairs its letters make."""
        return math.comb(len(self.letters), 2)

    @property
    def counted_trials(self) -> int:
        """How many pairs of a listener count: all but one that tests attention."""
        return self.trials_per_listener - self.attention

    @property
    def repeats(self) -> bool:
        """Whether a listener hears some pair of letters more than once."""
        return self.counted_trials > self.pairs

    def start_s(self, side: Side) -> float:
        """Return where in its track the blind copy of a side begins, in seconds."""
        base = min(0.0, *(one.offset_s for one in self.sides))
        return side.offset_s - base + (self.excerpt_start_s or 0.0)

    @property
    def copy_s(self) -> float | None:
        """How long its blind copies are, in seconds; None if no side could be measured."""
        lengths = [
            side.duration_s - self.start_s(side)
            for side in self.sides
            if side.duration_s is not None
        ]
        longest = min(lengths, default=None)
        if longest is None or self.excerpt_s is None:
            return longest
        return min(longest, self.excerpt_s)

    def over_reason(self, now: datetime, votes: int) -> Over | None:
        """Why it takes no more votes; None while it does.

        Args:
            now: aware.
            votes: how many were cast so far (`library.listening.vote_counts`).
        """
        if self.closed_at is not None:
            return Over.CLOSED
        if self.ends_at is not None and now >= self.ends_at:
            return Over.TIME
        return Over.VOTES if votes >= self.planned_votes else None


@dataclass(frozen=True, slots=True)
class Listener:
    """A person who opened the link of a listening test.

    Attributes:
        id: from the browser's cookie; unguessable; one person in one browser.
        address_hash: a salted hash of the network address.
        finished_at: when the last of the own trials was voted on; None before that.
        device: "headphones" or "speaker", as the listener said; None: not asked or not said.
        voted: how many votes are cast; the page shows "`voted` of `trials_per_listener`".
    """

    id: str = field(repr=False)
    test_id: str
    name: str | None
    address_hash: str = field(repr=False)
    created_at: datetime
    finished_at: datetime | None
    voted: int
    device: str | None = None
