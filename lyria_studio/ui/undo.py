"""Typed text that a button has replaced, and the way back to it."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from lyria_studio.wording import literal

KEY = "replaced"
TEXTS = ("prompt", "images", "negative_prompt", "seed")
MOST = 5  # so many steps back
_BEFORE, _AFTER, _SAID = "before", "after", "said"


def remember(what: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Offer the way back, if typed text is lost by a change.

    Args:
        what: what happened, in one short sentence.
        before: all fields before the change.
        after: the fields that it sets; what is missing stays.
    """
    lost = [
        name
        for name in TEXTS
        if (text := str(before.get(name) or "")).strip() and str(after.get(name, text)) != text
    ]
    if lost:
        texts = {name: after.get(name, before.get(name)) for name in TEXTS}
        entry = {_SAID: what, _BEFORE: dict(before), _AFTER: texts}
        st.session_state[KEY] = [*entries(), entry][-MOST:]


def entries() -> list[dict[str, Any]]:
    """Return what can be undone, the latest last."""
    found: list[dict[str, Any]] = st.session_state.get(KEY, [])
    return found


def draw(snapshot: Callable[[], dict[str, Any]], put: Callable[[dict[str, Any]], None]) -> None:
    """Draw what was replaced last, and the button that brings it back.

    Args:
        snapshot: gives all fields as they are now.
        put: puts fields back.
    """
    if not entries():
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="undo"):
        st.caption(literal(entries()[-1][_SAID]), width="content")
        st.button(
            "Undo",
            key="undo_replace",
            icon=":material/undo:",
            type="tertiary",
            on_click=_back,
            args=(snapshot, put),
        )


def _back(snapshot: Callable[[], dict[str, Any]], put: Callable[[dict[str, Any]], None]) -> None:
    *rest, last = entries()
    now = snapshot()
    st.session_state[KEY] = rest
    # What was typed since is typed text, too.
    if any((now.get(name) or "") != (last[_AFTER].get(name) or "") for name in TEXTS):
        remember("Undo replaced your newer text.", now, last[_BEFORE])
    put(last[_BEFORE])
