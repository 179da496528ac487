"""Which column of the ledger a generation belongs to, and sums that add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from lyria_core import Charge

__all__ = ["Entry", "LedgerColumn", "Spending", "SpendingRow", "column_of", "summarise"]

ZERO = Decimal("0.0000")


class LedgerColumn(StrEnum):
    """The four places where the money of an order can be."""

    RESERVED = "reserved"
    CHARGED = "charged"
    MAYBE = "maybe"
    FREED = "freed"


def column_of(charge: Charge, *, pending: bool) -> LedgerColumn:
    """Return where the money of one generation is.

    Args:
        charge: MAYBE from the order on, then as the outcome says.
        pending: whether the outcome may still come by itself or by looking again; a MAYBE that
            nothing but a person can settle is not reserved any more but *maybe*.
    """
    if charge is Charge.YES:
        return LedgerColumn.CHARGED
    if charge is Charge.NO:
        return LedgerColumn.FREED
    return LedgerColumn.RESERVED if pending else LedgerColumn.MAYBE


@dataclass(frozen=True, slots=True)
class Entry:
    """Generations of one day and model that stand alike: their number and their whole price."""

    day: date
    model_id: str
    column: LedgerColumn
    count: int
    amount_usd: Decimal


@dataclass(frozen=True, slots=True)
class SpendingRow:
    """The money of one model on one local day; `ordered` is always the sum of the four others.

    `day` is None in totals over days, `model_id` in totals over models. Amounts in US dollars.
    """

    day: date | None
    model_id: str | None
    count: int = 0
    reserved: Decimal = ZERO
    charged: Decimal = ZERO
    maybe: Decimal = ZERO
    freed: Decimal = ZERO

    @property
    def ordered(self) -> Decimal:
        """What was ordered, whatever came of it: the estimate given before the click."""
        return self.reserved + self.charged + self.maybe + self.freed

    @property
    def committed(self) -> Decimal:
        """What counts against a budget: all but what was freed."""
        return self.reserved + self.charged + self.maybe


@dataclass(frozen=True, slots=True)
class Spending:
    """What was spent at one gateway.

    Attributes:
        gateway: "live" or "sandbox".
        rows: one a day and model, newest day first, models in alphabetical order.
        by_day: totals of each day, newest first.
        by_model: totals of each model, in alphabetical order.
        total: everything.
    """

    gateway: str
    rows: tuple[SpendingRow, ...]
    by_day: tuple[SpendingRow, ...]
    by_model: tuple[SpendingRow, ...]
    total: SpendingRow


def summarise(gateway: str, entries: Iterable[Entry]) -> Spending:
    """Add entries up to the rows and totals of a `Spending`."""
    sums: defaultdict[tuple[date | None, str | None], _Sum] = defaultdict(_Sum)
    for entry in entries:
        for day in (entry.day, None):
            for model_id in (entry.model_id, None):
                sums[day, model_id].add(entry)
    rows = [
        sums[key].row(*key) for key in sorted(sums, key=lambda key: (_age(key[0]), key[1] or ""))
    ]
    return Spending(
        gateway=gateway,
        rows=tuple(row for row in rows if row.day and row.model_id),
        by_day=tuple(row for row in rows if row.day and not row.model_id),
        by_model=tuple(row for row in rows if row.model_id and not row.day),
        total=sums[None, None].row(None, None),
    )


class _Sum:
    def __init__(self) -> None:
        self.count = 0
        self.amounts = dict.fromkeys(LedgerColumn, ZERO)

    def add(self, entry: Entry) -> None:
        self.count += entry.count
        self.amounts[entry.column] += entry.amount_usd

    def row(self, day: date | None, model_id: str | None) -> SpendingRow:
        amounts = {column.value: amount for column, amount in self.amounts.items()}
        return SpendingRow(day, model_id, self.count, **amounts)


def _age(day: date | None) -> int:
    return 0 if day is None else -day.toordinal()
