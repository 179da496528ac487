"""The newest generations beside the form, kept up to date without a click."""

import streamlit as st

from lyria_studio.services import Services
from lyria_studio.ui import card

SHOWN = 6


def draw(services: Services) -> None:
    """Draw the newest generations, newest first."""
    generations = services.library.tracks.latest(SHOWN)
    st.header("Your tracks")
    if not generations:
        st.caption("Nothing yet. What you make appears here, and stays in History.")
    for generation in generations:
        card.draw(services, generation, "create")
    if len(generations) == SHOWN:
        st.page_link("history.py", label="All tracks are in History", icon=":material/history:")
