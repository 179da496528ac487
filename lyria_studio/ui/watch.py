"""News without a click: the screen is drawn again when a generation changes.

Unless a dialog is open. To draw the screen again takes a dialog out of it for a moment, and with it
the focus and what is being typed; then only the news are told, and the screen waits.
"""

from collections.abc import Sequence

import streamlit as st

from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State
from lyria_studio.services import Services
from lyria_studio.ui import dialogs, not_sent
from lyria_studio.ui.components import WATCH
from lyria_studio.wording import LABELS, title, verbatim

WATCHED = 40
SEEN = "seen_states"
TOPICS = "watched_topics"
CURSOR = "watched_from"
NEWS = "news"
ADDRESS = "watched_at"


def begin(services: Services) -> list[Generation]:
    """Return the generations to watch; call it before the screen is drawn.

    Whatever changes while the screen is being drawn is then reported to the browser when it
    connects, and not taken for what the screen already shows.
    """
    st.session_state[TOPICS] = []
    return _now(services)


def also(topics: Sequence[str]) -> None:
    """Also listen for other topics, as long as the screen asks for them."""
    st.session_state[TOPICS] = [*st.session_state.get(TOPICS, []), *topics]


def finish(services: Services, generations: Sequence[Generation]) -> None:
    """Announce what has ended since the last time, and listen for what comes next."""
    st.session_state[NEWS] = False
    _announce(services, generations)
    _listen(services, generations)


@st.fragment
def _listen(services: Services, generations: Sequence[Generation]) -> None:
    if st.session_state.pop(NEWS, False):
        if not dialogs.any_open():
            st.rerun()
        generations = _now(services)
        _announce(services, generations)
    making = sorted(one.id for one in generations if one.active)
    WATCH(
        key="watch",
        data={
            "address": _address(making, sorted(st.session_state.get(TOPICS, []))),
            "making": len(making),
        },
        on_changed_change=_changed,
    )


def _changed() -> None:
    st.session_state[NEWS] = True


def _now(services: Services) -> list[Generation]:
    st.session_state[CURSOR] = services.events.cursor
    return services.library.tracks.latest(WATCHED)


def _address(making: list[str], topics: list[str]) -> str:
    wanted = [*making, *topics]
    known: list[str]
    address: str
    known, address = st.session_state.get(ADDRESS, ([], ""))
    if wanted != known:
        # From where the library was read: what changes before the browser connects is told too.
        # As long as the same is watched the address stays, and with it the open stream.
        after = st.session_state[CURSOR]
        address = f"events?ids={','.join(wanted)}&after={after}" if wanted else ""
        st.session_state[ADDRESS] = (wanted, address)
    return address


def _announce(services: Services, generations: Sequence[Generation]) -> None:
    seen: dict[str, State] = st.session_state.setdefault(SEEN, {})
    for one in generations:
        before = seen.get(one.id)
        if before is not None and before.active and not one.active:
            label = LABELS[one.state]
            if one.state is State.CANCELLED:
                continue
            if one.cause is not None:
                st.toast(not_sent.toast(services, one), icon=label.icon)
                continue
            st.toast(f"{label.text}: {verbatim(title(one.prompt, 50))}", icon=label.icon)
    st.session_state[SEEN] = {one.id: one.state for one in generations}
