"""Random histories of events: the ledger adds up, no budget is passed, no row is ever stuck."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from support.library_rows import Clock, job, request_id_of, takes, track

from lyria_core import MODELS
from lyria_studio.library import Library, NotSettled
from lyria_studio.model.generation import Generation, NewGeneration, new_intent_id
from lyria_studio.model.states import State
from lyria_studio.money import Budget, BudgetExceeded

pytestmark = pytest.mark.slow

ZONE = ZoneInfo("America/New_York")
RESERVED, CHARGED, MAYBE, FREED = "reserved", "charged", "maybe", "freed"


@dataclass
class Expected:
    """What a book-keeper with pen and paper would know of a generation."""

    model: str
    day: str
    column: str = RESERVED


class Histories(RuleBasedStateMachine):
    """Orders, outcomes, crashes and clicks in any order, against a book kept by hand.

    What happens to a generation is drawn from what makes sense in its state, or histories would
    rarely get far; that every other step does nothing is shown in `test_steps`.
    """

    @initialize(budget_cents=st.integers(20, 200), daily_cents=st.integers(10, 90))
    def open(self, budget_cents: int, daily_cents: int) -> None:
        self.home = Path(tempfile.mkdtemp())
        self.clock = Clock()
        self.library = Library(self.home, clock=self.clock)
        self.budget = Budget(
            daily=Decimal(daily_cents) / 100, total=Decimal(budget_cents) / 100, timezone=ZONE
        )
        self.book: dict[str, Expected] = {}
        self.forms: list[list[NewGeneration]] = []
        self.posts: Counter[str] = Counter()

    def teardown(self) -> None:
        if hasattr(self, "library"):
            self.library.close()
            shutil.rmtree(self.home)

    def request_id(self, one: str) -> str:
        return request_id_of(one, self.book[one].model)

    # ---- events ----------------------------------------------------------------------------

    @rule(model=st.sampled_from(sorted(MODELS)), count=st.integers(1, 4))
    def order(self, model: str, count: int) -> None:
        self.forms.append(takes(count, model=model, form_id=new_intent_id()))
        self.send(self.forms[-1])

    @precondition(lambda self: self.forms)
    @rule(data=st.data())
    def order_again(self, data: st.DataObject) -> None:
        self.send(data.draw(st.sampled_from(self.forms)))

    def send(self, form: list[NewGeneration]) -> None:
        known = form[0].id in self.book
        today = str(self.clock.now.astimezone(ZONE).date())
        price = MODELS[form[0].request.model].price_usd * len(form)
        assert self.budget.daily is not None
        assert self.budget.total is not None
        fits = (
            self.committed() + price <= self.budget.total
            and self.committed(today) + price <= self.budget.daily
        )
        try:
            ordered = self.library.jobs.order(form, self.budget)
        except BudgetExceeded:
            assert not known
            assert not fits
            return
        assert ordered.repeated is known
        assert known or fits
        for one in ordered:
            self.book.setdefault(one.id, Expected(one.model_id, today))

    @precondition(lambda self: self.book)
    @rule(data=st.data(), times=st.integers(1, 6))
    def something_happens(self, data: st.DataObject, times: int) -> None:
        for _ in range(times):
            one = data.draw(st.sampled_from(list(self.book)))
            state = self.library.tracks.generation(one).state
            data.draw(st.sampled_from(EVENTS[state]))(self, one)

    def submit(self, one: str) -> None:
        if self.library.jobs.claim_for_submit(one):
            self.posts[one] += 1

    def submit_and_be_accepted(self, one: str) -> None:
        self.submit(one)
        self.accept(one)

    def accept(self, one: str) -> None:
        if self.library.jobs.accepted(one, self.request_id(one)):
            self.book[one].column = RESERVED

    def refuse(self, one: str) -> None:
        self.answered(one, self.library.jobs.refused(one, error="No."))

    def postpone(self, one: str) -> None:
        done = self.library.jobs.postponed(one, self.clock.now + timedelta(seconds=9))
        if done and done.state is State.INTENDED:
            self.posts[one] -= 1  # certainly not taken
        self.answered(one, done)

    def lose(self, one: str) -> None:
        self.answered(one, self.library.jobs.unknown(one, error="Nobody knows."))

    def cut(self, one: str) -> None:
        request_id = self.request_id(one)
        self.answered(
            one, self.library.jobs.unknown(one, error="Cut short.", request_id=request_id)
        )

    def answered(self, one: str, done: Generation | None) -> None:
        assert done
        columns = {State.UNKNOWN: MAYBE, State.REFUSED: FREED}
        self.book[one].column = columns.get(done.state, RESERVED)

    def call_back(self, one: str) -> None:
        before = self.library.tracks.generation(one).state
        if (
            self.library.jobs.callbacks.received(one, self.request_id(one))
            and before is State.UNKNOWN
        ):
            self.book[one].column = RESERVED

    def poll(self, one: str, status: str) -> None:
        request_id = self.library.tracks.generation(one).request_id
        assert request_id
        if self.library.jobs.observed(one, job(request_id, status)):
            columns = {"COMPLETED": CHARGED, "FAILED": MAYBE, "ERROR": FREED}
            self.book[one].column = columns.get(status, RESERVED)

    def stall(self, one: str) -> None:
        assert self.library.jobs.stalled(one)

    def poll_again(self, one: str) -> None:
        failed = self.library.tracks.generation(one).state is State.FAILED
        if self.library.jobs.poll_again(one) and failed:
            self.book[one].column = RESERVED

    def fetch(self, one: str) -> None:
        self.library.jobs.track_stored(one, track(self.home / one))

    def fail_to_fetch(self, one: str) -> None:
        self.library.jobs.download_failed(one, error="503")

    def fetch_again(self, one: str) -> None:
        assert self.library.jobs.retry_download(one)

    def key_goes_and_comes(self, one: str) -> None:
        if self.library.jobs.wait_for_key(one):
            assert self.library.jobs.key_arrived("f" * 32, "live") == 1

    def cancel(self, one: str) -> None:
        if self.library.jobs.cancel(one):
            self.book[one].column = FREED

    def settle(self, one: str, how: str) -> None:
        with suppress(NotSettled):
            if how == "id":
                self.library.jobs.settlements.settle(one, request_id=self.request_id(one))
                self.book[one].column = RESERVED
            else:
                self.library.jobs.settlements.settle(one, charged=how == "charged")
                self.book[one].column = CHARGED if how == "charged" else FREED

    @rule()
    def crash_and_start_again(self) -> None:
        self.library.close()
        self.library = Library(self.home, clock=self.clock)
        for one in self.library.jobs.interrupted():
            if self.library.tracks.generation(one).state is State.UNKNOWN:
                self.book[one].column = MAYBE

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        self.clock.forward(hours=hours)

    # ---- what always holds -----------------------------------------------------------------

    @invariant()
    def the_ledger_is_the_book(self) -> None:
        if not hasattr(self, "library"):
            return
        spending = self.library.ledger.spending("live", ZONE)
        by_hand: dict[tuple[str, str, str], Decimal] = {}
        for expected in self.book.values():
            key = (expected.day, expected.model, expected.column)
            by_hand[key] = by_hand.get(key, Decimal(0)) + MODELS[expected.model].price_usd
        found = {
            (str(row.day), str(row.model_id), column): amount
            for row in spending.rows
            for column in (RESERVED, CHARGED, MAYBE, FREED)
            if (amount := getattr(row, column))
        }
        assert found == by_hand
        total = spending.total
        ordered = sum((MODELS[one.model].price_usd for one in self.book.values()), Decimal(0))
        assert total.reserved + total.charged + total.maybe + total.freed == ordered
        assert total.count == len(self.book)
        for column in (RESERVED, CHARGED, MAYBE, FREED):
            whole = getattr(total, column)
            for rows in (spending.rows, spending.by_day):
                assert sum((getattr(row, column) for row in rows), Decimal(0)) == whole

    @invariant()
    def nothing_is_sent_twice(self) -> None:
        if hasattr(self, "library"):
            assert all(count <= 1 for count in self.posts.values())

    @invariant()
    def no_row_is_stuck(self) -> None:
        if not hasattr(self, "library"):
            return
        for one in self.library.tracks.page(1000).items:
            waits = one.state is State.SUBMITTING or one.waiting_for_key
            assert (one.next_attempt_at is not None) == (one.active and not waits)
            if one.state in {State.QUEUED, State.PROCESSING, State.STALLED}:
                assert one.request_id

    def committed(self, day: str | None = None) -> Decimal:
        return sum(
            (
                MODELS[one.model].price_usd
                for one in self.book.values()
                if one.column != FREED and day in (None, one.day)
            ),
            Decimal(0),
        )


Event = Callable[[Histories, str], None]


def poll(status: str) -> Event:
    return lambda machine, one: machine.poll(one, status)


def settle(how: str) -> Event:
    return lambda machine, one: machine.settle(one, how)


BY_A_PERSON = [settle("id"), settle("charged"), settle("free")]
BEING_MADE = [
    *(poll(status) for status in ("QUEUED", "PROCESSING", "COMPLETED", "FAILED", "ERROR", "WHAT")),
    Histories.stall,
    Histories.poll_again,
    Histories.key_goes_and_comes,
    Histories.call_back,
]
OVER = [Histories.submit, Histories.cancel, Histories.call_back, *BY_A_PERSON]
EVENTS: dict[State, list[Event]] = {
    **dict.fromkeys(State, OVER),
    State.INTENDED: [
        Histories.submit,
        Histories.submit_and_be_accepted,
        Histories.submit_and_be_accepted,
        Histories.cancel,
        Histories.key_goes_and_comes,
    ],
    State.SUBMITTING: [
        Histories.accept,
        Histories.refuse,
        Histories.postpone,
        Histories.lose,
        Histories.cut,
        Histories.call_back,
        Histories.cancel,
    ],
    State.QUEUED: BEING_MADE,
    State.PROCESSING: BEING_MADE,
    State.STALLED: [poll("COMPLETED"), poll("FAILED"), Histories.poll_again, *OVER],
    State.FAILED: [Histories.poll_again, *OVER],
    State.UNKNOWN: [Histories.accept, *OVER],
    State.DOWNLOADING: [Histories.fetch, Histories.fail_to_fetch, *OVER],
    State.UNDELIVERED: [Histories.fetch, Histories.fetch_again, *OVER],
}

TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
