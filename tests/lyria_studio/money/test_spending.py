from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_core import Charge
from lyria_studio.money import Entry, LedgerColumn, column_of, summarise

entries = st.builds(
    Entry,
    day=st.integers(0, 5).map(lambda n: date(2026, 2, 26) + timedelta(days=n)),
    model_id=st.sampled_from(["lyria-2", "lyria-3", "lyria-3-pro"]),
    column=st.sampled_from(LedgerColumn),
    count=st.integers(1, 9),
    amount_usd=st.integers(1, 99).map(lambda n: Decimal(n).scaleb(-4)),
)


@given(st.lists(entries))
def test_rows_and_totals_add_up(given_entries: list[Entry]) -> None:
    spending = summarise("live", given_entries)
    everything = sum((entry.amount_usd for entry in given_entries), Decimal(0))
    for rows in (spending.rows, spending.by_day, spending.by_model, (spending.total,)):
        assert sum((row.ordered for row in rows), Decimal(0)) == everything
        assert sum(row.count for row in rows) == sum(entry.count for entry in given_entries)
        for row in rows:
            assert row.reserved + row.charged + row.maybe + row.freed == row.ordered
            assert row.committed == row.ordered - row.freed
    keys = [(row.day, row.model_id) for row in spending.rows]
    assert len(set(keys)) == len(keys)
    assert set(keys) == {(entry.day, entry.model_id) for entry in given_entries}
    days = [row.day for row in spending.by_day if row.day]
    assert days == sorted(days, reverse=True)
    for column in LedgerColumn:
        of_column = [entry.amount_usd for entry in given_entries if entry.column is column]
        assert getattr(spending.total, column) == sum(of_column, Decimal(0))


@pytest.mark.parametrize(
    ("charge", "pending", "column"),
    [
        (Charge.YES, True, LedgerColumn.CHARGED),
        (Charge.YES, False, LedgerColumn.CHARGED),
        (Charge.NO, False, LedgerColumn.FREED),
        (Charge.MAYBE, True, LedgerColumn.RESERVED),
        (Charge.MAYBE, False, LedgerColumn.MAYBE),
    ],
)
def test_where_the_money_is(charge: Charge, pending: bool, column: LedgerColumn) -> None:
    assert column_of(charge, pending=pending) is column
