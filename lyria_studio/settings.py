"""Settings from the environment and from Streamlit's secrets, checked once at start."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from platformdirs import user_data_dir

from lyria_core import Charge, LyriaError
from lyria_studio.hosts import Authority, parse_authority
from lyria_studio.limits import within_limit
from lyria_studio.money import InvalidAmount, parse_usd

__all__ = [
    "PACES",
    "InvalidKey",
    "InvalidPublicUrl",
    "Settings",
    "SettingsError",
    "clean_key",
    "load_settings",
    "public_https_url",
]

PACES = ("instant", "demo", "realistic")


class SettingsError(LyriaError, ValueError):
    """A setting has a wrong value; the message is one sentence that names the variable."""

    default_charge = Charge.NO
    default_advice = ""

    def __init__(self, variable: str, problem: str) -> None:
        super().__init__(f"{variable} {problem}.")
        self.variable = variable


class InvalidKey(LyriaError):  # noqa: N818 - says what it is
    """A text cannot be an API key; the message does not show it."""

    default_charge = Charge.NO
    default_advice = "Nothing changed. Copy it again from the gateway's account page."


class InvalidPublicUrl(LyriaError):  # noqa: N818 - says what it is
    """A text is not an address that the gateway can call back."""

    default_charge = Charge.NO
    default_advice = "Write it like https://music.example.com."


@dataclass(frozen=True, slots=True)
class Settings:
    """What the person who starts the app decides. Its repr shows no key.

    Attributes:
        home: where the library, the tracks and the secrets of this installation are.
        api_key: the gateway's subscription key; None uses the sandbox.
        api_key_source: where that key stands: "environment" or "secrets".
        base_url: another gateway than the live one, without a slash at its end.
        pace: how fast the sandbox works: "instant", "demo" or "realistic".
        daily_budget_usd: hard limit a day at the live gateway; None is no limit.
        total_budget_usd: hard limit in all at the live gateway; None is no limit.
        public_url: https URL under which the gateway and listeners reach this app; None: no
            webhooks.
        public_screens: whether the screens may be used by way of the public address, too.
        owner_hosts: further hosts by which the owner reaches the screens.
        database_url: another database than the SQLite file in `home`.
    """

    home: Path
    api_key: str | None = field(default=None, repr=False)
    api_key_source: str = "environment"
    base_url: str | None = None
    pace: str = "demo"
    daily_budget_usd: Decimal | None = None
    total_budget_usd: Decimal | None = None
    public_url: str | None = None
    public_screens: bool = False
    owner_hosts: tuple[Authority, ...] = ()
    database_url: str | None = field(default=None, repr=False)


def load_settings(env: Mapping[str, str], secrets: Mapping[str, Any]) -> Settings:
    """Return the settings. The environment wins over the secrets, also with an empty value.

    So `PIXAZO_API_KEY= streamlit run app.py` uses the sandbox, whatever the secrets say.

    Args:
        env: usually `os.environ`.
        secrets: usually `st.secrets`, or an empty mapping.

    Raises:
        SettingsError: a value is wrong; it names the variable and what is expected, and never
            shows the value of a key.
    """

    def get(name: str) -> str | None:
        value = env[name] if name in env else secrets.get(name)
        return (str(value).strip() or None) if value is not None else None

    home, api_key = get("LYRIA_HOME"), _key(get("PIXAZO_API_KEY"))
    pace = get("LYRIA_SANDBOX_PACE") or "demo"
    if pace not in PACES:
        raise SettingsError("LYRIA_SANDBOX_PACE", f"must be one of {', '.join(PACES)}")
    return Settings(
        home=_home(home),
        api_key=api_key,
        api_key_source="secrets" if api_key and "PIXAZO_API_KEY" not in env else "environment",
        base_url=_base_url(get("LYRIA_BASE_URL")),
        pace=pace,
        daily_budget_usd=_dollars("LYRIA_BUDGET_DAY", get("LYRIA_BUDGET_DAY")),
        total_budget_usd=_dollars("LYRIA_BUDGET_TOTAL", get("LYRIA_BUDGET_TOTAL")),
        public_url=_public_url(get("LYRIA_PUBLIC_URL")),
        public_screens=_yes_or_no("LYRIA_PUBLIC_SCREENS", get("LYRIA_PUBLIC_SCREENS")),
        owner_hosts=_hosts("LYRIA_OWNER_HOSTS", get("LYRIA_OWNER_HOSTS")),
        database_url=get("LYRIA_DATABASE_URL"),
    )


def public_https_url(text: str) -> str:
    """Return a base URL that the gateway can call back, without a slash at its end.

    Args:
        text: as typed.

    Raises:
        InvalidPublicUrl: Not an https URL with a host and nothing but a path (the reference of
            the gateway rejects http).
    """
    url = _origin(within_limit(text, "public address"), {"https"})
    if url is None:
        raise InvalidPublicUrl("The public address must begin with https:// and name a host.")
    return url


def clean_key(text: str) -> str:
    """Return a key without the spaces and line breaks that copying adds.

    Args:
        text: as typed.

    Raises:
        InvalidKey: Something in it cannot be part of a header; the message does not show it.
    """
    key = text.strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise InvalidKey("A key is one word of Latin letters, digits and signs.")
    return key


def _key(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return clean_key(text)
    except InvalidKey:
        raise SettingsError(
            "PIXAZO_API_KEY", "must be one word of printable ASCII characters"
        ) from None


def _home(text: str | None) -> Path:
    if text is None:
        return Path(user_data_dir("lyria-studio", appauthor=False))
    try:
        home = Path(text).expanduser()
    except RuntimeError:
        raise SettingsError("LYRIA_HOME", "names a user whose folder is not known") from None
    if home.exists() and not home.is_dir():
        raise SettingsError("LYRIA_HOME", "must be a folder, and is a file")
    return home.absolute()


def _base_url(text: str | None) -> str | None:
    if text is None:
        return None
    url = _origin(text, {"http", "https"})
    if url is None:
        raise SettingsError("LYRIA_BASE_URL", "must be an http or https URL with a host")
    return url


def _public_url(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return public_https_url(text)
    except InvalidPublicUrl:
        raise SettingsError(
            "LYRIA_PUBLIC_URL", "must begin with https:// and name a host"
        ) from None


def _yes_or_no(variable: str, text: str | None) -> bool:
    word = (text or "0").lower()
    if word in ("1", "true", "yes"):
        return True
    if word in ("0", "false", "no"):
        return False
    raise SettingsError(variable, "must be 1 or 0")


def _hosts(variable: str, text: str | None) -> tuple[Authority, ...]:
    hosts = []
    for one in re.split(r"[,\s]+", text or ""):
        if one and (host := parse_authority(one)) is None:
            raise SettingsError(variable, "must be names of hosts with commas between them")
        if one and host is not None:
            hosts.append(host)
    return tuple(hosts)


def _dollars(variable: str, text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        return parse_usd(text)
    except InvalidAmount:
        raise SettingsError(variable, "is not an amount in dollars such as 5.00") from None


def _origin(text: str, schemes: set[str]) -> str | None:
    """Return the URL without its last slash; None if it is not just origin and path."""
    try:
        parts = urlsplit(text.strip())
        port_is_a_number = parts.port is None or parts.port > 0
    except ValueError:
        return None
    sound = (
        parts.scheme in schemes
        and parts.hostname
        and port_is_a_number
        and not (parts.query or parts.fragment or parts.username or parts.password)
        and not any(char.isspace() for char in text.strip())
    )
    return text.strip().rstrip("/") if sound else None
