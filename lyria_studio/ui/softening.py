"""After a refusal: what a softer prompt would be, shown as a difference and never used unasked."""

import streamlit as st

from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State
from lyria_studio.prompts import Softened, soften
from lyria_studio.ui import addressed, builder, dialogs, session
from lyria_studio.ui.compare import typed_text

# What a safety filter leaves behind: a refusal at once (400), or one of these.
AFTER = (State.FAILED, State.ERROR)
CREATE = "create.py"


def offer(generation: Generation, key: str) -> None:
    """Draw the button, where there is something to soften."""
    refused = generation.state is State.REFUSED and generation.http_status == 400
    if generation.state not in AFTER and not refused:
        return
    softened = soften(generation.prompt)
    if not softened.changes:
        return
    name = f"soften-{key}"
    st.button(
        "Soften and try again",
        key=name,
        icon=":material/spa:",
        type="tertiary",
        help="Shows the changes first. Free.",
        on_click=dialogs.show,
        args=(name,),
    )
    if dialogs.is_open(name):
        _show(generation, softened)


@st.dialog("Soften and try again", width="large", on_dismiss=dialogs.close)
def _show(generation: Generation, softened: Softened) -> None:
    st.write("Safety filters block artist names, known songs and some words. Changes:")
    for change in softened.changes:
        after = change.after or "(removed)"
        st.text(f"{change.before} → {after}: {change.reason}")
    shown = typed_text.diff_html(generation.prompt, softened.prompt)
    st.html(f'<div class="lyria-diff">{shown}</div>')
    st.caption("Copies the new prompt into the form. Nothing is ordered.")
    if st.button(
        "Use this prompt",
        key=f"use-softened-{generation.id}",
        type="primary",
        on_click=_use,
        args=(generation, softened.prompt),
    ):
        addressed.switch(CREATE)


def _use(generation: Generation, prompt: str) -> None:
    dialogs.close()
    session.next_form()
    fields = {"model": generation.model_id, "prompt": prompt, "takes": 1}
    builder.replace(fields, "The softened prompt replaced your text.")
