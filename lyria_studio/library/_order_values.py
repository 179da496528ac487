"""What an order is checked for before it is stored, and how it is stored."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select, update

from lyria_core import MODELS, Charge, MusicRequest
from lyria_studio.library._committed import committed_now
from lyria_studio.library._rows import Rows
from lyria_studio.library._search import folded
from lyria_studio.library.tables import GATEWAYS, generations, purses
from lyria_studio.model.generation import Generation, NewGeneration, Ordered
from lyria_studio.model.states import State
from lyria_studio.money import Budget, check
from lyria_studio.prompts import title_of

__all__ = ["reserve", "validate_order"]

# Ids travel in URLs and file names.
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{7,63}")


def reserve(rows: Rows, orders: Sequence[NewGeneration], budget: Budget | None) -> Ordered:
    """Store the intents of an order and reserve their cost, unless they are stored already.

    Args:
        rows: of the transaction.
        orders: valid (`validate_order`).
        budget: hard limits; None is no limit.

    Raises:
        BudgetExceeded: the order would pass a limit.
    """
    gateway, session_id = orders[0].access_gateway, orders[0].session_id
    # The lock on the purse makes "is it known, does it fit, store it" one step for all processes,
    # also on a database with many writers.
    purse = purses.c.gateway == gateway
    rows.connection.execute(select(purses.c.orders).where(purse).with_for_update())
    stored = _stored_order(rows, orders)
    if stored is not None:
        return stored
    now = rows.now
    if budget is not None and not budget.unlimited:
        spent = committed_now(rows.connection, gateway, session_id, budget, now)
        check(budget, spent, sum((_price(new) for new in orders), Decimal(0)))
    rows.connection.execute(
        update(purses).where(purse).values(orders=purses.c.orders + len(orders))
    )
    rows.connection.execute(insert(generations), [_values(new, now) for new in orders])
    return Ordered([rows.get(new.id) for new in orders])


def _stored_order(rows: Rows, orders: Sequence[NewGeneration]) -> Ordered | None:
    """Find what an earlier order stored under any of these ids; None: they are all new."""
    found = rows.select(generations.c.id.in_([new.id for new in orders]))
    if not found:
        return None
    known = {one.id: one for one in found}
    repeats = [new for new in orders if new.id in known]
    differs = len(repeats) < len(orders) or any(
        not _same(known[new.id], new.request) for new in repeats
    )
    return Ordered([known[new.id] for new in repeats], repeated=True, differs=differs)


def _price(new: NewGeneration) -> Decimal:
    return MODELS[new.request.model].price_usd


def _same(stored: Generation, request: MusicRequest) -> bool:
    return (
        stored.model_id == request.model
        and stored.prompt == request.prompt
        and stored.negative_prompt == request.negative_prompt
        and stored.seed == request.seed
        and stored.images == request.images
    )


def validate_order(orders: Sequence[NewGeneration]) -> None:
    """Refuse an order that no form can make.

    Raises:
        InvalidRequest: a request that its model does not take.
        ValueError: no orders, malformed or doubled ids, or several gateways or sessions.
    """
    if not orders:
        raise ValueError("an order has at least one generation")
    ids = [new.id for new in orders]
    if len(set(ids)) < len(ids):
        raise ValueError("an id is ordered twice in one order")
    for name in [*ids, *(new.batch_id for new in orders)]:
        if not _ID.fullmatch(name):
            raise ValueError("an id has 8 to 64 letters, digits, hyphens or underscores")
    if any(new.access_gateway not in GATEWAYS for new in orders):
        raise ValueError(f"a gateway is one of {', '.join(GATEWAYS)}")
    if len({(new.access_gateway, new.session_id) for new in orders}) > 1:
        raise ValueError("one order goes to one gateway, from one session")
    for new in orders:
        new.request.validate()


def _values(new: NewGeneration, now: datetime) -> dict[str, Any]:
    request = new.request
    return {
        "id": new.id,
        "batch_id": new.batch_id,
        "take": new.take,
        "takes": new.takes,
        "session_id": new.session_id,
        "created_at": now,
        "updated_at": now,
        "gateway": new.access_gateway,
        "base_url": new.base_url,
        "key_fingerprint": new.key_fingerprint,
        "key_source": new.key_source,
        "waiting_for_key": False,
        "model_id": request.model,
        "prompt": request.prompt,
        "prompt_folded": folded(request.prompt),
        "title": new.title or title_of(request.prompt),
        "negative_prompt": request.negative_prompt,
        "seed": request.seed,
        "images": list(request.images),
        "state": State.INTENDED,
        # Reserved: it may be charged from now on.
        "charge": Charge.MAYBE,
        "price_usd": _price(new),
        "settled_by_person": False,
        "submits": 0,
        "webhook": False,
        "media_urls": [],
        "next_attempt_at": now,
        "polls": 0,
        "download_failures": 0,
    }
