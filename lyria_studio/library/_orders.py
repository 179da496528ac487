"""Ordering: the intents and the reservation of their cost, in one transaction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, insert, select, update

from lyria_core import MODELS, Charge, MusicRequest
from lyria_studio.library._committed import committed_now
from lyria_studio.library._search import folded
from lyria_studio.library._store import Store
from lyria_studio.library.errors import LibraryError
from lyria_studio.library.tables import GATEWAYS, generations, purses
from lyria_studio.model.generation import Generation, NewGeneration, Ordered
from lyria_studio.model.states import State
from lyria_studio.money import Budget, check

__all__ = ["Orders"]

# Ids travel in URLs and file names.
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{7,63}")


class Orders(Store):
    """The part of the library that takes orders."""

    def order(self, orders: Sequence[NewGeneration], budget: Budget | None = None) -> Ordered:
        """Store the intents and reserve their cost, all of them or none.

        Idempotent by id: if any of these ids is known, this is a repeat of a form that was sent
        already. Then nothing at all is stored or reserved, and what is stored comes back
        (`repeated`, and `differs` if the repeat asked for something else: the first one wins).

        The budget holds among all threads and processes that share the database, and counts the
        generations at the orders' own gateway only: play money of the sandbox never uses up real
        money. The default budget of Settings is meant for "live"; give None for the sandbox.

        Args:
            orders: one or more takes, all for the same gateway and session.
            budget: hard limits; None is no limit.

        Raises:
            BudgetExceeded: the order would pass a limit; nothing was stored.
            InvalidRequest: a request that the model does not take; nothing was stored.
            LibraryError: the database cannot be written to; nothing was stored.
            ValueError: no orders, malformed or doubled ids, or several gateways or sessions.
        """
        _sound(orders)
        for new in orders:
            new.request.validate()
        try:
            with self._database.write() as connection:
                # The lock on the purse makes "is it known, does it fit, store it" one step for
                # all processes, also on a database with many writers.
                gateway = orders[0].access_gateway
                purse = purses.c.gateway == gateway
                connection.execute(select(purses.c.orders).where(purse).with_for_update())
                stored = self._stored(connection, orders)
                if stored is not None:
                    return stored
                self._check(connection, orders, budget)
                connection.execute(
                    update(purses).where(purse).values(orders=purses.c.orders + len(orders))
                )
                now = self._clock()
                connection.execute(insert(generations), [_values(new, now) for new in orders])
                return Ordered([self._get(connection, new.id) for new in orders])
        except LibraryError as error:
            raise LibraryError(f"{error} Nothing was sent and nothing was charged.") from None

    def _stored(self, connection: Connection, orders: Sequence[NewGeneration]) -> Ordered | None:
        rows = (
            connection.execute(
                select(generations).where(generations.c.id.in_([new.id for new in orders]))
            )
            .mappings()
            .all()
        )
        if not rows:
            return None
        known = {one.id: one for one in self._pictures(connection, rows)}
        found = [known[new.id] for new in orders if new.id in known]
        differs = len(found) < len(orders) or any(
            not _same(known[new.id], new.request) for new in orders if new.id in known
        )
        return Ordered(found, repeated=True, differs=differs)

    def _check(
        self, connection: Connection, orders: Sequence[NewGeneration], budget: Budget | None
    ) -> None:
        if budget is None or budget.unlimited:
            return
        gateway = orders[0].access_gateway
        asked = sum((_price(new) for new in orders), Decimal(0))
        committed = committed_now(connection, gateway, orders[0].session_id, budget, self._clock())
        check(budget, committed, asked)


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


def _sound(orders: Sequence[NewGeneration]) -> None:
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
        "waiting_for_key": False,
        "model_id": request.model,
        "prompt": request.prompt,
        "prompt_folded": folded(request.prompt),
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
        "looks": 0,
        "download_failures": 0,
    }
