import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from support.library_rows import Clock, in_state, takes

from lyria_core import MODELS, Charge
from lyria_studio.library import Library
from lyria_studio.model.generation import new_intent_id, take_ids
from lyria_studio.model.states import State
from lyria_studio.money import Budget, BudgetExceeded, Period

pytestmark = pytest.mark.slow

PRICE = MODELS["lyria-3"].price_usd


def budget_of(orders: int) -> Budget:
    return Budget(total=PRICE * orders)


def test_an_order_is_stored_before_anything_is_sent(library: Library, clock: Clock) -> None:
    (stored,) = library.jobs.order(
        takes(model="lyria-2", prompt="Ambient.", negative_prompt="drums", seed=2**53 - 1)
    )
    assert stored == library.tracks.generation(stored.id)
    assert stored.state is State.INTENDED
    assert stored.charge is Charge.MAYBE
    assert stored.price_usd == MODELS["lyria-2"].price_usd
    assert stored.created_at == clock.now
    assert (
        stored.request
        == takes(model="lyria-2", prompt="Ambient.", negative_prompt="drums", seed=2**53 - 1)[
            0
        ].request
    )
    assert [due.id for due in library.jobs.due()] == [stored.id]


def test_images_come_back_in_their_order(library: Library) -> None:
    images = tuple(f"https://example.com/{n}.jpg" for n in range(10))
    (stored,) = library.jobs.order(takes(images=images))
    assert stored.images == images


def test_the_same_order_is_stored_once(library: Library) -> None:
    order = takes(3)
    first = library.jobs.order(order, budget_of(3))
    again = library.jobs.order(order, budget_of(3))
    assert again == first
    assert (first.repeated, again.repeated, again.differs) == (False, True, False)
    assert library.tracks.page().total == 3


def test_the_first_of_two_different_orders_with_one_id_wins(library: Library) -> None:
    form = new_intent_id()
    first = library.jobs.order(takes(prompt="The first.", form_id=form))
    second = library.jobs.order(takes(prompt="The second.", form_id=form))
    assert second == first
    assert second[0].prompt == "The first."
    assert second.differs


def test_a_form_sent_again_with_more_takes_orders_no_more(library: Library) -> None:
    form = new_intent_id()
    first = library.jobs.order(takes(1, form_id=form))
    again = library.jobs.order(takes(4, form_id=form))
    assert list(again) == list(first)
    assert again.differs
    assert library.tracks.page().total == 1


def test_an_order_repeated_after_it_ended_does_not_start_again(library: Library) -> None:
    order = takes()
    library.jobs.order(order)
    library.jobs.cancel(order[0].id)
    assert library.jobs.order(order)[0].state is State.CANCELLED
    assert library.jobs.due() == []


def test_an_order_is_stored_whole_or_not_at_all(library: Library) -> None:
    with pytest.raises(BudgetExceeded):
        library.jobs.order(takes(4), budget_of(3))
    assert library.tracks.page().total == 0
    assert library.ledger.committed("live", budget_of(3)).total == 0


@pytest.mark.parametrize(
    "broken",
    [
        list,
        lambda: takes(1, form_id="short"),
        lambda: takes(1, form_id="../../../etc/passwd"),
        lambda: takes(1) * 2,
        lambda: takes(1, gateway="elsewhere"),
        lambda: takes(1) + takes(1, gateway="sandbox"),
        lambda: takes(1) + takes(1, session_id="another"),
    ],
    ids=["none", "short id", "path as id", "twice", "no gateway", "two gateways", "two sessions"],
)
def test_a_malformed_order_stores_nothing(
    library: Library, broken: Callable[[], list[object]]
) -> None:
    with pytest.raises(ValueError, match=r"order|id|gateway"):
        library.jobs.order(broken())  # type: ignore[arg-type]
    assert library.tracks.page().total == 0


def test_the_last_cent_of_a_budget_may_be_spent(library: Library) -> None:
    library.jobs.order(takes(2), budget_of(2))
    with pytest.raises(BudgetExceeded) as caught:
        library.jobs.order(takes(), budget_of(2))
    assert caught.value.passed[0].left == 0
    assert "Nothing was charged" in str(caught.value)


@pytest.mark.parametrize("state", State)
def test_only_what_was_certainly_not_charged_gives_its_money_back(
    library: Library, state: State
) -> None:
    in_state(library, state)
    free = {State.REFUSED, State.CANCELLED, State.ERROR}
    if state in free:
        library.jobs.order(takes(), budget_of(1))
    else:
        with pytest.raises(BudgetExceeded):
            library.jobs.order(takes(), budget_of(1))


