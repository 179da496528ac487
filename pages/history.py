"""History: every generation, newest first, a page at a time."""

import streamlit as st

from lyria_studio.services import get_services
from lyria_studio.ui import card, history_filter

services = get_services()

st.title("History")
page = history_filter.draw(services.library)
for generation in page.items:
    card.draw(services, generation, "history")
history_filter.draw_empty(page)
