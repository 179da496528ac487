"""The chain of comparisons, each with what was learned from the one before."""

import streamlit as st

from lyria_studio.comparisons.lessons import Step, chain_of
from lyria_studio.model.comparison import Comparison
from lyria_studio.services import Services
from lyria_studio.ui.compare import address, typed_text


def draw(services: Services, comparison: Comparison) -> None:
    """Draw the chain that a comparison belongs to; nothing where it stands alone."""
    steps = chain_of(services.library, comparison)
    if len(steps) == 1:
        return
    st.header("What was learned")
    with st.container(key="chain", gap="small"):
        for step in steps:
            _step(step, comparison)


def _step(step: Step, here: Comparison) -> None:
    one = step.comparison
    with st.container(key=f"step-{one.id}", gap=None):
        name = typed_text.plain(one.name)
        if one.id == here.id:
            st.markdown(f"**{name}** (this one)")
        else:
            address.way_to(one.id, name, "step")
        # A comparison that nobody named is called after what changed in it.
        named_so = step.changed.casefold() == one.name.casefold()
        st.caption(typed_text.plain(step.said if named_so else f"{step.changed}: {step.said}"))
