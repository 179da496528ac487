"""The lyrics of the prompt in a field of their own, with buttons for sections and line counts."""

from collections.abc import Callable

import streamlit as st

from lyria_core import MODELS
from lyria_studio.phrases import count
from lyria_studio.prompts import LYRICS_SECTIONS, line_counts, split_lyrics, with_section
from lyria_studio.ui import session

KEY = session.LYRICS_KEY


def draw(model_id: str, carry: Callable[[], None]) -> None:
    """Draw the editor.

    Args:
        model_id: the chosen model.
        carry: takes a change of the lyrics over into the prompt.
    """
    with st.container(border=True, key="lyrics_editor", gap="small"):
        with st.container(horizontal=True, gap="xsmall", key="lyrics_sections"):
            for name in LYRICS_SECTIONS:
                st.button(
                    name,
                    key=f"lyrics-{name}",
                    icon=":material/add:",
                    on_click=_add,
                    args=(name, carry),
                )
        st.text_area(
            "Lyrics",
            value=session.initial(KEY, ""),
            key=KEY,
            height="content",
            placeholder="[Verse]\nOne line of the song on each line",
            persist_state="session",
            on_change=carry,
        )
        if counted := line_counts(text()):
            lines = [f"{name}: {count(number, 'line')}" for name, number in counted]
            st.text(" · ".join(lines))
        if not MODELS[model_id].vocals:
            st.caption(f"{MODELS[model_id].name} is instrumental. Choose another model for lyrics.")


def text() -> str:
    """Return the lyrics as they stand in the editor."""
    return str(session.value(KEY) or "")


def fill(prompt: str) -> None:
    """Put the lyrics of a prompt into the editor; call before it is drawn."""
    st.session_state[KEY] = split_lyrics(prompt)[1]


def _add(name: str, carry: Callable[[], None]) -> None:
    st.session_state[KEY] = with_section(text(), name)
    carry()
