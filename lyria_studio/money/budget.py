"""Hard budgets: what may still be ordered, and the refusal of what may not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal

from lyria_core import Charge, LyriaError
from lyria_studio.money.amounts import usd

__all__ = ["Budget", "BudgetExceeded", "Committed", "check", "local_day", "start_of_day"]


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
        timezone: whose midnight; UTC unless given, since a server's users may live anywhere.
    """

    daily: Decimal | None = None
    total: Decimal | None = None
    session: Decimal | None = None
    timezone: tzinfo = UTC

    def __post_init__(self) -> None:
        for limit in (self.daily, self.total, self.session):
            if limit is not None and (not limit.is_finite() or limit < 0):
                raise ValueError("a budget is a finite amount of zero dollars or more")

    @property
    def unlimited(self) -> bool:
        """Whether there is no limit at all."""
        return self.daily is None and self.total is None and self.session is None


@dataclass(frozen=True, slots=True)
class Committed:
    """What already counts against each limit, in US dollars."""

    daily: Decimal
    total: Decimal
    session: Decimal


class BudgetExceeded(LyriaError):  # noqa: N818 - says what it is
    """An order would pass a hard budget: nothing was stored, nothing sent, nothing charged.

    Attributes:
        which: "day", "session" or "total".
        limit: the budget in US dollars.
        committed: what is reserved, charged or maybe charged already.
        asked: the price of the refused order.
    """

    default_charge = Charge.NO

    def __init__(self, which: str, limit: Decimal, committed: Decimal, asked: Decimal) -> None:
        self.which = which
        self.limit = limit
        self.committed = committed
        self.asked = asked
        name = {
            "day": "today's budget",
            "session": "this session's budget",
            "total": "the total budget",
        }[which]
        wait = ", or wait until tomorrow" if which == "day" else ""
        super().__init__(
            f"This order of {usd(asked)} is more than the {usd(self.left)} left of {name} "
            f"of {usd(limit)}. Nothing was sent. Nothing was charged.",
            advice=f"Order less, raise the budget in Settings{wait}.",
        )

    def __reduce__(self) -> tuple[type[BudgetExceeded], tuple[str, Decimal, Decimal, Decimal]]:
        return type(self), (self.which, self.limit, self.committed, self.asked)

    @property
    def left(self) -> Decimal:
        """What could still be ordered, never less than zero."""
        return max(self.limit - self.committed, Decimal(0))


def check(budget: Budget, committed: Committed, asked: Decimal) -> None:
    """Refuse an order that would pass a limit; an order that exactly reaches it may go.

    Raises:
        BudgetExceeded: naming the tightest limit that would be passed.
    """
    limits = (
        ("day", budget.daily, committed.daily),
        ("session", budget.session, committed.session),
        ("total", budget.total, committed.total),
    )
    passed = [
        (limit - already, which, limit, already)
        for which, limit, already in limits
        if limit is not None and already + asked > limit
    ]
    if passed:
        _, which, limit, already = min(passed)
        raise BudgetExceeded(which, limit, already, asked)


def start_of_day(day: date, zone: tzinfo) -> datetime:
    """The first instant of a local day, in UTC, also where the clock changes at midnight.

    In a zone that skips midnight on that day the day begins when the clock jumps; where midnight
    comes twice, at the first.
    """
    return datetime.combine(day, time(), zone).astimezone(UTC)


def local_day(moment: datetime, zone: tzinfo) -> date:
    """The date on the wall at this moment."""
    return moment.astimezone(zone).date()
