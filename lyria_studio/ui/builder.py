"""The Build form: the parts of the music, next to the prompt made from them.

The prompt is the only truth. A change of a part is carried into it, and an edit of it is read back
into the parts, so that switching between the two ways of writing loses nothing.
"""

import time
from collections.abc import Mapping
from typing import Any

import streamlit as st

from lyria_core import MODELS
from lyria_studio.prompts import (
    INSTRUMENTAL,
    Blueprint,
    compose_prompt,
    merge_edited,
    parked,
    read_prompt,
    vocabulary,
    with_lyrics,
)
from lyria_studio.ui import lyrics_editor, section_rows, session, undo

DESCRIBE, BUILD = session.DESCRIBE, session.BUILD
MODE, WRITTEN = session.MODE, session.WRITTEN
PENDING = "pending_build"  # what a callback would have done in a session that has just begun
SUPERSEDED, CARRIED = "superseded_prompts", "carried_prompt"
STALE_S = 8.0
MODELS_CHOICE = "Auto"
INSTRUMENTAL_CHOICE = "Instrumental, no voice"
NO_LANGUAGE = "Same as prompt"


def choose() -> None:
    """Draw the switch between the ways of writing."""
    match st.session_state.pop(PENDING, None):
        case "read":
            read_back()
        case "carry":
            carry()
    st.segmented_control(
        "How to write the prompt",
        [DESCRIBE, BUILD, session.LYRICS],
        default=None if MODE in st.session_state else session.initial(MODE, None) or DESCRIBE,
        required=True,
        key=MODE,
        label_visibility="collapsed",
        persist_state="session",
        on_change=read_back,
    )


def draw(model_id: str) -> None:
    """Draw the parts; a change of any is carried into the prompt."""
    with st.container(border=True, key="builder"):
        _what()
        _how(model_id)
        if MODELS[model_id].vocals:
            section_rows.draw(model_id, carry)
        else:
            st.caption(f"{MODELS[model_id].name} is instrumental: no voice, no sections.")
        if names := parked(blueprint(), model_id):
            st.caption(f"Kept here, but not part of the prompt: {', '.join(names)}.")


def read_back() -> None:
    """Take the parts from the prompt as it stands; the prompt itself stays as it is."""
    st.session_state.pop(session.TYPED, None)
    state = st.session_state
    if session.writing_lyrics():
        if not _is_stale() and state.get("prompt") != state.get(CARRIED):
            lyrics_editor.fill(state.get("prompt") or "")
        return
    if not session.building() or _is_stale() or state.get("prompt") == state.get(CARRIED):
        return  # the parts wrote it themselves
    found = read_prompt(state.get("prompt") or "")
    state["b_genre"] = found.genre or None
    state["b_era"] = found.era_or_region
    state["b_moods"] = list(found.moods)
    state["b_instruments"] = list(found.instruments)
    state["b_tempo"] = None if found.tempo is None else _tempo_label(found.tempo)
    state["b_key"] = found.key or None
    state["b_voice"] = INSTRUMENTAL_CHOICE if found.instrumental else found.voice or MODELS_CHOICE
    state["b_language"] = found.language or NO_LANGUAGE
    state["b_extra"] = found.extra
    section_rows.fill(found.sections)
    state[WRITTEN] = compose_prompt(found, _model())


def replace(fields: Mapping[str, Any], what: str) -> None:
    """Replace the typed fields; an Undo brings them back.

    Args:
        fields: the fields to set; the others stay.
        what: what happened, in one short sentence, for the Undo.
    """
    undo.remember(what, session.snapshot(), fields)
    put_back(fields)


def put_back(fields: Mapping[str, Any]) -> None:
    """Put fields into the form, and the parts of its prompt into the Build form."""
    # What the browser sends next is no late echo of a prompt that was superseded.
    st.session_state.pop(SUPERSEDED, None)
    st.session_state.pop(CARRIED, None)
    session.put(fields)
    if WRITTEN not in fields:
        read_back()


def take_back(texts: Mapping[str, str]) -> None:
    """Put texts into the form as if they had been typed: a part changes the prompt."""
    session.put(texts)
    if "prompt" in texts:
        read_back()
    else:
        carry()


def catch_up() -> None:
    """Do what the callbacks of a session that has just begun would have done; call after drawing.

    After a restart of the app the first change arrives at a session without callbacks.
    """
    if not session.initial_values():
        session.drawn()
        return
    changed = session.building() and _changed()
    session.drawn()
    if changed:
        st.session_state[PENDING] = changed
        st.rerun()


def _changed() -> str:
    first = session.initial_values()
    if first.get(MODE) != BUILD or (session.value("prompt") or "") != first.get("prompt", ""):
        return "read"
    parts = {key: value for key, value in first.items() if key.startswith(session.PARTS)}
    return "carry" if any(session.value(key) != value for key, value in parts.items()) else ""


def carry() -> None:
    """Carry the parts into the prompt; what was written into it by hand stays."""
    if not (session.building() or session.writing_lyrics()):
        return
    state = st.session_state
    _is_stale()
    before = session.value("prompt") or ""
    if session.writing_lyrics():
        state["prompt"] = with_lyrics(state.get("prompt") or "", lyrics_editor.text())
    else:
        _take_known_names()
        now = blueprint()
        prompt = state.get("prompt") or ""
        state["prompt"] = merge_edited(state.get(WRITTEN, ""), prompt, now, _model())
        state[WRITTEN] = compose_prompt(now, _model())
    if state["prompt"] != before:
        state.setdefault(SUPERSEDED, {})[before] = time.monotonic()
        state[CARRIED] = state["prompt"]


