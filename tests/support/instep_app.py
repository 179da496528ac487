"""A screen with nothing but the player in step, served as the app is: `streamlit run` this file."""

from pathlib import Path

import streamlit as st

from lyria_studio.host import Host
from lyria_studio.ui.inline_scripts import inline_script_sources

host = Host(dict, inline_script_sources())

app = st.App(
    Path(__file__).resolve().with_name("instep_screen.py"),
    routes=host.routes(),
    middleware=host.middleware(),
    lifespan=host.lifespan,
)
