"""What belongs to one visitor: the key they typed, the form they fill in."""

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import tzinfo
from typing import Any

import streamlit as st

from lyria_core import MODELS, LyriaError
from lyria_studio.keys import Access
from lyria_studio.library import LibraryError
from lyria_studio.model.draft import Draft
from lyria_studio.model.generation import new_intent_id
from lyria_studio.services import Services
from lyria_studio.ui import addressed, undo
from lyria_studio.ui.error_messages import show_error
from lyria_studio.web.session_cookie import SESSION_COOKIE, is_session_id
from lyria_studio.wording import zone_named

TYPED_KEY = "typed_key"
_PRICES = "prices_in_labels"
REVISION = "revision"  # how often the form was filled in by something else than typing
FORM = "form"
FIRST = "first_values"  # what the fields begin with, until they are drawn for the first time
KEPT = "kept_draft"  # the form that was stored last, and its fields
MODE, WRITTEN, ROWS = "mode", "written", "section_rows"  # how the prompt is written
LYRICS_KEY = "b_lyrics"
TYPED_PARTS = ("_era", "_extra", "_lyrics", "-start", "-end", "-what", "-lyrics")
PARTS = ("b_", "section-")  # so begin the keys of the fields of the Build form
BESIDE = (WRITTEN, ROWS, undo.KEY)  # stored with a draft, and held by no widget
DESCRIBE, BUILD, LYRICS = "Describe", "Build", "Lyrics"
TYPED = "typed_prompt"  # what is being typed and is not committed yet
ECHO_S = 2.0
FIRST_MODEL = "lyria-3"  # the quickest and cheapest way to hear something


def access(services: Services) -> Access:
    """Return the gateway and the key that this visitor's clicks use."""
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
    """Return the visitor's time zone, as their browser names it."""
    return zone_named(st.context.timezone)


def form_id(services: Services) -> str:
    """Return the id of the form: from the address, else from the session, else a new one.

    It stands in the address once something was typed, so that a reload brings the draft back and
    a copy of the tab orders the same generations instead of new ones.
    """
    state = st.session_state
    named, _ = addressed.value(FORM)
    if not is_id(named) or named == state.get(FORM):
        if FORM not in state:
            state[FORM], state[FIRST] = new_intent_id(), {}
    elif FORM not in state:
        # The first run of a session, after a reload or a restart of the app. The draft is what the
        # fields begin with; values that the browser still holds are newer and win.
        state[FORM], state[FIRST] = named, {}
        if (fields := services.library.tracks.draft(named)) is not None:
            state[KEPT] = (named, fields)
            state[FIRST] = _known(fields)
            # No widgets hold these.
            state.update({name: fields[name] for name in BESIDE if name in fields})
    else:
        open_form(services, named)
    return str(state[FORM])


def open_form(services: Services, form: str) -> None:
    """Show the draft of another form, as after Back; call before the fields are drawn."""
    state = st.session_state
    fields = services.library.tracks.draft(form)
    state[FORM] = form
    if fields is None:
        return
    before = snapshot()
    state.update({name: fields[name] for name in BESIDE if name in fields})
    put(fields)
    state[KEPT] = (form, fields)
    undo.remember("Another draft replaced your text.", before, fields)


def initial(key: str, otherwise: Any) -> Any:
    """Return the default of a field's widget in this session.

    A draft must not be written into the session: that would win over what the browser shows.
    """
    return initial_values().get(key, otherwise)


def initial_values() -> dict[str, Any]:
    """Return the first values of the fields, until the form was drawn completely once."""
    found: dict[str, Any] = st.session_state.get(FIRST, {})
    return found


def drawn() -> None:
    """Note that the form was drawn completely: its fields are in the session now."""
    for name, value in st.session_state.pop(FIRST, {}).items():
        # A field that is not on the screen, because no chosen model reads it.
        st.session_state.setdefault(name, value)


def value(key: str) -> Any:
    """Return the value of a field, also before it is drawn for the first time."""
    return st.session_state.get(key, initial(key, None))


def draft() -> Draft:
    """Return the form as filled in now."""
    model, takes = value("model"), value("takes")
    return Draft(
        model=model if model in MODELS else FIRST_MODEL,
        prompt=value("prompt") or "",
        images=value("images") or "",
        negative_prompt=value("negative_prompt") or "",
        seed=value("seed") or "",
        takes=takes if isinstance(takes, int) and takes else 1,
        also=tuple(id_ for id_ in value("also") or () if id_ in MODELS),
    )


def texts() -> dict[str, str]:
    """Return every text field of the form and what the app has of it, by key."""
    return {key: str(value(key) or "") for key in (*undo.TEXTS, *_part_keys(TYPED_PARTS))}


