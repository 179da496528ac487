"""Who pays, prices that changed, and the day of a budget, on the screens."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from support.app_words import words
from support.library_rows import takes
from support.paying_gateway import PayingGateway
from support.stub_gateway import Action, StubGateway, reply

from lyria_core import read_models, use_models
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import State, StateGroup
from lyria_studio.services import Services, get_services, reset_services
from lyria_studio.ui import paying

SCRIPT = Path(__file__).resolve().parents[2] / "pages" / "studio.py"
LIVE, OTHER = "a-live-key", "another-live-key"


@pytest.fixture
def live(services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[PayingGateway]:
    """The live gateway with two wallets, for one browser session."""
    monkeypatch.setattr("lyria_studio.ui.session.session_id", lambda: "5" * 32)
    with StubGateway() as stub:
        for module in ("keys", "services"):
            monkeypatch.setattr(f"lyria_studio.{module}.LIVE_BASE_URL", stub.url)
        gateway = PayingGateway(stub, polls=1)
        gateway.wallets = {LIVE: Decimal(5), OTHER: Decimal(5)}
        yield gateway
    use_models(read_models())


def opened(typed: str | None = None, page: str | None = None) -> AppTest:
    """The screens as a reload opens them, with a typed key if there is one."""
    app = AppTest.from_file(str(SCRIPT), default_timeout=20)
    if typed is not None:
        app.session_state["typed_key"] = typed
    app.run()
    if page is not None:
        app.switch_page(page).run()
    assert not app.exception
    return app


def restart(monkeypatch: pytest.MonkeyPatch, key: str | None) -> None:
    """Start the app anew with another key in the environment."""
    if key is None:
        monkeypatch.delenv("PIXAZO_API_KEY", raising=False)
    else:
        monkeypatch.setenv("PIXAZO_API_KEY", key)
    reset_services()
    get_services().start()


def settled() -> list[Generation]:
    """Wait until the worker of the app that runs now has nothing more to do."""
    library = get_services().library
    deadline = time.monotonic() + 30
    while working := library.tracks.page(state=StateGroup.IN_PROGRESS).items:
        assert time.monotonic() < deadline, working
        time.sleep(0.02)
    return library.tracks.latest(100)


def order(app: AppTest, prompt: str) -> None:
    app.text_area(key="prompt").set_value(prompt).run()
    app.button(key="generate").click().run()


def asks(app: AppTest) -> bool:
    return any(button.key == "confirm_yes" for button in app.button)


TO_LIVE = "The live gateway now, demo mode before."
TO_DEMO = "Demo mode now, the live gateway before."


@pytest.mark.parametrize(
    ("set_before", "typed_before", "set_now", "typed_now", "said", "asked"),
    [
        (LIVE, None, LIVE, None, None, False),
        (None, None, None, None, None, False),
        # A reload drops the typed key.
        (None, LIVE, None, None, TO_DEMO, False),
        (LIVE, "sandbox-mine", LIVE, None, TO_LIVE, True),
        (LIVE, OTHER, LIVE, None, "Another API key pays now.", True),
        # The environment is another one after a restart.
        (None, None, LIVE, None, TO_LIVE, True),
        (LIVE, None, None, None, TO_DEMO, False),
        (LIVE, None, OTHER, None, "Another API key pays now.", True),
    ],
)
def test_a_change_of_payer_is_shown_and_confirmed_once(
    live: PayingGateway,
    monkeypatch: pytest.MonkeyPatch,
    set_before: str | None,
    typed_before: str | None,
    set_now: str | None,
    typed_now: str | None,
    said: str | None,
    asked: bool,
) -> None:
    restart(monkeypatch, set_before)
    order(opened(typed_before), "Before")
    assert len(get_services().library.tracks.latest()) == 1
    restart(monkeypatch, set_now)
    app = opened(typed_now)
    assert (said in words(app)) if said else ("before." not in words(app))
    order(app, "After")
    assert asks(app) is asked
    if asked:
        assert f"{said} Make 1 track for $0.04?" in words(app)
        app.button(key="confirm_yes").click().run()
    assert len(get_services().library.tracks.latest()) == 2
    order(app, "Once more")
    assert not asks(app), "once is enough"
    assert "before." not in words(app)


def test_changed_payer_can_be_acknowledged_and_is_still_asked_about(
    live: PayingGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened()
    restart(monkeypatch, LIVE)
    app = opened()
    assert f"{TO_LIVE} The next paid order asks first." in words(app)
    app.button(key="payer_ok").click().run()
    assert TO_LIVE not in words(app)
    assert TO_LIVE not in words(opened()), "the whole browser session has seen it"
    order(app, "Waltz")
    assert asks(app)


def test_typed_sandbox_key_that_a_reload_drops_is_not_paid_for_silently(
    live: PayingGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    restart(monkeypatch, LIVE)
    app = opened(page="settings.py")
    app.text_input(key="key_field").set_value("sandbox-mine")
    [use] = [button for button in app.button if button.label == "Use this key"]
    use.click().run()
    again = opened()
    assert TO_LIVE in words(again)
    order(again, "Waltz")
    assert asks(again)
    assert not live.ledger


def test_price_that_the_gateway_asks_is_shown_counted_and_updated(
    live: PayingGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    restart(monkeypatch, LIVE)
    live.prices["lyria-3"] = Decimal("0.10")
    live.wallets[LIVE] = Decimal("0.04")
    app = opened()
    order(app, "Waltz")
    settled()
    assert not live.ledger
    app = opened()
    sentence = r"The gateway asks \$0.10; this app counted \$0.04."
    assert app.button(key="generate").label == r"Make 1 track · \$0.10"
    assert sentence in words(app)

    live.wallets[LIVE] = Decimal("0.10")
    get_services().library.ledger.set_preferences(daily_budget_usd=Decimal("0.15"))
    order(app, "Paid at the new price")
    [paid, _] = settled()
    assert paid.price_usd == Decimal("0.10") == live.charged
    app.run()
    assert r"Today: \$0.10 of \$0.15 spent. \$0.05 left, \$0.05 too little." in words(app)

    models = get_services().settings.home / "models.toml"
    models.write_text("# ours\n[lyria-2]\nprice_usd = 0.07 # agreed\n")
    app.switch_page("pricing.py").run()
    assert sentence in words(app)
    app.button(key="accept-lyria-3").click().run()
    assert sentence not in words(app)
    assert re.fullmatch(
        r"# ours\n\[lyria-2\]\nprice_usd = 0.07 # agreed\n\n\[lyria-3\]\nprice_usd = 0.10\n"
        r"price_date = \d{4}-\d\d-\d\d\n",
        models.read_text(),
    )
    assert opened().button(key="generate").label == r"Make 1 track · \$0.10"


def test_price_of_the_catalogue_can_be_kept(
    live: PayingGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    restart(monkeypatch, LIVE)
    get_services().library.ledger.asked_prices.note("lyria-3", live.stub.url, Decimal("0.10"))
    app = opened(page="pricing.py")
    app.button(key="dismiss-lyria-3").click().run()
    assert "The gateway asks" not in words(app)
    assert not (get_services().settings.home / "models.toml").exists()
    assert opened().button(key="generate").label == r"Make 1 track · \$0.04"


@pytest.mark.parametrize(
    ("answer", "sentence", "toast"),
    [
        (None, "3 of 8 made. Not enough credit for 5.", "Not enough credit for 5 of 8"),
        (
            reply(403, {"message": "Your wallet is empty"}),
            "3 of 8 made. Not enough credit for 5.",
            "Not enough credit for 5 of 8",
        ),
        (
            reply(401, {"message": "Access denied"}),
            "3 of 8 made. API key refused for 5.",
            "API key refused for 5 of 8",
        ),
    ],
    ids=["402", "403 of a wallet", "401"],
)
def test_rest_of_a_refused_batch_is_shown_once_and_ordered_by_one_click(
    live: PayingGateway,
    monkeypatch: pytest.MonkeyPatch,
    answer: Action | None,
    sentence: str,
    toast: str,
) -> None:
    restart(monkeypatch, LIVE)
    live.wallets[LIVE] = Decimal("0.12")
    if answer is not None:
        live.refusal = answer
    app = opened()
    app.number_input(key="takes").set_value(8).run()
    order(app, "Eight takes")
    settled()
    app.run()
    assert [one.value for one in app.toast if "for 5 of 8" in one.value] == [toast]
    assert len(live.ledger) == 3
    assert len(live.stub.posts) == 4
    for page in ("create.py", "history.py"):
        app.switch_page(page).run()
        texts = [text.value for text in app.text]
        assert texts.count(sentence) == 1, page
        assert not [one for one in app.toast if "for 5" in one.value], "it was told"
    [more] = [button for button in app.button if button.label.startswith("Make the other")]
    assert more.label == r"Make the other 5 · \$0.20"

    live.wallets[LIVE], live.refusal = Decimal(1), None
    more.click().run()
    made = settled()
    assert len([one for one in made if one.state is State.READY]) == 8
    assert live.charged == Decimal("0.32")
    app.run()
    assert not [button for button in app.button if button.label.startswith("Make the other")]


def test_real_spending_is_shown_whatever_is_in_use(services: Services) -> None:
    services.library.jobs.order(takes(model="lyria-3-pro"))
    services.library.jobs.order(takes(3, gateway="sandbox", base_url="http://127.0.0.1:9/sandbox"))
    app = opened(page="pricing.py")
    assert app.segmented_control(key="spent_purse").value == "Real money"
    assert spent(app) == "$0.08"
    app.segmented_control(key="spent_purse").set_value("Demo").run()
    assert spent(app) == "$0.12 (demo)"


def spent(app: AppTest) -> str:
    """What the table of spending says in its last row."""
    [table] = [one.proto.body for one in app.get("html") if "Spending by model" in one.proto.body]
    bare = re.sub(r"<span.*?</span>", "", table)
    return str(re.findall(r"<td[^>]*>(.*?)</td>", bare.rpartition("<tr")[2])[1])


@pytest.mark.parametrize(
    ("zone", "now", "left_h"),
    [
        ("Asia/Kolkata", datetime(2026, 11, 27, 18, 0, tzinfo=UTC), 0.5),
        ("America/Los_Angeles", datetime(2026, 11, 27, 18, 0, tzinfo=UTC), 14),
        # The clock goes back on this day, which has 25 hours.
        ("America/Los_Angeles", datetime(2026, 11, 1, 7, 0, tzinfo=UTC), 25),
    ],
)
def test_open_page_knows_how_long_the_day_of_the_library_lasts(
    services: Services, monkeypatch: pytest.MonkeyPatch, zone: str, now: datetime, left_h: float
) -> None:
    services.library.ledger.set_preferences(timezone=zone)
    monkeypatch.setattr(services.library, "now", lambda: now)
    assert paying.until_midnight(services).total_seconds() == left_h * 3600
