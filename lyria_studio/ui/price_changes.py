"""Prices that the gateway asks and the catalogue does not know."""

import streamlit as st

from lyria_studio.money import local_day, usd
from lyria_studio.prices import PriceChange
from lyria_studio.services import Services
from lyria_studio.ui.error_messages import keeping_input
from lyria_studio.wording import literal


def draw(services: Services) -> None:
    """Draw each change with the buttons that settle it."""
    for change in services.prices.changes():
        asked, listed = usd(change.asked_usd), usd(change.model.price_usd)
        with st.container(border=True, key=f"price-{change.model.id}"):
            st.markdown(literal(f"**{change.model.name}.** {_sentence(change)}"))
            st.caption(literal(f"Orders and budgets count {asked} until you choose."))
            with st.container(horizontal=True):
                st.button(
                    literal(f"Update price to {asked}"),
                    key=f"accept-{change.model.id}",
                    type="primary",
                    help="Writes models.toml in the folder of your library. Comments stay.",
                    on_click=keeping_input(_accept),
                    args=(services, change),
                )
                st.button(
                    literal(f"Keep {listed}"),
                    key=f"dismiss-{change.model.id}",
                    on_click=keeping_input(services.prices.dismiss),
                    args=(change,),
                )


def draw_briefly(services: Services) -> None:
    """Draw one line for each change, next to a button that accepts it."""
    for change in services.prices.changes():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(literal(f"{change.model.name}: {_sentence(change)}"))
            st.page_link("pricing.py", label="Update price")


def _sentence(change: PriceChange) -> str:
    listed = usd(change.model.price_usd)
    return f"The gateway asks {usd(change.asked_usd)}; this app counted {listed}."


def _accept(services: Services, change: PriceChange) -> None:
    services.prices.accept(change, local_day(services.library.now(), services.zone))
    st.toast(f"Price updated in models.toml: {literal(usd(change.asked_usd))}.")
