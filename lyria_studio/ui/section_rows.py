"""The section builder: rows with times, what happens and lyrics, drawn to scale beneath."""

import html
import re
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from lyria_studio.model.generation import new_intent_id
from lyria_studio.prompts import Section, check_sections, longest_s, timeline
from lyria_studio.prompts import vocabulary as text_diff
from lyria_studio.prompts.grammar import clock
from lyria_studio.ui import session, undo
from lyria_studio.wording import verbatim

ROWS = session.ROWS
FIELDS = ("name", "start", "end", "what", "lyrics")


def draw(model_id: str, carry: Callable[[], None]) -> None:
    """Draw the rows, the timeline and what is wrong with them."""
    rows = _rows()
    for index, row in enumerate(rows):
        _row(row, index, len(rows), carry)
    st.button(
        "Add a section" if rows else "Add sections",
        icon=":material/add:",
        type="tertiary",
        key="section_add",
        on_click=_add,
        args=(carry,),
    )
    if rows:
        _draw_timeline(sections(), model_id)
        for problem in check_sections(sections(), model_id):
            st.text(problem.message)


def sections() -> tuple[Section, ...]:
    """Return the rows as filled in now; an invalid time counts as empty."""
    return tuple(
        Section(
            name=_value(row, "name"),
            start_s=_seconds(_value(row, "start")),
            end_s=_seconds(_value(row, "end")),
            what=_value(row, "what"),
            lyrics=_value(row, "lyrics"),
        )
        for row in _rows()
    )


def fill(found: Sequence[Section]) -> None:
    """Put sections into the rows, in place of what stands there; call before they are drawn."""
    st.session_state[ROWS] = []
    for section in found:
        row = new_intent_id()
        st.session_state[ROWS].append(row)
        st.session_state[_key(row, "name")] = section.name or None
        st.session_state[_key(row, "start")] = _clock(section.start_s)
        st.session_state[_key(row, "end")] = _clock(section.end_s)
        st.session_state[_key(row, "what")] = section.what
        st.session_state[_key(row, "lyrics")] = section.lyrics


def _rows() -> list[str]:
    rows: list[str] = st.session_state.setdefault(ROWS, list(session.initial(ROWS, [])))
    return rows


def _key(row: str, field: str) -> str:
    return f"section-{row}-{field}"


def _value(row: str, field: str) -> str:
    return str(session.value(_key(row, field)) or "")


def _row(row: str, index: int, count: int, carry: Callable[[], None]) -> None:
    with st.container(border=True, key=f"row-{row}", gap="small"):
        with st.container(
            horizontal=True, vertical_alignment="bottom", gap="small", key=f"head-{row}"
        ):
            name = session.value(_key(row, "name"))
            names = list(text_diff.SECTION_NAMES)
            names = names if name is None or name in names else [*names, name]
            first = session.initial(_key(row, "name"), None)
            st.selectbox(
                "Section",
                names,
                index=names.index(first) if first in names else None,
                accept_new_options=True,
                placeholder="Verse",
                **_widget(row, "name", carry),
            )
            st.text_input("From", placeholder="0:00", width=80, **_text(row, "start", carry))
            st.text_input("To", placeholder="0:30", width=80, **_text(row, "end", carry))
            _moves(row, index, count, carry)
        st.text_input("What happens", placeholder="quiet, piano alone", **_text(row, "what", carry))
        st.text_area("Lyrics", height=70, **_text(row, "lyrics", carry))
        for field in ("start", "end"):
            text = _value(row, field)
            if text.strip() and _seconds(text) is None:
                st.text(f"“{text.strip()}” is not a time like 0:30. Auto is used.")


def _widget(row: str, field: str, carry: Callable[[], None]) -> dict[str, Any]:
    return {"key": _key(row, field), "persist_state": "session", "on_change": carry}


def _text(row: str, field: str, carry: Callable[[], None]) -> dict[str, Any]:
    return {"value": session.initial(_key(row, field), ""), **_widget(row, field, carry)}


