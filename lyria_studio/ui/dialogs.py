"""Which dialog is open.

A dialog of Streamlit closes when the screen is drawn again without it, and news redraw the screen
at any time. So what is open is kept in the session, and every drawing of the screen shows it again
until somebody closes it.
"""

import streamlit as st

OPEN, DRAWN = "open_dialog", "drawn_dialog"


def begin() -> None:
    """Call before the screen is drawn."""
    st.session_state[DRAWN] = None


def show(name: str) -> None:
    """Open a dialog in place of any other: only one can be open."""
    st.session_state[OPEN] = name


def close() -> None:
    """Let the open dialog close at the next drawing."""
    st.session_state[OPEN] = None


def is_open(name: str) -> bool:
    """Whether to draw this dialog now; to be asked wherever it would stand."""
    state = st.session_state
    # The same card may be asked about twice in one drawing, and a dialog may be drawn once.
    if state.get(OPEN) != name or state.get(DRAWN) == name:
        return False
    state[DRAWN] = name
    return True


def any_open() -> bool:
    """Whether somebody looks at a dialog."""
    return bool(st.session_state.get(OPEN))


def finish() -> None:
    """Forget a dialog that the screen no longer has a place for; call when it is drawn."""
    if st.session_state.get(OPEN) != st.session_state.get(DRAWN):
        close()
