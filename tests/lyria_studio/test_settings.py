from decimal import Decimal
from pathlib import Path

import pytest

from lyria_studio.hosts import Authority
from lyria_studio.settings import (
    InvalidPublicUrl,
    Settings,
    SettingsError,
    load_settings,
    public_https_url,
)

KEY = "0123456789abcdef0123456789abcdef"


def test_without_any_setting_there_is_a_home_and_no_key() -> None:
    settings = load_settings({}, {})
    assert settings.home.is_absolute()
    assert settings.home.name == "lyria-studio"
    assert settings == Settings(home=settings.home)


def test_every_setting_is_read(tmp_path: Path) -> None:
    settings = load_settings(
        {
            "PIXAZO_API_KEY": KEY,
            "LYRIA_BASE_URL": "https://gateway.example/prefix/",
            "LYRIA_HOME": str(tmp_path),
            "LYRIA_SANDBOX_PACE": "instant",
            "LYRIA_PUBLIC_URL": "https://studio.example/",
            "LYRIA_BUDGET_DAY": "5.00",
            "LYRIA_BUDGET_TOTAL": "$100",
            "LYRIA_DATABASE_URL": "postgresql+psycopg://db/lyria",
        },
        {},
    )
    assert settings == Settings(
        home=tmp_path,
        api_key=KEY,
        base_url="https://gateway.example/prefix",
        pace="instant",
        daily_budget_usd=Decimal("5.00"),
        total_budget_usd=Decimal(100),
        public_url="https://studio.example",
        database_url="postgresql+psycopg://db/lyria",
    )


def test_the_environment_wins_over_the_secrets_even_when_it_is_empty() -> None:
    secrets = {"PIXAZO_API_KEY": "from-the-secrets", "LYRIA_BUDGET_DAY": 2.5}
    assert load_settings({}, secrets).api_key == "from-the-secrets"
    assert load_settings({}, secrets).daily_budget_usd == Decimal("2.5")
    assert load_settings({"PIXAZO_API_KEY": KEY}, secrets).api_key == KEY
    assert load_settings({}, secrets).api_key_source == "secrets"
    assert load_settings({"PIXAZO_API_KEY": KEY}, secrets).api_key_source == "environment"
    for nothing in ("", " "):
        assert load_settings({"PIXAZO_API_KEY": nothing}, secrets).api_key is None


@pytest.mark.parametrize("around", ["\n", "  ", "\r\n", "\t"])
def test_what_copying_adds_to_a_key_is_dropped(around: str) -> None:
    assert load_settings({"PIXAZO_API_KEY": f"{around}{KEY}{around}"}, {}).api_key == KEY


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PIXAZO_API_KEY", "two words-of-a-key"),
        ("PIXAZO_API_KEY", "line\nbreak-in-a-key"),
        ("PIXAZO_API_KEY", "schlüssel-of-a-key"),
        ("LYRIA_BASE_URL", "gateway.example"),
        ("LYRIA_BASE_URL", "ftp://gateway.example"),
        ("LYRIA_BASE_URL", "https://"),
        ("LYRIA_BASE_URL", "https://gateway.example:port"),
        ("LYRIA_BASE_URL", "https://user:secret@gateway.example"),
        ("LYRIA_BASE_URL", "https://gateway.example/?key=1"),
        ("LYRIA_BASE_URL", "https://[::1"),
        ("LYRIA_SANDBOX_PACE", "quick"),
        ("LYRIA_PUBLIC_SCREENS", "maybe"),
        ("LYRIA_PUBLIC_URL", "http://studio.example"),
        ("LYRIA_PUBLIC_URL", "studio.example"),
        ("LYRIA_BUDGET_DAY", "five"),
        ("LYRIA_BUDGET_DAY", "-1"),
        ("LYRIA_BUDGET_TOTAL", "1e9"),
    ],
)
def test_a_wrong_value_is_named_in_one_sentence(variable: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({variable: value}, {})
    assert caught.value.variable == variable
    message = str(caught.value)
    assert message.startswith(f"{variable} ")
    assert message.endswith(".")
    assert "\n" not in message
    assert "-a-key" not in message
    assert "secret" not in message


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="LYRIA_HOME must be a folder"):
        load_settings({"LYRIA_HOME": str(tmp_path / "file")}, {})


def test_a_home_may_begin_with_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert load_settings({"LYRIA_HOME": "~/music"}, {}).home == tmp_path / "music"


def test_no_key_and_no_password_is_shown() -> None:
    settings = load_settings(
        {"PIXAZO_API_KEY": KEY, "LYRIA_DATABASE_URL": "postgresql://user:pass@db/lyria"}, {}
    )
    assert KEY not in repr(settings)
    assert "pass" not in repr(settings)


def test_a_public_url_is_https_and_has_a_host() -> None:
    assert public_https_url(" https://studio.example/app/ ") == "https://studio.example/app"
    for wrong in ("", "http://studio.example", "https:///path", "https://a b", "https://x#y"):
        with pytest.raises(InvalidPublicUrl, match="https"):
            public_https_url(wrong)


@pytest.mark.parametrize(("word", "open_"), [("1", True), ("Yes", True), ("0", False), ("", False)])
def test_the_screens_are_public_only_by_a_setting(word: str, open_: bool) -> None:
    assert load_settings({"LYRIA_PUBLIC_SCREENS": word}, {}).public_screens is open_


def test_owner_hosts_are_a_list() -> None:
    settings = load_settings({"LYRIA_OWNER_HOSTS": "localhost, 192.168.1.20:8501 [fd00::1]"}, {})
    assert settings.owner_hosts == (
        Authority("localhost"),
        Authority("192.168.1.20", 8501),
        Authority("fd00::1"),
    )


@pytest.mark.parametrize("text", ["https://studio.lan", "*", "*.lan", "studio.lan/", "a@b"])
def test_owner_host_that_is_no_host_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="LYRIA_OWNER_HOSTS must be names of hosts"):
        load_settings({"LYRIA_OWNER_HOSTS": text}, {})
