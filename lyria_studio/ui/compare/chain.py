"""The chain of comparisons, each with what was learned from the one before."""

from collections.abc import Sequence

import streamlit as st

from lyria_studio.comparisons.lessons import Step
from lyria_studio.ui.compare import address, typed_text


def draw(steps: Sequence[Step], here: Step) -> None:
    """Draw the chain that a comparison belongs to; nothing where it stands alone."""
    if len(steps) == 1:
        return
    st.header("What was learned")
    with st.container(key="chain", gap="small"):
        for step in steps:
            _step(step, here)


def _step(step: Step, here: Step) -> None:
    one = step.comparison
    with st.container(key=f"step-{one.id}", gap=None):
        name = typed_text.plain(one.name)
        if step is here:
            st.markdown(f"**{name}** (this one)")
        else:
            address.way_to(one.id, name, "step")
        # A comparison that nobody named is called after what changed in it.
        named_so = step.changed.casefold() == one.name.casefold()
        st.caption(
            typed_text.plain(step.summary if named_so else f"{step.changed}: {step.summary}")
        )
