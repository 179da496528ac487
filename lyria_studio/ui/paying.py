"""What stands around a button that costs money: what is left after it, and the second question."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import streamlit as st

from lyria_studio.money import usd
from lyria_studio.orders.from_form import budget_left
from lyria_studio.phrases import count
from lyria_studio.services import Services
from lyria_studio.ui import session
from lyria_studio.ui.error_messages import keeping_input
from lyria_studio.wording import literal


def consequence(services: Services, price: Decimal) -> None:
    """Say what a click of this price costs and what is left of each budget after it."""
    access = session.access(services)
    if access.gateway == "sandbox":
        st.caption("Sandbox money: this click costs you nothing.")
        return
    st.caption("Charged by the gateway when a track is completed.")
    left = budget_left(services, access, session.session_id(), session.zone())
    for name, amount in left.items():
        after = amount - price
        words = f"{usd(after)} left after it" if after >= 0 else f"{usd(-after)} too little for it"
        st.caption(literal(f"Budget {name}: {usd(amount)}, {words}."))


def ask(
    tracks: int, price: Decimal, order: Callable[..., None], *args: Any, key: str = "confirm"
) -> None:
    """Ask once more before a dear click.

    Args:
        tracks: how many it orders.
        price: what they cost.
        order: called with `args` if the answer is yes.
        *args: what it needs.
        key: of the container, and the beginning of the keys of its buttons.
    """
    with st.container(border=True, key=key):
        them = "it" if tracks == 1 else "them"
        st.text(f"{count(tracks, 'track')} for {usd(price)}: order {them}?")
        with st.container(horizontal=True):
            st.button(
                literal(f"Yes, pay {usd(price)}"),
                key=f"{key}_yes",
                type="primary",
                on_click=keeping_input(order),
                args=args,
            )
            st.button("No", key=f"{key}_no")
        st.caption("You are asked above an amount that is set on the Settings screen.")
