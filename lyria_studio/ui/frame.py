"""What stands on every screen: the style and which gateway is in use."""

from pathlib import Path

import streamlit as st

from lyria_studio.services import Services
from lyria_studio.ui import session
from lyria_studio.ui.components import MINI, PRESS

STYLE = Path(__file__).with_name("style.css")
# A file of our own: a Material symbol would be fetched from another host.
ICON = Path(__file__).parents[1] / "assets" / "icon.svg"

SANDBOX_NOTE = "A local composer plays, not Lyria: no real money. Voices sing syllables, not words."


def draw(services: Services) -> None:
    """The style and one line that says which gateway the next click uses."""
    st.html(STYLE)
    access = session.access(services)
    with st.container(horizontal=True, vertical_alignment="center", key="gateway"):
        if access.gateway == "sandbox":
            st.badge("Sandbox", icon=":material/science:", color="orange")
            st.caption(SANDBOX_NOTE)
        else:
            st.badge("Live gateway", icon=":material/bolt:", color="green")
            st.caption("Every track is made by Lyria and costs real money.")


def draw_player() -> None:
    """What plays, also when its track stands on another screen; and what sees to clicks."""
    MINI(key="mini")
    PRESS(key="press")
