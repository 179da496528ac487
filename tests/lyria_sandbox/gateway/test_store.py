"""Jobs and wallets: what is charged, refunded, resumed and forgotten."""

from __future__ import annotations

import itertools
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from lyria_sandbox.gateway.job import Job, Outcome, Status, Webhook
from lyria_sandbox.gateway.store import BalanceTooLowError, QueueFullError, Store

END = st.sampled_from([Status.COMPLETED, Status.FAILED, Status.ERROR])


def job(request_id: str, **fields: Any) -> Job:
    defaults: dict[str, Any] = {
        "owner": "owner",
        "model": "lyria-3",
        "status": Status.QUEUED,
        "root_url": "http://127.0.0.1",
        "price_cents": 4,
        "created_ms": 1,
        "updated_ms": 1,
        "request": {"prompt": "a"},
    }
    return Job(request_id=request_id, **(defaults | fields))


@pytest.fixture
def store(tmp_path: Path) -> Any:
    opened = Store(tmp_path / "test.db")
    yield opened
    opened.close()


def finish(store: Store, request_id: str, status: Status, now_ms: int, size: int = 0) -> None:
    store.finish(request_id, Outcome(status, files=("a",), media_bytes=size), now_ms)


def balance_cents(store: Store) -> int | None:
    """What the owner's wallet holds; None before its first use."""
    row = store._db.execute("SELECT balance_cents FROM wallets WHERE owner = 'owner'").fetchone()
    return None if row is None else row[0]


class Wallet(RuleBasedStateMachine):
    """One wallet under any sequence of orders and ends adds up to the cent."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.store = Store(Path(self.folder.name) / "test.db")
        self.balance = 50
        self.open: list[Job] = []
        self.ended: list[Job] = []
        self.numbers = itertools.count()

    @rule(price=st.integers(1, 30))
    def order(self, price: int) -> None:
        taken = job(f"job-{next(self.numbers)}", price_cents=price)
        try:
            self.store.take(taken, 50, 100)
        except BalanceTooLowError:
            assert self.balance < price
            assert self.store.get(taken.request_id) is None
        else:
            assert self.balance >= price
            self.balance -= price
            self.open.append(taken)

    @rule(data=st.data(), status=END)
    def end(self, data: st.DataObject, status: Status) -> None:
        if self.open:
            taken = data.draw(st.sampled_from(self.open))
            self.open.remove(taken)
            self.ended.append(taken)
            finish(self.store, taken.request_id, status, 2)
            self.balance += taken.price_cents if status is Status.ERROR else 0

    @rule(data=st.data(), status=END)
    def end_again(self, data: st.DataObject, status: Status) -> None:
        if self.ended:
            finish(self.store, data.draw(st.sampled_from(self.ended)).request_id, status, 3)

    @invariant()
    def adds_up(self) -> None:
        assert balance_cents(self.store) in (self.balance, None)
        assert [one.request_id for one in self.store.unfinished()] == [
            one.request_id for one in self.open
        ]

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()


TestWallet = Wallet.TestCase
TestWallet.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)


def test_a_job_comes_back_as_it_was_taken(store: Store) -> None:
    taken = job(
        "one",
        request={"prompt": "ä\n🎷", "images": ["https://example.com"]},
        marks={"slow": 2.5},
        webhook=Webhook("https://example.com/hook", "sync"),
    )
    store.take(taken, 500, 10)

    assert store.get("one") == taken
    assert store.get("two") is None


def test_states_are_recorded_and_the_prompt_is_forgotten_at_the_end(store: Store) -> None:
    store.take(job("one"), 500, 10)
    store.start("one", 5)
    started = store.get("one")
    store.finish(
        "one",
        Outcome(Status.COMPLETED, None, "audio/wav", ("output.wav",), 100, {"key": "C"}),
        9,
    )
    store.start("one", 11)
    finished = store.get("one")

    assert started is not None
    assert finished is not None
    assert (started.status, started.updated_ms) == (Status.PROCESSING, 5)
    assert (finished.status, finished.updated_ms, finished.completed_ms) == ("COMPLETED", 9, 9)
    assert finished.files == ("output.wav",)
    assert finished.understood == {"key": "C"}
    assert finished.request == {}


def test_a_solvent_key_is_neither_charged_nor_refunded(store: Store) -> None:
    store.take(job("one"), None, 10)
    finish(store, "one", Status.ERROR, 2)

    assert balance_cents(store) is None


def test_a_full_queue_charges_nothing(store: Store) -> None:
    store.take(job("one"), 500, 2)
    store.take(job("two"), 500, 2)
    with pytest.raises(QueueFullError):
        store.take(job("three"), 500, 2)
    store.take(job("other", owner="other"), 500, 2)

    assert balance_cents(store) == 492
    finish(store, "one", Status.COMPLETED, 2)
    store.take(job("three"), 500, 2)


def test_callbacks_are_owed_until_they_are_made(store: Store) -> None:
    hook = Webhook("https://example.com/hook?token=secret")
    store.take(job("one", webhook=hook), 500, 10)
    assert store.uncalled() == []

    finish(store, "one", Status.COMPLETED, 2)
    assert [owed.request_id for owed in store.uncalled()] == ["one"]

    store.called("one")
    assert store.uncalled() == []
    called = store.get("one")
    assert called is not None
    assert called.webhook is None


def test_the_oldest_media_go_first_and_jobs_say_so(store: Store) -> None:
    for number, name in enumerate(["old", "middle", "new"]):
        store.take(job(name), 500, 10)
        finish(store, name, Status.COMPLETED, 10 + number, size=100)

    assert store.spare_disk(300, keep="new") == []
    assert store.spare_disk(150, keep="new") == ["old", "middle"]
    assert store.spare_disk(0, keep="new") == []
    deleted = [store.get(name) for name in ("old", "middle", "new")]
    assert [one is not None and one.media_deleted for one in deleted] == [True, True, False]


def test_the_oldest_finished_jobs_are_forgotten(store: Store) -> None:
    for number in range(5):
        store.take(job(str(number)), 500, 10)
    for number in range(4):
        finish(store, str(number), Status.COMPLETED, number)

    assert sorted(store.forget(2)) == ["0", "1"]
    assert store.get("0") is None
    assert store.get("2") is not None
    assert store.get("4") is not None
    assert store.forget(2) == []
