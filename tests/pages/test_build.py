"""The Build form and the section builder, driven without a browser."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest
from support.app_words import words

from lyria_studio.prompts import Section
from lyria_studio.ui.section_rows import overlaps

WRITTEN = """Genre: indie pop
Mood: nostalgic, uplifting
Tempo: 110 BPM
A line by hand.

[0:00 - 0:10] Intro: quiet piano

[0:10 - 0:25] Verse: drums enter
Walking through the neon glow"""


@pytest.fixture
def build(app: AppTest) -> AppTest:
    """The Build form over a written prompt."""
    app.text_area(key="prompt").set_value(WRITTEN).run()
    app.segmented_control(key="mode").set_value("Build").run()
    return app


def rows(app: AppTest) -> list[str]:
    """The ids of the section rows."""
    return list(app.session_state["section_rows"])


def prompt(app: AppTest) -> str:
    """The prompt as it would be sent."""
    return str(app.text_area(key="prompt").value)


def test_build_shows_the_described_prompt_in_its_fields(build: AppTest) -> None:
    assert build.selectbox(key="b_genre").value == "indie pop"
    assert build.multiselect(key="b_moods").value == ["nostalgic", "uplifting"]
    assert build.selectbox(key="b_tempo").value == "110 BPM"
    assert build.text_area(key="b_extra").value == "A line by hand."
    first, second = rows(build)
    assert build.selectbox(key=f"section-{first}-name").value == "Intro"
    assert build.text_input(key=f"section-{second}-start").value == "0:10"
    assert prompt(build) == WRITTEN, "opening the form changes nothing"


def test_changing_a_field_changes_only_that_part_of_the_prompt(build: AppTest) -> None:
    build.multiselect(key="b_moods").set_value(["calm"]).run()
    assert "Mood: calm" in prompt(build)
    assert "A line by hand." in prompt(build)
    assert "Walking through the neon glow" in prompt(build)
    build.segmented_control(key="mode").set_value("Describe").run()
    assert "Mood: calm" in prompt(build)


def test_editing_the_prompt_fills_the_fields(build: AppTest) -> None:
    build.text_area(key="prompt").set_value(WRITTEN.replace("110", "96")).run()
    assert build.selectbox(key="b_tempo").value == "96 BPM"


def test_late_prompt_from_a_slow_network_is_ignored(build: AppTest) -> None:
    """The next field is sent before the changed prompt has arrived in the browser."""
    row = rows(build)[1]
    build.text_input(key=f"section-{row}-start").set_value("0:12").run()
    assert "[0:12 - 0:25] Verse" in prompt(build)
    build.text_area(key="prompt").set_value(WRITTEN)
    build.text_input(key=f"section-{row}-end").set_value("0:28").run()
    assert "[0:12 - 0:28] Verse" in prompt(build)
    assert build.text_input(key=f"section-{row}-start").value == "0:12"


def test_sections_are_added_moved_and_removed(build: AppTest) -> None:
    build.button(key="section_add").click().run()
    first, second, third = rows(build)
    assert build.text_input(key=f"section-{third}-start").value == "0:25"
    build.text_input(key=f"section-{third}-end").set_value("0:30").run()
    assert "[0:25 - 0:30]" in prompt(build)
    build.button(key=f"Move up-{third}").click().run()
    assert rows(build) == [first, third, second]
    build.button(key=f"remove-{first}").click().run()
    assert rows(build) == [third, second]
    assert "Intro" not in prompt(build)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("start", "0:05", "the rows above go to 0:10"),
        ("start", "0:15", "No section from 0:10 to 0:15"),
        ("end", "0:45", "makes about 0:30"),
        ("end", "soon", "is not a time"),
    ],
)
def test_section_times_that_do_not_fit_are_named_at_once(
    build: AppTest, field: str, value: str, says: str
) -> None:
    build.text_input(key=f"section-{rows(build)[1]}-{field}").set_value(value).run()
    assert says in words(build)


def test_sections_are_kept_while_lyria_2_is_chosen(build: AppTest) -> None:
    build.radio(key="model").set_value("lyria-2").run()
    assert "no voice, no sections" in words(build)
    assert "Kept here, but not part of the prompt: sections" in words(build)
    assert "[0:00 - 0:10]" not in prompt(build)
    build.radio(key="model").set_value("lyria-3").run()
    assert "[0:10 - 0:25] Verse: drums enter\nWalking through the neon glow" in prompt(build)


def test_overlap_is_named_once_and_drawn(build: AppTest) -> None:
    build.text_input(key=f"section-{rows(build)[1]}-start").set_value("0:05").run()
    assert words(build).count("the rows above go to 0:10") == 1
    shown = [html.proto.body for html in build.get("html")]
    [drawn] = [body for body in shown if 'class="lyria-timeline"' in body]
    assert 'class="twice"' in drawn
    assert "overlap 0:05 to 0:10" in drawn
    build.segmented_control(key="mode").set_value("Describe").run()
    assert words(build).count("the rows above go to 0:10") == 1, "there the coach says it"


@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(0, 20)).map(lambda t: (t[0], t[0] + t[1])),
        max_size=6,
    )
)
def test_marked_ranges_are_those_of_two_sections(
    spans: list[tuple[int, int]],
) -> None:
    marked = overlaps([Section(name="x", start_s=a, end_s=b) for a, b in spans])
    for second in range(62):
        middle = second + 0.5
        claims = sum(a < middle < b for a, b in spans)
        assert any(a < middle < b for a, b in marked) == (claims > 1), second
    assert all(before[1] < after[0] for before, after in pairwise(marked))


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=200))
def test_any_text_survives_opening_build(app: AppTest, text: str) -> None:
    app.session_state["mode"] = "Describe"
    app.text_area(key="prompt").set_value(text).run()
    app.segmented_control(key="mode").set_value("Build").run()
    assert not app.exception
    app.segmented_control(key="mode").set_value("Describe").run()
    assert not app.exception
    assert prompt(app) == text
