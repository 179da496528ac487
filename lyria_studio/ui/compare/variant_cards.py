"""The variants of a comparison side by side, and how each take of them stands."""

import streamlit as st

from lyria_core import MODELS
from lyria_studio.comparisons import (
    Standing,
    differences,
    lane_names,
    model_name,
    replaceable,
    sent,
)
from lyria_studio.model.comparison import Comparison, Slot, Variant
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State
from lyria_studio.money import usd
from lyria_studio.outlook import outlook
from lyria_studio.phrases import clock
from lyria_studio.services import Services
from lyria_studio.ui import card, generation_actions, paying, session
from lyria_studio.ui.compare import paid_clicks, typed_text
from lyria_studio.ui.error_messages import keeping_input
from lyria_studio.wording import cost, literal


def draw(services: Services, comparison: Comparison, now: Standing) -> None:
    """Draw a card for each variant.

    Args:
        services: the services.
        comparison: as it is stored.
        now: how its takes stand.
    """
    names = lane_names(comparison.variants)
    with st.container(key="compared", horizontal=True, gap="small"):
        for variant, name in zip(comparison.variants, names, strict=True):
            with st.container(border=True, key=f"variant-{variant.letter}"):
                _card(services, comparison, now, variant, name)


def _card(
    services: Services, comparison: Comparison, now: Standing, variant: Variant, name: str
) -> None:
    first = comparison.variants[0]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        typed_text.letter(variant.letter)
        with st.container(gap=None):
            st.text(name)
            st.caption(literal(_facts(services, comparison, now, variant)))
    if variant is first:
        # The heading has a prompt that all share.
        one_prompt = len({sent(one).prompt.strip() for one in comparison.variants}) == 1
        typed_text.asked(variant, prompt=not one_prompt)
    elif differences(first, variant).things != ("the model",):
        typed_text.diff(first, variant)
    with st.container(gap="xxsmall", key=f"takes-{variant.letter}"):
        for slot in comparison.slots:
            if slot.letter == variant.letter:
                _take(services, comparison, slot, now.takes[slot.letter, slot.take])


def _facts(services: Services, comparison: Comparison, now: Standing, variant: Variant) -> str:
    """Return the model, what a take of it costs, and the seed."""
    model = MODELS.get(variant.model_id)
    made = [one for spot, one in now.takes.items() if spot[0] == variant.letter and one]
    gateway = made[0].gateway if made else session.access(services).gateway
    facts = [model_name(variant.model_id)]
    if model is not None:
        facts.append(f"{usd(model.price_usd, gateway)}{' each' if comparison.takes > 1 else ''}")
    if variant.seed is not None:
        facts.append(f"seed {variant.seed}")
    return " · ".join(facts)


def _take(
    services: Services, comparison: Comparison, slot: Slot, generation: Generation | None
) -> None:
    name = f"Take {slot.take}"
    with st.container(key=f"take-{slot.letter}{slot.take}", gap="xxsmall"):
        if generation is None:
            st.caption(f"{name} · not ordered yet")
            return
        label = outlook(generation, key_here=services.holds_key_of(generation)).label
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(literal(" · ".join([name, *_said(generation)])))
            if generation.state is not State.READY:
                st.badge(label.text, icon=label.icon, color=label.color)  # type: ignore[arg-type]
        if generation.active and not generation.waiting_for_key:
            card.progress(services, generation)
        elif generation.state is not State.READY:
            _trouble(services, comparison, slot, generation)


def _said(generation: Generation) -> list[str]:
    parts = [clock(track.duration_s) for track in generation.tracks if track.duration_s]
    if generation.seed is not None:
        parts.append(f"seed {generation.seed}")
    return parts if generation.state is State.READY else [*parts, cost(generation)]


def _trouble(
    services: Services, comparison: Comparison, slot: Slot, generation: Generation
) -> None:
    view = outlook(generation, key_here=services.holds_key_of(generation))
    if view.sentence:
        st.text(view.sentence)
    with st.container(horizontal=True, gap="small"):
        if replaceable(generation):
            price = MODELS[generation.model_id].price_usd
            st.button(
                f"Make it again · {paying.price_text(services, price)}",
                key=f"replace-{slot.letter}{slot.take}",
                icon=":material/refresh:",
                on_click=keeping_input(paid_clicks.replace_take),
                args=(services, comparison, slot, price),
            )
        generation_actions.draw(services, generation, "compare", view.actions)
