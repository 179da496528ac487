"""From a filled-in form to generations in the library."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import tzinfo
from decimal import Decimal
from hashlib import sha256

from lyria_core import MODELS
from lyria_studio.keys import Access
from lyria_studio.model.draft import Draft, Take
from lyria_studio.model.generation import NewGeneration, Ordered, take_ids
from lyria_studio.money import Budget
from lyria_studio.services import Services

MINTED_SEEDS = 1_000_000  # short enough to be read out and typed again


def place(
    services: Services,
    form_id: str,
    draft: Draft,
    access: Access,
    session_id: str,
    zone: tzinfo,
) -> Ordered:
    """Commit the takes of a form and let the worker send them.

    Args:
        services: the services of this process.
        form_id: minted when the form was drawn (`new_intent_id`).
        draft: the fields of the form.
        access: the gateway and the key that pay.
        session_id: the browser session, for its budget.
        zone: whose midnight ends the day of the budget.

    The ids of the takes follow from the id of the form alone: whoever sends the same form again,
    by a double click, in a copy of the tab or after the Back button, names the same generations
    and orders nothing new (`Ordered.repeated`).

    Raises:
        InvalidRequest: a field is wrong; nothing was stored or sent.
        BudgetExceeded: it would cost more than the budget has left; nothing was stored or sent.
    """
    ids = take_ids(form_id, draft.count)
    takes = {id_: _seeded(form_id, take) for id_, take in zip(ids, draft.ordered(), strict=True)}
    return send(services, form_id, takes, access, session_id, zone)


def _seeded(form_id: str, take: Take) -> Take:
    """Give one of several takes a seed of its own, where the model reads one and none was typed.

    Takes are paid to differ, and one that pleases can be made again only if its seed is known. The
    seed follows from the id of the form: the same form sent again asks for the same music.
    """
    model = MODELS[take.request.model]
    if take.of == 1 or take.request.seed is not None or not model.supports_seed:
        return take
    drawn = int.from_bytes(sha256(form_id.encode()).digest()[:4], "big") % MINTED_SEEDS
    return replace(take, request=replace(take.request, seed=drawn + take.number))


def send(
    services: Services,
    batch_id: str,
    takes: Mapping[str, Take],
    access: Access,
    session_id: str,
    zone: tzinfo,
) -> Ordered:
    """Commit takes under ids of their own, all of them or none, and let the worker send them.

    Args:
        services: the services of this process.
        batch_id: what they have in common.
        takes: the takes by the ids of their generations.
        access: the gateway and the key that pay.
        session_id: the browser session, for its budget.
        zone: whose midnight ends the day of the budget.

    Raises:
        InvalidRequest: a request is wrong; nothing was stored or sent.
        BudgetExceeded: it would cost more than the budget has left; nothing was stored or sent.
    """
    ordered = services.library.jobs.order(
        [
            NewGeneration(
                id=id_,
                request=take.request,
                access_gateway=access.gateway,
                base_url=access.base_url,
                key_fingerprint=access.fingerprint,
                batch_id=batch_id,
                take=take.number,
                takes=take.of,
                session_id=session_id,
            )
            for id_, take in takes.items()
        ],
        _budget(services, access, zone),
    )
    services.worker.wake(() if ordered.repeated else ordered)
    return ordered


def asks_again(services: Services, access: Access, price: Decimal) -> bool:
    """Whether a click of this price is worth a second question; play money never is."""
    limit = services.library.ledger.preferences().confirm_above_usd
    return access.gateway == "live" and limit is not None and price > limit


def budget_left(
    services: Services, access: Access, session_id: str, zone: tzinfo
) -> dict[str, Decimal]:
    """What is left of each limit before the next order, in US dollars; empty without limits."""
    budget = _budget(services, access, zone)
    if budget is None:
        return {}
    spent = services.library.ledger.committed(access.gateway, budget, session_id)
    limits = {
        "today": (budget.daily, spent.daily),
        "of this session": (budget.session, spent.session),
        "in all": (budget.total, spent.total),
    }
    return {name: limit - used for name, (limit, used) in limits.items() if limit is not None}


def _budget(services: Services, access: Access, zone: tzinfo) -> Budget | None:
    budget = services.budget(access)
    return replace(budget, timezone=zone) if budget else None
