"""Widgets whose value stands in the address: a view can be linked, reloaded and gone back to.

Streamlit's own `bind="query-params"` replaces the entry in the browser's history, so Back cannot
return to the view before, and it raises when a click leaves the page.
"""

import time

import streamlit as st

LAG_S = 1.0  # how long the browser may still send the address as it was before a change


def value(key: str) -> tuple[str, bool]:
    """Return a widget's value in the address, and whether to put it into the session.

    Call before the widget is drawn. After Back, or a link to the same screen, the address has
    changed without the widget: its value has to be set. Else the address is the widget's default,
    since after a restart of the app the browser may hold a newer value.

    Args:
        key: of the widget, and its name in the address.
    """
    named = st.query_params.get(key, "")
    known, before, at = st.session_state.setdefault(_seen(key), (named, named, 0.0))
    if named == known or (named == before and time.monotonic() - at < LAG_S):
        return known, False
    st.session_state[_seen(key)] = (named, known, 0.0)
    return named, True


def write(key: str, text: str) -> bool:
    """Put a widget's value into the address, as a new entry of the browser's history.

    Args:
        key: of the widget.
        text: its value as the address spells it; an empty one leaves the address.

    Returns:
        Whether that changed the address.
    """
    known, _, _ = st.session_state.get(_seen(key), ("", "", 0.0))
    if text == known:
        return False
    st.session_state[_seen(key)] = (text, known, time.monotonic())
    if not text:
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = text
    return True


def _seen(key: str) -> str:
    return f"address-of-{key}"
