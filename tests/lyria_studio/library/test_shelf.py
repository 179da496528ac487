import random
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event
from support.library_rows import Clock, in_state, takes

from lyria_core import MODELS
from lyria_studio.library import Library
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State, StateGroup
from lyria_studio.money import Budget

PRICE = MODELS["lyria-3"].price_usd


def fill(library: Library, clock: Clock, count: int) -> list[Generation]:
    """Generations, newest first; some share their moment, as takes of one click do."""
    made: list[Generation] = []
    rng = random.Random(7)
    while len(made) < count:
        clock.forward(seconds=rng.choice([0, 1]))
        made += library.jobs.order(takes(min(rng.randint(1, 3), count - len(made))))
    return sorted(made, key=lambda one: (one.created_at, one.id), reverse=True)


def test_pages_by_number_show_everything_once_and_newest_first(
    library: Library, clock: Clock
) -> None:
    made = fill(library, clock, 23)
    seen: list[Generation] = []
    for number in range(5):
        page = library.tracks.page(5, 5 * number)
        assert page.total == 23
        seen += page.items
    assert seen == made
    assert library.tracks.page(5, 25).items == ()


def test_pages_of_several_states_show_everything_once(library: Library, clock: Clock) -> None:
    made = []
    for number in range(14):
        clock.forward(seconds=1)
        state = (State.CANCELLED, State.CANCELLED, State.REFUSED, State.READY)[number % 4]
        made.append(in_state(library, state))
    wanted = [one for one in reversed(made) if one.state is not State.READY]
    pages = [library.tracks.page(3, offset, state=StateGroup.FAILED) for offset in range(0, 15, 3)]
    assert [one for page in pages for one in page.items] == wanted
    assert {page.total for page in pages} == {len(wanted)}


def test_pages_by_key_keep_their_place_when_new_ones_arrive(library: Library, clock: Clock) -> None:
    made = fill(library, clock, 23)
    page = library.tracks.page(5)
    seen = list(page.items)
    while page.next is not None:
        clock.forward(seconds=1)
        library.jobs.order(takes())
        page = library.tracks.page(5, before=page.next)
        seen += page.items
    assert seen == made


def test_a_page_that_ends_exactly_has_no_next(library: Library, clock: Clock) -> None:
    fill(library, clock, 10)
    page = library.tracks.page(5, before=library.tracks.page(5).next)
    assert len(page.items) == 5
    assert page.next is None


def test_filters_add_up(library: Library) -> None:
    in_state(library, State.READY, model="lyria-2", prompt="Drums and bass")
    in_state(library, State.READY, model="lyria-3", prompt="Drums alone")
    in_state(library, State.READY, model="lyria-3", prompt="Bass", gateway="sandbox")
    in_state(library, State.QUEUED, model="lyria-3", prompt="Drums")
    found = library.tracks.page(state=State.READY, model="lyria-3", search="drums", gateway="live")
    assert [one.prompt for one in found.items] == ["Drums alone"]
    assert found.total == 1
    assert library.tracks.page(state=[State.READY, State.QUEUED], search="bass drums").total == 1


@pytest.mark.parametrize(
    ("prompt", "search", "found"),
    [
        ("100% analog", "100%", True),
        ("100 pianos analog", "100%", False),
        ("snake_case", "e_c", True),
        ("snakescase", "e_c", False),
        ("back\\slash", "k\\s", True),
        ("a/b", "a/b", True),
        ("it's", "t'", True),
        ("Übermut im MÄRZ", "übermut märz", True),
        ("STRASSE", "straße", True),
        ("E\u0301tude", "étude", True),
        ("夜のピアノ", "ピアノ", True),
        ("calm piano", "piano calm", True),
        ("calm piano", "loud", False),
        ("anything", "   ", True),
    ],
)
def test_search_is_literal_and_knows_no_case(
    library: Library, prompt: str, search: str, found: bool
) -> None:
    library.jobs.order(takes(prompt=prompt))
    assert (library.tracks.page(search=search).total == 1) is found


