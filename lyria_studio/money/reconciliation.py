"""Compare a gateway's list of requests, or its balance, with the orders of the library."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pandas as pd

from lyria_core import MODELS, Charge
from lyria_studio.money.amounts import InvalidAmount, parse_usd

__all__ = ["Line", "Match", "Reconciliation", "read_list", "reconcile"]

_UNITS = 10_000  # a dollar, so that pandas adds whole numbers
_ID_NAMES = re.compile(r"(request|task|job|prediction)?[ _-]?id|request", re.IGNORECASE)
_AMOUNT_NAMES = re.compile(r"amount|cost|price|charge|usd|debit|total|paid|spent|fee", re.I)
_OTHER_AMOUNTS = re.compile(r"balance|remain|left|before|after|wallet", re.IGNORECASE)
_MONEY = re.compile(
    r"(?<![\w$])[-\u2212+]?\s?(?:US ?)?\$\s?[-\u2212]?\d[\d.,]*"
    r"|(?<![\w.,:/-])[-\u2212]?\d[\d.,]*\s?(?:\$(?!\s?\d)|USD\b)",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?<![\w.,:/-])[-\u2212]?\d{1,6}[.,]\d{2,4}(?![\w.,:/-])")
_CELL = re.compile(r"[-\u2212]?\d{1,6}\.\d{2,4}")
_TOKEN = re.compile(r"[^\s,;|\"'`<>(){}\[\]=]+")
_PARTS = re.compile(r"[,;\t|]")


class Match(StrEnum):
    """How an order and the gateway's list compare; the values are words for people."""

    SAME = "Match"
    AMOUNT = "Amount differs"
    CHARGED = "Unclear here, charged there"
    FREE = "Unclear here, not charged there"
    OPEN = "Unclear on both sides"
    PENDING = "In progress"
    FOUND = "Id found"
    ONLY_HERE = "Missing at the gateway"
    ONLY_THERE = "Missing here"


@dataclass(frozen=True, slots=True)
class Line:
    """An order of the library, as far as it can be compared.

    Attributes:
        id: of the generation.
        request_id: at the gateway; None where none was given.
        model_id: of the model.
        title: for people.
        usd: what it costs if it is charged.
        charge: what is known of that.
        pending: whether the outcome may still come by itself.
    """

    id: str
    request_id: str | None
    model_id: str
    title: str
    usd: Decimal
    charge: Charge
    pending: bool = False


@dataclass(frozen=True)
class Reconciliation:
    """What a comparison brought.

    Attributes:
        table: one row for each request on either side, with the columns `result` (a `Match`),
            `title`, `request_id`, `here` and `there` (US dollars; None: not known) and
            `difference` (there minus here).
        charged: ids of unclear orders that the gateway has charged.
        free: ids of unclear orders that it has not charged.
        found: request ids by the ids of unclear orders that had none.
    """

    table: pd.DataFrame
    charged: tuple[str, ...]
    free: tuple[str, ...]
    found: Mapping[str, str]

    def count(self, *matches: Match) -> int:
        """Return how many requests compare like this."""
        return int(self.table["result"].isin(matches).sum())

    @property
    def difference(self) -> Decimal:
        """What the gateway charged more than the library knows of, in US dollars."""
        known = [one for one in self.table["difference"] if one is not None]
        return sum(known, Decimal(0))


def read_list(text: str, known: Sequence[str] = ()) -> pd.DataFrame:
    """Return what a pasted text lists: columns `request_id` and `units` (1/10000 dollar).

    JSON, CSV with or without a header, or lines of words: whatever names one request id a line.
    Amounts of one id are added up, so that a refund takes its charge away.

    Args:
        text: as pasted.
        known: request ids of the library, whatever their form.
    """
    ids = set(known)
    rows = [
        (request_id, _amount(record))
        for record in _records(text)
        if (request_id := _request_id(record, ids)) is not None
    ]
    listed = pd.DataFrame(rows, columns=["request_id", "units"]).astype({"units": "Int64"})
    summed = listed.groupby("request_id", as_index=False, sort=False)["units"].sum(min_count=1)
    summed["units"] = summed["units"].abs()
    return summed


