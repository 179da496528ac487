"""Create: describe the music, see the price, get the track."""

import streamlit as st

from lyria_studio.services import get_services
from lyria_studio.ui import create_form, create_style, results

services = get_services()

create_style.draw()
with st.container(key="bench", horizontal=True, gap="large"):
    with st.container(key="form", border=True, gap="small"):
        create_form.draw_head(services)
        create_form.draw(services)
    with st.container(key="results"):
        results.draw(services)
