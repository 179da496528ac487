"""The form of a comparison in the session: what is typed, what is stored of it, and back.

What was typed last stands in the session as one value, beside the widgets: a field that is not on
the screen at the moment, because its model does not read it, loses nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from lyria_core import MODELS
from lyria_studio.comparisons import DEFAULT_TAKES, Sketch
from lyria_studio.library import Library, LibraryError
from lyria_studio.limits import LONGEST
from lyria_studio.model.comparison import Variant
from lyria_studio.model.draft import MAX_TAKES
from lyria_studio.model.generation import Generation
from lyria_studio.services import Services
from lyria_studio.ui.compare import address
from lyria_studio.ui.error_messages import show_error

OPEN = "compare_open"  # which comparison the form in the session is of
SKETCH = "compare_sketch"
KEPT = "compare_kept"  # what was stored last
REPLACED = "compare_replaced"  # the comparison, the sketch before, and what happened to it
TEXTS = ("prompt", "negative", "images")
FIELDS = ("model", "prompt", "negative", "seed", "images")


def key(letter: str, field: str) -> str:
    """Return the key of a widget."""
    return f"variant-{letter}-{field}"


def bring_in(library: Library, comparison_id: str) -> None:
    """Fill the form with what is stored, unless it is in the session already."""
    state = st.session_state
    if OPEN not in state:
        # After a reload or a restart of the app: what the browser still holds is newer and wins.
        state[SKETCH] = _stored(library, comparison_id)
    elif state[OPEN] != comparison_id:
        fill(_stored(library, comparison_id))
    state[OPEN] = comparison_id


def fill(sketch: Sketch) -> None:
    """Put a sketch into the form; before its widgets are drawn, or in a callback."""
    state = st.session_state
    state[SKETCH] = sketch
    state["comparison_takes"] = sketch.takes
    state["comparison_name"] = sketch.name
    for variant in sketch.variants:
        for field, value in _values(variant).items():
            state[key(variant.letter, field)] = value


def initial(name: str, otherwise: Any = "") -> Any:
    """Return the default of a widget that is about to be drawn.

    Args:
        name: the key of the widget.
        otherwise: the default where the session has a value.
    """
    if name in st.session_state:
        return otherwise
    sketch = _sketch()
    known: dict[str, Any] = {"comparison_name": sketch.name, "comparison_takes": sketch.takes}
    for variant in sketch.variants:
        known |= {key(variant.letter, field): v for field, v in _values(variant).items()}
    return known[name]


def follow_a() -> None:
    """Put the new words of A into the variants that had its old ones; for callbacks."""
    before = _sketch()
    old, new = before.variants[0].prompt, str(st.session_state.get(key("A", "prompt")) or "")
    for one in before.variants[1:]:
        name = key(one.letter, "prompt")
        if str(st.session_state.get(name, one.prompt) or "") == old:
            st.session_state[name] = new


def texts() -> dict[str, str]:
    """Return every text field of the form and what the app has of it, by key."""
    state = st.session_state
    names = [key(one.letter, field) for one in _sketch().variants for field in TEXTS]
    return {
        name: str(state.get(name) or "") for name in (*names, "comparison_name") if name in state
    }


def take_back(lost: Mapping[str, tuple[str, str]]) -> None:
    """After a reload: texts that were typed and never arrived, unless the app has newer ones."""
    for name, (base, text) in lost.items():
        if texts().get(name) == base:
            st.session_state[name] = text


def replace_with(sketch: Sketch, what: str) -> None:
    """Replace the sketch in the form; an Undo brings it back."""
    st.session_state[REPLACED] = (st.session_state[OPEN], read(), what)
    fill(sketch)


def draw_undo() -> None:
    """Draw what was replaced last, and the button that brings it back."""
    of, before, what = st.session_state.get(REPLACED, (None, None, ""))
    if of is None or of != st.session_state.get(OPEN):
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="undo"):
        st.caption(what, width="content")
        st.button(
            "Undo",
            key="undo_replace",
            icon=":material/undo:",
            type="tertiary",
            on_click=replace_with,
            args=(before, "Undone."),
        )


def read() -> Sketch:
    """Return the form as filled in now."""
    state = st.session_state
    before = _sketch()
    sketch = replace(
        before,
        variants=tuple(_typed(variant) for variant in before.variants),
        takes=min(max(int(state.get("comparison_takes") or before.takes), 1), MAX_TAKES),
        name=str(state.get("comparison_name", before.name) or ""),
    )
    state[SKETCH] = sketch
    return sketch


def keep(services: Services, comparison_id: str, sketch: Sketch) -> None:
    """Store what was typed, so that a reload or a crash loses nothing.

    Args:
        services: the services.
        comparison_id: under which id.
        sketch: the form.
    """
    if sketch.blank or st.session_state.get(KEPT) == (comparison_id, sketch):
        return
    try:
        store(services.library, comparison_id, sketch)
    except LibraryError as error:
        show_error(error)
        return
    st.session_state[KEPT] = (comparison_id, sketch)
    address.written(comparison_id)


def store(library: Library, comparison_id: str, sketch: Sketch) -> None:
    """Store a form: the comparison as far as it is valid, and all that was typed.

    Args:
        library: where it is kept.
        comparison_id: under which id.
        sketch: the form.

    Raises:
        LibraryError: it was ordered in the meantime, perhaps in another tab.
    """
    new = sketch.new(comparison_id)
    # A name that is too long stays whole in the form, and an order refuses it.
    short = replace(new, name=new.name[: LONGEST["name of a comparison"]])
    library.listening.save_comparison(short)
    library.tracks.save_draft(comparison_id, sketch.fields())


def kept_generations(library: Library, sketch: Sketch) -> dict[str, Generation]:
    """Return the generations that a form may take over, by id."""
    return library.tracks.generations(sketch.kept.values())


def _sketch() -> Sketch:
    sketch = st.session_state.get(SKETCH)
    return sketch if isinstance(sketch, Sketch) else _new()


def _new() -> Sketch:
    return Sketch(takes=DEFAULT_TAKES).with_a_second()


def _stored(library: Library, comparison_id: str) -> Sketch:
    if (fields := library.tracks.draft(comparison_id)) is not None:
        try:
            return Sketch.of_fields(fields)
        except (KeyError, TypeError, ValueError):
            pass  # of another version: the comparison itself has the most of it
    comparison = address.stored(library, comparison_id)
    if comparison is None:
        return _new()
    return Sketch.of_comparison(comparison)


def _values(variant: Variant) -> dict[str, object]:
    return {
        "model": variant.model_id,
        "prompt": variant.prompt,
        "negative": variant.negative_prompt or "",
        "seed": variant.seed,
        "images": "\n".join(variant.images),
    }


def _typed(variant: Variant) -> Variant:
    state = st.session_state
    before = _values(variant)
    now = {field: state.get(key(variant.letter, field), before[field]) for field in FIELDS}
    model, seed = str(now["model"]), now["seed"]
    return replace(
        variant,
        model_id=model if model in MODELS else variant.model_id,
        prompt=str(now["prompt"] or ""),
        negative_prompt=str(now["negative"] or "") or None,
        seed=seed if isinstance(seed, int) else None,
        images=tuple(str(now["images"] or "").split()),
    )