def test_a_batch_comes_in_the_order_of_its_takes(library: Library) -> None:
    made = library.jobs.order(takes(12))
    fill(library, Clock(), 3)
    assert library.tracks.batch(made[0].batch_id) == list(made)
    assert library.tracks.batch("nothing-like-this") == []


def test_active_are_those_that_the_worker_has_to_do_with(library: Library) -> None:
    made = {state: in_state(library, state) for state in State}
    library.jobs.wait_for_key(made[State.QUEUED].id)
    active = {one.id for one in library.tracks.page(state=StateGroup.IN_PROGRESS).items}
    waiting = {made[State.QUEUED].id}
    assert active == {one.id for state, one in made.items() if state.active} - waiting
    asking = {one.id for one in library.tracks.page(state=StateGroup.NEEDS_ACTION).items}
    assert waiting <= asking


def test_the_latest_of_a_session(library: Library, clock: Clock) -> None:
    for number in range(4):
        clock.forward(seconds=1)
        library.jobs.order(takes(session_id="ab"[number % 2], prompt=str(number)))
    assert [one.prompt for one in library.tracks.latest(3)] == ["3", "2", "1"]
    assert [one.prompt for one in library.tracks.latest(3, session_id="a")] == ["2", "0"]


def test_spending_is_by_day_where_the_person_is(library: Library, clock: Clock) -> None:
    """On 25 October 2026 the day in Berlin has 25 hours."""
    berlin = ZoneInfo("Europe/Berlin")
    prices = {name: model.price_usd for name, model in MODELS.items()}
    for moment, model, state in [
        (datetime(2026, 10, 24, 21, 59, tzinfo=UTC), "lyria-2", State.READY),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), "lyria-3", State.FAILED),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), "lyria-3", State.QUEUED),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), "lyria-3-pro", State.ERROR),
    ]:
        clock.now = moment
        in_state(library, state, model=model)
    clock.now = moment
    in_state(library, State.READY, gateway="sandbox")
    spending = library.ledger.spending("live", berlin)
    assert [(str(row.day), row.model_id) for row in spending.rows] == [
        ("2026-10-26", "lyria-3-pro"),
        ("2026-10-25", "lyria-3"),
        ("2026-10-24", "lyria-2"),
    ]
    free, both, paid = spending.rows
    assert (free.freed, free.committed) == (prices["lyria-3-pro"], Decimal(0))
    assert (both.maybe, both.reserved, both.count) == (prices["lyria-3"], prices["lyria-3"], 2)
    assert (paid.charged, paid.ordered) == (prices["lyria-2"], prices["lyria-2"])
    since = library.ledger.spending("live", berlin, since=datetime(2026, 10, 25, 12, tzinfo=UTC))
    assert since.rows == spending.rows[:2]


def test_months_are_added_up_where_the_person_is(library: Library, clock: Clock) -> None:
    for moment in ("2026-01-31T22:59", "2026-01-31T23:00", "2026-02-14T00:00", "2026-04-30T21:59"):
        clock.now = datetime.fromisoformat(f"{moment}+00:00")
        in_state(library, State.READY)
    berlin = ZoneInfo("Europe/Berlin")
    spending = library.ledger.spending("live", berlin, months=True)
    assert [(str(row.day), row.count) for row in spending.rows] == [
        ("2026-04-01", 1),
        ("2026-02-01", 2),
        ("2026-01-01", 1),
    ]
    assert spending.total == library.ledger.spending("live", berlin).total
    since = library.ledger.spending("live", berlin, since=clock.now, months=True)
    assert since.rows == spending.rows[:1]


