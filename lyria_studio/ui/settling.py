"""A person settles an order whose outcome is unknown."""

import streamlit as st

from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State
from lyria_studio.services import Services
from lyria_studio.ui.error_messages import keeping_input

HAS_ID = "It was charged, I have the id"
CHARGED = "It was charged, no id"
CHARGED_ID_KNOWN = "It was charged"
FREE = "It was not charged"


def draw(services: Services, generation: Generation, key: str) -> None:
    """Draw the choices; a request id is asked for only where the order has none.

    Args:
        services: the services of this process.
        generation: what to settle.
        key: of the buttons.
    """
    by_id = generation.state is State.UNKNOWN or generation.request_id_from in {
        "person",
        "salvaged",
    }
    with st.popover("Settle", icon=":material/help:", type="tertiary"):
        st.write("What does your account at the gateway show for this order? You can undo this.")
        if by_id:
            st.text_input(
                "Request id", key=f"request-{key}", placeholder=f"{generation.model_id}_019d…"
            )
            _button(HAS_ID, ":material/check:", f"taken-{key}", _by_id, services, generation, key)
        charged = CHARGED if by_id else CHARGED_ID_KNOWN
        for name, label, icon, paid in (
            ("charged", charged, ":material/payments:", True),
            ("free", FREE, ":material/money_off:", False),
        ):
            _button(label, icon, f"{name}-{key}", _by_charge, services, generation, paid)


def _button(label: str, icon: str, key: str, act: object, *args: object) -> None:
    st.button(
        label,
        key=key,
        icon=icon,
        type="tertiary",
        on_click=keeping_input(act),  # type: ignore[arg-type]
        args=args,
    )


def _by_id(services: Services, generation: Generation, key: str) -> None:
    request_id = str(st.session_state.get(f"request-{key}", "")).strip()
    services.library.jobs.settlements.settle(generation.id, request_id=request_id)
    services.worker.wake()


def _by_charge(services: Services, generation: Generation, charged: bool) -> None:
    services.library.jobs.settlements.settle(generation.id, charged=charged)
