"""The screen of `instep_app`: the newest tracks of the library in step, and what is reported."""

import streamlit as st

from lyria_studio.services import get_services
from lyria_studio.ui import frame, instep, player

st.set_page_config(page_title="In step", page_icon=frame.ICON, layout="wide")
services = get_services()
frame.draw(services)
st.title("In step")
offsets: dict[str, float] = st.session_state.setdefault("offsets", {})


def store(letter: str, seconds: float) -> None:
    """Keep an offset, as a comparison would."""
    offsets[letter] = seconds


ready = list(reversed(services.library.tracks.latest(20)))
count = int(st.query_params.get("sides", 2))
first = int(st.query_params.get("first", 0))
if st.button("Other takes"):
    st.session_state["other"] = count
first += st.session_state.get("other", 0)
chosen = ready[first : first + count]
if st.button("Draw again"):
    st.session_state["drawn"] = st.session_state.get("drawn", 0) + 1
# What stands above the player moves it to another place among the elements.
for number in range(st.session_state.get("drawn", 0)):
    st.text(f"Drawn again {number + 1}")
if not st.button("Take away"):
    instep.draw(
        services,
        [
            instep.Side(letter, one.prompt, one.tracks[0], offset_s=offsets.get(letter, 0.0))
            for letter, one in zip("ABCDEF", chosen, strict=False)
        ],
        key="test",
        on_offset=store,
    )
st.text(f"Stored: {offsets}")
if "card" in st.query_params:
    player.draw(services, ready[0], ready[0].tracks[0], "History")
