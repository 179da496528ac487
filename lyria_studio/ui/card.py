"""One generation on a screen: how it stands, what it cost, its player and what can be done."""

from datetime import UTC, datetime

import streamlit as st

from lyria_studio.model.generation import Generation
from lyria_studio.outlook import outlook
from lyria_studio.services import Services
from lyria_studio.ui import generation_actions, not_sent, player, session
from lyria_studio.ui.components import PROGRESS
from lyria_studio.wording import (
    LABELS,
    Label,
    cost,
    expectation,
    facts,
    literal,
    moment,
    title,
    usual_until_s,
)

LISTS = {"create": "Latest", "history": "History"}
HEADING = 240  # characters; the screen cuts what has no room


def draw(services: Services, generation: Generation, place: str) -> None:
    """Draw one generation.

    Args:
        services: the services of this process.
        generation: what to draw.
        place: the screen it stands on; part of the keys of its buttons.
    """
    with st.container(border=True, key=f"{place}-{generation.id}"):
        view = outlook(generation, key_here=services.holds_key_of(generation))
        _heading(generation, view.label, place)
        if generation.tracks:
            for track in generation.tracks:
                player.draw(services, generation, track, LISTS[place])
        elif generation.active and not generation.waiting_for_key:
            progress(services, generation)
        if view.sentence:
            st.text(view.sentence)
        not_sent.draw(services, generation, place)
        with st.container(
            horizontal=True,
            horizontal_alignment="distribute",
            vertical_alignment="center",
            gap="xsmall",
        ):
            _facts(generation)
            generation_actions.draw(services, generation, place, view.actions)


def _heading(generation: Generation, label: Label, place: str) -> None:
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        key=f"heading-{place}-{generation.id}",
    ):
        st.text(generation.title)
        st.badge(label.text, icon=label.icon, color=label.color)  # type: ignore[arg-type]
    st.text(title(generation.prompt, HEADING))


def progress(services: Services, generation: Generation) -> None:
    """Draw the progress of a generation and how long it usually takes."""
    since = generation.submitted_at or generation.created_at
    recent = services.library.tracks.recent_durations(generation.model_id, generation.gateway)
    PROGRESS(
        key=f"progress-{generation.id}",
        data={
            "name": generation.name,
            "state": LABELS[generation.state].text,
            "elapsed_s": (datetime.now(UTC) - since).total_seconds(),
            "expectation": expectation(recent),
            "usual_until_s": usual_until_s(recent),
        },
    )


def _facts(generation: Generation) -> None:
    when = moment(generation.created_at, session.zone())
    line = [*facts(generation), cost(generation), when]
    st.caption(literal(" · ".join(line)), width="content")