def reconcile(orders: Sequence[Line], listed: pd.DataFrame) -> Reconciliation:
    """Compare the orders of a time with what a gateway lists for it.

    Args:
        orders: those that were sent.
        listed: of `read_list`.
    """
    here = pd.DataFrame([_cells(one) for one in orders], columns=list(_CELLS))
    merged = here.merge(listed, on="request_id", how="outer", indicator="side")
    found = _found(here, merged)
    # What was found under its id is one row, and not one on each side.
    merged = merged[~((merged["side"] == "right_only") & merged["request_id"].isin(found.values()))]
    rows = []
    settled: dict[Match, list[str]] = {Match.CHARGED: [], Match.FREE: []}
    priced = bool(listed["units"].notna().any())
    missing = merged[merged["side"] == "right_only"]["request_id"]
    extra = {one.rpartition("_")[0] for one in missing}
    for row in merged.to_dict("records"):
        result = Match.FOUND if row["id"] in found else _compared(row, priced, extra)
        if result is None:
            continue
        if result in settled:
            settled[result].append(str(row["id"]))
        rows.append(_shown(row, result, found.get(str(row["id"]))))
    order = list(Match)
    rows.sort(key=lambda one: (one["result"] is Match.SAME, order.index(one["result"])))
    table = pd.DataFrame(
        rows, columns=["result", "title", "request_id", "here", "there", "difference"], dtype=object
    )
    return Reconciliation(table, tuple(settled[Match.CHARGED]), tuple(settled[Match.FREE]), found)


_CELLS = ("id", "request_id", "model_id", "title", "price", "charge", "pending")


def _cells(line: Line) -> tuple[Any, ...]:
    units = int(line.usd * _UNITS)
    return (
        *(line.id, line.request_id, line.model_id, line.title),
        *(units, line.charge.value, line.pending),
    )


def _compared(row: Mapping[str, Any], priced: bool, extra: set[str]) -> Match | None:
    """Return how a request compares; None where there is nothing to say.

    Args:
        row: of the merged tables.
        priced: whether the gateway lists any amount.
        extra: models of which the gateway lists requests that are missing here.
    """
    units = None if pd.isna(row["units"]) else int(row["units"])
    if row["side"] == "right_only":
        return Match.ONLY_THERE
    listed = row["side"] == "both"
    match Charge(row["charge"]):
        case Charge.YES if not listed:
            return Match.ONLY_HERE
        case Charge.YES:
            return Match.SAME if units in (None, row["price"]) else Match.AMOUNT
        case Charge.NO if not listed:
            return None
        case Charge.NO:
            return Match.SAME if not units else Match.AMOUNT
        case _ if row["pending"]:
            return Match.PENDING if listed else None
        case _ if not listed:
            # Without an id it may be one of those that are missing here.
            lacks_id = not isinstance(row["request_id"], str)
            return Match.OPEN if lacks_id and row["model_id"] in extra else Match.FREE
        case _ if units is None:
            return Match.FREE if priced else Match.OPEN
        case _:
            return Match.CHARGED if units else Match.FREE


def _found(here: pd.DataFrame, merged: pd.DataFrame) -> dict[str, str]:
    """Return ids for orders that have none, where each model leaves one possibility only."""
    lacking = here[here["request_id"].isna() & (here["charge"] == Charge.MAYBE.value)]
    extra = merged[merged["side"] == "right_only"]["request_id"]
    found = {}
    for model_id, orders in lacking.groupby("model_id"):
        ids = [one for one in extra if one.rpartition("_")[0] == model_id]
        if len(ids) == len(orders) == 1:
            found[str(orders["id"].iloc[0])] = str(ids[0])
    return found


