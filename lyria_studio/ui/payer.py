"""Who pays for the next order, and word of it when that changed without a click."""

from urllib.parse import urlsplit

import streamlit as st

from lyria_studio.keys import Access
from lyria_studio.library import LibraryError
from lyria_studio.library.payers import Consent, Payer
from lyria_studio.orders.from_form import payer_before, payer_of
from lyria_studio.services import Services
from lyria_studio.ui import session
from lyria_studio.ui.error_messages import show_error

_SOURCES = {
    "typed": "with the key you typed",
    "environment": "with the key from the environment",
    "secrets": "with the key from secrets.toml",
}
_SEEN = "payer_seen"


def draw(services: Services) -> None:
    """Draw one line on the gateway that the next click uses, and what changed about it."""
    access = session.access(services)
    with st.container(horizontal=True, vertical_alignment="center", key="gateway"):
        if access.gateway == "sandbox":
            st.badge("Demo mode", icon=":material/science:", color="orange")
            st.caption("Music is made on this computer. Free. Voices sing syllables, not words.")
        else:
            st.badge("Live gateway", icon=":material/bolt:", color="green")
            st.caption(f"Orders cost real money. You pay {host(access.base_url)} {source(access)}.")
    try:
        _changed(services, access)
    except LibraryError as error:
        show_error(error)


def used(services: Services) -> None:
    """Note that a person has seen who pays.

    Demo mode is agreed to at once, so that leaving it is asked about; real money is only with an
    order.
    """
    payers, now = services.library.ledger.payers, payer_of(session.access(services))
    consent = payers.consent(session.session_id())
    demo = now.gateway == "sandbox"
    agreed = now if demo or consent is None else consent.agreed
    payers.remember(session.session_id(), Consent(now, agreed))


def change(services: Services) -> str:
    """Return a sentence on who pays now and who paid before; empty if it is the same."""
    access = session.access(services)
    before = payer_before(services, access, session.session_id())
    return sentence(before, payer_of(access)) if before else ""


def sentence(before: Payer, now: Payer) -> str:
    """Return what changed about who pays."""
    if before.gateway != now.gateway:
        return (
            "Demo mode now, the live gateway before."
            if now.gateway == "sandbox"
            else "The live gateway now, demo mode before."
        )
    if before.base_url != now.base_url:
        return f"Orders go to {host(now.base_url)} now, to {host(before.base_url)} before."
    return "Another API key pays now."


def host(base_url: str) -> str:
    """Return the host and port of a gateway, as it is called on screens."""
    return urlsplit(base_url).netloc


def source(access: Access) -> str:
    """Return where the key in use comes from."""
    return _SOURCES[access.source]


def _changed(services: Services, access: Access) -> None:
    now = payer_of(access)
    if st.session_state.get(_SEEN) == now:
        return
    payers = services.library.ledger.payers
    consent = payers.consent(session.session_id())
    if consent is None or consent == Consent(now, now):
        payers.remember(session.session_id(), Consent(now, now))
    elif consent.seen != now:
        paid = " The next paid order asks first." if now.gateway == "live" else ""
        with st.container(horizontal=True, vertical_alignment="center", key="payer-changed"):
            st.badge("Changed", icon=":material/swap_horiz:", color="red")
            st.text(sentence(consent.seen, now) + paid)
            st.button("OK", key="payer_ok", type="tertiary", on_click=used, args=(services,))
        return
    st.session_state[_SEEN] = now
