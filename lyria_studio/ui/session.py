"""What belongs to one visitor: the key they typed, the form they fill in."""

import re
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import tzinfo

import streamlit as st

from lyria_studio.keys import Access
from lyria_studio.library import LibraryError
from lyria_studio.model.draft import Draft
from lyria_studio.model.generation import new_intent_id
from lyria_studio.services import Services
from lyria_studio.ui.error_messages import show_error
from lyria_studio.wording import zone_named

TYPED_KEY = "typed_key"
REVISION = "revision"  # how often the form was filled in by something else than typing
FORM = "form"
TYPED = "typed_prompt"  # what is being typed and is not committed yet
ECHO_S = 2.0
FIRST_MODEL = "lyria-3"  # the quickest and cheapest way to hear something


def access(services: Services) -> Access:
    """The gateway and the key that this visitor's clicks use."""
    if typed := st.session_state.get(TYPED_KEY):
        _kept(services, typed)
    return services.access(typed)


@st.cache_resource(scope="session", on_release=lambda end: end(), show_spinner=False)
def _kept(_services: Services, _key: str) -> Callable[[], None]:
    """Keep the typed key until this browser session ends; Streamlit then calls what is returned."""
    return _services.use_key(_key)


def use_key(key: str | None) -> None:
    """Use another typed key, or none, from now on."""
    _kept.clear()
    st.session_state[TYPED_KEY] = key


def zone() -> tzinfo:
    """The visitor's time zone, as their browser names it."""
    return zone_named(st.context.timezone)


def form_id(services: Services) -> str:
    """The id of the form on the screen: from the address, else from the session, else a new one.

    It stands in the address once something was typed, so that a reload brings the draft back and
    a copy of the tab orders the same generations instead of new ones.
    """
    # Not as a default of the widget: Streamlit warns where a value can come from two places.
    st.session_state.setdefault("model", FIRST_MODEL)
    named = st.query_params.get(FORM)
    if named and _is_id(named) and named != st.session_state.get(FORM):
        st.session_state[FORM] = named
        if fields := services.library.tracks.draft(named):
            # As it was typed; whoever builds opens Build again, which reads the prompt anew.
            restore({**fields, "mode": "Describe"})
    elif FORM not in st.session_state:
        st.session_state[FORM] = new_intent_id()
    return str(st.session_state[FORM])


def draft() -> Draft:
    """The form as it is filled in at this moment."""
    state = st.session_state
    return Draft(
        model=state.get("model") or FIRST_MODEL,
        prompt=state.get("prompt") or "",
        images=state.get("images") or "",
        negative_prompt=state.get("negative_prompt") or "",
        seed=state.get("seed") or "",
        takes=int(state.get("takes") or 1),
        also=tuple(state.get("also") or ()),
    )


def keep(services: Services, draft: Draft) -> None:
    """Store what was typed, so that a reload or a crash loses nothing of it."""
    if not any((draft.prompt, draft.images, draft.negative_prompt, draft.seed)):
        return
    form = str(st.session_state[FORM])
    if st.query_params.get(FORM) != form:
        st.query_params[FORM] = form
    if st.session_state.get("kept") != (form, draft):
        try:
            services.library.tracks.save_draft(form, asdict(draft))
        except LibraryError as error:
            show_error(error)
        else:
            st.session_state["kept"] = (form, draft)


def restore(fields: dict[str, object]) -> None:
    """Put stored fields back into the form; call before its widgets are drawn."""
    st.session_state.pop(TYPED, None)
    st.session_state[REVISION] = st.session_state.get(REVISION, 0) + 1
    for name, value in fields.items():
        st.session_state[name] = value


def next_form() -> None:
    """After an order: the same fields, but a form of its own."""
    st.session_state[FORM] = st.query_params[FORM] = new_intent_id()


def is_echo(draft: Draft) -> bool:
    """Whether this click is the second half of a double click.

    The first half has already ordered; by the time the second arrives the form is a new one.
    """
    last, at = st.session_state.get("last_order", (None, 0.0))
    return bool(last == draft and time.monotonic() - at < ECHO_S)


def ordered(draft: Draft) -> None:
    """Remember the order that was just placed."""
    st.session_state["last_order"] = (draft, time.monotonic())


def session_id() -> str:
    """Names this browser session in the library, for a budget of a session."""
    return str(st.session_state.setdefault("session_id", new_intent_id()))


def _is_id(text: str) -> bool:
    return bool(re.fullmatch("[0-9a-f]{32}", text))
