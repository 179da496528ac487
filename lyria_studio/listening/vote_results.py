"""What the votes of a listening test say: from votes to evidence, and to sentences for people."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from itertools import combinations

from lyria_studio.evidence import (
    Abx,
    Ballot,
    Bias,
    Preference,
    Several,
    Stage,
    Strengths,
    abx,
    ballot_per_listener,
    bias,
    preference,
    several,
    stage_of,
    strengths,
    tally,
)
from lyria_studio.listening.remarks import Remark, remarks_of
from lyria_studio.model.listening_test import (
    Choice,
    Listener,
    ListeningKind,
    ListeningTest,
    Over,
    Place,
    Vote,
)
from lyria_studio.phrases import count

__all__ = ["Results", "results"]

CROWD = 4
"""From so many listeners of one network address on, people are told of it."""


@dataclass(frozen=True)
class Results:
    """What a listening test shows so far.

    Attributes:
        test: which test.
        stage: where it stands; it says by which rule the votes are read.
        over: why it takes no more votes; None while it does.
        votes: how many votes were cast; `test.planned_votes` is the plan.
        listeners: how many people cast them.
        ballots: what is counted: each listener once for a pair (as most of the own votes say;
            evenly split is no difference), so that votes of one person do not pass for those of
            many. If there is only one listener, every vote. Empty for ABX.
        pending: votes that are not counted yet, because their listener hears the same pair again
            and may still come to another opinion; 0 once the test is over.
        matrix: shape (letters, letters); ballots for the row over the column.
        ties: the same shape, symmetric; ballots for "no difference".
        pairs: every pair of letters by itself, in the order of the letters. With more than two
            letters read `several` for a verdict: it accounts for the number of pairs.
        several: the verdict over more than two letters; None for two, and for ABX.
        side: whether the place on the page drew votes, over all votes; None without any.
        order: whether what was played first drew votes; None if no page said what was.
        abx: whether the difference is audible; None for a preference. Every answer counts, since
            what X is was drawn anew each time.
        remarks: reasons and comments, in the order in which they were made.
        notes: sentences that a reader has to know beside the verdict.
    """

    test: ListeningTest
    stage: Stage
    over: Over | None
    votes: int
    listeners: int
    ballots: tuple[Ballot, ...] = field(repr=False)
    pending: int
    matrix: tuple[tuple[int, ...], ...]
    ties: tuple[tuple[int, ...], ...]
    pairs: tuple[Preference, ...]
    several: Several | None
    side: Bias | None
    order: Bias | None
    abx: Abx | None
    remarks: tuple[Remark, ...] = field(repr=False)
    notes: tuple[str, ...]

    @property
    def one_person(self) -> bool:
        """Whether all votes are of a single listener."""
        return self.listeners == 1

    @property
    def preference(self) -> Preference | None:
        """The votes between the two letters of a test of two; None otherwise."""
        return self.pairs[0] if len(self.pairs) == 1 else None

    @property
    def winner(self) -> str | None:
        """The letter that the votes carry as the winner; None for ABX and without a verdict."""
        if self.several is not None:
            return self.several.winner
        return None if self.preference is None else self.preference.winner

    @property
    def headline(self) -> str:
        """The verdict in a few words."""
        return self._verdict.headline

    @property
    def sentence(self) -> str:
        """The verdict in plain words, with the votes that carry it, or what is missing for one."""
        verdict = self._verdict.sentence
        if self.one_person and self.abx is None and self.ballots:
            return f"{verdict} This is one person's preference."
        return verdict

    @cached_property
    def strengths(self) -> Strengths | None:
        """How strong each of more than two letters is; None for two, for ABX, without ballots.

        Its bootstrap takes about half a second, so it is made when it is first asked for.
        """
        if self.several is None or not self.ballots:
            return None
        # Votes of one person are resampled one by one, those of many by listener.
        return strengths(
            self.matrix, self.ties, letters=self.test.letters, ballots=list(self.ballots)
        )

    @property
    def _verdict(self) -> Preference | Several | Abx:
        return self.abx or self.several or self.pairs[0]


def results(
    test: ListeningTest,
    votes: Sequence[Vote],
    *,
    listeners: Sequence[Listener] = (),
    now: datetime | None = None,
) -> Results:
    """Read the votes of a listening test.

    Args:
        test: which test.
        votes: all its votes (`library.listening.votes`).
        listeners: who they are (`library.listening.listeners`), for names beside remarks,
            and to tell when many came from one network address.
        now: aware; the present if not given. It tells whether the test has ended.
    """
    over = test.over_reason(now or datetime.now(UTC), len(votes))
    stage = stage_of(len(votes), test.planned_votes, closed=over is not None)
    voters = Counter(vote.listener_id for vote in votes)
    decided = [vote for vote in votes if vote.choice is not Choice.NONE]
    is_abx = test.kind is ListeningKind.ABX
    final = [] if is_abx else _final(test, votes, voters, stage)
    ballots = _ballots(final, single=len(voters) == 1)
    counted = tally(ballots, test.letters)
    pending = 0 if is_abx else len(votes) - len(final)
    return Results(
        test=test,
        stage=stage,
        over=over,
        votes=len(votes),
        listeners=len(voters),
        ballots=tuple(ballots),
        pending=pending,
        matrix=_whole(counted.wins.tolist()),
        ties=_whole(counted.ties.tolist()),
        pairs=() if is_abx else _pairs(test, ballots, stage, single=len(voters) == 1),
        several=several(counted.wins, counted.ties, letters=test.letters, stage=stage)
        if len(test.letters) > 2 and not is_abx
        else None,
        side=_side(decided),
        order=_order(decided),
        abx=_abx(test, votes, stage) if is_abx else None,
        remarks=remarks_of(test, votes, {listener.id: listener.name for listener in listeners}),
        notes=_notes(pending, voters, listeners),
    )


def _final(
    test: ListeningTest, votes: Sequence[Vote], voters: Counter[str], stage: Stage
) -> list[Vote]:
    """The votes of which nothing that their listener says later can change what they count for.

    A listener who hears a pair again may come to another majority, and the guard of early looks
    supposes that what was counted stays.
    """
    again = test.trials_per_listener > _pair_count(test)
    if len(voters) == 1 or stage is not Stage.OPEN or not again:
        return list(votes)
    return [vote for vote in votes if voters[vote.listener_id] >= test.trials_per_listener]


def _ballots(votes: Sequence[Vote], *, single: bool) -> list[Ballot]:
    ballots = [
        Ballot(
            listener=vote.trial_id if single else vote.listener_id,
            one=vote.first.letter,
            other=vote.second.letter,
            winner=vote.winner_letter,
        )
        for vote in votes
    ]
    return ballot_per_listener(ballots)


def _pairs(
    test: ListeningTest, ballots: Sequence[Ballot], stage: Stage, *, single: bool
) -> tuple[Preference, ...]:
    said = Counter((ballot.pair, ballot.winner) for ballot in ballots)
    planned = _planned_for_a_pair(test, single=single)
    return tuple(
        preference(
            said[(one, other), one],
            said[(one, other), other],
            said[(one, other), None],
            planned=planned,
            stage=stage,
            names=(one, other),
        )
        for one, other in combinations(test.letters, 2)
    )


def _planned_for_a_pair(test: ListeningTest, *, single: bool) -> int:
    """How many ballots the plan means for each pair: votes are dealt out evenly over pairs.

    Of several listeners, each counts once for a pair, however often it is heard.
    """
    pairs = _pair_count(test)
    votes_for_a_ballot = pairs if single else max(pairs, test.trials_per_listener)
    return math.ceil(test.planned_votes / votes_for_a_ballot)


def _pair_count(test: ListeningTest) -> int:
    return math.comb(len(test.letters), 2)


def _chosen(vote: Vote) -> Place:
    return "first" if vote.choice is Choice.FIRST else "second"


def _side(decided: Sequence[Vote]) -> Bias | None:
    """Every vote counts by itself: which letter is at which place was drawn anew for each."""
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
        what="the order of hearing",
        names=("heard first", "heard second"),
    )


def _abx(test: ListeningTest, votes: Sequence[Vote], stage: Stage) -> Abx:
    right = sum(bool(vote.correct) for vote in votes)
    return abx(right, len(votes), planned=test.planned_votes, stage=stage)


def _notes(pending: int, voters: Counter[str], listeners: Sequence[Listener]) -> tuple[str, ...]:
    notes = []
    if pending:
        whose = "a listener who is" if pending == 1 else "listeners who are"
        notes.append(
            f"{count(pending, 'vote')} of {whose} not done yet "
            f"{'is' if pending == 1 else 'are'} not counted here."
        )
    addresses = Counter(one.address_hash for one in listeners if one.id in voters)
    crowd = max(addresses.values(), default=0)
    if crowd >= CROWD:
        notes.append(
            f"{crowd} of {len(voters)} listeners came from one network address: one office, or "
            "one person many times."
        )
    return tuple(notes)


def _whole(counts: Sequence[Sequence[float]]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(int(count) for count in row) for row in counts)
