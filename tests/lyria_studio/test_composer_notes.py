"""What the composer says it understood, as sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_sandbox.composer import Order, render
from lyria_studio.composer_notes import sentences

pytestmark = pytest.mark.slow

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
NAMES = ["tempo_bpm", "key", "mode", "genre", "moods", "instruments", "notes", "not_understood"]


def test_the_composers_own_words_are_understood() -> None:
    made = render(
        Order(
            "lyria-3", "Lo-fi hip hop, 80 BPM, D minor, Rhodes, vuvuzela, no drums. [0:00 - 0:08] A"
        )
    )
    said = sentences(made.understood)
    assert said[0].startswith("Understood: lo-fi hip hop, 80 BPM, D minor")
    assert any("electric piano" in line for line in said)
    assert any(line.startswith("Not understood:") and "vuvuzela" in line for line in said)


@given(st.dictionaries(st.sampled_from(NAMES), JSON))
def test_whatever_came_is_said_or_left_out(understood: dict[str, object]) -> None:
    assert all(isinstance(line, str) for line in sentences(understood))
