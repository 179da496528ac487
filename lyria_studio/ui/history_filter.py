"""Search, filters and pages of the History screen."""

from dataclasses import dataclass

import streamlit as st

from lyria_core import MODELS
from lyria_studio.library import Library
from lyria_studio.limits import LONGEST, TextTooLong
from lyria_studio.model.generation import Page
from lyria_studio.model.states import StateGroup
from lyria_studio.ui import addressed
from lyria_studio.ui.error_messages import show_error

PAGE_SIZE = 10
ALL = ""
GROUPS = {
    "Ready": StateGroup.READY,
    "In progress": StateGroup.IN_PROGRESS,
    "Needs action": StateGroup.NEEDS_ACTION,
    "Failed": StateGroup.FAILED,
}


@dataclass(frozen=True)
class Filters:
    """The filters of a search; None means everything."""

    search: str | None
    model: str | None
    group: str | None

    def page(self, library: Library, number: int) -> Page:
        """Return one page of what matches, from 1."""
        return library.tracks.page(
            limit=PAGE_SIZE,
            offset=(number - 1) * PAGE_SIZE,
            search=self.search,
            model=self.model,
            state=GROUPS[self.group] if self.group else None,
        )


def draw(library: Library) -> Page:
    """Draw the filters and the pagination, and return the generations of the page."""
    chosen = _chosen()
    filters = Filters(*(text or None for text in chosen.values()))
    # The address holds no more than any search may.
    texts = {key: text if len(text) <= LONGEST["search"] else "" for key, text in chosen.items()}
    named, moved = addressed.value("page")
    if addressed.differ(texts):
        named = ""  # other rows begin at the first page
    try:
        first = filters.page(library, 1)
    except TextTooLong as error:
        show_error(error)
        first = Page((), 0, None)
    pages = -(-first.total // PAGE_SIZE)
    number = int(named) if named.isdecimal() and 1 <= int(named) <= pages else 1
    if pages > 1:
        # Other filters begin at page one again: their pagination is a widget of its own.
        key = f"history-page-{filters}"
        if moved:
            st.session_state[key] = number
        number = st.pagination(pages, default=1 if moved else number, key=key)
    addressed.write({**texts, "page": "" if number == 1 else str(number)})
    return first if number == 1 else filters.page(library, number)


def draw_empty(page: Page) -> None:
    """Draw what to say where there is nothing to list."""
    if page.items:
        return
    if any(st.session_state.get(key) for key in ("search", "model_filter", "state_filter")):
        st.caption("Nothing matches. Search for another word, or clear the filters.")
        return
    st.caption("Nothing here yet. The first track you make will be the first entry.")
    st.page_link("create.py", label="Make a track", icon=":material/music_note_add:")


def _chosen() -> dict[str, str]:
    """Draw the search and both filters; return their values by key, empty for none."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        named, moved = addressed.value("search")
        if moved:
            st.session_state["search"] = named
        search = st.text_input(
            "Search in prompts",
            value="" if moved else named,
            key="search",
            type="search",
            live=True,
            placeholder="piano, waltz…",
        )
        models = {id_: MODELS[id_].name for id_ in MODELS}
        model = _choice("Model", "model_filter", {ALL: "All models", **models})
        group = _choice("State", "state_filter", {ALL: "All", **{name: name for name in GROUPS}})
    return {"search": search or "", "model_filter": model, "state_filter": group}


def _choice(label: str, key: str, options: dict[str, str]) -> str:
    named, moved = addressed.value(key)
    known = list(options)
    named = named if named in options else ALL
    if moved:
        st.session_state[key] = named
    return st.selectbox(
        label,
        known,
        format_func=options.__getitem__,
        index=0 if moved else known.index(named),
        key=key,
        width=170,
    )
