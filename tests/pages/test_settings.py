"""The Settings screen, driven without a browser."""

from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.runtime.caching import clear_session_resource_cache
from streamlit.testing.v1 import AppTest
from support.app_words import words

from lyria_sandbox import CARDS
from lyria_studio.services import Services

KEY = "a-key-that-nobody-may-see"
SESSION = "test session id"  # of every AppTest


@pytest.fixture
def settings(app: AppTest) -> AppTest:
    """The Settings screen as it opens."""
    return app.switch_page("settings.py").run()


def submit(app: AppTest, label: str) -> None:
    """Click the button of a form."""
    [button] = [button for button in app.button if button.label == label]
    button.click().run()


def test_it_says_which_gateway_and_where_the_files_are(
    settings: AppTest, services: Services
) -> None:
    assert "the sandbox on this machine" in words(settings)
    assert str(services.settings.home) in words(settings)


def test_a_typed_key_is_used_in_this_session_and_kept_nowhere(
    settings: AppTest, services: Services
) -> None:
    settings.text_input(key="key_field").set_value(f" {KEY}\n")
    submit(settings, "Use this key")
    assert "with the key typed in here" in words(settings)
    assert "costs real money" in words(settings)
    assert settings.text_input(key="key_field").value == ""
    assert KEY not in words(settings)
    for path in Path(services.settings.home).rglob("*"):
        if path.is_file():
            assert KEY.encode() not in path.read_bytes(), path
    another = AppTest.from_file(str(settings._script_path), default_timeout=20).run()
    assert "not Lyria" in words(another), "another visitor does not get the key"
    submit(settings, "Forget the typed key")
    assert "not Lyria" in words(settings)


def test_typed_key_is_forgotten_when_the_browser_session_ends(
    settings: AppTest, services: Services
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
    assert "with no key of yours" in words(settings)
    assert settings.toast


def test_a_budget_is_kept(settings: AppTest, services: Services) -> None:
    settings.text_input(key="daily_budget_usd").set_value("$2.50")
    submit(settings, "Save budget")
    assert services.library.ledger.preferences().daily_budget_usd == Decimal("2.50")
    settings.text_input(key="daily_budget_usd").set_value("lots")
    submit(settings, "Save budget")
    assert any("Nothing was saved" in toast.value for toast in settings.toast)
    assert services.library.ledger.preferences().daily_budget_usd == Decimal("2.50")
    settings.text_input(key="daily_budget_usd").set_value("")
    submit(settings, "Save budget")
    assert services.library.ledger.preferences().daily_budget_usd is None


def test_the_test_cards_of_the_sandbox_are_listed(settings: AppTest) -> None:
    table = settings.table[0].value
    assert list(table.index) == [f"`{card.value}`" for card in CARDS]


def test_callbacks_need_a_public_https_address(settings: AppTest, services: Services) -> None:
    settings.text_input(key="public_url").set_value("http://music.example")
    submit(settings, "Save address")
    assert any("https" in toast.value for toast in settings.toast)
    assert services.library.ledger.preferences().public_url is None
    settings.text_input(key="public_url").set_value("https://music.example/")
    submit(settings, "Save address")
    assert services.library.ledger.preferences().public_url == "https://music.example"
