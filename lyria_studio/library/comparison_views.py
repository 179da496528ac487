"""Read-only pictures of comparisons and listening tests, detached from the database.

A comparison has variants A to F, and for each of them takes; a slot is one (letter, take) and is
filled by a generation. A listening test puts the recordings that a comparison has at that moment
blind before listeners: each trial is one pair, each vote one answer.

`Library` keeps them. What it offers for comparisons:

    save_comparison(new: NewComparison) -> Comparison
    comparison(comparison_id) -> Comparison
    comparisons(limit=50, before=None) -> list[Comparison]           # newest first
    rename_comparison(comparison_id, name) -> Comparison
    delete_comparison(comparison_id, *, votes_too=False) -> tuple[str, ...]   # prepared folders
    children(comparison_id) -> list[Comparison]                      # oldest first
    ancestors(comparison_id) -> list[Comparison]                     # the parent first
    fill_slot(comparison_id, letter, take, generation_id) -> Comparison
    fill_slots(comparison_id, {(letter, take): generation_id}) -> Comparison
    set_offset(comparison_id, letter, seconds) -> Comparison
    comparison_count() -> int

for the owner of a listening test:

    open_test(new: NewTest) -> ListeningTest
    test(test_id) -> ListeningTest
    test_by_nonce(test_id, nonce) -> ListeningTest | None            # None: the link is dead
    tests(comparison_id) -> list[ListeningTest]                      # newest first
    close_test(test_id) -> ListeningTest
    revoke_test(test_id) -> ListeningTest                            # with a new nonce
    test_prepared(test_id, folder) -> ListeningTest
    test_failed(test_id, sentence) -> ListeningTest
    votes(test_id) -> list[Vote]                                     # in the order they were cast
    vote_counts(test_ids) -> dict[str, int]
    listeners(test_id) -> list[Listener]

and for a listener; these raise `ListeningRefused` (a `LibraryError` whose text is for the listener:
`ListeningOver`, `NotPrepared`, `TooManyListeners`, `UnknownTrial`, `NotHeard`, `CannotUndo`):

    begin_listening(test_id, listener_id, address_hash, name=None) -> Listener
    listener(test_id, listener_id) -> Listener | None
    next_trial(test_id, listener_id) -> Trial | None    # the same until voted; None: finished
    trial(trial_id, listener_id) -> Trial
    heard_from(trial_id, listener_id) -> Trial          # the first sound of it is handed out now
    vote(trial_id, listener_id, NewVote(...)) -> Cast
    undo_vote(test_id, listener_id, trial_id=None) -> Trial   # open again, the next to be voted
    reveal(trial_id, listener_id) -> Vote               # marks it revealed; it cannot be undone
    reveal_all(test_id, listener_id) -> list[Vote]
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple

from lyria_core import MusicRequest

__all__ = [
    "LETTERS",
    "Cast",
    "Choice",
    "Comparison",
    "ComparisonCursor",
    "Listener",
    "ListeningKind",
    "ListeningTest",
    "NewComparison",
    "NewTest",
    "NewVote",
    "Over",
    "Place",
    "Reveal",
    "Side",
    "Slot",
    "Trial",
    "Variant",
    "Vote",
]

LETTERS = "ABCDEF"
"""The letters that variants may have."""

Place = Literal["first", "second"]
"""Which of the two sides of a trial."""


class ListeningKind(StrEnum):
    """What a listening test asks: which one is better, or whether there is a difference at all."""

    PREFERENCE = "preference"
    ABX = "abx"


class Reveal(StrEnum):
    """When a listener is told what was what: after each vote, or after the last of the own trials.

    Whichever is chosen, a listener who is told cannot take that vote back.
    """

    AFTER_VOTE = "vote"
    AT_END = "end"


class Over(StrEnum):
    """Why a listening test takes no more votes."""

    CLOSED = "closed"
    TIME = "time"
    VOTES = "votes"


class Choice(StrEnum):
    """An answer. In an ABX trial FIRST and SECOND say which of the two X is; NONE is refused."""

    FIRST = "first"
    SECOND = "second"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Variant:
    """What one letter of a comparison asks for. The prompt is not in its repr.

    Attributes:
        letter: "A" to "F".
        offset_s: where in its recording it is in step with the others, in seconds: playback
            begins there. Negative: it begins that much later than the others.
    """

    letter: str
    model_id: str
    prompt: str = field(repr=False)
    negative_prompt: str | None = field(default=None, repr=False)
    seed: int | None = None
    images: tuple[str, ...] = field(default=(), repr=False)
    offset_s: float = 0.0

    @property
    def request(self) -> MusicRequest:
        """The request of one take of it, as it goes over the wire.

        Raises:
            InvalidRequest: today's catalogue has no such model or takes no such request.
        """
        return MusicRequest(
            model=self.model_id,
            prompt=self.prompt,
            images=self.images,
            negative_prompt=self.negative_prompt,
            seed=self.seed,
        )


@dataclass(frozen=True, slots=True)
class Slot:
    """One take of one variant.

    Attributes:
        take: from 1.
        generation_id: what fills it; None: nothing was ordered for it yet.
        earlier: the generations that were replaced here, oldest first.
    """

    letter: str
    take: int
    generation_id: str | None = None
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewComparison:
    """A comparison to be stored.

    Attributes:
        id: mint it when the form is drawn (`new_intent_id`).
        name: what people call it; one line.
        takes: how many takes each variant has.
        variants: with distinct letters of `LETTERS`; kept in the order of their letters.
        parent_id: the comparison whose winner this one goes on from.
        parent_letter: the letter of that winner.
    """

    id: str
    name: str
    takes: int
    variants: tuple[Variant, ...]
    parent_id: str | None = None
    parent_letter: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison as it is stored.

    Attributes:
        updated_at: when anything of it changed last, its slots included.
        variants: in the order of their letters.
        slots: every (letter, take) that there is, in that order.
    """

    id: str
    name: str
    created_at: datetime
    updated_at: datetime
    takes: int
    parent_id: str | None
    parent_letter: str | None
    variants: tuple[Variant, ...]
    slots: tuple[Slot, ...]

    @property
    def ordered(self) -> bool:
        """Whether any slot is filled: from then on the variants stay as they are."""
        return any(slot.generation_id for slot in self.slots)

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters of its variants."""
        return tuple(variant.letter for variant in self.variants)

    def variant(self, letter: str) -> Variant:
        """The variant with this letter; KeyError if there is none."""
        for variant in self.variants:
            if variant.letter == letter:
                return variant
        raise KeyError(letter)

    def slot(self, letter: str, take: int) -> Slot:
        """The slot of this take; KeyError if there is none."""
        for slot in self.slots:
            if (slot.letter, slot.take) == (letter, take):
                return slot
        raise KeyError((letter, take))


class ComparisonCursor(NamedTuple):
    """The key of the last comparison of a list; the next list begins right after it."""

    created_at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class Side:
    """One recording in a listening test, as it was when the test was opened.

    Attributes:
        track_id: the first track of the generation.
        offset_s: `Variant.offset_s` at that time.
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


