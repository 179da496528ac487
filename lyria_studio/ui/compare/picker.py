"""Choosing tracks that exist already, with the search of History."""

from collections.abc import Callable

import streamlit as st

from lyria_studio.library import Library
from lyria_studio.limits import TextTooLong
from lyria_studio.model.comparison import LETTERS
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import StateGroup
from lyria_studio.services import Services
from lyria_studio.ui import player, session
from lyria_studio.ui.compare import starting, variant_form
from lyria_studio.ui.error_messages import keeping_input, show_error
from lyria_studio.wording import facts, literal, moment

PAGE_SIZE = 6
PICKING = "compare_picking"  # the letter for which a track is being chosen
CHOSEN = "tracks_to_compare"  # ids, in the order in which they were chosen


def button(letter: str) -> None:
    """Draw the button that opens or closes the choice for one variant."""
    picking = st.session_state.get(PICKING) == letter
    st.button(
        "Keep the prompt" if picking else "Use a track",
        key=f"pick-{letter}",
        icon=":material/library_music:",
        type="tertiary",
        help=f"Use an existing track as {letter}, $0.",
        on_click=_pick,
        args=(None if picking else letter,),
    )


def draw_for(services: Services, letter: str) -> None:
    """Draw the list of tracks for one variant, if it is open."""
    if st.session_state.get(PICKING) != letter:
        return

    def choose(generation: Generation) -> None:
        st.button(
            f"Use for {letter}",
            key=f"take-{letter}-{generation.id}",
            on_click=keeping_input(_take),
            args=(letter, generation),
        )

    with st.container(border=True, key=f"picker-{letter}"):
        _list(services, f"picker_{letter}", choose)


def draw_several(services: Services) -> None:
    """Draw the list of tracks for a new comparison of tracks alone."""
    chosen: list[str] = st.session_state.setdefault(CHOSEN, [])

    def choose(generation: Generation) -> None:
        key = f"choose-{generation.id}"
        st.session_state[key] = generation.id in chosen
        st.checkbox(
            "Compare",
            key=key,
            disabled=len(chosen) >= len(LETTERS) * 2 and generation.id not in chosen,
            on_change=_toggle,
            args=(generation.id,),
        )

    count = len(chosen)
    st.button(
        f"Compare {count} tracks · free" if count > 1 else "Create comparison",
        key="compare_chosen",
        type="primary",
        icon=":material/compare_arrows:",
        disabled=count < 2,
        on_click=keeping_input(_compare),
        args=(services,),
    )
    if count < 2:
        st.caption("Choose two or more tracks.")
    _list(services, "picker_several", choose)


def _list(services: Services, key: str, choose: Callable[[Generation], None]) -> None:
    search = st.text_input(
        "Search in prompts",
        key=f"{key}_search",
        type="search",
        live=True,
        placeholder="piano, waltz…",
    )
    library: Library = services.library
    pages_key = f"{key}_page_{search or ''}"
    try:
        page = library.tracks.page(
            limit=PAGE_SIZE,
            offset=(int(st.session_state.get(pages_key) or 1) - 1) * PAGE_SIZE,
            search=search or None,
            state=StateGroup.READY,
        )
    except TextTooLong as error:
        show_error(error)
        return
    if not page.items:
        st.caption("Nothing matches." if search else "No track is ready yet.")
    for generation in page.items:
        with st.container(key=f"{key}-{generation.id}", gap="xxsmall"):
            _row(services, generation, choose)
    if page.total > PAGE_SIZE:
        st.pagination(-(-page.total // PAGE_SIZE), key=pages_key)


def _row(services: Services, generation: Generation, choose: Callable[[Generation], None]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for track in generation.tracks[:1]:
            player.draw_small(services, generation, track, "Your tracks")
        with st.container(gap=None, width="stretch"):
            st.text(generation.name)
            when = moment(generation.created_at, session.zone())
            st.caption(literal(" · ".join([*facts(generation), when])))
        choose(generation)


def _pick(letter: str | None) -> None:
    st.session_state[PICKING] = letter


def _take(letter: str, generation: Generation) -> None:
    sketch = variant_form.read().with_track(letter, generation)
    variant_form.replace_with(sketch, f"A track replaced the prompt of {letter}.")
    st.session_state[PICKING] = None


def _toggle(generation_id: str) -> None:
    chosen: list[str] = st.session_state[CHOSEN]
    if generation_id in chosen:
        chosen.remove(generation_id)
    else:
        chosen.append(generation_id)


def _compare(services: Services) -> None:
    chosen = list(st.session_state[CHOSEN])
    generations = services.library.tracks.generations(chosen)
    if len(generations) > 1:
        starting.compare_these(services, list(generations.values()))
        st.session_state[CHOSEN] = []
