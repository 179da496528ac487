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


def _component(name: str, module: str | None = None) -> "ComponentRenderer":
    """Register an element.

    Args:
        name: of its files among the elements.
        module: the module of /assets that draws it; None: its own script does.
    """
    if module is None:
        script = _read(name, "js")
    else:
        script = (_read("lazy", "js") or "").replace("MODULE", module)
    return st.components.v2.component(
        f"lyria_{name}", html=_read(name, "html"), css=_read(name, "css"), js=script
    )


TRACK = _component("track", "track_button.js")
PROGRESS = _component("progress")
WATCH = _component("watch")
RECONNECT = _component("reconnect")
BAR = _component("bar", "player_bar.js")
ADDRESS = _component("address")
TAB = _component("tab")
PRESS = _component("press")
LIVE_DIFF = _component("live_diff")
INSTEP = _component("instep", "instep/view.js")
CHART = _component("chart")
VERDICT = _component("verdict")
EXCERPT = _component("excerpt")