@dataclass(frozen=True, slots=True)
class ListeningTest:
    """A listening test as it is stored. What is not said here is said at `NewTest`.

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

    def start_s(self, side: Side) -> float:
        """Where in its track the blind copy of a side begins, in seconds: all are in step then."""
        return side.offset_s - min(0.0, *(one.offset_s for one in self.sides))

    @property
    def copy_s(self) -> float | None:
        """How long its blind copies are, in seconds; None if no side could be measured."""
        lengths = [
            side.duration_s - self.start_s(side)
            for side in self.sides
            if side.duration_s is not None
        ]
        return min(lengths, default=None)

    def over_reason(self, now: datetime, votes: int) -> Over | None:
        """Why it takes no more votes; None while it does.

        Args:
            now: aware.
            votes: how many were cast so far (`Library.vote_counts`).
        """
        if self.closed_at is not None:
            return Over.CLOSED
        if self.ends_at is not None and now >= self.ends_at:
            return Over.TIME
        return Over.VOTES if votes >= self.planned_votes else None


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody who opened the link of a listening test.

    Attributes:
        id: from the browser's cookie; unguessable; one person in one browser.
        address_hash: a salted hash of the network address.
        finished_at: when the last of the own trials was voted on; None before that.
        voted: how many votes are cast; the page shows "`voted` of `trials_per_listener`".
    """

    id: str = field(repr=False)
    test_id: str
    name: str | None
    address_hash: str = field(repr=False)
    created_at: datetime
    finished_at: datetime | None
    voted: int


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

    def side(self, place: Place) -> Side:
        """The recording at this place."""
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
