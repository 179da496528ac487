from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite

from lyria_studio.library.types import Money, UtcDateTime

DIALECTS = [sqlite.dialect(), postgresql.dialect()]  # type: ignore[no-untyped-call]


@given(st.decimals(min_value=0, max_value=10**9, places=4), st.sampled_from(DIALECTS))
def test_money_comes_back_to_the_last_place(amount: Decimal, dialect: object) -> None:
    units = Money().process_bind_param(amount, dialect)  # type: ignore[arg-type]
    assert isinstance(units, int)
    assert Money().process_result_value(units, dialect) == amount  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", ["0.00001", "NaN", "Infinity"])
def test_money_that_cannot_be_kept_exactly_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="whole number"):
        Money().process_bind_param(Decimal(amount), DIALECTS[0])


zones = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))


@given(
    st.datetimes(
        datetime(1900, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
        datetime(2900, 1, 1),  # noqa: DTZ001
        timezones=zones,
    ),
    st.sampled_from(DIALECTS),
)
def test_an_instant_comes_back_in_utc(moment: datetime, dialect: object) -> None:
    stored = UtcDateTime().process_bind_param(moment, dialect)  # type: ignore[arg-type]
    found = UtcDateTime().process_result_value(stored, dialect)  # type: ignore[arg-type]
    assert found == moment
    assert found is not None
    assert found.tzinfo is UTC


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(datetime(2026, 1, 1), DIALECTS[0])  # noqa: DTZ001