def test_play_money_never_uses_up_real_money(library: Library) -> None:
    library.jobs.order(takes(5, gateway="sandbox"))
    library.jobs.order(takes(1), budget_of(1))
    assert library.ledger.committed("live", budget_of(1)).total == PRICE
    assert library.ledger.committed("sandbox", budget_of(1)).total == PRICE * 5


def test_a_budget_of_a_session_counts_that_session_only(library: Library) -> None:
    budget = Budget(session=PRICE)
    library.jobs.order(takes(session_id="anna"), budget)
    library.jobs.order(takes(session_id="bert"), budget)
    with pytest.raises(BudgetExceeded) as caught:
        library.jobs.order(takes(session_id="anna"), budget)
    assert caught.value.passed[0].period is Period.SESSION


def test_a_day_begins_at_midnight_where_the_person_is(library: Library, clock: Clock) -> None:
    tokyo = Budget(daily=PRICE, timezone=ZoneInfo("Asia/Tokyo"))
    clock.now = clock.now.replace(hour=14, minute=59)  # 23:59 in Tokyo
    library.jobs.order(takes(), tokyo)
    with pytest.raises(BudgetExceeded) as caught:
        library.jobs.order(takes(), tokyo)
    assert caught.value.passed[0].period is Period.DAY
    clock.forward(minutes=1)  # midnight itself belongs to the new day
    library.jobs.order(takes(), tokyo)
    with pytest.raises(BudgetExceeded):
        library.jobs.order(takes(), tokyo)
    # In UTC it is still the same day, and two were ordered.
    with pytest.raises(BudgetExceeded):
        library.jobs.order(takes(), Budget(daily=PRICE * 2))
    clock.forward(hours=9)
    library.jobs.order(takes(), Budget(daily=PRICE))


def test_fifty_orders_from_many_threads_pass_no_budget(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        orders = [takes() for _ in range(50)]

        def place(number: int) -> bool:
            try:
                library.jobs.order(orders[number], budget_of(7))
            except BudgetExceeded:
                return False
            return True

        with ThreadPoolExecutor(50) as pool:
            placed = list(pool.map(place, range(50)))
        assert sum(placed) == 7
        assert library.ledger.spending("live").total.committed == PRICE * 7


def test_fifty_clicks_on_one_form_order_once(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        order = takes(2)
        with ThreadPoolExecutor(50) as pool:
            results = list(pool.map(lambda _: library.jobs.order(order, budget_of(50)), range(50)))
        assert sum(not result.repeated for result in results) == 1
        assert all(list(result) == list(results[0]) for result in results)
        assert library.tracks.page().total == 2


def order_many(home: str, placed: "multiprocessing.Queue[int]") -> None:
    with Library(Path(home)) as library:

        def place(_: int) -> bool:
            try:
                library.jobs.order(takes(), budget_of(11))
            except BudgetExceeded:
                return False
            return True

        with ThreadPoolExecutor(10) as pool:
            placed.put(sum(pool.map(place, range(25))))


def test_two_processes_pass_no_budget(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    placed: multiprocessing.Queue[int] = context.Queue()
    children = [context.Process(target=order_many, args=(str(tmp_path), placed)) for _ in range(2)]
    for child in children:
        child.start()
    assert placed.get(timeout=60) + placed.get(timeout=60) == 11
    for child in children:
        child.join(60)
    placed.close()
    placed.join_thread()
    with Library(tmp_path) as library:
        assert library.tracks.page().total == 11


def order_and_die(home: str, form_id: str) -> None:
    library = Library(Path(home))
    (stored,) = library.jobs.order(takes(form_id=form_id))
    library.jobs.claim_for_submit(stored.id)
    library.jobs.accepted(stored.id, "lyria-3_019d5721-c333")
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_what_was_committed_outlives_a_killed_process(tmp_path: Path) -> None:
    form = new_intent_id()
    context = multiprocessing.get_context("spawn")
    child = context.Process(target=order_and_die, args=(str(tmp_path), form))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    with Library(tmp_path) as library:
        found = library.tracks.generation(take_ids(form, 1)[0])
        assert found.request_id == "lyria-3_019d5721-c333"
        assert found.state is State.QUEUED


def test_intent_ids_are_distinct_and_sort_by_time() -> None:
    ids = [new_intent_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert [one[:12] for one in ids] == sorted(one[:12] for one in ids)


def test_what_is_left_of_each_limit_can_be_shown(library: Library, clock: Clock) -> None:
    library.jobs.order(takes(2, session_id="anna"))
    clock.now += timedelta(days=1)
    library.jobs.order(takes(1, session_id="bert"))
    everything = Budget(daily=Decimal(1), total=Decimal(1), session=Decimal(1))
    committed = library.ledger.committed("live", everything, "anna")
    assert (committed.daily, committed.total, committed.session) == (PRICE, 3 * PRICE, 2 * PRICE)
