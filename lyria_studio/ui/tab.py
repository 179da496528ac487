"""What the browser's tab shows and holds: texts not sent yet, and what stood there at an order."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from lyria_core import InvalidRequest
from lyria_studio.money import usd
from lyria_studio.ui.components import TAB

KEY = "tab"
_LONGEST = 300  # characters of a text that are quoted in a refusal


def draw(
    scope: str,
    fields: Mapping[str, str],
    orders: Sequence[str],
    on_returned: Callable[[str | None, dict[str, tuple[str, str]]], None],
    *,
    on_typed: Callable[[str, int], None] | None = None,
    **data: Any,
) -> None:
    """Listen to the fields and the order buttons of this screen; draw it before the buttons.

    Args:
        scope: what the fields belong to; their keys may be used again for something else.
        fields: key of each text field, and the text that the app has of it.
        orders: keys of the buttons that cost money, or of containers of such buttons.
        on_returned: called after a reload with the form that the tab had (None if it is this one
            or no form) and, by key, the text that the app had when typing began and the text typed.
        on_typed: called a moment after the last key with the text being typed, and the revision.
        data: more for the browser: `form`, `blank`, `revision`; `live`, the key of the field that
            is told while it is typed; `shown`, the keys of further fields that an order carries;
            `choices`, the names of the options of radio buttons, by key.
    """

    def returned() -> None:
        report = _report("returned")
        if report:
            lost = {
                key: (str(entry["base"]), str(entry["text"]))
                for key, entry in report["fields"].items()
                if key in fields
            }
            on_returned(report["form"], lost)

    def typed() -> None:
        report = _report("typed")
        if report and on_typed is not None:
            on_typed(str(report["text"]), int(report["revision"]))

    shown = [*fields, *data.pop("shown", ())]
    TAB(
        key=KEY,
        data={
            "scope": scope,
            "fields": dict(fields),
            "orders": list(orders),
            "shown": shown,
            **data,
        },
        on_returned_change=returned,
        on_typed_change=typed,
        on_shown_change=_nothing,
    )


def differs(
    held: Mapping[str, str], price: Decimal, drawn: Decimal | None
) -> InvalidRequest | None:
    """Compare what the tab showed at the click with what would be ordered.

    Args:
        held: the fields as the app has them, by key.
        price: what the order costs, in US dollars.
        drawn: the price that the app last drew on the button; None: it drew none, since it was
            started after the tab was opened.

    Returns:
        The refusal; None if the tab showed what would be ordered.
    """
    shown = _shown()
    for key, text in shown.get("fields", {}).items():
        if key in held and text != held[key]:
            return InvalidRequest(
                f"This tab showed “{_quoted(text)}”, and the app has “{_quoted(held[key])}”. "
                "Nothing was ordered.",
                advice="Check the text, then click again.",
            )
    prices = re.findall(r"\$[\d,]+(?:\.\d+)?", str(shown.get("label", "")))
    before = prices[-1] if prices else usd(drawn) if drawn is not None else ""
    if not before:
        return InvalidRequest("The app was restarted. Nothing was ordered.", advice="Click again.")
    if usd(price) != before:
        return InvalidRequest(
            f"The price is {usd(price)} now and was {before} on the button. Nothing was ordered.",
            advice="Click again if you agree to it.",
        )
    return None


def _shown() -> dict[str, Any]:
    return dict(_report("shown") or {})


def _report(what: str) -> Any:
    """Return what the browser reports; None, too, if it comes with a switch of screens."""
    return (st.session_state.get(KEY) or {}).get(what)


def _quoted(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _nothing() -> None:
    """Do nothing: the state is read when an order arrives."""
