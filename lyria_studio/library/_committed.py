"""What orders have committed so far, as the budget counts it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, select

from lyria_core import Charge
from lyria_studio.library.tables import generations
from lyria_studio.money import Budget, Committed, local_day, start_of_day

__all__ = ["committed_now"]


def committed_now(
    connection: Connection, gateway: str, session_id: str | None, budget: Budget, now: datetime
) -> Committed:
    """Add up what counts against each limit of a budget; a limit that does not exist gives 0.

    Args:
        connection: of the transaction that asks.
        gateway: "live" or "sandbox"; only its orders count.
        session_id: the browser session, for the limit of a session.
        budget: the limits, and whose days they mean.
        now: the present, aware.
    """

    def total(*where: Any) -> Decimal:
        found: Decimal | None = connection.execute(
            select(func.sum(generations.c.price_usd)).where(
                generations.c.gateway == gateway, generations.c.charge != Charge.NO, *where
            )
        ).scalar_one_or_none()
        return found or Decimal(0)

    day = start_of_day(local_day(now, budget.timezone), budget.timezone)
    return Committed(
        daily=Decimal(0) if budget.daily is None else total(generations.c.created_at >= day),
        total=Decimal(0) if budget.total is None else total(),
        session=Decimal(0)
        if budget.session is None or session_id is None
        else total(generations.c.session_id == session_id),
    )
