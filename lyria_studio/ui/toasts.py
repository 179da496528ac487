"""What a callback has to say: callbacks of a fragment may draw nothing themselves."""

import streamlit as st

_KEY = "toasts_to_show"


def later(text: str) -> None:
    """Show a toast at the next drawing."""
    st.session_state[_KEY] = [*st.session_state.get(_KEY, []), text]


def show() -> None:
    """Draw the toasts of the callbacks that led to this run; call in each fragment and screen."""
    for text in st.session_state.pop(_KEY, []):
        st.toast(text)
