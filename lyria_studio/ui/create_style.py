"""The look of the Create screen."""

from pathlib import Path

import streamlit as st

STYLE = Path(__file__).with_name("create.css")


def draw() -> None:
    """Call once a drawing."""
    st.html(STYLE)
