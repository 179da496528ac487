import pickle
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_studio.money import Budget, BudgetExceeded, Committed, check, local_day, start_of_day

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
            ("day", daily, spent_today),
            ("total", total, spent),
            ("session", session, spent_here),
        ]
        if limit is not None
    }
    if all(asked <= left for left in lefts.values()):
        check(budget, committed, asked)
    else:
        with pytest.raises(BudgetExceeded) as caught:
            check(budget, committed, asked)
        assert lefts[caught.value.which] == min(lefts.values()), "the tightest limit is named"
        assert caught.value.left == max(min(lefts.values()), Decimal(0))


def test_the_refusal_says_what_it_cost_and_what_to_do() -> None:
    refused = BudgetExceeded("day", Decimal("5.00"), Decimal("4.92"), Decimal("0.16"))
    assert str(refused) == (
        "This order of $0.16 is more than the $0.08 left of today's budget of $5.00. "
        "Nothing was sent. Nothing was charged."
    )
    assert "tomorrow" in refused.advice
    assert "tomorrow" not in BudgetExceeded("total", *[Decimal(1)] * 3).advice


def test_the_refusal_travels_between_processes() -> None:
    refused = BudgetExceeded("session", Decimal(1), Decimal("0.5"), Decimal(2))
    again = pickle.loads(pickle.dumps(refused))  # noqa: S301 - our own bytes
    assert str(again) == str(refused)


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
