"""The newest generations beside the form, kept up to date without a click."""

import streamlit as st

from lyria_core import MODELS
from lyria_studio.model.generation import Generation
from lyria_studio.services import Services
from lyria_studio.ui import dialogs, order_card, session, toasts, watch
from lyria_studio.ui.error_messages import show_pending

SHOWN = 6
KEY = "results_part"


def draw(services: Services) -> None:
    """Draw the newest generations, newest first; news draw them again and nothing else."""
    watch.part(KEY)
    _draw(services)


@st.fragment(key=KEY)
def _draw(services: Services) -> None:
    dialogs.part("soften-")
    show_pending()
    toasts.show()
    orders = _orders(services)
    making = sum(one.active for order in orders for one in order)
    with st.container(horizontal=True, key="results-head", horizontal_alignment="distribute"):
        st.header("Latest", anchor=False, width="content")
        if making:
            st.caption(f"{making} generating", width="content")
    if not orders:
        _welcome(services)
    for order in orders[:SHOWN]:
        order_card.draw(services, order, "create")
    if len(orders) > SHOWN:
        st.page_link("history.py", label="See all in History", icon=":material/history:")


def _orders(services: Services) -> list[list[Generation]]:
    """Return the newest orders, newest first, each with its takes in order."""
    recent = watch.recent(services)
    batches: dict[str, list[Generation]] = {}
    for generation in recent:
        batches.setdefault(generation.batch_id, []).append(generation)
    orders = list(batches.values())[: SHOWN + 1]
    if len(recent) == watch.WATCHED and len(batches) <= SHOWN:
        # The oldest order may go on beyond what was read.
        orders[-1] = services.library.tracks.batch(orders[-1][0].batch_id)
    models = list(MODELS)
    return [
        sorted(order, key=lambda one: (_place(models, one.model_id), one.take)) for order in orders
    ]


def _place(models: list[str], model_id: str) -> int:
    return models.index(model_id) if model_id in models else len(models)


def _welcome(services: Services) -> None:
    sandbox = session.access(services).gateway == "sandbox"
    with st.container(border=True, key="welcome"):
        st.markdown(
            "**Welcome.** Describe a piece of music and choose a model. Your tracks appear here. "
            + (
                "Demo mode is free: add an API key in Settings to use Lyria."
                if sandbox
                else "Each track costs what the button says."
            )
        )
