"""Search, filters and pages of the History screen."""

from dataclasses import dataclass

import streamlit as st

from lyria_core import MODELS
from lyria_studio.library import Library
from lyria_studio.model.generation import Page
from lyria_studio.model.states import StateGroup

PAGE_SIZE = 10
GROUPS = {
    "Ready": StateGroup.READY,
    "In the making": StateGroup.WORKING,
    "Needs a look": StateGroup.ATTENTION,
    "Not made": StateGroup.NOT_MADE,
}


@dataclass(frozen=True)
class Filters:
    """What a person looks for; None is everything."""

    search: str | None
    model: str | None
    group: str | None

    def page(self, library: Library, number: int) -> Page:
        """One page of what matches, from 1."""
        return library.tracks.page(
            limit=PAGE_SIZE,
            offset=(number - 1) * PAGE_SIZE,
            search=self.search,
            model=self.model,
            state=GROUPS[self.group] if self.group else None,
        )


def draw(library: Library) -> Page:
    """The filters and the pagination; returns the generations of the chosen page."""
    filters = _filters()
    first = filters.page(library, 1)
    if first.total <= PAGE_SIZE:
        return first
    # Other filters begin at page one again: their pagination is a widget of its own.
    number = st.pagination(-(-first.total // PAGE_SIZE), key=f"history-page-{filters}")
    return first if number == 1 else filters.page(library, number)


def draw_empty(page: Page) -> None:
    """What to say where there is nothing to list."""
    if page.items:
        return
    if any(st.session_state.get(key) for key in ("search", "model_filter", "state_filter")):
        st.caption("Nothing matches. Search for another word, or clear the filters.")
        return
    st.caption("Nothing here yet. The first track you make will be the first entry.")
    st.page_link("create.py", label="Make a track", icon=":material/music_note_add:")


def _filters() -> Filters:
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        search = st.text_input(
            "Search in prompts",
            key="search",
            type="search",
            live=True,
            placeholder="piano, waltz…",
            bind="query-params",
        )
        model = st.selectbox(
            "Model",
            list(MODELS),
            format_func=lambda id_: MODELS[id_].name,
            index=None,
            placeholder="All models",
            key="model_filter",
            width=170,
        )
        group = st.selectbox(
            "State", list(GROUPS), index=None, placeholder="All", key="state_filter", width=170
        )
    return Filters(search or None, model, group)
