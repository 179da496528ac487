"""The part of the Settings screen on the gateway in use and its key."""

import streamlit as st

from lyria_sandbox import CARDS
from lyria_studio.keys import KeyCheck, check_key
from lyria_studio.services import Services
from lyria_studio.ui import payer, responsive_tables, session
from lyria_studio.ui.error_messages import keeping_input

KEY_FIELD = "key_field"
CHECKED = "key_checked"
_ICONS = {
    KeyCheck.REFUSED: ":material/error:",
    KeyCheck.NOT_REFUSED: ":material/check:",
    KeyCheck.NO_ANSWER: ":material/cloud_off:",
}


def draw(services: Services) -> None:
    """Draw which gateway is in use, and the key for this browser session."""
    with st.container(border=True, key="settings-key"):
        st.header("Gateway and key")
        access = session.access(services)
        if access.gateway == "live":
            st.text(f"Orders are paid at {payer.host(access.base_url)} {payer.source(access)}.")
        elif access.source == "none":
            st.text("Demo mode. No API key.")
        else:
            st.text(f"Demo mode, {payer.source(access)}.")
        if checked := st.session_state.pop(CHECKED, None):
            outcome, sentence = checked
            st.info(sentence, icon=_ICONS[outcome])
        if access.gateway == "live" and _shared(services):
            st.info(
                "Another API key is used with this library, too. You share history, spending and "
                "budgets.",
                icon=":material/group:",
            )
        _form(services)
        if access.gateway == "sandbox":
            with st.expander("Test keys and marks of demo mode"):
                _test_cards()


def _form(services: Services) -> None:
    with st.form("key", border=False):
        st.text_input(
            "API key",
            key=KEY_FIELD,
            type="password",
            autocomplete="off",
            placeholder="Paste your key",
            help="Kept in memory until you close or reload this page, never on disk.",
        )
        with st.container(horizontal=True):
            st.form_submit_button(
                "Use this key", type="primary", on_click=keeping_input(_use), args=(services,)
            )
            st.form_submit_button(
                "Test key",
                on_click=keeping_input(_test),
                args=(services,),
                help="Asks for the status of a job that does not exist. Free, and nothing is "
                "ordered. An empty field tests the key in use.",
            )
    if st.session_state.get(session.TYPED_KEY):
        st.button("Forget the typed key", icon=":material/key_off:", on_click=_forget)


def _test_cards() -> None:
    st.caption("Special keys, and marks in the prompt, cause every failure on demand.")
    responsive_tables.draw(
        [
            {
                "Write": card.value,
                "Where": "as the key" if card.kind == "key" else "in the prompt",
                "What happens": card.effect,
                "Cost": card.charge,
            }
            for card in CARDS
        ],
        "Test keys and marks",
    )


def _shared(services: Services) -> bool:
    access = session.access(services)
    in_use = services.keyring.others(access)
    return in_use or services.library.ledger.payers.others(access.fingerprint)


def _test(services: Services) -> None:
    typed = str(st.session_state.get(KEY_FIELD, "")).strip()
    access = services.try_key(typed) if typed else session.access(services)
    outcome = check_key(access)
    st.session_state[CHECKED] = (outcome, str(outcome))


def _use(services: Services) -> None:
    key = str(st.session_state.get(KEY_FIELD, "")).strip()
    if not key:
        st.toast("Type a key first.")
        return
    st.session_state[KEY_FIELD] = ""
    access = services.try_key(key)
    if access.gateway == "live":
        outcome = check_key(access)
        if outcome is KeyCheck.REFUSED:
            st.session_state[CHECKED] = (outcome, f"{outcome} It is not in use.")
            return
        st.session_state[CHECKED] = (outcome, str(outcome))
    session.use_key(key)
    payer.used(services)
    st.toast("Key in use until you close or reload this page.")


def _forget() -> None:
    session.use_key(None)
