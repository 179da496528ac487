"""How money, times and enums are stored, the same on every database."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import BigInteger, DateTime, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

__all__ = ["EnumText", "Money", "UtcDateTime"]

E = TypeVar("E", bound=StrEnum)

UNITS_PER_DOLLAR = 10_000


class Money(TypeDecorator[Decimal]):
    """US dollars as a whole number of 1/10000 dollar, so that sums are exact in SQL too."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Decimal dollars to units; ValueError where a fraction of a unit would be lost."""
        if value is None:
            return None
        units = value * UNITS_PER_DOLLAR
        if not value.is_finite() or units != units.to_integral_value():
            raise ValueError(f"{value} is not a whole number of 1/{UNITS_PER_DOLLAR} dollar")
        return int(units)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Decimal | None:
        """Units to Decimal dollars with four places."""
        if value is None:
            return None
        return Decimal(int(value)).scaleb(-4)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database, sortable as text in SQLite."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """PostgreSQL knows zones; SQLite stores the naive UTC text."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware in any zone to UTC; ValueError on a naive time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the stored time, always aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EnumText(TypeDecorator[E], Generic[E]):
    """A StrEnum as its text, so that a new member needs no migration."""

    impl = String(32)
    cache_ok = True

    def __init__(self, enum: type[E]) -> None:
        super().__init__()
        self.enum = enum

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        """Return the text of the member; raise ValueError for anything else."""
        return None if value is None else self.enum(value).value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> E | None:
        """Return the member of a stored text."""
        return None if value is None else self.enum(value)
