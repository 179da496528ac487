"""Amounts of money as people read and write them."""

from __future__ import annotations

import re
from decimal import Decimal

from lyria_core import Charge, LyriaError

__all__ = ["InvalidAmount", "parse_usd", "usd"]

_CURRENCY = re.compile(r"(?:US ?)?\$|USD\b|(?:US )?dollars?\b", re.IGNORECASE)
# At most a billion dollars, to a hundredth of a cent: what the database keeps exactly.
# Each form of a number, and the characters in it that only group digits.
_FORMS = (
    (re.compile(r"\d{1,9}(?:[.,]\d{0,4})?|[.,]\d{1,4}", re.ASCII), ""),
    (re.compile(r"[1-9]\d{0,2}(?:,\d{3}){1,2}\.\d{0,4}|[1-9]\d{0,2}(?:,\d{3}){2}", re.ASCII), ","),
    (
        re.compile(r"[1-9]\d{0,2}(?:\.\d{3}){1,2},\d{0,4}|[1-9]\d{0,2}(?:\.\d{3}){2}", re.ASCII),
        ".",
    ),
    (re.compile(r"[1-9]\d{0,2}(?:[ '’]\d{3}){1,2}(?:[.,]\d{0,4})?", re.ASCII), " '’"),
)
# "1,250" is 1250 for one reader and 1.25 for another; "0,250" is clear.
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2},\d{3}", re.ASCII)


class InvalidAmount(LyriaError):  # noqa: N818 - says what it is
    """A text is not an amount of zero dollars or more."""

    default_charge = Charge.NO
    default_advice = "Write it like 5 or 0.20."


def usd(amount: Decimal, gateway: str = "live") -> str:
    """Return an amount in US dollars for people.

    Args:
        amount: US dollars.
        gateway: "live" or "sandbox".

    Returns:
        `$0.08`, with three or four places only where the amount needs them (`$0.0025`), and
        `$0.08 (demo)` for the play money of the sandbox.
    """
    places = 2
    while places < 4 and amount != round(amount, places):
        places += 1
    sign = "-" if amount < 0 else ""
    demo = " (demo)" if gateway == "sandbox" else ""
    return f"{sign}${abs(amount):,.{places}f}{demo}"


def parse_usd(text: str) -> Decimal:
    """Return the dollars in what a person typed: `5`, `$5.00`, `.08`, `0,20 $`, `1.250,00`.

    Raises:
        InvalidAmount: Not an amount of zero dollars or more with at most four places, or one
            that can be read in two ways.
    """
    plain = re.sub(r"[\u00a0\u2009\u202f]", " ", text).strip()
    found = _CURRENCY.match(plain) or _CURRENCY.search(plain)
    if found and (found.start() == 0 or found.end() == len(plain)):
        plain = (plain[: found.start()] + plain[found.end() :]).strip()
    if _AMBIGUOUS.fullmatch(plain):
        raise InvalidAmount(
            f"{plain} can mean two amounts.",
            advice=f"Write {plain.replace(',', '')} or {plain.replace(',', '.')}.",
        )
    for form, grouping in _FORMS:
        if form.fullmatch(plain):
            digits = plain.translate(dict.fromkeys(map(ord, grouping)))
            return Decimal(digits.replace(",", "."))
    raise InvalidAmount("This is not an amount in dollars.")
