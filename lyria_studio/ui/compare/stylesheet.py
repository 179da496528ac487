"""The look of the Compare screen."""

from pathlib import Path

import streamlit as st

STYLE = Path(__file__).with_name("compare.css")


def draw() -> None:
    """Call once a drawing."""
    st.html(STYLE)