def _shown(row: Mapping[str, Any], result: Match, found: str | None) -> dict[str, Any]:
    there = None if pd.isna(row["units"]) else Decimal(int(row["units"])) / _UNITS
    here: Decimal | None = Decimal(0)
    if row["side"] != "right_only":
        price = Decimal(int(row["price"])) / _UNITS
        by_charge = {Charge.YES: price, Charge.NO: Decimal(0), Charge.MAYBE: None}
        here = by_charge[Charge(row["charge"])]
    if there is None and result in (Match.ONLY_HERE, Match.FREE):
        there = Decimal(0)
    title = row["title"] if isinstance(row["title"], str) else ""
    request_id = row["request_id"] if isinstance(row["request_id"], str) else found or ""
    difference = None if here is None or there is None else there - here
    return {
        "result": result,
        "title": title,
        "request_id": request_id,
        "here": here,
        "there": there,
        "difference": difference,
    }


def _records(text: str) -> Iterator[Mapping[str, str]]:
    """Yield the entries of a pasted list: texts by the names of their fields, "" for none."""
    try:
        yield from _in_json(json.loads(text))
    except (ValueError, RecursionError):
        lines = [line for line in text.splitlines() if line.strip()]
        if lines and _is_header(lines[0]):
            delimiter = _PARTS.findall(lines[0])[0]
            yield from (
                {name: value or "" for name, value in row.items() if isinstance(name, str)}
                for row in csv.DictReader(lines, delimiter=delimiter)
            )
        else:
            yield from ({"": line} for line in lines)


def _is_header(line: str) -> bool:
    names = _PARTS.split(line)
    return len(names) > 1 and any(
        _ID_NAMES.search(name) and not any(map(str.isdigit, name)) for name in names
    )


def _in_json(value: Any) -> Iterator[Mapping[str, str]]:
    if isinstance(value, list):
        for item in value:
            yield from _in_json(item)
    elif isinstance(value, dict):
        plain = {k: str(v) for k, v in value.items() if isinstance(v, str | int | float)}
        inner = [v for v in value.values() if isinstance(v, list | dict)]
        if any(_looks_like_id(text) for text in plain.values()):
            yield plain
        else:
            for item in inner:
                yield from _in_json(item)
    elif isinstance(value, str):
        yield {"": value}
    else:
        raise ValueError("neither a list nor an object")


def _request_id(record: Mapping[str, str], known: set[str]) -> str | None:
    named = sorted(record, key=lambda name: not _ID_NAMES.search(name))
    tokens = [token for name in named for token in _TOKEN.findall(record[name])]
    exact = next((token for token in tokens if token in known), None)
    return exact or next(filter(_looks_like_id, tokens), None)


def _looks_like_id(text: str) -> bool:
    """Return whether this looks like a request id, in the reference's form or another."""
    if any(text.startswith(f"{model}_") for model in MODELS):
        return True
    mixed = any(map(str.isdigit, text)) and any(map(str.isalpha, text))
    return mixed and re.fullmatch(r"[A-Za-z0-9_-]{12,}", text) is not None


def _amount(record: Mapping[str, str]) -> int | None:
    """Return the amount of an entry, the one of a field that is named so before any other."""
    for name in sorted(record, key=lambda name: not _AMOUNT_NAMES.search(name)):
        if _OTHER_AMOUNTS.search(name):
            continue
        text = record[name].strip()
        named = bool(_AMOUNT_NAMES.search(name))
        cells = filter(_CELL.fullmatch, map(str.strip, _PARTS.split(text)))
        found = [text] if named else [*_MONEY.findall(text), *_BARE.findall(text), *cells]
        for one in found:
            if (units := _units(one)) is not None:
                return units
    return None


def _units(text: str) -> int | None:
    negative = "-" in text or "\u2212" in text
    try:
        amount = parse_usd(re.sub("[-\u2212+]", "", text).strip(".,; "))
    except InvalidAmount:
        return None
    return int(amount * _UNITS) * (-1 if negative else 1)
