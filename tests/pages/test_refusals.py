"""Every refusal of the gateway reaches the screen as a sentence with its cost, and stays."""

import time
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest
from support.app_words import words

from lyria_core import Charge
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State
from lyria_studio.outlook import outlook
from lyria_studio.services import Services
from lyria_studio.wording import LABELS

Settled = Callable[[], list[Generation]]


@pytest.mark.parametrize(
    ("key", "prompt", "state", "charge", "says"),
    [
        pytest.param(
            "sandbox-empty", "Waltz", State.REFUSED, Charge.NO, "credit", id="402 no balance"
        ),
        pytest.param(
            "sandbox-forbidden", "Waltz", State.REFUSED, Charge.NO, "key", id="403 forbidden"
        ),
        pytest.param(
            "sandbox-demo", "[[500]] Waltz", State.UNKNOWN, Charge.MAYBE, "may have been", id="500"
        ),
        pytest.param(
            "sandbox-demo", "[[fail]] Waltz", State.FAILED, Charge.MAYBE, "may have", id="FAILED"
        ),
        pytest.param(
            "sandbox-demo",
            "[[error]] Waltz",
            State.ERROR,
            Charge.NO,
            "nothing was charged",
            id="ERROR",
        ),
        pytest.param(
            "sandbox-demo",
            "[[drop]] Waltz",
            State.UNKNOWN,
            Charge.MAYBE,
            "may have been",
            id="dropped",
        ),
    ],
)
def test_failure_names_cause_and_cost(
    app: AppTest,
    settled: Settled,
    key: str,
    prompt: str,
    state: State,
    charge: Charge,
    says: str,
) -> None:
    app.session_state["typed_key"] = key
    app.text_area(key="prompt").set_value(prompt).run()
    app.button(key="generate").click().run()
    [made] = settled()
    assert (made.state, made.charge) == (state, charge)
    for screen in ("create.py", "history.py"):
        app.switch_page(screen).run()
        assert not app.exception
        said = words(app)
        assert says in said
        assert outlook(made).sentence in said
        assert prompt in said
        assert key not in said
        assert LABELS[state].text in said


def test_a_key_that_the_live_gateway_does_not_know(app: AppTest, settled: Settled) -> None:
    """The sandbox answers any key that is not its own with 401, as the live gateway would."""
    app.session_state["typed_key"] = "not-a-sandbox-key"
    app.text_area(key="prompt").set_value("Waltz").run()
    assert "Orders cost real money." in words(app)
    app.button(key="generate").click().run()
    assert "The live gateway now, demo mode before. Make 1 track for $0.04?" in words(app)
    app.button(key="confirm_yes").click().run()
    [made] = settled()
    assert (made.gateway, made.state, made.charge) == ("live", State.REFUSED, Charge.NO)
    assert made.http_status == 401
    app.run()
    assert made.error
    assert made.error in words(app)
    assert "not-a-sandbox-key" not in words(app)


def test_rate_limited_generation_can_be_cancelled(
    app: AppTest, services: Services, settled: Settled
) -> None:
    app.session_state["typed_key"] = "sandbox-limited"
    app.text_area(key="prompt").set_value("Waltz").run()
    app.button(key="generate").click().run()
    deadline = time.monotonic() + 20
    [waiting] = services.library.tracks.latest(1)
    while waiting.state is not State.INTENDED or waiting.submits == 0:
        assert time.monotonic() < deadline, waiting
        time.sleep(0.02)
        [waiting] = services.library.tracks.latest(1)
    app.run()
    assert "took nothing yet" in words(app)
    assert LABELS[State.INTENDED].text in words(app)
    app.button(key=f"cancel-create-{waiting.id}").click().run()
    [cancelled] = settled()
    assert (cancelled.state, cancelled.charge) == (State.CANCELLED, Charge.NO)
    assert "not charged" in words(app)


@pytest.mark.parametrize(("charged", "says"), [(True, "charged"), (False, "not charged")])
def test_a_failed_job_is_settled_by_what_the_account_shows(
    app: AppTest, settled: Settled, charged: bool, says: str
) -> None:
    app.text_area(key="prompt").set_value("[[fail]] Waltz").run()
    app.button(key="generate").click().run()
    [failed] = settled()
    app.run()
    assert "may have been charged" in words(app)
    button = f"{'charged' if charged else 'free'}-create-{failed.id}"
    app.button(key=button).click().run()
    [told] = settled()
    assert (told.state, told.charge) == (State.FAILED, Charge.YES if charged else Charge.NO)
    assert f" · {says} · " in words(app) or f"(demo) {says}" in words(app)
    assert button not in [shown.key for shown in app.button], "it is settled once"
