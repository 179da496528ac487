"""Lyria Studio as one ASGI app: `streamlit run app.py`."""

from pathlib import Path

import streamlit as st

from lyria_studio.host import Host
from lyria_studio.startup import one_line_errors
from lyria_studio.ui.error_messages import show_failure
from lyria_studio.ui.inline_scripts import inline_script_sources, widget_scripts
from lyria_studio.ui.secrets import app_secrets

HERE = Path(__file__).resolve().parent
host = Host(app_secrets, inline_script_sources(), widget_scripts())
with one_line_errors():
    # Before the server starts: there, a failure would be told in a traceback.
    host.services()
host.adopt_server()

app = st.App(
    HERE / "pages" / "studio.py",
    routes=host.routes(),
    middleware=host.middleware(),
    lifespan=host.lifespan,
    on_script_error=show_failure,
)
