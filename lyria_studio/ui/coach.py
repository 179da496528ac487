"""The coach beside the prompt: what would make it better, in a line each, as it is typed."""

from dataclasses import replace

import streamlit as st

from lyria_studio.draft import Draft
from lyria_studio.prompts import Advice, Fields, advise
from lyria_studio.ui import builder, session
from lyria_studio.ui.components import TYPING

SHOWN = 5
ICONS = {
    "refused": ":material/block:",
    "warning": ":material/warning:",
    "tip": ":material/lightbulb:",
}


def draw(draft: Draft) -> None:
    """The gravest lines first; nothing before something was written."""
    revision = st.session_state.get(session.REVISION, 0)
    TYPING(key="typing", data={"field": "prompt", "revision": revision}, on_typed_change=_typed)
    draft = replace(draft, prompt=st.session_state.get(session.TYPED, draft.prompt))
    if not draft.prompt.strip():
        return
    fields = _fields(draft)
    lines = advise(fields.prompt, fields.negative_prompt, fields.images, fields.model_id)
    if not lines:
        return
    with st.container(key="coach", gap="xxsmall"):
        for advice in lines[:SHOWN]:
            _line(advice, fields)


def _typed() -> None:
    said = st.session_state["typing"].typed
    # What was typed before a remedy or a template took its place is news of yesterday.
    if said and said["revision"] == st.session_state.get(session.REVISION, 0):
        st.session_state[session.TYPED] = str(said["text"])


def _line(advice: Advice, fields: Fields) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.text(advice.message, width="stretch", help=advice.source or None)
        if advice.remedy:
            st.button(
                advice.remedy,
                key=f"coach-{advice.id}",
                icon=ICONS[advice.severity],
                type="tertiary",
                on_click=_apply,
                args=(advice, fields),
            )


def _fields(draft: Draft) -> Fields:
    return Fields(draft.prompt, draft.negative_prompt, tuple(draft.images.split()), draft.model)


def _apply(advice: Advice, fields: Fields) -> None:
    changed = advice.apply(fields)
    builder.restore(
        {
            "model": changed.model_id,
            "prompt": changed.prompt,
            "negative_prompt": changed.negative_prompt,
            "images": "\n".join(changed.images),
        }
    )
