"""Renaming and deleting a comparison."""

import streamlit as st

from lyria_studio.model.comparison import Comparison
from lyria_studio.phrases import count
from lyria_studio.services import Services
from lyria_studio.ui.compare import address
from lyria_studio.ui.error_messages import keeping_input


def draw(services: Services, comparison: Comparison) -> None:
    """Draw the menu of a comparison."""
    with st.popover("Manage", icon=":material/more_horiz:", type="tertiary", key="manage"):
        st.text_input("Name", value=comparison.name, key=f"rename-{comparison.id}")
        st.button(
            "Rename",
            key="rename",
            on_click=keeping_input(_rename),
            args=(services, comparison.id),
        )
        st.space("small")
        st.text(_loss(services, comparison))
        sure = st.checkbox("Yes, delete it", key=f"sure-{comparison.id}")
        st.button(
            "Delete this comparison",
            key="delete_comparison",
            icon=":material/delete:",
            disabled=not sure,
            on_click=keeping_input(_delete),
            args=(services, comparison.id),
        )


def draw_discard(services: Services, comparison_id: str) -> None:
    """Throw a comparison away that was never ordered."""
    with st.popover("Discard", icon=":material/delete:", type="tertiary", key="discard"):
        st.text("What you wrote here would be gone. Tracks stay in History.")
        st.button(
            "Discard this comparison",
            key="discard_comparison",
            on_click=keeping_input(_delete),
            args=(services, comparison_id),
        )


def _loss(services: Services, comparison: Comparison) -> str:
    tests = services.library.listening.tests(comparison.id)
    votes = sum(services.library.listening.vote_counts([test.id for test in tests]).values())
    lost = ""
    if tests:
        lost = (
            f" Its {count(len(tests), 'listening test')} with {count(votes, 'vote')} would be "
            "lost, and the links would end."
        )
    return f"Deleting keeps all tracks; they stay in History.{lost}"


def _rename(services: Services, comparison_id: str) -> None:
    services.library.listening.rename_comparison(
        comparison_id, str(st.session_state.get(f"rename-{comparison_id}") or "")
    )


def _delete(services: Services, comparison_id: str) -> None:
    folders = services.library.listening.delete_comparison(comparison_id, votes_too=True)
    services.preparations.remove(folders)
    services.library.tracks.save_draft(comparison_id, {})
    address.show(None)
    st.toast("Deleted. Its tracks are still in History.")
