"""The cost of a number of tracks."""

from decimal import Decimal

import streamlit as st

from lyria_core import MODELS
from lyria_studio.money import usd


def draw() -> None:
    """Draw a number for each model, and the sum."""
    st.header("Estimate")
    total = Decimal(0)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for model in MODELS.values():
            count = st.number_input(
                f"{model.name} tracks",
                0,
                100_000,
                key=f"estimate-{model.id}",
                width=180,
                persist_state="session",
            )
            total += model.price_usd * int(count)
        st.metric("Total", usd(total), width="content")