def snapshot() -> dict[str, Any]:
    """Return the form and how its prompt is written, as plain JSON."""
    fields = {**asdict(draft()), MODE: value(MODE)}
    if building():
        fields |= {name: value(name) for name in (WRITTEN, ROWS, *_part_keys())}
    if writing_lyrics():
        fields[LYRICS_KEY] = value(LYRICS_KEY)
    return dict(json.loads(json.dumps(fields)))


def keep(services: Services) -> str:
    """Store what was typed, so that a reload or a crash loses nothing.

    Returns:
        The id of the form. It is a new one where a copy of this tab has written something else
        into the old one: the two go on as two drafts.
    """
    state = st.session_state
    form = str(state[FORM])
    fields = {**snapshot(), undo.KEY: undo.entries()}
    known, kept = state.get(KEPT, (None, None))
    if known != form and not draft().has_text:
        return form
    if fields != kept or known != form:
        try:
            if known == form and services.library.tracks.draft(form) != kept:
                state[FORM] = form = new_intent_id()
            services.library.tracks.save_draft(form, fields)
        except LibraryError as error:
            show_error(error)
            return form
        state[KEPT] = (form, fields)
    addressed.write({FORM: form})
    return form


def put(fields: Mapping[str, Any]) -> None:
    """Put fields into the form; call before its widgets are drawn, or in a callback."""
    state = st.session_state
    state.pop(TYPED, None)
    state[REVISION] = state.get(REVISION, 0) + 1
    for name, value in _known(fields).items():
        initial_values().pop(name, None)
        state[name] = value


def next_form() -> None:
    """After an order: the same fields, but a form of its own."""
    st.session_state[FORM] = new_intent_id()
    addressed.write({FORM: st.session_state[FORM]})


def is_echo(draft: Draft) -> bool:
    """Return whether this click is the second half of a double click.

    The first half has already ordered; by the time the second arrives the form is a new one.
    """
    last, at = st.session_state.get("last_order", (None, 0.0))
    return bool(last == draft and time.monotonic() - at < ECHO_S)


def ordered(draft: Draft) -> None:
    """Remember the order that was just placed."""
    st.session_state["last_order"] = (draft, time.monotonic())


def session_id() -> str:
    """Return the name of this browser session in the library.

    It lasts until the browser is closed: its cookie survives a reload and is the same in all tabs.
    """
    named = st.context.cookies.get(SESSION_COOKIE, "")
    if is_session_id(named):
        return str(named)
    return str(st.session_state.setdefault("session_id", new_intent_id()))


def keep_zone(services: Services) -> None:
    """Take the zone of the first browser for the days of the library, unless one was chosen."""
    name = st.context.timezone
    if not name or st.session_state.get("zone_kept"):
        return
    ledger = services.library.ledger
    try:
        if ledger.preferences().timezone is None:
            ledger.set_preferences(timezone=name)
    except LyriaError:  # a zone that we do not know, or a full disk: the days stay those of UTC
        return
    st.session_state["zone_kept"] = True


def building() -> bool:
    """Return whether the Build form is open."""
    return bool(value(MODE) == BUILD)


def writing_lyrics() -> bool:
    """Whether the editor of the lyrics is open."""
    return bool(value(MODE) == LYRICS)


def _part_keys(endings: tuple[str, ...] = ("",)) -> list[str]:
    """Return the keys of the fields of the Build form, or of those with this ending."""
    if writing_lyrics():
        return [LYRICS_KEY] if LYRICS_KEY.endswith(endings) else []
    if not building():
        return []
    rows = tuple(f"section-{row}-" for row in value(ROWS) or ())
    keys = dict.fromkeys(str(key) for key in (*st.session_state, *initial_values()))
    return [
        key
        for key in keys
        if key.startswith(("b_", *rows)) and key.endswith(endings) and key != LYRICS_KEY
    ]


def _known(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that this version of the form has, with values that they take."""
    names = {*Draft.__dataclass_fields__, MODE, WRITTEN, ROWS}
    return {
        name: value
        for name, value in fields.items()
        if (name in names or name.startswith(PARTS)) and (name != "model" or value in MODELS)
    }


def is_id(text: str) -> bool:
    """Return whether a text from outside can be the id of a form."""
    return bool(re.fullmatch("[0-9a-f]{32}", text))


def keep_choices() -> None:
    """Send the chosen models to the browser again when a price in their labels changed.

    It knows a choice by its label and would drop one whose label is another now. Call it before
    the choices are drawn, in a fragment that draws them, too.
    """
    prices = tuple(model.price_usd for model in MODELS.values())
    if st.session_state.setdefault(_PRICES, prices) != prices:
        st.session_state[_PRICES] = prices
        for key in map(str, st.session_state):
            if key in ("model", "also") or (key.startswith("variant-") and key.endswith("-model")):
                st.session_state[key] = st.session_state[key]
