"""Widgets whose value stands in the address: a view can be linked, reloaded and gone back to.

Streamlit's own `bind="query-params"` replaces the entry in the browser's history, so Back cannot
return to the view before, and it raises when a click leaves the page. What a rerun sends as the
address may be older than what was written last; so only the browser's word that somebody went to
another entry, or a switch of screens, changes a widget.
"""

from collections.abc import Mapping
from typing import NoReturn
from urllib.parse import parse_qsl

import streamlit as st

from lyria_studio.ui.components import ADDRESS

SCREEN = "address_of_screen"
DRAWN = "address_drawn"  # what the last drawing of the screen took from the address, by key
VISIT = "address_visit"  # how often somebody went to another address, and the last one's query


def follow(screen: str) -> None:
    """Notice Back, Forward and links; call on every screen before it is drawn.

    Args:
        screen: the path of the screen that is about to be drawn.
    """
    known = st.session_state.get(DRAWN, {})
    if st.session_state.get(SCREEN, screen) != screen:
        known = {}
    st.session_state[DRAWN] = {}
    data = {"screen": screen, "known": known}
    element = ADDRESS(key="address", data=data, on_went_change=_drawn_again)
    went = element.went
    if went is not None:
        visit(dict(parse_qsl(str(went).removeprefix("?"))))
    if st.session_state.get(SCREEN, screen) != screen:
        visit(st.query_params.to_dict())
    st.session_state[SCREEN] = screen


def switch(screen: str, query: Mapping[str, str] | None = None) -> NoReturn:
    """Go to a screen with an address of its own, also to the one that is open.

    Args:
        screen: the file of its script.
        query: what its address says.
    """
    st.session_state[SCREEN] = None
    st.switch_page(screen, query_params=query)


def visit(query: Mapping[str, str]) -> None:
    """Let the widgets of the screen show what an address says."""
    number, _ = st.session_state.get(VISIT, (0, {}))
    st.session_state[VISIT] = (number + 1, dict(query))


def value(key: str) -> tuple[str, bool]:
    """Return a widget's value in the address, and whether to put it into the session.

    Call before the widget is drawn. After Back, or a link to the same screen, the widget's value
    has to be set. Else the address is the widget's default, since after a restart of the app the
    browser may hold a newer value.

    Args:
        key: of the widget, and its name in the address.
    """
    number, query = st.session_state.get(VISIT, (0, {}))
    known, seen = st.session_state.setdefault(_seen(key), (st.query_params.get(key, ""), number))
    named = known if seen == number else query.get(key, "")
    st.session_state[_seen(key)] = (named, number)
    st.session_state.setdefault(DRAWN, {})[key] = named
    return named, seen != number


def write(values: Mapping[str, str]) -> None:
    """Put the values of all widgets of a screen into the address, as one entry of the history.

    Args:
        values: by key, as the address spells them; an empty one leaves the address.
    """
    number, _ = st.session_state.get(VISIT, (0, {}))
    if not differ(values):
        return
    st.session_state.update({_seen(key): (text, number) for key, text in values.items()})
    st.session_state.setdefault(DRAWN, {}).update(values)
    others = {key: text for key, text in st.query_params.items() if key not in values}
    st.query_params.from_dict(others | {key: text for key, text in values.items() if text})


def differ(values: Mapping[str, str]) -> bool:
    """Return whether any of these is not what the address says."""
    return any(value(key)[0] != text for key, text in values.items())


def _seen(key: str) -> str:
    return f"address-of-{key}"


def _drawn_again() -> None:
    """Do nothing: the browser asks for a redrawing only."""
