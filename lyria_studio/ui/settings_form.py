"""The parts of the Settings screen."""

import platform
from decimal import Decimal
from importlib.metadata import version

import pandas as pd
import streamlit as st

from lyria_sandbox import CARDS
from lyria_studio.money import parse_usd
from lyria_studio.services import Services
from lyria_studio.settings import clean_key
from lyria_studio.ui import session
from lyria_studio.ui.error_messages import keeping_input
from lyria_studio.wording import literal

KEY_FIELD = "key_field"


def gateway(services: Services) -> None:
    """Which gateway is in use, and the key for this browser session."""
    st.header("Gateway and key")
    access = session.access(services)
    typed = bool(st.session_state.get(session.TYPED_KEY))
    where = "the sandbox on this machine" if access.gateway == "sandbox" else access.base_url
    if typed:
        key = "the key typed in here"
    elif services.settings.api_key:
        key = "the key from the environment or secrets.toml"
    else:
        key = "no key of yours"
    st.text(f"In use: {where}, with {key}.")
    with st.form("key", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "API key",
            key=KEY_FIELD,
            type="password",
            autocomplete="off",
            placeholder="Pixazo or sandbox- key",
            help="Kept in memory for this browser session only, never on disk.",
        )
        st.form_submit_button("Use this key", type="primary", on_click=_use_key)
    if typed:
        st.button("Forget the typed key", icon=":material/key_off:", on_click=_forget_key)
    st.caption(
        "To keep a key across restarts set PIXAZO_API_KEY in the environment or in "
        ".streamlit/secrets.toml. Without a key the sandbox plays."
    )
    with st.expander("Test keys and marks of the sandbox"):
        st.caption("Special keys, and marks in the prompt, bring about every failure on demand.")
        st.table(
            pd.DataFrame(
                [
                    {
                        "Write": f"`{card.value}`",
                        "Where": "as the key" if card.kind == "key" else "in the prompt",
                        "What happens": literal(card.effect),
                        "Cost": literal(card.charge),
                    }
                    for card in CARDS
                ]
            ).set_index("Write")
        )


def _use_key() -> None:
    key = str(st.session_state.get(KEY_FIELD, "")).strip()
    st.session_state[KEY_FIELD] = ""
    if not key:
        st.toast("No key was typed, so nothing changed.")
        return
    try:
        session.use_key(clean_key(key))
    except ValueError as error:
        st.toast(f"This key {error}. Nothing changed.", icon=":material/error:")
        return
    st.toast("The key is in use until you close or reload this page.")


def _forget_key() -> None:
    session.use_key(None)


BUDGETS = {
    "daily_budget_usd": "A day",
    "session_budget_usd": "A browser session",
    "total_budget_usd": "In all",
    "confirm_above_usd": "Ask again above",
}


def budget(services: Services) -> None:
    """Hard limits on real money."""
    st.header("Budget")
    chosen = services.library.ledger.preferences()
    with (
        st.form("budget", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        for name, label in BUDGETS.items():
            limit = getattr(chosen, name)
            st.text_input(
                f"{label} (dollars)",
                value="" if limit is None else str(limit),
                key=name,
                placeholder="no limit",
                width=170,
            )
        st.form_submit_button("Save budget", on_click=keeping_input(_save_budget), args=(services,))
    st.caption(
        "An order that would pass a limit is refused before anything is sent. The limits hold for "
        "the live gateway; the sandbox's play money has none. Above the last amount a click is "
        "asked about once more."
    )


def _save_budget(services: Services) -> None:
    changes: dict[str, Decimal | None] = {}
    for name, label in BUDGETS.items():
        text = str(st.session_state.get(name) or "").strip()
        try:
            changes[name] = parse_usd(text) if text else None
        except ValueError as error:
            st.toast(f"{label}: {error}. Nothing was saved.", icon=":material/error:")
            return
    services.library.ledger.set_preferences(**changes)
    st.toast("The budget is saved and holds from now on.")


def callbacks(services: Services) -> None:
    """The address by which the gateway may call back, and listeners come in."""
    st.header("Public address")
    chosen = services.library.ledger.preferences().public_url
    with (
        st.form("callbacks", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        st.text_input(
            "Public https address of this app",
            value=chosen or "",
            key="public_url",
            type="url",
            placeholder=services.settings.public_url or "https://music.example.com",
        )
        st.form_submit_button(
            "Save address", on_click=keeping_input(_save_public_url), args=(services,)
        )
    st.caption(
        "Links to listening tests begin with it, and the gateway reports by it when a track is "
        "done. Nobody reaches these screens by it, unless LYRIA_PUBLIC_SCREENS is 1. Leave it "
        "empty if this app cannot be reached from outside: everything else works without it."
    )


def _save_public_url(services: Services) -> None:
    text = str(st.session_state.get("public_url") or "").strip()
    try:
        services.library.ledger.set_preferences(public_url=text or None)
    except ValueError as error:
        st.toast(f"{error} Nothing was saved.", icon=":material/error:")
        return
    st.toast("The address is saved and holds from now on.")


def places(services: Services) -> None:
    """Where the tracks and the library are."""
    st.header("Where your tracks are")
    st.code(str(services.settings.home), language=None, wrap_lines=True)
    st.caption("Set LYRIA_HOME to keep them elsewhere. Back up this folder to back up everything.")


def about() -> None:
    """Versions, for a report of a fault."""
    st.header("About")
    st.text(
        f"Lyria Studio {version('lyria-studio')}, Streamlit {version('streamlit')}, "
        f"Python {platform.python_version()}"
    )