def _take_known_names() -> None:
    """Enter takes the typed words before the offers: `bossa` where `bossa nova` was meant."""
    state = st.session_state
    for key, names in (
        ("b_genre", [genre.name for genre in vocabulary.GENRES]),
        ("b_key", vocabulary.KEYS),
        ("b_language", [language.name for language in vocabulary.LANGUAGES]),
    ):
        if state.get(key):
            state[key] = vocabulary.named(state[key], names)
    for key, names in (("b_moods", vocabulary.MOODS), ("b_instruments", vocabulary.INSTRUMENTS)):
        if state.get(key):
            state[key] = list(dict.fromkeys(vocabulary.named(text, names) for text in state[key]))


def _is_stale() -> bool:
    """Return whether the browser sent a prompt that the form had changed a moment before.

    On a slow network the next field is sent before the changed prompt has arrived; the old one
    comes along and is no edit. What was carried into the prompt is put back.
    """
    state = st.session_state
    superseded: dict[str, float] = state.setdefault(SUPERSEDED, {})
    now = time.monotonic()
    for text in [text for text, at in superseded.items() if now - at > STALE_S]:
        del superseded[text]
    if (state.get("prompt") or "") not in superseded:
        return False
    state["prompt"] = state[CARRIED]
    return True


def blueprint() -> Blueprint:
    """Return the parts as filled in now."""
    voice = session.value("b_voice") or MODELS_CHOICE
    language = session.value("b_language") or NO_LANGUAGE
    return Blueprint(
        genre=session.value("b_genre") or "",
        era_or_region=session.value("b_era") or "",
        moods=tuple(session.value("b_moods") or ()),
        instruments=tuple(session.value("b_instruments") or ()),
        tempo=_tempo_of(session.value("b_tempo")),
        key=session.value("b_key") or "",
        voice=None
        if voice == MODELS_CHOICE
        else INSTRUMENTAL
        if voice == INSTRUMENTAL_CHOICE
        else voice,
        language="" if language == NO_LANGUAGE else language,
        sections=section_rows.sections(),
        extra=session.value("b_extra") or "",
    )


def _model() -> str:
    return session.draft().model


def _what() -> None:
    with st.container(horizontal=True):
        _pick("Genre", "b_genre", [genre.name for genre in vocabulary.GENRES])
        st.text_input(
            "Era or region",
            value=session.initial("b_era", ""),
            key="b_era",
            placeholder="1980s Manchester",
            persist_state="session",
            on_change=carry,
        )
    _list("Mood", "b_moods", list(vocabulary.MOODS), "nostalgic, uplifting…")
    _list(
        "Instruments", "b_instruments", list(vocabulary.INSTRUMENTS), "upright piano, soft strings…"
    )


def _how(model_id: str) -> None:
    with st.container(horizontal=True):
        _pick(
            "Tempo",
            "b_tempo",
            [_tempo_label(t.word) for t in vocabulary.TEMPOS],
            "a word, or BPM",
        )
        _pick("Key", "b_key", list(vocabulary.KEYS))
    if MODELS[model_id].vocals:
        with st.container(horizontal=True, key="sung"):
            _pick("Voice", "b_voice", [MODELS_CHOICE, INSTRUMENTAL_CHOICE, *vocabulary.VOICES])
            if session.value("b_voice") != INSTRUMENTAL_CHOICE:
                _pick(
                    "Language",
                    "b_language",
                    [NO_LANGUAGE, *(one.name for one in vocabulary.LANGUAGES)],
                )
    st.text_area(
        "Anything else",
        value=session.initial("b_extra", ""),
        key="b_extra",
        height=70,
        persist_state="session",
        on_change=carry,
    )


def _pick(label: str, key: str, options: list[str], placeholder: str = "Any") -> None:
    first = session.initial(key, None)
    options = _with(options, session.value(key))
    st.selectbox(
        label,
        options,
        index=options.index(first) if first in options else None,
        key=key,
        accept_new_options=True,
        placeholder=placeholder,
        persist_state="session",
        on_change=carry,
    )


def _list(label: str, key: str, options: list[str], placeholder: str) -> None:
    chosen = session.value(key) or []
    st.multiselect(
        label,
        list(dict.fromkeys([*options, *chosen])),
        default=session.initial(key, None),
        key=key,
        accept_new_options=True,
        placeholder=placeholder,
        persist_state="session",
        on_change=carry,
    )


def _with(options: list[str], value: str | None) -> list[str]:
    return options if value is None or value in options else [*options, value]


def _tempo_label(tempo: int | str) -> str:
    if isinstance(tempo, int):
        return f"{tempo} BPM"
    for known in vocabulary.TEMPOS:
        if known.word == tempo:
            return f"{known.word} ({known.bpm[0]} to {known.bpm[1]} BPM)"
    return tempo


def _tempo_of(label: str | None) -> int | str | None:
    if not label:
        return None
    for known in vocabulary.TEMPOS:
        if label == _tempo_label(known.word):
            return known.word
    return label
