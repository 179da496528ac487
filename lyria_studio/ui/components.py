"""The browser side of our own elements, registered once for the whole process."""

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

ELEMENTS = Path(__file__).with_name("elements")


def _read(name: str, suffix: str) -> str | None:
    path = ELEMENTS / f"{name}.{suffix}"
    return path.read_text(encoding="utf-8") if path.exists() else None


def _component(name: str) -> "ComponentRenderer":
    return st.components.v2.component(
        f"lyria_{name}", html=_read(name, "html"), css=_read(name, "css"), js=_read(name, "js")
    )


PLAYER = _component("player")
PROGRESS = _component("progress")
WATCH = _component("watch")
MINI = _component("mini")
TYPING = _component("typing")
PRESS = _component("press")
INSTEP = _component("instep")
CHART = _component("chart")
