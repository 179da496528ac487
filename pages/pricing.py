"""Pricing: what a track costs, what many would cost, what was spent."""

import streamlit as st

from lyria_studio.services import get_services
from lyria_studio.ui import estimator, price_list, session, spending

services = get_services()

st.title("Pricing")
price_list.draw()
estimator.draw()
spending.draw(services, session.access(services).gateway, session.zone())
