"""Amounts in US dollars in a gateway's sentence; anything else ("8 credits") is no amount."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

_NUMBER = r"\d{1,3}(?:[,. '’]\d{3})++(?:[.,]\d{1,2}(?!\d))?+|\d{1,9}(?:[.,]\d{1,6})?+"
# "A$", "HK$" and the like are other dollars.
_AMOUNT = re.compile(
    rf"(?<![\w$-])(?:(?:US ?)?\$|USD) ?(?P<after>{_NUMBER})(?: ?USD)?(?![\w$])"
    rf"|(?<![\w$.,-])(?P<before>{_NUMBER}) ?(?:(?:US ?)?\$|USD\b|(?:US )?dollars?\b)",
    re.IGNORECASE,
)
_WANTED = re.compile(r"\b(requir\w*|need\w*|costs?|price|charge|due|minimum|at least)\b", re.I)
_HELD = re.compile(r"\b(balance|available|have|has|holds?|remain\w*|left|current\w*)\b", re.I)
# "needed" may follow: "$0.08 is needed".
_BESIDE = 40


def dollars_required(sentence: str) -> Decimal | None:
    """Return the amount that a sentence asks for, if it is one in US dollars.

    ``$1.20``, ``$1,250.00``, ``0,08 $``, ``USD 0.08``. Of several the one that is required and
    not the one that the wallet holds.
    """
    sentence = re.sub(r"[\u00a0\u2009\u202f]", " ", sentence)
    loose: list[Decimal] = []
    end = 0
    for found in _AMOUNT.finditer(sentence):
        amount = _decimal(found["after"] or found["before"])
        before = sentence[max(end, found.start() - _BESIDE) : found.start()]
        end = found.end()
        if amount is None:
            continue
        words = [m for pattern in (_WANTED, _HELD) for m in pattern.finditer(before)]
        nearest = max(words, key=lambda m: m.start(), default=None)
        if nearest is not None:
            if nearest.re is _WANTED:
                return amount
        elif _WANTED.match(sentence[end:].lstrip().removeprefix("is ").lstrip()):
            return amount
        else:
            loose.append(amount)
    return loose[0] if len(loose) == 1 else None


def _decimal(text: str) -> Decimal | None:
    plain = re.sub(r"[ '’]", "", text)
    comma, point = plain.rfind(","), plain.rfind(".")
    if comma >= 0 and point >= 0:
        group = "," if point > comma else "."
        plain = plain.replace(group, "").replace(",", ".")
    elif comma >= 0:
        groups = re.fullmatch(r"[1-9]\d{0,2}(,\d{3})+", plain)
        plain = plain.replace(",", "" if groups else ".")
    elif plain.count(".") > 1:
        plain = plain.replace(".", "")
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None
