"""From a filled-in form to generations in the library."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256

from lyria_core import MODELS
from lyria_studio.keys import Access
from lyria_studio.library.payers import Consent, Payer
from lyria_studio.model.draft import Draft, Take
from lyria_studio.model.generation import NewGeneration, Ordered, take_ids
from lyria_studio.money import Limit
from lyria_studio.services import Services

MINTED_SEEDS = 1_000_000  # short enough to be read out and typed again


def place(
    services: Services,
    form_id: str,
    draft: Draft,
    access: Access,
    session_id: str,
) -> Ordered:
    """Commit the takes of a form and let the worker send them.

    Args:
        services: the services of this process.
        form_id: minted when the form was drawn (`new_intent_id`).
        draft: the fields of the form.
        access: the gateway and the key that pay.
        session_id: the browser session, for its budget.

    The ids of the takes follow from the id of the form alone: whoever sends the same form again,
    by a double click, in a copy of the tab or after the Back button, names the same generations
    and orders nothing new (`Ordered.repeated`).

    Raises:
        InvalidRequest: a field is wrong; nothing was stored or sent.
        BudgetExceeded: it would cost more than the budget has left; nothing was stored or sent.
    """
    ids = take_ids(form_id, draft.count)
    takes = {id_: _seeded(form_id, take) for id_, take in zip(ids, draft.ordered(), strict=True)}
    return send(services, form_id, takes, access, session_id, _template_title(services, draft))


def _template_title(services: Services, draft: Draft) -> str | None:
    """Return the name of the person's own template that the prompt is, if it is one."""
    prompt = draft.prompt.strip()
    own = services.library.tracks.own_templates()
    return next((one.title for one in own if one.prompt.strip() == prompt), None)


def _seeded(form_id: str, take: Take) -> Take:
    """Give each of several takes its own seed, if the model reads one and none was typed.

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
    title: str | None = None,
) -> Ordered:
    """Commit takes under ids of their own, all of them or none, and let the worker send them.

    Args:
        services: the services of this process.
        batch_id: what they have in common.
        takes: the takes by the ids of their generations.
        access: the gateway and the key that pay.
        session_id: the browser session, for its budget.
        title: a short name for them; None: one that follows from the prompt.

    Raises:
        InvalidRequest: a request is wrong; nothing was stored or sent.
        BudgetExceeded: it would cost more than the budget has left; nothing was stored or sent.
    """
    payers, payer = services.library.ledger.payers, payer_of(access)
    if payers.consent(session_id) != (consent := Consent(seen=payer, agreed=payer)):
        payers.remember(session_id, consent)
    ordered = services.library.jobs.order(
        [
            NewGeneration(
                id=id_,
                request=take.request,
                access_gateway=access.gateway,
                base_url=access.base_url,
                key_fingerprint=access.fingerprint,
                key_source=access.source,
                batch_id=batch_id,
                take=take.number,
                takes=take.of,
                session_id=session_id,
                title=title,
            )
            for id_, take in takes.items()
        ],
        services.budget(access),
    )
    services.worker.wake(() if ordered.repeated else ordered)
    return ordered


def asks_again(services: Services, access: Access, session_id: str, price: Decimal) -> bool:
    """Return whether to confirm an order: it is expensive, or another key pays than before.

    Args:
        services: the services of this process.
        access: the gateway and the key that would pay.
        session_id: the browser session.
        price: of the order, in US dollars.
    """
    if access.gateway == "sandbox":
        return False
    limit = services.library.ledger.preferences().confirm_above_usd
    return (limit is not None and price > limit) or payer_before(
        services, access, session_id
    ) is not None


def payer_of(access: Access) -> Payer:
    """Return who pays for orders with an access."""
    return Payer.of(access.gateway, access.base_url, access.fingerprint)


def payer_before(services: Services, access: Access, session_id: str) -> Payer | None:
    """Return who paid for a session's last order, if another key would pay now.

    Args:
        services: the services.
        access: the key in use now.
        session_id: of the browser session.
    """
    consent = services.library.ledger.payers.consent(session_id)
    return consent.agreed if consent and consent.agreed != payer_of(access) else None


def tightest_limit(services: Services, access: Access, session_id: str) -> Limit | None:
    """Return the limit with the least left before the next order; None without limits.

    Args:
        services: the services.
        access: the key in use.
        session_id: of the browser session.
    """
    budget = services.budget(access)
    if budget is None:
        return None
    committed = services.library.ledger.committed(access.gateway, budget, session_id)
    return next(iter(budget.limits(committed)), None)
