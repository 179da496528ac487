"""The player in step as Python gives it to the browser, and what it takes back."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest
from support.library_rows import in_state

from lyria_studio.model.generation import Track
from lyria_studio.model.states import State
from lyria_studio.services import Services
from lyria_studio.ui.instep import MAX_OFFSET_S, Side, reported_offsets


def screen() -> None:
    """The newest two tracks in step, the older one as A."""
    import streamlit as st

    from lyria_studio.services import get_services
    from lyria_studio.ui import instep

    services = get_services()
    newest, older = services.library.tracks.latest(2)
    instep.draw(
        services,
        [
            instep.Side("A", older.prompt, older.tracks[0], offset_s=0.25),
            instep.Side("B", newest.prompt, newest.tracks[0], gain_db=st.session_state.get("b")),
        ],
        key="pair",
    )


def test_player_gets_title_letter_offset_and_gain_of_each_side(services: Services) -> None:
    for prompt in ("<b>Calm</b> folk", "Loud folk"):
        in_state(services.library, State.READY, prompt=prompt)
    app = AppTest.from_function(screen).run()
    assert not app.exception
    first, second = given_sides(app)
    newest, older = services.library.tracks.latest(2)
    assert first["title"] == "<b>Calm</b> folk"
    assert (first["letter"], first["offset_s"], second["offset_s"]) == ("A", 0.25, 0)
    assert (first["track_id"], second["track_id"]) == (older.tracks[0].id, newest.tracks[0].id)
    assert first["url"].startswith("/audio/")
    assert first["gain_db"] == second["gain_db"] == 0
    assert len(first["peaks"]) == 250
    app.session_state["b"] = -3.5
    assert [side["gain_db"] for side in given_sides(app.run())] == [0, -3.5]


def given_sides(app: AppTest) -> list[dict[str, Any]]:
    [element] = app.main.get("bidi_component")
    sides: list[dict[str, Any]] = json.loads(element.proto.json)["sides"]
    return sides


def test_sides_have_letters_of_their_own(services: Services, tmp_path: Path) -> None:
    from lyria_studio.ui import instep

    in_state(services.library, State.READY, prompt="Calm folk")
    track: Track = services.library.tracks.latest(1)[0].tracks[0]
    for sides in ([], [Side("A", "a", track)] * 2, [Side(x, "x", track) for x in "ABCDEFG"]):
        with pytest.raises(ValueError, match="different letters"):
            instep.draw(services, sides, key="wrong")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=6,
)


@given(anything | st.dictionaries(st.sampled_from("ABCX"), anything))
def test_offsets_of_unknown_sides_are_ignored(report: object) -> None:
    taken = reported_offsets(report, ["A", "B"])
    assert taken.keys() <= {"A", "B"}
    for letter, seconds in taken.items():
        assert isinstance(seconds, float)
        assert -MAX_OFFSET_S <= seconds <= MAX_OFFSET_S
        assert isinstance(report, dict)
        assert report[letter] == seconds


def test_browser_offset_is_stored() -> None:
    assert reported_offsets({"A": 0.12, "B": -1, "Z": 3}, "AB") == {"A": 0.12, "B": -1.0}
    assert reported_offsets({"A": 30.01, "B": True}, "AB") == {}
    assert reported_offsets({"A": float("nan")}, "AB") == {}
