"""What stands on every screen: the style, the player bar and which gateway is in use."""

from pathlib import Path

import streamlit as st

from lyria_core import MODELS
from lyria_studio.services import Services
from lyria_studio.ui import payer, player, session
from lyria_studio.ui.components import PRESS

STYLE = Path(__file__).with_name("style.css")
# A file of our own: a Material symbol would be fetched from another host.
PRICES = "prices_in_labels"
ICON = Path(__file__).parents[1] / "assets" / "icon.svg"


def draw(services: Services) -> None:
    """Draw the style, the player bar and one line on the gateway that the next click uses."""
    st.html(STYLE)
    player.draw_bar()
    PRESS(key="press")
    session.keep_zone(services)
    _keep_choices()
    payer.draw(services)


def _keep_choices() -> None:
    """Send the chosen models to the browser again when a price in their labels changed.

    It knows a choice by its label and would drop one whose label is another now.
    """
    prices = tuple(model.price_usd for model in MODELS.values())
    if st.session_state.setdefault(PRICES, prices) != prices:
        st.session_state[PRICES] = prices
        for key in map(str, st.session_state):
            if key in ("model", "also") or (key.startswith("variant-") and key.endswith("-model")):
                st.session_state[key] = st.session_state[key]
