"""Reads and checks catalogue files: one table a model, as in ``models.toml`` of this package."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

from lyria_core._errors import CatalogueError

Entry = dict[str, Any]
"""The checked keys of one model."""

# Request ids begin with the model's id and an underscore.
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
# Plain segments cannot lead to another host, upwards, or into a query.
_SEGMENT = r"[A-Za-z0-9_][A-Za-z0-9._-]*"
_PATH = re.compile(rf"{_SEGMENT}(/{_SEGMENT})*")
_MEDIA_TYPE = re.compile(r"audio/[a-z0-9][a-z0-9.+-]*")
_EXTENSION = re.compile(r"[a-z0-9]{1,5}")
_CENT = Decimal("0.01")


def read_entries(path: str | None) -> dict[str, Entry]:
    """Return the checked entries of the built-in catalogue and of a file that adds to it.

    Args:
        path: The file; ``None``, or a file that is not there, adds nothing.

    Raises:
        CatalogueError: The file has a mistake; the message names the file and the key.
    """
    built_in = files("lyria_core").joinpath("models.toml").read_text("utf-8")
    tables = tomllib.loads(built_in, parse_float=Decimal)
    if path is not None and Path(path).exists():
        try:
            _add(tables, Path(path))
        except ValueError as error:
            raise CatalogueError(f"{path}: {error}.") from None
    return {model_id: _entry(model_id, table) for model_id, table in tables.items()}


def _add(tables: dict[str, Any], path: Path) -> None:
    """Put the tables of a file over those given, and check every model that it names."""
    try:
        text = path.read_text("utf-8-sig")
        stated_on = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
        added = tomllib.loads(text, parse_float=Decimal)
    except UnicodeDecodeError:
        raise ValueError("The file is not UTF-8 text") from None
    except OSError as error:
        raise ValueError(f"The file cannot be read ({error.strerror})") from None
    for model_id, table in added.items():
        if not _ID.fullmatch(model_id):
            raise ValueError(
                f"{_shown(model_id)} is no model id: use lower-case letters, digits and hyphens"
            )
        if not isinstance(table, dict):
            raise ValueError(f"{model_id} must be a table")
        merged = tables.get(model_id, {}) | table
        if "price_usd" in table and "price_date" not in table:
            merged["price_date"] = stated_on
        _entry(model_id, merged)
        tables[model_id] = merged
    for one in added:
        for other, table in tables.items():
            if other != one and table["path"] == tables[one]["path"]:
                raise ValueError(f"{one}.path is the path of {other} too")


def _entry(model_id: str, table: dict[str, Any]) -> Entry:
    """Return a model's keys, each as the type the catalogue wants.

    Raises:
        ValueError: A key is missing, unknown or wrong; the message begins with it.
    """
    return _checked(model_id, table, _KEYS, optional=("sample_rate_hz",))


def _checked(
    where: str,
    table: dict[str, Any],
    keys: dict[str, Callable[[Any], Any]],
    optional: tuple[str, ...] = (),
) -> Entry:
    """Return the values of a table, each through the check of its key.

    Args:
        where: The dotted key of the table, for messages.
        table: The table.
        keys: The check of each key; it raises ``ValueError`` with the end of a sentence.
        optional: Keys that may be missing.
    """
    for key in table:
        if key not in keys:
            raise ValueError(f"{where}.{_shown(key)} is unknown; known are {', '.join(keys)}")
    for key in keys:
        if key not in table and key not in optional:
            raise ValueError(f"{where}.{key} is missing")
    entry = {}
    for key, value in table.items():
        try:
            entry[key] = keys[key](value)
        except _NestedError as error:
            raise ValueError(f"{where}.{key}.{error}") from None
        except ValueError as error:
            raise ValueError(f"{where}.{key} {error}") from None
    return entry


class _NestedError(ValueError):
    """A mistake in a table within a table; the message begins with its key."""


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError("must be a text on one line")
    return value


def _matching(pattern: re.Pattern[str], what: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise ValueError(f"must be {what}")
        return value

    return check


def _price(value: Any) -> Decimal:
    if not _is_number(value) or not 0 <= value < 10**6 or value != round(value, 4):
        raise ValueError("must be 0 or more US dollars with at most four decimals, such as 0.08")
    price = abs(Decimal(value))  # TOML has -0.0
    return price.quantize(_CENT) if price == round(price, 2) else price


def _day(value: Any) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError("must be a date, such as 2026-05-22")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError("must be a whole number of 1 or more")
    return value


def _durations(value: Any) -> tuple[float, float]:
    numbers = value if isinstance(value, list) and all(map(_is_number, value)) else []
    if len(numbers) != 2 or not 0 < numbers[0] <= numbers[1] < 86_400:
        raise ValueError("must be the shortest and the longest usual seconds, such as [90, 180]")
    return float(numbers[0]), float(numbers[1])


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return False
    return Decimal(value).is_finite()  # TOML has inf and nan


def _parameters(value: Any) -> dict[str, Entry]:
    if not isinstance(value, dict):
        raise ValueError("must be a table")
    for name in value:
        if name not in _PARAMETERS:
            known = ", ".join(_PARAMETERS)
            raise _NestedError(f"{_shown(name)} is unknown; known are {known}")
        if not isinstance(value[name], dict):
            raise _NestedError(f"{name} must be a table")
    if "prompt" not in value:
        raise _NestedError("prompt is missing")
    try:
        return {name: _checked(name, value[name], _PARAMETERS[name]) for name in value}
    except ValueError as error:
        raise _NestedError(str(error)) from None


def _shown(key: str) -> str:
    """Return a key as a message shows it: on one line and not too long."""
    return key[:60] if key.isprintable() else repr(key[:60])


_DESCRIBED: dict[str, Callable[[Any], Any]] = {"description": _text}
_PARAMETERS = {
    "prompt": _DESCRIBED,
    "images": _DESCRIBED | {"max_items": _count},
    "negative_prompt": _DESCRIBED,
    "seed": _DESCRIBED,
}
_KEYS: dict[str, Callable[[Any], Any]] = {
    "name": _text,
    "description": _text,
    "path": _matching(_PATH, "plain segments below the base URL, such as model/v1/generate"),
    "price_usd": _price,
    "price_date": _day,
    "media_type": _matching(_MEDIA_TYPE, "an audio type, such as audio/mpeg"),
    "media_extension": _matching(_EXTENSION, "up to five lower-case letters or digits"),
    "vocals": _flag,
    "typical_duration_s": _durations,
    "sample_rate_hz": _count,
    "parameters": _parameters,
}
