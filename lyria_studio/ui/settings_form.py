"""The parts of the Settings screen."""

import platform
from decimal import Decimal
from importlib.metadata import version
from zoneinfo import available_timezones

import streamlit as st

from lyria_sandbox import CARDS
from lyria_studio.keys import KeyCheck, check_key
from lyria_studio.money import InvalidAmount, parse_usd, usd
from lyria_studio.services import Services
from lyria_studio.ui import payer, responsive_tables, session
from lyria_studio.ui.error_messages import keeping_input
from lyria_studio.wording import literal

KEY_FIELD = "key_field"
CHECKED = "key_checked"
_CHECK_ICONS = {
    KeyCheck.REFUSED: ":material/error:",
    KeyCheck.NOT_REFUSED: ":material/check:",
    KeyCheck.NO_ANSWER: ":material/cloud_off:",
}


def gateway(services: Services) -> None:
    """Draw which gateway is in use, and the key for this browser session."""
    st.header("Gateway and key")
    access = session.access(services)
    typed = bool(st.session_state.get(session.TYPED_KEY))
    if access.gateway == "live":
        st.text(f"Orders are paid at {payer.host(access.base_url)} {payer.source(access)}.")
    elif access.source == "none":
        st.text("Demo mode. No API key.")
    else:
        st.text(f"Demo mode, {payer.source(access)}.")
    checked: KeyCheck | None = st.session_state.pop(CHECKED, None)
    if checked is not None:
        refused = checked is KeyCheck.REFUSED
        st.info(f"{checked} It is not in use." if refused else checked, icon=_CHECK_ICONS[checked])
    if access.gateway == "live" and _shared(services):
        st.info(
            "Another API key is used with this library, too. You share history, spending and "
            "budgets.",
            icon=":material/group:",
        )
    with st.form("key", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "API key",
            key=KEY_FIELD,
            type="password",
            autocomplete="off",
            placeholder="Paste your key",
            help="Kept in memory until you close or reload this page, never on disk.",
        )
        st.form_submit_button(
            "Use this key", type="primary", on_click=keeping_input(_use_key), args=(services,)
        )
    if typed:
        st.button("Forget the typed key", icon=":material/key_off:", on_click=_forget_key)
    with st.expander("Test keys and marks of demo mode"):
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


def _use_key(services: Services) -> None:
    key = str(st.session_state.get(KEY_FIELD, "")).strip()
    if not key:
        st.toast("Type a key first.")
        return
    st.session_state[KEY_FIELD] = ""
    access = services.try_key(key)
    if access.gateway == "live":
        checked = st.session_state[CHECKED] = check_key(access)
        if checked is KeyCheck.REFUSED:
            return
    session.use_key(key)
    payer.used(services)
    st.toast("Key in use until you close or reload this page.")


def _forget_key() -> None:
    session.use_key(None)


BUDGETS = {
    "daily_budget_usd": "Daily limit",
    "session_budget_usd": "Limit for one browser session",
    "total_budget_usd": "Total limit",
    "confirm_above_usd": "Confirm above",
}


def budget(services: Services) -> None:
    """Draw the hard limits on real money."""
    st.header("Budget")
    chosen = services.library.ledger.preferences()
    with (
        st.form("budget", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        for name, label in BUDGETS.items():
            limit = getattr(chosen, name)
            st.text_input(
                f"{label} ($)",
                value="" if limit is None else str(limit),
                key=name,
                placeholder="no limit",
                width=190,
            )
        st.form_submit_button("Save budget", on_click=keeping_input(_save_budget), args=(services,))
    for label, variable, limit in (
        ("Daily", "LYRIA_BUDGET_DAY", services.settings.daily_budget_usd),
        ("Total", "LYRIA_BUDGET_TOTAL", services.settings.total_budget_usd),
    ):
        if limit is not None:
            st.caption(
                literal(
                    f"{label} limit {usd(limit)}, set where the app is started ({variable}). "
                    "The lower limit counts."
                )
            )
    st.caption(
        "An order above a limit is refused before anything is sent. Demo mode has no limits. "
        "A browser session lasts until you close the browser."
    )
    _zone(services, chosen.timezone)


def _zone(services: Services, chosen: str | None) -> None:
    names = sorted(available_timezones())
    st.selectbox(
        "Time zone of the daily limit",
        names,
        index=names.index(chosen) if chosen in names else names.index("UTC"),
        key="budget_zone",
        width=320,
        help="One for everybody who uses this library. At first it is that of the first browser.",
        on_change=keeping_input(_save_zone),
        args=(services,),
    )
    now = services.library.now().astimezone(services.zone)
    st.caption(f"It is {now:%H:%M} there. A new day begins at midnight.")


def _save_zone(services: Services) -> None:
    name = str(st.session_state["budget_zone"])
    services.library.ledger.set_preferences(timezone=name)
    st.toast("Time zone saved.")


def _save_budget(services: Services) -> None:
    changes: dict[str, Decimal | None] = {}
    for name, label in BUDGETS.items():
        text = str(st.session_state.get(name) or "").strip()
        try:
            changes[name] = parse_usd(text) if text else None
        except InvalidAmount as error:
            raise InvalidAmount(
                f"{label}: {error} Nothing was saved.", advice=error.advice
            ) from None
    services.library.ledger.set_preferences(**changes)
    st.toast("Budget saved.")


def callbacks(services: Services) -> None:
    """Draw the address for callbacks of the gateway and for listeners."""
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
        "Links to listening tests begin with it, and the gateway reports to it. Visitors see only "
        "listening pages. Leave it empty if this app cannot be reached from outside."
    )


def _save_public_url(services: Services) -> None:
    text = str(st.session_state.get("public_url") or "").strip()
    services.library.ledger.set_preferences(public_url=text or None)
    st.toast("Address saved.")


def places(services: Services) -> None:
    """Draw where the tracks and the library are."""
    st.header("Where your tracks are")
    st.code(str(services.settings.home), language=None, wrap_lines=True)
    st.caption("Back up this folder to back up everything.")


def about() -> None:
    """Draw the versions, for a report of a fault."""
    st.header("About")
    st.text(
        f"Lyria Studio {version('lyria-studio')}, Streamlit {version('streamlit')}, "
        f"Python {platform.python_version()}"
    )
