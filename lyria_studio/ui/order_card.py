"""One order as one card: its title, and its takes and models with their progress."""

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from lyria_core import MODELS, Charge
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State
from lyria_studio.money import usd
from lyria_studio.outlook import outlook
from lyria_studio.phrases import count
from lyria_studio.services import MAX_TITLE, Services
from lyria_studio.ui import card, generation_actions, not_sent, player, session
from lyria_studio.ui.compare import starting
from lyria_studio.ui.error_messages import keeping_input
from lyria_studio.wording import LABELS, cost, literal, moment, title


def draw(services: Services, order: Sequence[Generation], place: str) -> None:
    """Draw an order.

    Args:
        services: the services of this process.
        order: its generations; the takes of a model stand together, the first take first.
        place: the screen it stands on; part of the keys of its buttons.
    """
    first = order[0]
    with st.container(border=True, key=f"{place}-{first.batch_id}", gap="small"):
        _head(services, order, place)
        for generation in order:
            _row(services, generation, place, _row_name(order, generation))


def _head(services: Services, order: Sequence[Generation], place: str) -> None:
    first = order[0]
    key = f"{place}-{first.batch_id}"
    with st.container(horizontal=True, key=f"order-head-{key}", vertical_alignment="center"):
        with st.container(gap=None, width="stretch", key=f"order-name-{key}"):
            st.text(first.title)
            if (prompt := title(first.prompt, card.HEADING)) != first.title:
                st.text(prompt)
            st.caption(literal(_facts(order)))
        with st.container(horizontal=True, gap="xsmall", width="content", key=f"order-do-{key}"):
            starting.these_button(services, order, key)
            generation_actions.again(first, f"{place}-{first.id}")
            with st.popover(
                "More", icon=":material/more_horiz:", type="tertiary", key=f"more-{key}"
            ):
                st.text_input(
                    "Title",
                    value=first.title,
                    key=f"title-{key}",
                    max_chars=MAX_TITLE,
                    on_change=keeping_input(_rename),
                    args=(services, order, f"title-{key}"),
                )
                starting.generation_button(services, first, f"{place}-{first.id}")


def _rename(services: Services, order: Sequence[Generation], key: str) -> None:
    services.rename(order, str(st.session_state[key] or ""))


def _facts(order: Sequence[Generation]) -> str:
    first = order[0]
    models = list(dict.fromkeys(one.model_id for one in order))
    known = [MODELS[id_].name if id_ in MODELS else id_ for id_ in models]
    facts = [known[0] if len(known) == 1 else count(len(known), "model")]
    if first.gateway == "sandbox" and len(known) == 1:
        facts[0] += " · sandbox"
    if first.seed is not None and len(order) == 1:
        facts.append(f"seed {first.seed}")
    facts += [_cost(order), moment(first.created_at, session.zone())]
    making = sum(one.active for one in order)
    if making and len(order) == 1:
        facts.append(LABELS[first.state].text)
    elif making:
        facts.append(f"{making}{'' if making == len(order) else ' more'} generating")
    return " · ".join(facts)


def _cost(order: Sequence[Generation]) -> str:
    """Say what the whole order cost; the rows say it where they differ."""
    words = {cost(one) for one in order}
    if len(order) == 1:
        return words.pop()
    spent = sum((one.price_usd for one in order if one.charge is not Charge.NO), Decimal(0))
    return usd(spent, order[0].gateway)


def _row_name(order: Sequence[Generation], generation: Generation) -> str:
    """Name what tells a row from the others: its take, its model or both."""
    model = MODELS[generation.model_id].name if generation.model_id in MODELS else "Track"
    several = len({one.model_id for one in order}) > 1
    if generation.takes == 1:
        return model if several else ""
    take = f"Take {generation.take}"
    return f"{model}, {take.lower()}" if several else take


def _row(services: Services, generation: Generation, place: str, name: str) -> None:
    view = outlook(generation, key_here=services.holds_key_of(generation))
    key = f"{place}-{generation.id}"
    with st.container(key=f"take-{key}", gap="xsmall"):
        with st.container(
            horizontal=True, key=f"row-{key}", vertical_alignment="center", gap="small"
        ):
            if name:
                with st.container(gap=None, width="content", key=f"name-{key}"):
                    st.text(name)
                    if generation.seed is not None:
                        st.caption(f"seed {generation.seed}")
            for track in generation.tracks:
                player.draw(services, generation, track, "Latest")
            if not generation.tracks:
                if generation.active and not generation.waiting_for_key:
                    card.progress(services, generation)
                else:
                    st.badge(view.label.text, icon=view.label.icon, color=view.label.color)  # type: ignore[arg-type]
            generation_actions.details(services, generation, key)
        if view.sentence:
            st.text(view.sentence)
        if generation.state in (State.REFUSED, State.CANCELLED):
            not_sent.draw(services, generation, place)
        generation_actions.by_state(services, generation, key, view.actions)
