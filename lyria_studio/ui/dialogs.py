"""Which dialog is open.

A dialog of Streamlit closes when the screen is drawn again without it, and news redraw the screen
at any time. So what is open is kept in the session, and every drawing of the screen shows it again
until somebody closes it. The browser remembers it too, for a session that begins after a restart of
the app.
"""

import streamlit as st

from lyria_studio.ui.components import RECONNECT

OPEN, DRAWN, SEEN = "open_dialog", "drawn_dialog", "dialog_at_last_drawing"


def begin() -> None:
    """Call before the screen is drawn; after a restart of the app this draws the screen anew."""
    state = st.session_state
    back = RECONNECT(
        key="reconnect", data={"dialog": state.get(OPEN) or ""}, on_back_change=_drawn_again
    ).back
    if back and OPEN not in state:
        show(str(back))
    state[DRAWN] = None
    state[SEEN] = state.get(OPEN)


def catch_up() -> None:
    """Draw the whole screen if a dialog was opened by a click that drew only a fragment.

    A click outside a fragment that follows typing inside it can end in one run of the fragment.
    """
    if st.session_state.get(OPEN) != st.session_state.get(SEEN):
        st.rerun()


def part(names: str) -> None:
    """Call at the start of a fragment that draws dialogs: it may be drawn alone.

    Args:
        names: how the names of its dialogs begin.
    """
    if str(st.session_state.get(DRAWN) or "").startswith(names):
        st.session_state[DRAWN] = None


def show(name: str) -> None:
    """Open a dialog in place of any other: only one can be open."""
    st.session_state[OPEN] = name


def close() -> None:
    """Let the open dialog close at the next drawing."""
    st.session_state[OPEN] = None


def is_open(name: str) -> bool:
    """Return whether to draw this dialog now, at its place."""
    state = st.session_state
    # The same card may be asked about twice in one drawing, and a dialog may be drawn once.
    if state.get(OPEN) != name or state.get(DRAWN) == name:
        return False
    state[DRAWN] = name
    return True


def any_open() -> bool:
    """Return whether a dialog is open."""
    return bool(st.session_state.get(OPEN))


def finish() -> None:
    """Forget a dialog that the screen no longer has a place for; call when it is drawn."""
    if st.session_state.get(OPEN) != st.session_state.get(DRAWN):
        close()


def _drawn_again() -> None:
    """Do nothing: the browser only needs the screen drawn again."""
