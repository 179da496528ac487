"""The Settings screen, driven without a browser."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from streamlit.runtime.caching import clear_session_resource_cache
from streamlit.testing.v1 import AppTest
from support.app_words import words
from support.library_rows import Clock, in_state, takes
from support.stub_gateway import StubGateway, drop, refused_port, reply

from lyria_sandbox import CARDS
from lyria_studio.library import Library
from lyria_studio.model.states import State
from lyria_studio.services import Services, reset_services
from lyria_studio.ui import rights

SCRIPT = Path(__file__).resolve().parents[2] / "pages" / "studio.py"
KEY = "a-key-that-nobody-may-see"
SESSION = "test session id"  # of every AppTest


@pytest.fixture
def settings(app: AppTest) -> AppTest:
    """The Settings screen as it opens."""
    return app.switch_page("settings.py").run()


@pytest.fixture
def live(services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[StubGateway]:
    """The live gateway; it knows every key and no job."""
    with StubGateway() as stub:
        monkeypatch.setattr("lyria_studio.keys.LIVE_BASE_URL", stub.url)
        yield stub


def submit(app: AppTest, label: str) -> None:
    """Click the button of a form."""
    [button] = [button for button in app.button if button.label == label]
    button.click().run()


def test_it_says_which_gateway_and_where_the_files_are(
    settings: AppTest, services: Services
) -> None:
    assert "Demo mode. No API key." in words(settings)
    assert str(services.settings.home) in words(settings)


def test_a_typed_key_is_used_in_this_session_and_kept_nowhere(
    settings: AppTest, services: Services, live: StubGateway
) -> None:
    settings.text_input(key="key_field").set_value(f" {KEY}\n")
    submit(settings, "Use this key")
    assert "with the key you typed." in words(settings)
    assert "Orders cost real money." in words(settings)
    assert settings.text_input(key="key_field").value == ""
    assert KEY not in words(settings)
    for path in Path(services.settings.home).rglob("*"):
        if path.is_file():
            assert KEY.encode() not in path.read_bytes(), path
    another = AppTest.from_file(str(settings._script_path), default_timeout=20).run()
    assert "No API key" in words(another.switch_page("settings.py").run()), "not for others"
    submit(settings, "Forget the typed key")
    assert "No API key" in words(settings)


def test_typed_key_is_forgotten_when_the_browser_session_ends(
    settings: AppTest, services: Services, live: StubGateway
) -> None:
    clear_session_resource_cache(SESSION)  # what an earlier test left
    before = len(services.keyring)
    for key in ("first-key", KEY):
        settings.text_input(key="key_field").set_value(key)
        submit(settings, "Use this key")
        assert len(services.keyring) == before + 1, "the one before is forgotten"
    clear_session_resource_cache(SESSION)  # as Streamlit does at the end of a session
    assert len(services.keyring) == before
    settings.run()
    assert len(services.keyring) == before + 1, "a session that comes back brings its key"
    submit(settings, "Forget the typed key")
    assert len(services.keyring) == before


@pytest.mark.parametrize("key", ["two words", "schlüssel", "\x00"])
def test_invalid_key_is_refused(settings: AppTest, key: str) -> None:
    settings.text_input(key="key_field").set_value(key)
    submit(settings, "Use this key")
    assert "No API key" in words(settings)
    [error] = settings.error
    assert error.value.startswith("A key is one word")


def test_a_budget_is_kept(settings: AppTest, services: Services) -> None:
    settings.text_input(key="daily_budget_usd").set_value("$2.50")
    submit(settings, "Save budget")
    assert services.library.ledger.preferences().daily_budget_usd == Decimal("2.50")
    settings.text_input(key="daily_budget_usd").set_value("lots")
    submit(settings, "Save budget")
    [error] = settings.error
    assert error.value == (
        "Daily limit: This is not an amount in dollars. Nothing was saved. Write it like 5 or 0.20."
    )
    assert services.library.ledger.preferences().daily_budget_usd == Decimal("2.50")
    settings.text_input(key="daily_budget_usd").set_value("")
    submit(settings, "Save budget")
    assert services.library.ledger.preferences().daily_budget_usd is None


def test_the_test_cards_of_the_sandbox_are_listed(settings: AppTest) -> None:
    tables = [html.proto.body for html in settings.get("html")]
    [table] = [one for one in tables if "Test keys and marks" in one]
    named = re.findall(r'<th role="rowheader" scope="row">(.*?)</th>', table)
    assert [unescape(name) for name in named] == [card.value for card in CARDS]


def test_callbacks_need_a_public_https_address(settings: AppTest, services: Services) -> None:
    settings.text_input(key="public_url").set_value("http://music.example")
    submit(settings, "Save address")
    assert "must begin with https://" in settings.error[0].value
    assert services.library.ledger.preferences().public_url is None
    settings.text_input(key="public_url").set_value("https://music.example/")
    submit(settings, "Save address")
    assert services.library.ledger.preferences().public_url == "https://music.example"


@pytest.mark.parametrize(
    ("status", "said", "used"),
    [
        (401, "Key refused. It is not in use.", False),
        (403, "Key refused. It is not in use.", False),
        (404, "The gateway did not refuse the key. Balance is not checked.", True),
        (500, "The gateway did not refuse the key. Balance is not checked.", True),
    ],
)
def test_typed_key_is_checked_before_it_is_in_use(
    settings: AppTest, live: StubGateway, status: int, said: str, used: bool
) -> None:
    live.script("GET ", reply(status, {"error": "As told", "message": "as told"}))
    settings.text_input(key="key_field").set_value(KEY)
    submit(settings, "Use this key")
    assert [info.value for info in settings.info] == [said]
    assert ("with the key you typed" in words(settings)) is used
    assert not live.posts


def test_unreachable_gateway_is_reported_for_a_typed_key(
    settings: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    with refused_port() as port:
        monkeypatch.setattr("lyria_studio.keys.LIVE_BASE_URL", f"http://127.0.0.1:{port}")
        settings.text_input(key="key_field").set_value(KEY)
        submit(settings, "Use this key")
    assert [info.value for info in settings.info] == ["Could not reach the gateway."]


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        (None, 401, "Key refused."),
        (KEY, 403, "Key refused."),
        (KEY, 404, "The gateway did not refuse the key. Balance is not checked."),
        (KEY, None, "Could not reach the gateway."),
    ],
)
def test_key_is_tested_by_a_free_look_and_nothing_changes(
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
    live: StubGateway,
    typed: str | None,
    status: int | None,
    said: str,
) -> None:
    live.script("GET ", drop() if status is None else reply(status, {"message": "as told"}))
    monkeypatch.setenv("PIXAZO_API_KEY", "the-key-in-use")
    reset_services()
    app = AppTest.from_file(str(SCRIPT), default_timeout=20).run().switch_page("settings.py").run()
    if typed is not None:
        app.text_input(key="key_field").set_value(typed)
    submit(app, "Test key")
    assert said in [info.value for info in app.info]
    [asked] = live.received
    assert asked.method == "GET"
    assert asked.headers["ocp-apim-subscription-key"] == (typed or "the-key-in-use")
    assert "with the key from the environment." in words(app), "it is still in use"


@pytest.mark.parametrize(
    ("public_url", "asked", "called_back", "told"),
    [
        ("https://me.example", True, False, True),
        ("https://me.example", True, True, False),
        ("https://me.example", False, False, False),
        (None, True, False, False),
    ],
)
def test_address_that_the_gateway_does_not_reach_is_told(
    services: Services,
    app: AppTest,
    public_url: str | None,
    asked: bool,
    called_back: bool,
    told: bool,
) -> None:
    services.library.ledger.set_preferences(public_url=public_url)
    clock = Clock(datetime.now(UTC) + timedelta(minutes=1))
    with Library(services.settings.home, clock=clock) as library:
        one = in_state(library, State.READY)
        with library._store.writing() as rows:
            arrived = clock.now if called_back else None
            done = {"webhook": asked, "called_back_at": arrived, "completed_at": clock.now}
            rows.change(one.id, {State.READY}, **done)
    later = clock.forward(minutes=2)
    services.library._store.clock = lambda: later
    said = words(app.switch_page("settings.py").run())
    assert ("The gateway could not reach this address." in said) is told


def test_address_that_was_changed_is_not_judged_by_the_one_before(
    services: Services, app: AppTest
) -> None:
    one = in_state(services.library, State.READY)
    long_ago = services.library.now() - timedelta(minutes=5)
    with services.library._store.writing() as rows:
        rows.change(one.id, {State.READY}, webhook=True, created_at=long_ago, completed_at=long_ago)
    services.library.ledger.set_preferences(public_url="https://new.example")
    assert "could not reach" not in words(app.switch_page("settings.py").run())


def test_no_variable_of_the_environment_is_named(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "PIXAZO_API_KEY": KEY,
        "LYRIA_BUDGET_DAY": "1",
        "LYRIA_BUDGET_TOTAL": "2",
        "LYRIA_PUBLIC_URL": "https://me.example",
    }.items():
        monkeypatch.setenv(name, value)
    reset_services()
    app = AppTest.from_file(str(SCRIPT), default_timeout=20).run()
    for page in ("settings.py", "pricing.py", "create.py"):
        said = words(app.switch_page(page).run())
        assert not re.search(r"LYRIA_|PIXAZO_|STREAMLIT_", said), page


def test_usage_rights_and_watermark_are_explained_with_links(settings: AppTest) -> None:
    said = words(settings)
    assert "Every Lyria track carries SynthID" in said
    for address in rights.LINKS.values():
        assert f"({address})" in said


def test_limits_of_the_environment_are_shown_with_their_source(
    services: Services, monkeypatch: pytest.MonkeyPatch, app: AppTest
) -> None:
    monkeypatch.setenv("LYRIA_BUDGET_DAY", "0,40")
    monkeypatch.setenv("LYRIA_BUDGET_TOTAL", "5")
    reset_services()
    said = words(app.switch_page("settings.py").run())
    for line in (
        r"Daily limit \$0.40, set where the app is started. The lower limit counts.",
        r"Total limit \$5.00, set where the app is started. The lower limit counts.",
    ):
        assert line in said


def test_amount_with_a_comma_is_understood(settings: AppTest, services: Services) -> None:
    settings.text_input(key="daily_budget_usd").set_value("0,20 $")
    submit(settings, "Save budget")
    assert services.library.ledger.preferences().daily_budget_usd == Decimal("0.20")


def test_day_of_the_budget_has_one_time_zone(settings: AppTest, services: Services) -> None:
    settings.selectbox(key="budget_zone").set_value("Asia/Kolkata").run()
    assert services.library.ledger.preferences().timezone == "Asia/Kolkata"
    budget = services.budget(services.access("a-live-key"))
    assert budget is not None
    assert budget.timezone == ZoneInfo("Asia/Kolkata")


def test_first_browser_names_the_time_zone_of_the_days(services: Services) -> None:
    for zone in ("America/Los_Angeles", "Asia/Kolkata"):
        app = AppTest.from_file(str(SCRIPT), default_timeout=20)
        app.context["timezone"] = zone
        assert not app.run().exception
    assert services.library.ledger.preferences().timezone == "America/Los_Angeles"


def test_a_second_key_on_one_library_is_pointed_out(
    settings: AppTest, services: Services, live: StubGateway
) -> None:
    shared = "Another API key is used with this library, too. You share history, spending and"
    services.library.jobs.order(takes(base_url=live.url, fingerprint="another"))
    settings.text_input(key="key_field").set_value(KEY)
    submit(settings, "Use this key")
    assert any(info.value.startswith(shared) for info in settings.info)


def test_key_of_another_open_browser_is_shown_before_an_order(
    settings: AppTest, services: Services, live: StubGateway
) -> None:
    services.use_key("somebody-elses-key")
    settings.text_input(key="key_field").set_value(KEY)
    submit(settings, "Use this key")
    assert any("You share history" in info.value for info in settings.info)
