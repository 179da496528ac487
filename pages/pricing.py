"""Pricing: what a track costs, what many would cost, what was spent."""

import streamlit as st

from lyria_studio.services import get_services
from lyria_studio.ui import estimator, price_changes, price_list, spending

services = get_services()

st.title("Pricing")
price_changes.draw(services)
price_list.draw()
estimator.draw()
spending.draw(services, services.zone)
