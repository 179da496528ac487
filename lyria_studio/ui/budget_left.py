"""What is left of each budget for real money."""

from decimal import Decimal

import streamlit as st

from lyria_studio.services import Services
from lyria_studio.ui import session
from lyria_studio.wording import literal


def draw(services: Services) -> None:
    """Draw a bar for each limit, or the way to set one."""
    with st.container(border=True, key="budget-left"):
        st.header("Budget")
        budget = services.live_budget
        committed = services.library.ledger.committed("live", budget, session.session_id())
        limits = budget.limits(committed)
        for limit in limits:
            share = limit.spent / limit.amount if limit.amount else Decimal(1)
            st.markdown(literal(limit.sentence(Decimal(0))))
            st.progress(min(float(share), 1.0))
        if not limits:
            st.caption("No limit on real money yet.")
        st.page_link(
            "settings.py",
            label="Change the budget" if limits else "Set a budget",
            icon=":material/tune:",
        )
