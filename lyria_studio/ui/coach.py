"""The coach beside the prompt: what would make it better, in a line each, as it is typed."""

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
    fields = _fields(draft)
    if not fields.prompt.strip():
        return
    lines = _advice(fields)
    if not lines:
        return
    with st.container(key="coach", gap="xxsmall"):
        for advice in lines[:SHOWN]:
            _line(advice)


def _typed() -> None:
    said = st.session_state["typing"].typed
    # What was typed before a remedy or a template took its place is news of yesterday.
    if said and said["revision"] == st.session_state.get(session.REVISION, 0):
        st.session_state[session.TYPED] = str(said["text"])


def _line(advice: Advice) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.text(advice.message, width="stretch", help=advice.source or None)
        if advice.remedy:
            st.button(
                advice.remedy,
                key=f"coach-{advice.id}",
                icon=ICONS[advice.severity],
                type="tertiary",
                on_click=_apply,
                args=(advice.id,),
            )


def _fields(draft: Draft) -> Fields:
    prompt = str(st.session_state.get(session.TYPED, draft.prompt))
    return Fields(prompt, draft.negative_prompt, tuple(draft.images.split()), draft.model)


def _advice(fields: Fields) -> list[Advice]:
    return advise(fields.prompt, fields.negative_prompt, fields.images, fields.model_id)


def _apply(rule: str) -> None:
    # Advised anew: what was typed after the line was drawn must not be lost to its remedy.
    fields = _fields(session.draft())
    for advice in _advice(fields):
        if advice.id == rule:
            changed = advice.apply(fields)
            builder.restore(
                {
                    "model": changed.model_id,
                    "prompt": changed.prompt,
                    "negative_prompt": changed.negative_prompt,
                    "images": "\n".join(changed.images),
                }
            )
