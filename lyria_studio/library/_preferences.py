"""What people chose on the Settings screen; it survives a restart."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from lyria_studio.library._store import Store
from lyria_studio.library.tables import preferences
from lyria_studio.settings import public_https_url

__all__ = ["Choices", "Preferences"]


@dataclass(frozen=True, slots=True)
class Preferences:
    """The choices of the Settings screen.

    Attributes:
        daily_budget_usd: hard limit a day at the live gateway; None is no limit.
        session_budget_usd: hard limit a browser session at the live gateway.
        total_budget_usd: hard limit for all orders ever at the live gateway.
        confirm_above_usd: ask once more before a click that costs more than this; None: never.
        public_url: https URL under which the gateway and listeners can reach this app; None: no
            webhooks.
    """

    daily_budget_usd: Decimal | None = None
    session_budget_usd: Decimal | None = None
    total_budget_usd: Decimal | None = None
    confirm_above_usd: Decimal | None = Decimal("1.00")
    public_url: str | None = None


_NAMES = tuple(field.name for field in fields(Preferences))


class Choices(Store):
    """The part of the library that remembers choices."""

    def preferences(self) -> Preferences:
        """The stored choices; a default for what nobody chose yet."""
        with self._database.read() as connection:
            rows = connection.execute(select(preferences.c.name, preferences.c.value)).all()
        stored: dict[str, Any] = {
            name: _read(name, value) for name, value in rows if name in _NAMES
        }
        return replace(Preferences(), **stored)

    def set_preferences(self, **changes: Any) -> Preferences:
        """Change some choices, all or none; the others stay.

        Raises:
            ValueError: one sentence for a person: an amount below zero, or a URL that is not
                https.
            TypeError: there is no such preference (a mistake in the code).
        """
        checked = replace(Preferences(), **changes)
        values = {name: _checked(name, asdict(checked)[name]) for name in changes}
        now = self._clock()
        with self._database.write() as connection:
            for name, value in values.items():
                self._put(connection, preferences.c.name, name, value=value, updated_at=now)
        return self.preferences()


def _checked(name: str, value: Any) -> str | None:
    """The value as it is stored: text, so that no amount becomes a binary fraction."""
    if value is None:
        return None
    if name == "public_url":
        return public_https_url(str(value))
    if not isinstance(value, Decimal):
        raise TypeError(f"{name} is a Decimal")
    if not value.is_finite() or value < 0:
        raise ValueError("An amount is zero dollars or more.")
    return str(value)


def _read(name: str, value: str | None) -> Decimal | str | None:
    return value if value is None or name == "public_url" else Decimal(value)
