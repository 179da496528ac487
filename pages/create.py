"""Create: describe the music, see the price, get the track."""

import streamlit as st

from lyria_studio.services import get_services
from lyria_studio.ui import create_form, results

services = get_services()

st.title("Make music")
with st.container(key="bench", horizontal=True, gap="large"):
    with st.container(key="form"):
        create_form.draw(services)
    with st.container(key="results"):
        results.draw(services)
