"""The newest generations beside the form, kept up to date without a click."""

import streamlit as st

from lyria_studio.services import Services
from lyria_studio.ui import card, watch

SHOWN = 8


def draw(services: Services) -> None:
    """The newest generations, newest first."""
    generations = services.library.latest(SHOWN)
    st.subheader("Your tracks")
    if not generations:
        st.caption("Nothing yet. What you make appears here, and stays in History.")
    for generation in generations:
        card.draw(services, generation, "create")
    watch.draw(services, generations)
