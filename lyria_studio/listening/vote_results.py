"""The result of a listening test: from votes to evidence, and to sentences for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import combinations

from lyria_studio.evidence import (
    Abx,
    Ballot,
    Bias,
    OverTakes,
    Preference,
    Several,
    Stage,
    Strengths,
    abx,
    ballot_per_listener,
    bias,
    over_takes,
    preference,
    sentences,
    several,
    stage_of,
    strengths,
    tally,
)
from lyria_studio.listening.consistency import consistency_of
from lyria_studio.listening.counting import (
    ballot_of,
    planned_ballots,
    votes_by_take,
    votes_that_count,
)
from lyria_studio.listening.crowds import crowd_notes
from lyria_studio.listening.devices import device_notes
from lyria_studio.listening.remarks import Remark, remarks_of
from lyria_studio.listening.self_test import SelfTest, self_test
from lyria_studio.model.listening_test import Listener, ListeningKind, ListeningTest, Over
from lyria_studio.model.vote import Choice, Place, Vote
from lyria_studio.phrases import count

__all__ = ["Results", "results"]

Matrix = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Results:
    """What a listening test shows so far.

    Attributes:
        test: which test.
        stage: where it stands; it says by which rule the votes are read.
        over: why it takes no more votes; None while it does.
        votes: how many votes were cast; `test.planned_votes` is the plan.
        listeners: how many people cast them.
        ballots: what is counted: each listener once for a pair, as most of the own votes say.
            A listener counts when finished, or when the test is over. Empty for ABX.
        pending: votes that do not count yet; 0 once the test is over.
        matrix: shape (letters, letters); ballots for the row over the column.
        ties: the same shape, symmetric; ballots for "no difference".
        divided: the same shape, symmetric; ballots of listeners who chose both equally often.
        pairs: every pair of letters by itself, in the order of the letters. With more than two
            letters read `several` for a verdict: it accounts for the number of pairs.
        takes: the verdict of a test of two, about prompts or recordings; None otherwise.
        several: the verdict over more than two letters; None for two, and for ABX.
        own: what one person chose, in a test for oneself; None otherwise.
        side: whether the place on the page drew votes; None while the test runs.
        order: whether what was played first drew votes; None alike, and if no page said it.
        abx: whether the difference is audible; None for a preference. Every answer counts, since
            what X is was drawn anew each time.
        remarks: reasons and comments, in the order in which they were made.
        consistency: listener id to whether the repeated pair was answered alike
            (`consistency_of`).
        notes: sentences that a reader has to know beside the verdict.
    """

    test: ListeningTest
    stage: Stage
    over: Over | None
    votes: int
    listeners: int
    ballots: tuple[Ballot, ...] = field(repr=False)
    pending: int
    matrix: Matrix
    ties: Matrix
    divided: Matrix
    pairs: tuple[Preference, ...]
    takes: OverTakes | None
    several: Several | None
    own: SelfTest | None
    side: Bias | None
    order: Bias | None
    abx: Abx | None
    remarks: tuple[Remark, ...] = field(repr=False)
    consistency: Mapping[str, bool | None] = field(repr=False)
    notes: tuple[str, ...]

    @property
    def preference(self) -> Preference | None:
        """The votes between the two letters of a test of two; None otherwise."""
        return self.pairs[0] if len(self.pairs) == 1 else None

    @property
    def winner(self) -> str | None:
        """The letter that listeners prefer; None without a verdict, for ABX, and for oneself."""
        if self.several is not None:
            return self.several.winner
        return None if self.preference is None else self.preference.winner

    @property
    def favourite(self) -> str | None:
        """The letter to continue with: the winner, or what one person chose for oneself."""
        return self.own.favourite if self.own is not None else self.winner

    @property
    def hidden(self) -> bool:
        """Whether the votes stay secret from the owner, who still votes blind."""
        return self.own is not None and self.own.hidden

    @property
    def waiting(self) -> bool:
        """Whether there are votes of which none counts yet."""
        return bool(self.pending) and not self.ballots

    @property
    def headline(self) -> str:
        """The verdict in a few words."""
        return sentences.waiting_headline(self.votes) if self.waiting else self._verdict.headline

    @property
    def sentence(self) -> str:
        """The verdict in plain words, with the votes that carry it, or what is missing for one."""
        return sentences.waiting_sentence(self.votes) if self.waiting else self._verdict.sentence

    @cached_property
    def strengths(self) -> Strengths | None:
        """How strong each of more than two letters is; None for two, for ABX, without ballots.

        Its bootstrap takes about half a second, so it is made when it is first asked for. A
        divided listener is worth as much to either side, as one who heard no difference.
        """
        if self.several is None or not self.ballots:
            return None
        undivided = [replace(ballot, divided=False) for ballot in self.ballots]
        counted = tally(undivided, self.test.letters)
        return strengths(counted.wins, counted.ties, letters=self.test.letters, ballots=undivided)

    @property
    def _verdict(self) -> OverTakes | Several | Abx | SelfTest:
        found = self.own or self.abx or self.several or self.takes
        assert found is not None, "a test has one kind of verdict"  # noqa: S101
        return found


def results(
    test: ListeningTest,
    votes: Sequence[Vote],
    *,
    listeners: Sequence[Listener] = (),
    now: datetime | None = None,
    more: Sequence[tuple[ListeningTest, Sequence[Vote]]] = (),
) -> Results:
    """Read the votes of a listening test.

    Args:
        test: which test.
        votes: all its votes (`library.listening.votes`).
        listeners: who they are (`library.listening.listeners`), for names beside remarks,
            and to tell when many came from one network address.
        now: aware; the present if not given. It tells whether the test has ended.
        more: other tests of the same variants and kind with their votes, to be read together. Who
            opens test after test looks often, so only the rule of early looks may name a winner.
    """
    now = now or datetime.now(UTC)
    over = test.over_reason(now, len(votes))
    stage = stage_of(len(votes), test.planned_votes, closed=over is not None)
    voters = Counter(vote.listener_id for vote in votes)
    is_abx = test.kind is ListeningKind.ABX
    consistency = consistency_of(votes)
    excluded = {one for one, alike in consistency.items() if alike is False}
    if not test.exclude_inconsistent:
        excluded = set()
    counted = [] if is_abx or test.for_oneself else votes_that_count(test, votes, voters, stage)
    for other, cast in more:
        ended = other.over_reason(now, len(cast)) is not None
        others = Counter(vote.listener_id for vote in cast)
        of_other = stage_of(len(cast), other.planned_votes, closed=ended)
        counted = [*counted, *votes_that_count(other, cast, others, of_other)]
        votes, voters = [*votes, *cast], voters + others
    pending = 0 if is_abx or test.for_oneself else len(votes) - len(counted)
    stage = Stage.POOLED if more else stage
    counted = [
        vote for vote in counted if vote.repeats is None and vote.listener_id not in excluded
    ]
    ballots = ballot_per_listener(map(ballot_of, counted))
    matrices = tally(ballots, test.letters)
    pairs = () if is_abx or test.for_oneself else _pairs(test, ballots, stage)
    takes = votes_by_take(counted)
    decided = [vote for vote in votes if vote.choice is not Choice.NONE and vote.repeats is None]
    return Results(
        test=test,
        stage=stage,
        over=over,
        votes=len(votes),
        listeners=len(voters),
        ballots=tuple(ballots),
        pending=pending,
        matrix=_whole(matrices.wins.tolist()),
        ties=_whole(matrices.ties.tolist()),
        divided=_whole(matrices.divided.tolist()),
        pairs=pairs,
        takes=over_takes(pairs[0], takes.get(pairs[0].names, ())) if len(pairs) == 1 else None,
        several=several(
            matrices.wins,
            matrices.ties,
            letters=test.letters,
            stage=stage,
            divided=matrices.divided,
            takes=takes,
        )
        if len(pairs) > 1
        else None,
        own=self_test(test.letters, votes, hidden=test.repeats and over is None)
        if test.for_oneself
        else None,
        side=None if over is None else _side(decided),
        order=None if over is None else _order(decided),
        abx=_abx(test, votes, stage) if is_abx else None,
        remarks=remarks_of(test, votes, {listener.id: listener.name for listener in listeners}),
        consistency=consistency,
        notes=(
            *_pending_note(pending if ballots else 0),
            *crowd_notes(test, [one for one in listeners if one.id in voters]),
            *_attention_notes(consistency, excluded),
            *device_notes(
                test.letters,
                ballots,
                votes if is_abx else (),
                {one.id: one.device for one in listeners},
            ),
        ),
    )


def _pairs(test: ListeningTest, ballots: Sequence[Ballot], stage: Stage) -> tuple[Preference, ...]:
    counts = Counter((ballot.pair, ballot.winner, ballot.divided) for ballot in ballots)
    return tuple(
        preference(
            counts[(one, other), one, False],
            counts[(one, other), other, False],
            counts[(one, other), None, False],
            divided=counts[(one, other), None, True],
            planned=planned_ballots(test),
            stage=stage,
            names=(one, other),
        )
        for one, other in combinations(test.letters, 2)
    )


def _chosen(vote: Vote) -> Place:
    return "first" if vote.choice is Choice.FIRST else "second"


def _side(decided: Sequence[Vote]) -> Bias | None:
    """Return the bias towards a side. Votes are independent: places are drawn for each one."""
    places = [_chosen(vote) for vote in decided]
    return bias(places.count("first"), places.count("second")) if places else None


def _order(decided: Sequence[Vote]) -> Bias | None:
    known = [vote for vote in decided if vote.began_with is not None]
    began = sum(_chosen(vote) == vote.began_with for vote in known)
    if not known:
        return None
    return bias(
        began,
        len(known) - began,
        what="Listening-order",
        names=("heard first", "heard second"),
        consequence="Listeners chose the order, so it may have helped a variant.",
    )


def _abx(test: ListeningTest, votes: Sequence[Vote], stage: Stage) -> Abx:
    right = sum(bool(vote.correct) for vote in votes)
    return abx(right, len(votes), planned=test.planned_votes, stage=stage)


def _pending_note(pending: int) -> tuple[str, ...]:
    if not pending:
        return ()
    whose = "its listener finishes" if pending == 1 else "their listeners finish"
    verb = "counts" if pending == 1 else "count"
    return (f"{count(pending, 'more vote')} {verb} when {whose}.",)


def _attention_notes(consistency: Mapping[str, bool | None], excluded: set[str]) -> tuple[str, ...]:
    asked = [alike for alike in consistency.values() if alike is not None]
    if not asked:
        return ()
    note = f"{sum(asked)} of {count(len(asked), 'listener')} answered the repeated pair alike."
    if excluded:
        whose = "1 listener was" if len(excluded) == 1 else f"{len(excluded)} listeners were"
        note += f" {whose} left out for a contradiction, as planned before the test."
    return (note,)


def _whole(counts: Sequence[Sequence[float]]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(int(count) for count in row) for row in counts)
