"""The cost of a number of tracks."""

from decimal import Decimal

import streamlit as st

from lyria_core import MODELS
from lyria_studio.money import usd


def draw() -> None:
    """Draw a number for each model, and the sum."""
    with st.container(border=True, key="estimate"):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.header("Estimate", width="content")
            result = st.empty()
        total = Decimal(0)
        with st.container(horizontal=True, vertical_alignment="bottom", key="estimate-counts"):
            for model in MODELS.values():
                count = st.number_input(
                    model.name,
                    0,
                    100_000,
                    key=f"estimate-{model.id}",
                    width=130,
                    persist_state="session",
                )
                total += model.price_usd * int(count)
        result.metric("Total", usd(total), width="content", label_visibility="collapsed")
