"""A refused prompt is softened by consent only, driven without a browser."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest
from support.app_words import words

from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State

Settled = Callable[[], list[Generation]]
PROMPT = "Calm piano, 70 BPM, in the style of Taylor Swift [[error]]"


def test_softening_shows_its_changes_and_needs_confirmation(app: AppTest, settled: Settled) -> None:
    app.text_area(key="prompt").set_value(PROMPT).run()
    app.button(key="generate").click().run()
    [made] = settled()
    assert made.state is State.ERROR
    app.run()
    offer = f"soften-create-{made.id}"
    app.button(key=offer).click().run()
    assert "Taylor Swift → " in words(app)
    shown = "".join(element.proto.body for element in app.get("html"))
    assert "<del>" in shown
    assert app.text_area(key="prompt").value == PROMPT, "nothing is changed unasked"
    app.run()  # news redraw the screen: what is being read stays
    use = f"use-softened-{made.id}"
    app.button(key=use).click().run()
    softened = str(app.text_area(key="prompt").value)
    assert "Taylor Swift" not in softened
    assert "Calm piano, 70 BPM" in softened
    assert use not in [button.key for button in app.button], "the dialog has closed"
    assert len(settled()) == 1, "nothing is ordered unasked"


def test_text_that_a_softened_prompt_replaced_comes_back_by_undo(
    app: AppTest, settled: Settled
) -> None:
    app.text_area(key="prompt").set_value(PROMPT).run()
    app.button(key="generate").click().run()
    [made] = settled()
    app.text_area(key="prompt").set_value("My next idea, not ordered yet").run()
    app.button(key=f"soften-create-{made.id}").click().run()
    app.button(key=f"use-softened-{made.id}").click().run()
    assert "Calm piano" in str(app.text_area(key="prompt").value)
    app.button(key="undo_replace").click().run()
    assert app.text_area(key="prompt").value == "My next idea, not ordered yet"
