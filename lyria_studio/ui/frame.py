"""What stands on every screen: the style and which gateway is in use."""

from pathlib import Path

import streamlit as st

from lyria_studio.services import Services
from lyria_studio.ui import payer, session
from lyria_studio.ui.components import MINI, PRESS

STYLE = Path(__file__).with_name("style.css")
# A file of our own: a Material symbol would be fetched from another host.
ICON = Path(__file__).parents[1] / "assets" / "icon.svg"


def draw(services: Services) -> None:
    """Draw the style and one line on the gateway that the next click uses."""
    st.html(STYLE)
    session.keep_zone(services)
    with st.container(horizontal=True, vertical_alignment="center", key="gateway"):
        payer.draw(services)


def draw_player() -> None:
    """Draw what plays, also when its track stands on another screen; and what sees to clicks."""
    MINI(key="mini")
    PRESS(key="press")
