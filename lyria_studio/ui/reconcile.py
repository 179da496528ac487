"""Compare the gateway's account with the orders of this library, and settle what was unclear."""

from datetime import date, timedelta
from decimal import Decimal

import streamlit as st

from lyria_core import Charge
from lyria_studio.library.errors import LibraryError
from lyria_studio.money import (
    Line,
    Match,
    Reconciliation,
    local_day,
    parse_usd,
    read_list,
    reconcile,
    start_of_day,
    usd,
)
from lyria_studio.phrases import count
from lyria_studio.services import Services
from lyria_studio.ui import responsive_tables, session
from lyria_studio.ui.error_messages import keeping_input
from lyria_studio.wording import title

_ASKED = "reconciled"  # what to compare: the text, the balances, the day
_SETTLED = "reconciled_settled"  # ids, to undo it
_SHOWN = 100
_DAYS = 30


def draw(services: Services) -> None:
    """Draw the form, and below it what the comparison brought."""
    with st.expander("Reconcile with your gateway account", icon=":material/fact_check:"):
        st.caption(
            "Paste what your account lists, or its balance before and after, to see which orders "
            "match and to settle what is unclear."
        )
        _form(services)
        asked = st.session_state.get(_ASKED)
        if asked is not None:
            text, before, after, day = asked
            access = session.access(services)
            lines = services.library.ledger.orders(
                start_of_day(day, services.zone),
                access.base_url if access.gateway == "live" else None,
            )
            if text:
                _draw_list(services, lines, text)
            if before is not None and after is not None:
                _draw_balance(services, lines, before - after)
        if settled := st.session_state.get(_SETTLED):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.caption(f"Settled {count(len(settled), 'order')}.", width="content")
                st.button(
                    "Undo",
                    key="reconcile-undo",
                    icon=":material/undo:",
                    type="tertiary",
                    on_click=keeping_input(_undo),
                    args=(services,),
                )


def _form(services: Services) -> None:
    today = local_day(services.library.now(), services.zone)
    with st.form("reconcile", border=False):
        st.text_area(
            "Requests listed by the gateway",
            key="reconcile-list",
            height=120,
            placeholder="Text, CSV or JSON with request ids, and amounts if there are any",
        )
        with st.container(horizontal=True, vertical_alignment="bottom", key="reconcile-fields"):
            st.text_input("Balance before ($)", key="reconcile-before", width=160)
            st.text_input("Balance after ($)", key="reconcile-after", width=160)
            st.date_input(
                "Orders since",
                value=today - timedelta(days=_DAYS),
                max_value=today,
                key="reconcile-since",
                width=160,
            )
            st.form_submit_button("Compare", on_click=keeping_input(_ask))


def _ask() -> None:
    state = st.session_state
    text = str(state.get("reconcile-list") or "").strip()
    before, after = (
        parse_usd(found) if (found := str(state.get(f"reconcile-{side}") or "").strip()) else None
        for side in ("before", "after")
    )
    state.pop(_SETTLED, None)
    if not text and (before is None or after is None):
        st.toast("Paste a list or enter both balances.")
        state.pop(_ASKED, None)
        return
    day = state.get("reconcile-since")
    state[_ASKED] = (text, before, after, day if isinstance(day, date) else date.min)


def _draw_list(services: Services, lines: list[Line], text: str) -> None:
    listed = read_list(text, [one.request_id for one in lines if one.request_id])
    if listed.empty:
        st.warning("No request id was found in this text. Nothing was changed.")
        return
    result = reconcile(lines, listed)
    st.text(summary(result))
    shown = result.table.head(_SHOWN)
    responsive_tables.draw(
        [
            {
                "Order": title(row["title"], 50) or "not in this library",
                "Result": str(row["result"]),
                "Request id": row["request_id"] or "none",
                "Here": _dollars(row["here"]),
                "Gateway": _dollars(row["there"]),
                "Difference": _dollars(row["difference"], signed=True),
            }
            for row in shown.to_dict("records")
        ],
        "Orders here and at the gateway",
    )
    if len(result.table) > _SHOWN:
        st.caption(f"The first {_SHOWN} of {len(result.table):,}; what differs stands first.")
    _buttons(services, result.charged, result.free, dict(result.found))


def summary(result: Reconciliation) -> str:
    """Return what a comparison brought, in two or three sentences."""
    parts = [f"{count(result.count(Match.SAME), 'order matches', 'orders match')}."]
    for match, words in (
        (Match.ONLY_HERE, "missing at the gateway"),
        (Match.ONLY_THERE, "missing here"),
    ):
        if number := result.count(match):
            parts.append(f"{number:,} {words}.")
    parts.append(f"Difference: {_dollars(result.difference, signed=True)}.")
    return " ".join(parts)


def _draw_balance(services: Services, lines: list[Line], fell: Decimal) -> None:
    charged = sum((one.usd for one in lines if one.charge is Charge.YES), Decimal(0))
    unclear = [one for one in lines if one.charge is Charge.MAYBE and not one.pending]
    maybe = sum((one.usd for one in unclear), Decimal(0))
    sentence = f"The balance fell by {usd(fell)}. This app counts {usd(charged)} charged"
    st.text(f"{sentence} and {usd(maybe)} unclear." if unclear else f"{sentence}.")
    ids = tuple(one.id for one in unclear)
    if fell == charged:
        st.text("They match: what is unclear was not charged." if unclear else "They match.")
        _buttons(services, (), ids, {})
    elif unclear and fell == charged + maybe:
        st.text("They match if everything unclear was charged.")
        _buttons(services, ids, (), {})
    else:
        st.text(f"Difference: {_dollars(fell - charged, signed=True)}.")


def _buttons(
    services: Services, charged: tuple[str, ...], free: tuple[str, ...], found: dict[str, str]
) -> None:
    with st.container(horizontal=True):
        for key, label, ids in (
            ("charged", "as charged", charged),
            ("free", "as not charged", free),
            ("found", "by their ids", tuple(found)),
        ):
            if ids:
                st.button(
                    f"Settle {count(len(ids), 'order')} {label}",
                    key=f"reconcile-{key}",
                    on_click=keeping_input(_settle),
                    args=(services, key, ids, found),
                )


def _settle(services: Services, key: str, ids: tuple[str, ...], found: dict[str, str]) -> None:
    settlements = services.library.jobs.settlements
    done: list[str] = st.session_state.get(_SETTLED, [])
    try:
        for id_ in ids:
            if key == "found":
                settlements.settle(id_, request_id=found[id_])
            else:
                settlements.settle(id_, charged=key == "charged")
            done = [*done, id_]
    finally:
        st.session_state[_SETTLED] = done
        services.worker.wake()


def _undo(services: Services) -> None:
    for id_ in st.session_state.pop(_SETTLED):
        try:
            services.library.jobs.settlements.undo(id_)
        except LibraryError:  # the gateway has answered since: that is better than any settlement
            continue
    services.worker.wake()


def _dollars(amount: Decimal | None, *, signed: bool = False) -> str:
    if amount is None:
        return "unclear"
    return f"+{usd(amount)}" if signed and amount > 0 else usd(amount)
