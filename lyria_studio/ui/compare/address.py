"""Which comparison is open: its id is in the address, so it can be reloaded and linked."""

import re
from dataclasses import dataclass

import streamlit as st

from lyria_studio.library import Library
from lyria_studio.library.errors import UnknownComparison
from lyria_studio.model.comparison import Comparison
from lyria_studio.model.generation import new_intent_id
from lyria_studio.orders.from_comparison import load
from lyria_studio.ui import addressed

PAGE = "compare.py"
NAME = "comparison"
NEW = "new"
FRESH = "compare_fresh"  # the id of the blank form, before something was written into it


@dataclass(frozen=True)
class Chosen:
    """The comparison that is open.

    Attributes:
        id: a blank one has an id, too.
        ordered: whether any of its takes was ordered; before that it is a form.
    """

    id: str
    ordered: bool = False


def chosen(library: Library) -> Chosen | None:
    """Return the open comparison; None: the list is open."""
    named, _ = addressed.value(NAME)
    if named == NEW:
        return Chosen(fresh())
    if not re.fullmatch("[0-9a-f]{32}", named):
        return None
    try:
        comparison, _ = load(library, named)
    except UnknownComparison:
        st.info("This comparison is not in the library; perhaps it was deleted.")
        return None
    return Chosen(named, comparison.ordered)


def stored(library: Library, comparison_id: str) -> Comparison | None:
    """Return the comparison as it is stored; None if it is not."""
    try:
        return library.listening.comparison(comparison_id)
    except UnknownComparison:
        return None


def fresh() -> str:
    """Return the id that the next blank form will have."""
    return str(st.session_state.setdefault(FRESH, new_intent_id()))


def is_fresh(comparison_id: str) -> bool:
    """Return whether this is the blank form of this visitor."""
    return bool(st.session_state.get(FRESH) == comparison_id)


def show(comparison_id: str | None) -> None:
    """Open a comparison, or the list; for callbacks."""
    addressed.write({NAME: comparison_id or ""})


def written(comparison_id: str) -> None:
    """Put the id of a form that is no longer blank into the address."""
    if is_fresh(comparison_id):
        st.session_state[FRESH] = new_intent_id()
    show(comparison_id)


def way_to(comparison_id: str, label: str, key: str) -> None:
    """Open a comparison from another place of this screen.

    No `st.page_link`: one that leads to the page it stands on changes what is drawn and leaves
    the browser's address as it was (Streamlit 1.67), so the next click would lead back again.

    Args:
        comparison_id: what to open.
        label: its name, as Markdown.
        key: names the place.
    """
    st.button(
        label,
        key=f"{key}_{comparison_id}",
        type="tertiary",
        on_click=show,
        args=(comparison_id,),
    )


def way_to_all() -> None:
    """Back to the list."""
    st.button(
        "All comparisons",
        key="compare_all",
        type="tertiary",
        icon=":material/arrow_back:",
        on_click=show,
        args=(None,),
    )
