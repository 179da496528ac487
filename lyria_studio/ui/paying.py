"""Parts around a button that costs money: what is left after it, and the second question."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import streamlit as st

from lyria_studio.money import local_day, start_of_day, usd
from lyria_studio.orders.from_form import tightest_limit
from lyria_studio.phrases import count
from lyria_studio.services import Services
from lyria_studio.ui import payer, price_changes, session
from lyria_studio.ui.error_messages import keeping_input
from lyria_studio.wording import literal

_AFTER_MIDNIGHT = timedelta(seconds=1)


def price_text(services: Services, price: Decimal) -> str:
    """Return the price of a click as a button shows it, with "(demo)" in the sandbox."""
    return literal(usd(price, session.access(services).gateway))


def consequence(services: Services, price: Decimal) -> None:
    """Draw what is left of the budget for a click of this price, and prices that changed."""
    access = session.access(services)
    if access.gateway == "sandbox":
        return
    price_changes.draw_briefly(services)
    if tightest_limit(services, access, session.session_id()) is not None:
        # The fragment draws itself again after midnight, while the page stays open.
        left = until_midnight(services) + _AFTER_MIDNIGHT
        st.fragment(_budget, run_every=left)(services, price)


def until_midnight(services: Services) -> timedelta:
    """Return how long the day of the budget still lasts."""
    now, zone = services.library.now(), services.zone
    return start_of_day(local_day(now, zone) + timedelta(days=1), zone) - now


def _budget(services: Services, price: Decimal) -> None:
    limit = tightest_limit(services, session.access(services), session.session_id())
    if limit is not None:
        st.caption(literal(limit.sentence(price)))


def ask(
    services: Services,
    tracks: int,
    price: Decimal,
    order: Callable[..., None],
    *args: Any,
    key: str = "confirm",
) -> None:
    """Confirm an expensive click, or one that another key pays than the last.

    Args:
        services: the services of this process.
        tracks: how many it orders.
        price: what they cost, in US dollars.
        order: called with `services` and `args` if the answer is yes.
        *args: what it needs.
        key: of the container, and the beginning of the keys of its buttons.
    """
    with st.container(border=True, key=key):
        changed = payer.change(services)
        question = f"Make {count(tracks, 'track')} for {usd(price)}?"
        st.text(f"{changed} {question}" if changed else question)
        with st.container(horizontal=True):
            st.button(
                literal(f"Yes, pay {usd(price)}"),
                key=f"{key}_yes",
                type="primary",
                on_click=keeping_input(order),
                args=(services, *args),
            )
            st.button("No", key=f"{key}_no")
        if not changed:
            st.caption("Settings has the amount above which orders are confirmed.")
