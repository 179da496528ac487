"""Amounts of money as people read and write them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

__all__ = ["parse_usd", "usd"]


def usd(amount: Decimal) -> str:
    """`$0.08`; with three or four places only where the amount needs them (`$0.0025`)."""
    places = 2
    while places < 4 and amount != round(amount, places):
        places += 1
    sign = "-" if amount < 0 else ""
    return f"{sign}${abs(amount):,.{places}f}"


def parse_usd(text: str) -> Decimal:
    """`5`, `5.00`, `$5.00` or ` 0.08 ` as Decimal dollars.

    Raises:
        ValueError: not an amount of zero dollars or more with at most four places.
    """
    cleaned = text.strip().removeprefix("$").strip()
    try:
        amount = Decimal(cleaned)
    except InvalidOperation:
        raise ValueError("not an amount in dollars such as 5.00") from None
    if not amount.is_finite() or amount < 0:
        raise ValueError("not an amount of zero dollars or more")
    if amount != round(amount, 4):
        raise ValueError("finer than a hundredth of a cent")
    return amount
