"""Pricing: what a track costs, what many would cost, what was spent and what is left."""

import streamlit as st

from lyria_studio.services import get_services
from lyria_studio.ui import (
    budget_left,
    estimator,
    price_changes,
    price_list,
    reconcile,
    spending,
)

services = get_services()

st.title("Pricing")
price_changes.draw(services)
prices, money = st.columns([3, 2], gap="medium")
with prices:
    price_list.draw()
with money:
    estimator.draw()
    budget_left.draw(services)
spending.draw(services)
reconcile.draw(services)
