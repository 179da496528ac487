"""News without a click: the screen is drawn again when a generation changes.

A part of the screen that registers itself is drawn alone; else the whole screen is, unless a dialog
is open. To draw the screen again takes a dialog out of it for a moment, and with it the focus and
what is being typed; then only the news are told, and the screen waits.
"""

import functools
from collections.abc import Sequence

import streamlit as st

from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State
from lyria_studio.phrases import count
from lyria_studio.services import Services
from lyria_studio.ui import dialogs, not_sent
from lyria_studio.ui.components import WATCH
from lyria_studio.wording import LABELS, verbatim

WATCHED = 40
SEEN = "seen_states"
TOPICS = "watched_topics"
CURSOR = "watched_from"
NEWS = "news"
ADDRESS = "watched_at"
RECENT = "recent_generations"  # for one run of the script only
PARTS = "parts_drawn_alone"
EMPTY = "nothing_made"
WHOLE = "whole_screen"  # the whole screen is being drawn, and not a fragment of it
OWN = "watch"


def begin(services: Services) -> None:
    """Read what is worth watching; call before the screen is drawn.

    Whatever changes while the screen is being drawn is then reported to the browser when it
    connects, and not taken for what the screen already shows.
    """
    st.session_state[TOPICS], st.session_state[PARTS] = [], []
    st.session_state[WHOLE] = True
    _read(services)


def recent(services: Services) -> list[Generation]:
    """Return the newest generations, newest first; read once for all parts of a screen."""
    found: list[Generation] | None = st.session_state.get(RECENT)
    return services.library.tracks.latest(WATCHED) if found is None else found


def nothing_made() -> bool:
    """Whether the library was empty when the screen was last drawn."""
    return bool(st.session_state.get(EMPTY))


def also(topics: Sequence[str]) -> None:
    """Listen for other news, too, as long as the screen asks for it."""
    known = st.session_state.get(TOPICS, [])
    st.session_state[TOPICS] = list(dict.fromkeys([*known, *topics]))
    if set(topics) - set(known) and not st.session_state.get(WHOLE):
        st.rerun()  # what listens stands outside the fragment that asks


def part(key: str) -> None:
    """Let news draw the fragment of this key, and not the whole screen."""
    st.session_state[PARTS] = [*st.session_state.get(PARTS, []), key]


def finish(services: Services) -> None:
    """Announce what has ended since the last time, and listen for what comes next."""
    st.session_state[NEWS] = st.session_state[WHOLE] = False
    _listen(services)


@st.fragment(key=OWN)
def _listen(services: Services) -> None:
    news = st.session_state.pop(NEWS, False)
    generations = recent(services)
    st.session_state.pop(RECENT, None)
    if news and _concerns_the_whole(generations) and not dialogs.any_open():
        st.rerun()
    told = _announce(services, generations)
    making = sorted(one.id for one in generations if one.active)
    WATCH(
        key="watch",
        data={
            "address": _address(making, sorted(st.session_state.get(TOPICS, []))),
            "making": len(making),
            "told": told or (f"{count(len(making), 'track')} generating." if making else ""),
        },
        on_changed_change=functools.partial(_changed, services),
    )


def _concerns_the_whole(generations: Sequence[Generation]) -> bool:
    """Whether news change more than the parts that draw themselves, as a refused price does."""
    if not st.session_state.get(PARTS) or st.session_state.get(TOPICS):
        return True
    return any(one.state is not State.READY for one in _ended(generations))


def _changed(services: Services) -> None:
    st.session_state[NEWS] = True
    _read(services)
    if parts := st.session_state.get(PARTS):
        st.rerun([*parts, OWN])


def _read(services: Services) -> None:
    state = st.session_state
    state[CURSOR] = services.events.cursor
    state[RECENT] = found = services.library.tracks.latest(WATCHED)
    state[EMPTY] = not found


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


def _ended(generations: Sequence[Generation]) -> list[Generation]:
    seen: dict[str, State] = st.session_state.get(SEEN, {})
    return [
        one
        for one in generations
        if not one.active and (before := seen.get(one.id)) is not None and before.active
    ]


def _announce(services: Services, generations: Sequence[Generation]) -> str:
    """Show what has ended, and return it for the live region."""
    told = []
    for one in _ended(generations):
        label = LABELS[one.state]
        if one.state is State.CANCELLED:
            continue
        if one.cause is not None:
            st.toast(words := not_sent.toast(services, one), icon=label.icon)
        else:
            words = f"{label.text}: {one.name}"
            st.toast(f"{label.text}: {verbatim(one.name)}", icon=label.icon)
        told.append(words)
    st.session_state[SEEN] = {one.id: one.state for one in generations}
    return " ".join(told)
