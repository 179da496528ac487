"""Settings: the gateway and its key, the budget, where things are."""

import streamlit as st

from lyria_studio.services import get_services
from lyria_studio.ui import settings_form

services = get_services()

st.title("Settings")
with st.container(width=820):
    settings_form.gateway(services)
    settings_form.budget(services)
    settings_form.callbacks(services)
    settings_form.places(services)
    settings_form.about()
