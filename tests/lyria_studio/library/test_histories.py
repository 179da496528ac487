"""Random histories of events: the ledger adds up, no budget is passed, no row is ever stuck."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)
from support.library_rows import Clock, job, request_id_of, takes, track

from lyria_core import MODELS
from lyria_studio.library import Library, NewGeneration, NotSettled, State, new_intent_id
from lyria_studio.money import Budget, BudgetExceeded

ZONE = ZoneInfo("America/New_York")
RESERVED, CHARGED, MAYBE, FREED = "reserved", "charged", "maybe", "freed"


@dataclass
class Expected:
    """What a book-keeper with pen and paper would know of a generation."""

    model: str
    day: str
    column: str = RESERVED


class Histories(RuleBasedStateMachine):
    """Orders, outcomes, crashes and clicks in any order, against a book kept by hand."""

    generations: Bundle[str] = Bundle("generations")
    forms: Bundle[list[NewGeneration]] = Bundle("forms")

    @initialize(budget_cents=st.integers(0, 60), daily_cents=st.integers(0, 60))
    def open(self, budget_cents: int, daily_cents: int) -> None:
        self.home = Path(tempfile.mkdtemp())
        self.clock = Clock()
        self.library = Library(self.home, clock=self.clock)
        self.budget = Budget(
            daily=Decimal(daily_cents) / 100, total=Decimal(budget_cents) / 100, timezone=ZONE
        )
        self.book: dict[str, Expected] = {}
        self.posts: Counter[str] = Counter()

    def teardown(self) -> None:
        if hasattr(self, "library"):
            self.library.close()
            shutil.rmtree(self.home)

    # ---- events ----------------------------------------------------------------------------

    @rule(target=forms, model=st.sampled_from(sorted(MODELS)), count=st.integers(1, 4))
    def draw_a_form(self, model: str, count: int) -> list[NewGeneration]:
        return takes(count, model=model, form_id=new_intent_id())

    @rule(target=generations, form=forms)
    def order(self, form: list[NewGeneration]) -> MultipleResults[str]:
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
            ordered = self.library.order(form, self.budget)
        except BudgetExceeded:
            assert not known
            assert not fits
            return multiple()
        assert ordered.repeated is known
        if known:
            return multiple()
        assert fits
        for one in ordered:
            self.book[one.id] = Expected(one.model_id, today)
        return multiple(*(one.id for one in ordered))

    @rule(one=generations)
    def submit(self, one: str) -> None:
        if self.library.claim_for_submit(one):
            self.posts[one] += 1

    @rule(one=generations, outcome=st.sampled_from(["202", "400", "429", "lost", "cut"]))
    def answer(self, one: str, outcome: str) -> None:
        request_id = request_id_of(one, self.book[one].model)
        if outcome == "202":
            done = self.library.accepted(one, request_id)
        elif outcome == "400":
            done = self.library.refused(one, error="No.")
        elif outcome == "429":
            done = self.library.postponed(one, self.clock.now + timedelta(seconds=9))
            if done and done.state is State.INTENDED:
                self.posts[one] -= 1  # surely not taken
        elif outcome == "lost":
            done = self.library.unknown(one, error="Nobody knows.")
        else:
            done = self.library.unknown(one, error="Cut short.", request_id=request_id)
        if done:
            columns = {State.UNKNOWN: MAYBE, State.REFUSED: FREED}
            self.book[one].column = columns.get(done.state, RESERVED)

    @rule(one=generations)
    def call_back(self, one: str) -> None:
        before = self.library.generation(one).state
        after = self.library.called_back(one, request_id_of(one, self.book[one].model))
        if after and before is State.UNKNOWN:
            self.book[one].column = RESERVED

    @rule(
        one=generations,
        status=st.sampled_from(["QUEUED", "PROCESSING", "COMPLETED", "FAILED", "ERROR", "WHAT"]),
    )
    def look(self, one: str, status: str) -> None:
        request_id = self.library.generation(one).request_id
        if request_id and self.library.observed(one, job(request_id, status)):
            columns = {"COMPLETED": CHARGED, "FAILED": MAYBE, "ERROR": FREED}
            self.book[one].column = columns.get(status, RESERVED)

    @rule(one=generations, step=st.sampled_from(["stalled", "look again", "fetch again", "key"]))
    def other_steps(self, one: str, step: str) -> None:
        if step == "stalled":
            self.library.stalled(one)
        elif step == "look again":
            failed = self.library.generation(one).state is State.FAILED
            if self.library.look_again(one) and failed:
                self.book[one].column = RESERVED
        elif step == "fetch again":
            self.library.retry_download(one)
        elif self.library.wait_for_key(one):
            assert self.library.key_arrived("f" * 32, "live") >= 1

    @rule(one=generations, fails=st.booleans())
    def fetch(self, one: str, fails: bool) -> None:
        if fails:
            self.library.download_failed(one, error="503")
        elif self.library.generation(one).state in {State.DOWNLOADING, State.UNDELIVERED}:
            self.library.track_stored(one, track(self.home / one))

    @rule(one=generations)
    def cancel(self, one: str) -> None:
        if self.library.cancel(one):
            self.book[one].column = FREED

    @rule(one=generations, how=st.sampled_from(["id", "charged", "free"]))
    def settle(self, one: str, how: str) -> None:
        try:
            if how == "id":
                request_id = request_id_of(one, self.book[one].model)
                self.library.settle(one, request_id=request_id)
                self.book[one].column = RESERVED
            else:
                self.library.settle(one, charged=how == "charged")
                self.book[one].column = CHARGED if how == "charged" else FREED
        except NotSettled:
            pass

    @rule()
    def crash_and_start_again(self) -> None:
        self.library.close()
        self.library = Library(self.home, clock=self.clock)
        for one in self.library.interrupted():
            if self.library.generation(one).state is State.UNKNOWN:
                self.book[one].column = MAYBE

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        self.clock.forward(hours=hours)

    # ---- what always holds -----------------------------------------------------------------

    @invariant()
    def the_ledger_is_the_book(self) -> None:
        if not hasattr(self, "library"):
            return
        spending = self.library.spending("live", ZONE)
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
            for rows in (spending.rows, spending.by_day, spending.by_model):
                assert sum((getattr(row, column) for row in rows), Decimal(0)) == whole

    @invariant()
    def nothing_is_sent_twice(self) -> None:
        if hasattr(self, "library"):
            assert all(count <= 1 for count in self.posts.values())

    @invariant()
    def no_row_is_stuck(self) -> None:
        if not hasattr(self, "library"):
            return
        for one in self.library.page(1000).items:
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


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)
