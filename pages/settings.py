"""Settings: the gateway and its key, the budget, where things are, what may be done with tracks."""

import streamlit as st

from lyria_studio.services import get_services
from lyria_studio.ui import key_settings, settings_form

services = get_services()

st.title("Settings")
left, right = st.columns(2, gap="medium")
with left:
    key_settings.draw(services)
    settings_form.budget(services)
with right:
    settings_form.callbacks(services)
    settings_form.places(services)
    settings_form.usage_rights()
settings_form.about()
