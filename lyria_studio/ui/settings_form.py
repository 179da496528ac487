"""The parts of the Settings screen, beside that of the key."""

import platform
from decimal import Decimal
from importlib.metadata import version
from zoneinfo import available_timezones

import streamlit as st

from lyria_studio.money import InvalidAmount, parse_usd, usd
from lyria_studio.services import Services
from lyria_studio.ui import rights
from lyria_studio.ui.error_messages import keeping_input
from lyria_studio.wording import literal

BUDGETS = {
    "daily_budget_usd": "Daily limit",
    "session_budget_usd": "Session limit",
    "total_budget_usd": "Total limit",
    "confirm_above_usd": "Confirm above",
}


def budget(services: Services) -> None:
    """Draw the hard limits on real money, and whose midnight ends a day."""
    with st.container(border=True, key="settings-budget"):
        st.header("Budget")
        chosen = services.library.ledger.preferences()
        with st.form("budget", border=False):
            with st.container(horizontal=True, vertical_alignment="bottom", key="budget-fields"):
                for name, label in BUDGETS.items():
                    limit = getattr(chosen, name)
                    st.text_input(
                        f"{label} ($)",
                        value="" if limit is None else str(limit),
                        key=name,
                        placeholder="no limit",
                        width=150,
                    )
            st.form_submit_button(
                "Save budget", on_click=keeping_input(_save_budget), args=(services,)
            )
        for label, limit in (
            ("Daily", services.settings.daily_budget_usd),
            ("Total", services.settings.total_budget_usd),
        ):
            if limit is not None:
                st.caption(
                    literal(
                        f"{label} limit {usd(limit)}, set where the app is started. "
                        "The lower limit counts."
                    )
                )
        st.caption(
            "Orders above a limit are not sent. Demo mode has no limits. "
            "A session ends when you close the browser."
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
        help="One for everybody who uses this library. It starts as that of the first browser.",
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
    with st.container(border=True, key="settings-address"):
        st.header("Public address")
        ledger = services.library.ledger
        chosen = ledger.preferences().public_url
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
        since = ledger.chosen_at("public_url") if chosen else None
        if services.public_url and services.library.jobs.callbacks.arrive(since) is False:
            st.warning(
                "The gateway could not reach this address. Tracks still arrive: the app asks for "
                "them. Check that the address is open to the internet.",
                icon=":material/cloud_off:",
            )
        st.caption(
            "Links to listening tests begin with it, and the gateway reports to it. Visitors see "
            "only listening pages. Leave it empty if nobody outside can reach this app."
        )


def _save_public_url(services: Services) -> None:
    text = str(st.session_state.get("public_url") or "").strip()
    services.library.ledger.set_preferences(public_url=text or None)
    st.toast("Address saved.")


def places(services: Services) -> None:
    """Draw where the tracks and the library are."""
    with st.container(border=True, key="settings-places"):
        st.header("Where your tracks are")
        st.code(str(services.settings.home), language=None, wrap_lines=True)
        st.caption("Back up this folder to back up everything.")


def usage_rights() -> None:
    """Draw what people may do with a track, and what marks it."""
    with st.container(border=True, key="settings-rights"):
        st.header("Usage rights", anchor="usage-rights")
        rights.draw()


def about() -> None:
    """Draw the versions, for a report of a fault."""
    st.caption(
        f"Lyria Studio {version('lyria-studio')} · Streamlit {version('streamlit')} · "
        f"Python {platform.python_version()}"
    )
