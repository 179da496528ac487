"""Amounts of money as people read and write them."""

from __future__ import annotations

import re
from decimal import Decimal

__all__ = ["parse_usd", "usd"]

# At most a billion dollars, to a hundredth of a cent: what the database keeps exactly.
_AMOUNT = re.compile(r"\d{1,9}(\.\d{0,4})?|\.\d{1,4}", re.ASCII)


def usd(amount: Decimal) -> str:
    """`$0.08`; with three or four places only where the amount needs them (`$0.0025`)."""
    places = 2
    while places < 4 and amount != round(amount, places):
        places += 1
    sign = "-" if amount < 0 else ""
    return f"{sign}${abs(amount):,.{places}f}"


def parse_usd(text: str) -> Decimal:
    """`5`, `5.00`, `$5.00` or ` .08 ` as Decimal dollars.

    Raises:
        ValueError: not an amount of zero dollars or more with at most four places; the message
            goes on after "is".
    """
    cleaned = text.strip().removeprefix("$").strip()
    if not _AMOUNT.fullmatch(cleaned):
        raise ValueError("not an amount in dollars")
    return Decimal(cleaned)
