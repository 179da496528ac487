"""The coach next to the prompt: tips that appear while it is typed."""

import streamlit as st

from lyria_studio.model.draft import Draft
from lyria_studio.prompts import Advice, Fields, advise
from lyria_studio.ui import builder, session

SHOWN = 5
TIMES = "timing"
BEFORE = (
    "A coach reads along. It asks for what the models want to know (genre, mood, instruments, "
    "tempo), and warns of what they refuse or cannot do."
)
NOTHING = "The coach has nothing to add: the prompt says what the models want to know."
ICONS = {
    "refused": ":material/block:",
    "warning": ":material/warning:",
    "tip": ":material/lightbulb:",
}


def draw(draft: Draft) -> None:
    """Draw the tips, the most important first.

    The coach always has its place, and the same one: it speaks up when a click ends the typing,
    and must not push away what is being clicked.
    """
    fields = _fields(draft)
    with st.container(key="coach", gap="xxsmall"):
        if not fields.prompt.strip():
            st.text(BEFORE)
        elif lines := _advice(fields):
            for advice in lines[:SHOWN]:
                _line(advice)
        else:
            st.text(NOTHING)


def typed(text: str, revision: int) -> None:
    """Return tips for text that is being typed and not committed yet."""
    # What was typed before a remedy or a template took its place is out of date.
    if revision == st.session_state.get(session.REVISION, 0):
        st.session_state[session.TYPED] = text


def _line(advice: Advice) -> None:
    with st.container(horizontal=True, gap="xsmall", key=f"advice-{advice.id}"):
        st.markdown(ICONS[advice.severity], width="content")
        st.text(advice.message, help=advice.source or None)
        if advice.remedy:
            st.button(
                advice.remedy,
                key=f"coach-{advice.id}",
                icon=":material/auto_fix_high:",
                type="tertiary",
                on_click=_apply,
                args=(advice.id,),
            )


def _fields(draft: Draft) -> Fields:
    prompt = str(st.session_state.get(session.TYPED, draft.prompt))
    return Fields(prompt, draft.negative_prompt, tuple(draft.images.split()), draft.model)


def _advice(fields: Fields) -> list[Advice]:
    lines = advise(fields.prompt, fields.negative_prompt, fields.images, fields.model_id)
    if not session.building():
        return lines
    # The rows of the sections say themselves what is wrong with their times.
    return [advice for advice in lines if advice.id != TIMES or advice.remedy]


def _apply(rule: str) -> None:
    # Advised anew: what was typed after the line was drawn must not be lost to its remedy.
    fields = _fields(session.draft())
    for advice in _advice(fields):
        if advice.id == rule:
            changed = advice.apply(fields)
            builder.replace(
                {
                    "model": changed.model_id,
                    "prompt": changed.prompt,
                    "negative_prompt": changed.negative_prompt,
                    "images": "\n".join(changed.images),
                },
                "A tip changed your text.",
            )
