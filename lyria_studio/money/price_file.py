"""Changes a price in the user's file of models; the rest of the file stays as it is."""

from __future__ import annotations

import os
import secrets
from datetime import date
from decimal import Decimal
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from lyria_core import CatalogueError, read_models

__all__ = ["set_price", "with_price"]


def with_price(text: str, model_id: str, price_usd: Decimal, stated_on: date) -> str:
    """Return the text of a file of models with another price; comments and order stay.

    Args:
        text: TOML; may be empty.
        model_id: whose price.
        price_usd: US dollars for one generation.
        stated_on: the day on which the gateway asked it.

    Raises:
        TOMLKitError: The text is not TOML.
    """
    document = tomlkit.parse(text)
    if model_id not in document:
        if text.strip():
            document.add(tomlkit.nl())
        document.add(model_id, tomlkit.table())
    table = document[model_id]
    table["price_usd"] = tomlkit.value(f"{price_usd:f}" if price_usd % 1 else f"{price_usd:.2f}")
    table["price_date"] = tomlkit.date(stated_on.isoformat())
    return tomlkit.dumps(document)


def set_price(path: Path, model_id: str, price_usd: Decimal, stated_on: date) -> None:
    """Change a price in a file of models, or make the file; whole or not at all.

    Args:
        path: the file.
        model_id: whose price.
        price_usd: US dollars for one generation.
        stated_on: the day on which the gateway asked it.

    Raises:
        CatalogueError: The file has a mistake or cannot be written; it is as it was.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        read_models(str(path))  # only a valid file is changed
        text = path.read_text("utf-8-sig") if path.exists() else ""
        # newline="": line ends of another system stay, too.
        with draft.open("x", encoding="utf-8", newline="") as file:
            file.write(with_price(text, model_id, price_usd, stated_on))
            file.flush()
            os.fsync(file.fileno())
        read_models(str(draft))
        draft.replace(path)
    except (OSError, TOMLKitError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not a TOML file"
        raise CatalogueError(
            f"{path} could not be changed ({reason}). The file is as it was.",
            advice=f"Set {model_id}.price_usd to {price_usd} in it.",
        ) from None
    finally:
        draft.unlink(missing_ok=True)
