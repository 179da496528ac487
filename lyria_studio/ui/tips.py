"""Tips on the prompt while it is typed: what is refused, doubtful or missing."""

import streamlit as st

from lyria_studio.model.draft import Draft
from lyria_studio.prompts import Advice, Fields, advise
from lyria_studio.ui import builder, session
from lyria_studio.wording import literal

SHOWN = 5
TIMES = "timing"
ICONS = {"refused": ":material/block:", "warning": ":material/warning:"}


def draw(draft: Draft) -> None:
    """Draw the gravest tips first, and nothing where there are none.

    They stand below the button: they come and go while somebody types, and must not move it.
    """
    fields = _fields(draft)
    lines = _advice(fields)[:SHOWN] if fields.prompt.strip() else []
    if not lines:
        return
    with st.container(key="coach", gap="xsmall"):
        for advice in lines:
            if advice.severity in ICONS:
                _line(advice)
        if tips := [advice for advice in lines if advice.severity == "tip"]:
            with st.container(horizontal=True, gap="xsmall", key="tips"):
                for advice in tips:
                    _tip(advice)


def typed(text: str, revision: int) -> None:
    """Return tips for text that is being typed and not committed yet."""
    # What was typed before a remedy or a template took its place is out of date.
    if revision == st.session_state.get(session.REVISION, 0):
        st.session_state[session.TYPED] = text


def _line(advice: Advice) -> None:
    with st.container(horizontal=True, gap="xsmall", key=f"advice-{advice.id}"):
        st.markdown(ICONS[advice.severity], width="content")
        st.text(advice.message, width="content")
        if advice.remedy:
            _remedy(advice)


def _tip(advice: Advice) -> None:
    if advice.remedy:
        _remedy(advice, ":material/add:" if advice.remedy.startswith("Add ") else None)
    else:
        st.text(advice.message, width="content")


def _remedy(advice: Advice, icon: str | None = None) -> None:
    st.button(
        literal(str(advice.remedy).removeprefix("Add ") if icon else str(advice.remedy)),
        key=f"coach-{advice.id}",
        icon=icon,
        help=f"{advice.message} Source: {advice.source}." if advice.source else advice.message,
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
                "Tip applied.",
            )
