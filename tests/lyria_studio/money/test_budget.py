import pickle
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_studio.money import (
    Budget,
    BudgetExceeded,
    Committed,
    Limit,
    Period,
    check,
    local_day,
    start_of_day,
)

cents = st.integers(0, 500).map(lambda n: Decimal(n) / 100)
limits = st.none() | cents


@given(limits, limits, limits, cents, cents, cents, cents)
def test_an_order_goes_exactly_when_it_passes_no_limit(
    daily: Decimal | None,
    total: Decimal | None,
    session: Decimal | None,
    spent_today: Decimal,
    spent: Decimal,
    spent_here: Decimal,
    asked: Decimal,
) -> None:
    budget = Budget(daily, total, session)
    committed = Committed(spent_today, spent, spent_here)
    lefts = {
        name: limit - already
        for name, limit, already in [
            (Period.DAY, daily, spent_today),
            (Period.TOTAL, total, spent),
            (Period.SESSION, session, spent_here),
        ]
        if limit is not None
    }
    if all(asked <= left for left in lefts.values()):
        check(budget, committed, asked)
    else:
        with pytest.raises(BudgetExceeded) as caught:
            check(budget, committed, asked)
        [first, *_] = caught.value.passed
        assert lefts[first.period] == min(lefts.values()), "the tightest limit is named"
        assert first.left == max(min(lefts.values()), Decimal(0))


@pytest.mark.parametrize(
    ("spent", "price", "line"),
    [
        ("0.32", "0.32", "Today: $0.32 of $0.40 spent. $0.08 left, $0.24 too little."),
        ("0.32", "0.08", "Today: $0.32 of $0.40 spent. $0.08 left."),
        ("0.00", "0.04", "Today: $0.00 of $0.40 spent. $0.40 left."),
        ("0.40", "0.04", "Today: $0.40 of $0.40 spent. $0.00 left, $0.04 too little."),
        # The limit was lowered afterwards.
        ("0.90", "0.04", "Today: $0.90 of $0.40 spent. $0.00 left, $0.04 too little."),
    ],
)
def test_line_on_a_budget_never_shows_a_negative_amount(spent: str, price: str, line: str) -> None:
    limit = Limit(Period.DAY, Decimal("0.40"), Decimal(spent))
    assert limit.sentence(Decimal(price)) == line


# The limits of a day, in total and of a session; what the environment sets for the first two; what
# was spent today, in total and in this session; the price; the advice.
ADVICE = [
    ("0.40 - -", "- -", "0.32 9 0", "0.32",
     "Order less, wait until tomorrow or raise the limit in Settings."),
    ("0.40 - -", "- -", "0.40 9 0", "0.04",
     "Wait until tomorrow or raise the limit in Settings."),
    # More than a whole day's budget: tomorrow does not help.
    ("0.40 - -", "- -", "0 9 0", "0.80", "Order less or raise the limit in Settings."),
    # The environment's limit binds: Settings cannot help.
    ("0.40 - -", "0.40 -", "0.40 9 0", "0.04",
     "Wait until tomorrow or ask whoever starts this app to raise the limit."),
    # The limit of Settings is lower, and raising it up to the environment's is enough.
    ("0.40 - -", "1.00 -", "0.40 9 0", "0.04",
     "Wait until tomorrow or raise the limit in Settings."),
    # The total binds: waiting does not help, also where the day binds as well.
    ("- 1.00 -", "- -", "0 1.00 0", "0.04", "Raise the limit in Settings."),
    ("0.40 1.00 -", "- -", "0.40 1.00 0", "0.04", "Raise the limit in Settings."),
    ("- 1.00 -", "- 1.00", "0 1.00 0", "0.04", "Ask whoever starts this app to raise the limit."),
    ("- - 0.08", "- -", "0 0 0.04", "0.08", "Order less or raise the limit in Settings."),
]  # fmt: skip


def amounts(text: str) -> list[Decimal | None]:
    return [None if word == "-" else Decimal(word) for word in text.split()]


@pytest.mark.parametrize(("limits", "ceilings", "spent", "asked", "advice"), ADVICE)
def test_advice_names_only_what_can_help(
    limits: str, ceilings: str, spent: str, asked: str, advice: str
) -> None:
    daily, total, session = amounts(limits)
    daily_ceiling, total_ceiling = amounts(ceilings)
    budget = Budget(daily, total, session, daily_ceiling=daily_ceiling, total_ceiling=total_ceiling)
    with pytest.raises(BudgetExceeded) as caught:
        check(budget, Committed(*map(Decimal, spent.split())), Decimal(asked))
    assert caught.value.advice == advice
    assert str(caught.value).endswith("too little. Nothing was charged.")


def test_the_refusal_travels_between_processes() -> None:
    limit = Limit(Period.SESSION, Decimal(1), Decimal("0.5"))
    refused = BudgetExceeded((limit,), Decimal(2))
    again = pickle.loads(pickle.dumps(refused))  # noqa: S301 - our own bytes
    assert (str(again), again.advice) == (str(refused), refused.advice)


@pytest.mark.parametrize("limit", ["-0.01", "NaN", "Infinity"])
def test_a_budget_is_a_finite_amount(limit: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        Budget(daily=Decimal(limit))


@pytest.mark.parametrize(
    ("day", "zone", "begins"),
    [
        (date(2026, 6, 1), "UTC", datetime(2026, 6, 1, tzinfo=UTC)),
        (date(2026, 6, 1), "Asia/Tokyo", datetime(2026, 5, 31, 15, tzinfo=UTC)),
        # The clock went from 0:00 to 1:00: the day begins at the jump.
        (date(2018, 11, 4), "America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),
        # The clock went from 1:00 back to 0:00: the day begins at the first midnight.
        (date(2026, 11, 1), "America/Havana", datetime(2026, 11, 1, 4, tzinfo=UTC)),
    ],
)
def test_a_day_begins_where_its_people_are(day: date, zone: str, begins: datetime) -> None:
    assert start_of_day(day, ZoneInfo(zone)) == begins


@given(
    st.datetimes(
        datetime(2015, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
        datetime(2035, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    st.sampled_from(["UTC", "Europe/Berlin", "America/Sao_Paulo", "America/Havana", "Asia/Kabul"]),
)
def test_every_moment_lies_in_its_own_day(moment: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    day = local_day(moment, zone)
    assert start_of_day(day, zone) <= moment < start_of_day(day + timedelta(days=1), zone)