def test_kept_sums_of_past_months_are_those_of_the_database(library: Library, clock: Clock) -> None:
    old = [in_state(library, State.FAILED) for _ in range(3)]
    clock.forward(days=2)
    recent = in_state(library, State.FAILED)

    def agree(to_the_cent_charged: int) -> None:
        kept = library.ledger.spending(months=True)
        assert kept == library.ledger.spending(months=True)
        with Library(library.home, clock=clock) as fresh:
            assert fresh.ledger.spending(months=True) == kept
        assert kept.total == library.ledger.spending().total
        assert kept.total.charged == PRICE * to_the_cent_charged

    agree(0)
    clock.forward(days=120)
    agree(0)
    library.jobs.settlements.settle(old[0].id, charged=True)
    agree(1)
    with Library(library.home, clock=clock) as other_process:
        other_process.jobs.settlements.settle(old[1].id, charged=True)
        agree(2)
        other_process.jobs.settlements.settle(recent.id, charged=True)
    agree(3)
    library.jobs.settlements.undo(old[0].id)
    agree(2)
    # The clock may be set back by days.
    clock.forward(days=-2)
    library.jobs.settlements.settle(old[2].id, charged=True)
    clock.forward(days=2)
    agree(3)
    in_state(library, State.READY)
    agree(4)


@pytest.mark.parametrize("state", State)
def test_each_state_has_its_column_in_the_ledger(library: Library, state: State) -> None:
    one = in_state(library, state)
    total = library.ledger.spending("live").total
    columns = {
        State.DOWNLOADING: total.charged,
        State.READY: total.charged,
        State.UNDELIVERED: total.charged,
        State.FAILED: total.maybe,
        State.UNKNOWN: total.maybe,
        State.REFUSED: total.freed,
        State.ERROR: total.freed,
        State.CANCELLED: total.freed,
    }
    assert columns.get(state, total.reserved) == one.price_usd == total.ordered


def test_an_empty_library_has_spent_nothing(library: Library) -> None:
    spending = library.ledger.spending("live")
    assert spending.rows == ()
    assert spending.total.ordered == 0


# ---- how the database answers ---------------------------------------------------------------


def plans(library: Library, act: Callable[[], object]) -> list[str]:
    """What SQLite's planner says of every statement that `act` runs."""
    statements: list[tuple[str, Any]] = []

    def note(_c: object, _cu: object, sql: str, values: Any, *_: object) -> None:
        if sql.startswith(("SELECT", "UPDATE", "WITH")):
            statements.append((sql, values))

    engine = library._database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert statements
    found: list[str] = []
    with library._database.read() as connection:
        for sql, values in statements:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
            found += [row[3] for row in rows]
    return found


Act = Callable[[Library], object]

ACTS: dict[str, Act] = {
    "first page": lambda library: library.tracks.page(2),
    "later page": lambda library: library.tracks.page(2, 4),
    "page by key": lambda library: library.tracks.page(2, before=library.tracks.page(2).next),
    "one state": lambda library: library.tracks.page(2, state=State.READY),
    "model": lambda library: library.tracks.page(2, model="lyria-3"),
    "due": lambda library: library.jobs.due(),
    "durations": lambda library: library.tracks.recent_durations("lyria-3", "live"),
    "budget": lambda library: library.jobs.order(
        takes(), Budget(daily=Decimal(1), total=Decimal(1), session=Decimal(1))
    ),
    "latest": lambda library: library.tracks.latest(3),
    # These sort what they found by index: a few keys, one click's takes, what is in flight, sums.
    "one group (sorts)": lambda library: library.tracks.page(2, state=StateGroup.FAILED),
    "batch (sorts)": lambda library: library.tracks.batch("nothing-like-this"),
    "working (sorts)": lambda library: library.tracks.page(9, state=StateGroup.IN_PROGRESS),
    "spending (sorts)": lambda library: library.ledger.spending(),
}


@pytest.mark.parametrize("name", ACTS)
def test_no_answer_sorts_or_reads_the_whole_table(
    library: Library, clock: Clock, name: str
) -> None:
    fill(library, clock, 8)
    for line in plans(library, lambda: ACTS[name](library)):
        assert "TEMP B-TREE" not in line or "(sorts)" in name, line
        if "generations" in line:
            assert "USING" in line, line
            assert "INDEX" in line, line


def test_the_sums_are_read_from_an_index_alone(library: Library, clock: Clock) -> None:
    fill(library, clock, 8)
    for line in plans(library, library.ledger.spending):
        assert "generations" not in line or "COVERING INDEX ix_generations_ledger" in line, line
