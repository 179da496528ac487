"""Hard budgets: what may still be ordered, and the refusal of what may not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from enum import StrEnum

from lyria_core import MODELS, Charge, LyriaError
from lyria_studio.money.amounts import usd

__all__ = [
    "Budget",
    "BudgetExceeded",
    "Committed",
    "Limit",
    "Period",
    "check",
    "local_day",
    "start_of_day",
]


class Period(StrEnum):
    """What a limit counts; the values are words for people."""

    DAY = "Today"
    SESSION = "This browser session"
    TOTAL = "In total"


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit and what counts against it, in US dollars.

    Attributes:
        period: which orders count.
        amount: the limit.
        spent: what is reserved, charged or maybe charged already.
        ceiling: the limit that whoever starts the app has set; no choice on the Settings screen
            goes above it. None: there is none.
    """

    period: Period
    amount: Decimal
    spent: Decimal
    ceiling: Decimal | None = None

    @property
    def left(self) -> Decimal:
        """What can still be ordered, never less than zero."""
        return max(self.amount - self.spent, Decimal(0))

    def passed_by(self, price: Decimal) -> bool:
        """Return whether an order of this price would exceed it; reaching it does not."""
        return self.spent + price > self.amount

    def sentence(self, price: Decimal) -> str:
        """Return one line on what is left, and what is lacking for an order of this price."""
        line = (
            f"{self.period}: {usd(self.spent)} of {usd(self.amount)} spent. {usd(self.left)} left"
        )
        return (
            f"{line}, {usd(price - self.left)} too little." if self.passed_by(price) else f"{line}."
        )


@dataclass(frozen=True, slots=True)
class Budget:
    """Hard limits in US dollars on what is reserved, charged or maybe charged at one gateway.

    A limit that is None does not exist. Money that was freed (refused, cancelled, ERROR) can be
    ordered again. A day begins at midnight in `timezone`, and an order belongs to the day on which
    it was made, whenever its outcome came.

    Attributes:
        daily: for all orders since midnight.
        total: for all orders ever.
        session: for all orders of one browser session.
        timezone: whose midnight; one for the whole library.
        daily_ceiling: the part of `daily` that the Settings screen cannot change.
        total_ceiling: the same of `total`.
    """

    daily: Decimal | None = None
    total: Decimal | None = None
    session: Decimal | None = None
    timezone: tzinfo = UTC
    daily_ceiling: Decimal | None = None
    total_ceiling: Decimal | None = None

    def __post_init__(self) -> None:
        for limit in (self.daily, self.total, self.session):
            if limit is not None and (not limit.is_finite() or limit < 0):
                raise ValueError("a budget is a finite amount of zero dollars or more")

    @property
    def unlimited(self) -> bool:
        """Whether there is no limit at all."""
        return self.daily is None and self.total is None and self.session is None

    def limits(self, committed: Committed) -> list[Limit]:
        """Return the limits that exist, the one with the least left first."""
        found = [
            Limit(period, amount, spent, ceiling)
            for period, amount, spent, ceiling in (
                (Period.DAY, self.daily, committed.daily, self.daily_ceiling),
                (Period.SESSION, self.session, committed.session, None),
                (Period.TOTAL, self.total, committed.total, self.total_ceiling),
            )
            if amount is not None
        ]
        return sorted(found, key=lambda limit: limit.amount - limit.spent)


@dataclass(frozen=True, slots=True)
class Committed:
    """What already counts against each limit, in US dollars."""

    daily: Decimal
    total: Decimal
    session: Decimal


class BudgetExceeded(LyriaError):  # noqa: N818 - says what it is
    """An order would pass a hard budget: nothing was stored, nothing sent, nothing charged.

    Attributes:
        passed: the limits that it would pass, the one with the least left first.
        asked: the price of the refused order in US dollars.
    """

    default_charge = Charge.NO

    def __init__(self, passed: tuple[Limit, ...], asked: Decimal) -> None:
        self.passed = passed
        self.asked = asked
        super().__init__(
            f"{passed[0].sentence(asked)} Nothing was charged.", advice=_advice(passed, asked)
        )

    def __reduce__(self) -> tuple[type[BudgetExceeded], tuple[tuple[Limit, ...], Decimal]]:
        return type(self), (self.passed, self.asked)


def _advice(passed: tuple[Limit, ...], asked: Decimal) -> str:
    """Name only what would let this order, or a smaller one, go."""
    ways = []
    if passed[0].left >= min(model.price_usd for model in MODELS.values()):
        ways.append("order less")
    if all(one.period is Period.DAY and asked <= one.amount for one in passed):
        ways.append("wait until tomorrow")
    if all(one.ceiling is None or one.spent + asked <= one.ceiling for one in passed):
        ways.append("raise the limit in Settings")
    else:
        ways.append("ask whoever starts this app to raise the limit")
    sentence = ", ".join(ways[:-1]) + " or " * (len(ways) > 1) + ways[-1]
    return f"{sentence[0].upper()}{sentence[1:]}."


def check(budget: Budget, committed: Committed, asked: Decimal) -> None:
    """Refuse an order that would pass a limit; an order that exactly reaches it may go.

    Args:
        budget: the limits.
        committed: what counts against them already.
        asked: the price of the order in US dollars.

    Raises:
        BudgetExceeded: naming the tightest limit that would be passed.
    """
    passed = tuple(limit for limit in budget.limits(committed) if limit.passed_by(asked))
    if passed:
        raise BudgetExceeded(passed, asked)


def start_of_day(day: date, zone: tzinfo) -> datetime:
    """Return the first instant of a local day, in UTC, also where the clock changes at midnight.

    In a zone that skips midnight on that day the day begins when the clock jumps; where midnight
    comes twice, at the first.
    """
    return datetime.combine(day, time(), zone).astimezone(UTC)


def local_day(moment: datetime, zone: tzinfo) -> date:
    """Return the date in a time zone at this moment."""
    return moment.astimezone(zone).date()
