"""Which column of the ledger a generation belongs to, and sums that add up."""

from __future__ import annotations

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
    """Where the money of one generation is.

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

    `day` and `model_id` are None in totals.
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
        by_model: totals of each model.
        by_day: totals of each day, newest first.
        total: everything.
    """

    gateway: str
    rows: tuple[SpendingRow, ...]
    by_model: tuple[SpendingRow, ...]
    by_day: tuple[SpendingRow, ...]
    total: SpendingRow


def summarise(gateway: str, entries: Iterable[Entry]) -> Spending:
    """Add entries up to the rows and totals of a `Spending`."""
    kept = list(entries)
    keys = sorted({(e.day, e.model_id) for e in kept}, key=lambda k: (-k[0].toordinal(), k[1]))
    days = sorted({e.day for e in kept}, reverse=True)
    models = sorted({e.model_id for e in kept})
    return Spending(
        gateway=gateway,
        rows=tuple(_add(kept, day, model) for day, model in keys),
        by_model=tuple(_add(kept, None, model) for model in models),
        by_day=tuple(_add(kept, day, None) for day in days),
        total=_add(kept, None, None),
    )


def _add(entries: list[Entry], day: date | None, model_id: str | None) -> SpendingRow:
    sums = dict.fromkeys(LedgerColumn, ZERO)
    count = 0
    for entry in entries:
        if day in (None, entry.day) and model_id in (None, entry.model_id):
            sums[entry.column] += entry.amount_usd
            count += entry.count
    return SpendingRow(
        day,
        model_id,
        count,
        reserved=sums[LedgerColumn.RESERVED],
        charged=sums[LedgerColumn.CHARGED],
        maybe=sums[LedgerColumn.MAYBE],
        freed=sums[LedgerColumn.FREED],
    )