def _moves(row: str, index: int, count: int, carry: Callable[[], None]) -> None:
    # The names are for those who cannot see the icons; the style sheet hides them from the others.
    name = verbatim(_value(row, "name") or f"section {index + 1}")
    with st.container(horizontal=True, gap=None, width="content", key=f"moves-{row}"):
        for label, icon, by, possible in (
            ("Move up", ":material/arrow_upward:", -1, index > 0),
            ("Move down", ":material/arrow_downward:", 1, index + 1 < count),
        ):
            verb, where = label.split()
            st.button(
                f"{verb} {name} {where}",
                icon=icon,
                key=f"{label}-{row}",
                type="tertiary",
                disabled=not possible,
                on_click=_move,
                args=(row, by, carry),
            )
        st.button(
            f"Remove {name}",
            icon=":material/delete:",
            key=f"remove-{row}",
            type="tertiary",
            on_click=_remove,
            args=(row, carry),
        )


def _add(carry: Callable[[], None]) -> None:
    rows = _rows()
    row = new_intent_id()
    st.session_state[_key(row, "name")] = text_diff.SECTION_NAMES[min(len(rows), 2)]
    if rows and _value(rows[-1], "end"):
        st.session_state[_key(row, "start")] = _value(rows[-1], "end")
    st.session_state[ROWS] = [*rows, row]
    carry()


def _move(row: str, by: int, carry: Callable[[], None]) -> None:
    rows = [one for one in _rows() if one != row]
    rows.insert(_rows().index(row) + by, row)
    st.session_state[ROWS] = rows
    carry()


def _remove(row: str, carry: Callable[[], None]) -> None:
    before = session.snapshot()
    st.session_state[ROWS] = [one for one in _rows() if one != row]
    carry()
    undo.remember("A section was removed.", before, session.snapshot())


def _draw_timeline(rows: Sequence[Section], model_id: str) -> None:
    total = max([longest_s(model_id), *(row.end_s or 0 for row in rows)])
    blocks = timeline(rows, total)
    shown = "".join(
        f'<span class="{"guessed" if block.guessed else "said"}" '
        f'style="left:{block.left:.4%};width:{block.width:.4%}">{html.escape(block.name)}</span>'
        for block in blocks
    )
    spoken = [f"{b.name} {clock(b.start_s)} to {clock(b.end_s)}" for b in blocks]
    for start_s, end_s in overlaps(rows):
        shown += (
            f'<span class="twice" style="left:{start_s / total:.4%};'
            f'width:{(end_s - start_s) / total:.4%}"></span>'
        )
        spoken.append(f"overlap {clock(start_s)} to {clock(end_s)}")
    st.html(
        '<div class="lyria-timeline" role="img" '
        f'aria-label="{html.escape(", ".join(spoken), quote=True)}">{shown}</div>'
    )
    st.caption(f"0:00–{clock(total)}. Dashed: Auto.")


def overlaps(rows: Sequence[Section]) -> list[tuple[float, float]]:
    """Return the stretches of time, in seconds, that two sections or more claim, in order."""
    stretches = [
        (row.start_s, row.end_s)
        for row in rows
        if row.start_s is not None and row.end_s is not None
    ]
    found: list[tuple[float, float]] = []
    reached = 0.0
    for start_s, end_s in sorted(stretches):
        shared = min(reached, end_s)
        if shared > start_s:
            if found and start_s <= found[-1][1]:
                found[-1] = (found[-1][0], max(found[-1][1], shared))
            else:
                found.append((start_s, shared))
        reached = max(reached, end_s)
    return found


def _seconds(text: str) -> float | None:
    """`1:05`, `0:05.5` or `65` as seconds; None where it is no time."""
    found = re.fullmatch(r"(?:(\d{1,3}):)?(\d{1,4}(?:\.\d{1,2})?)", text.strip(), re.ASCII)
    return None if found is None else 60 * int(found[1] or 0) + float(found[2])


def _clock(seconds: float | None) -> str:
    return "" if seconds is None else clock(seconds)
