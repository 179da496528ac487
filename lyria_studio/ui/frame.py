"""What stands on every screen: name, player bar, tabs and which gateway is in use."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from lyria_core import MODELS
from lyria_studio.services import Services
from lyria_studio.ui import payer, player, session
from lyria_studio.ui.components import PRESS

# A file of our own: a Material symbol would be fetched from another host.
PRICES = "prices_in_labels"
ASSETS = Path(__file__).parents[1] / "assets"
ICON = ASSETS / "icon.svg"
LOGO = ASSETS / "logo.svg"


def draw(
    services: Services,
    screens: Sequence[StreamlitPage] = (),
    current: StreamlitPage | None = None,
) -> None:
    """Draw the player bar and the gateway that the next click uses.

    Args:
        services: the services of this process.
        screens: all there are; on a phone they are tabs at the bottom.
        current: the one that is shown.
    """
    player.draw_bar(
        [(screen.title, screen.url_path) for screen in screens],
        current.url_path if current else None,
    )
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
