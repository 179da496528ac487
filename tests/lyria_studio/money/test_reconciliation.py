from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_core import Charge
from lyria_studio.money import Line, Match, read_list, reconcile

A, B, C = (f"lyria-3_019d5721-c333-7002-426f-b50cf48bab6{n:02}" for n in range(3))
NO, MAYBE, YES = Charge.NO, Charge.MAYBE, Charge.YES

LISTS = [
    ("ids alone", f"{A}\n{B}\n", [(A, None), (B, None)]),
    ("lines of words", f"27 Nov 2026 {A} COMPLETED $0.04\n28 Nov {B} $0.10", [(A, 400), (B, 1000)]),
    ("an amount with a comma", f"{A}  0,04 $", [(A, 400)]),
    ("a bare amount", f"2026-11-27 13:17:32 | {A} | -0.04 | COMPLETED", [(A, 400)]),
    (
        "CSV with a header",
        f"date,request_id,balance_after,amount\n2026-11-27,{A},4.96,-0.04\n2026-11-27,{B},4.86,-0.1",
        [(A, 400), (B, 1000)],
    ),
    ("CSV with semicolons", f"Request ID;Cost (USD)\n{A};0,04\n{B};0,10", [(A, 400), (B, 1000)]),
    ("tabs", f"id\tprice\n{A}\t$0.04", [(A, 400)]),
    ("CSV without a header", f"2026-11-27,{A},lyria-3,0.04", [(A, 400)]),
    ("JSON", f'[{{"request_id": "{A}", "cost": 0.04, "seed": 42}}]', [(A, 400)]),
    (
        "JSON in an envelope",
        f'{{"data": {{"items": [{{"id": "{A}", "amount": "$0.04"}}, {{"id": "{B}"}}]}}}}',
        [(A, 400), (B, None)],
    ),
    ("JSON of ids", f'["{A}", "{B}"]', [(A, None), (B, None)]),
    ("a refund", f"{A} -$0.04 charge\n{A} +$0.04 refund", [(A, 0)]),
    ("an id twice", f"{A} QUEUED\n{A} COMPLETED $0.04", [(A, 400)]),
    ("a known id of another form", "p1 $0.04", [("p1", 400)]),
    ("an unknown id of another form", "3f9a0b7c5d2e41 0.04 USD", [("3f9a0b7c5d2e41", 400)]),
    ("a balance is no amount", f"id,balance\n{A},4.96", [(A, None)]),
    ("nothing", "There were no requests in November.", []),
    ("broken JSON", f'{{"request_id": "{A}", ', [(A, None)]),
]


@pytest.mark.parametrize(
    ("text", "expected"), [row[1:] for row in LISTS], ids=[r[0] for r in LISTS]
)
def test_any_list_with_ids_is_read(text: str, expected: list[tuple[str, int | None]]) -> None:
    found = read_list(text, known=["p1"])
    units = [None if pd.isna(one) else int(one) for one in found["units"]]
    assert list(zip(found["request_id"], units, strict=True)) == expected


@given(st.text(max_size=300))
def test_no_text_is_too_odd_to_be_read(text: str) -> None:
    read_list(text, known=["p1"])


def line(number: int, request_id: str | None, charge: Charge, *, pending: bool = False) -> Line:
    return Line(f"g{number}", request_id, "lyria-3", "Waltz", Decimal("0.04"), charge, pending)


@pytest.mark.parametrize(
    ("charge", "pending", "listed", "match", "difference"),
    [
        (YES, False, f"{A} $0.04", Match.SAME, "0"),
        (YES, False, A, Match.SAME, None),
        (YES, False, f"{A} $0.10", Match.AMOUNT, "0.06"),
        (YES, False, f"{A} $0.00", Match.AMOUNT, "-0.04"),
        (YES, False, B, Match.ONLY_HERE, "-0.04"),
        (MAYBE, False, f"{A} $0.04", Match.CHARGED, None),
        (MAYBE, False, f"{A} $0.00", Match.FREE, None),
        (MAYBE, False, f"{A} COMPLETED", Match.OPEN, None),
        (MAYBE, False, f"{A} FAILED\n{C} $0.04", Match.FREE, None),
        (MAYBE, False, f"{C} $0.04", Match.FREE, None),
        (MAYBE, True, f"{A} QUEUED", Match.PENDING, None),
        (MAYBE, True, C, None, None),
        (NO, False, f"{A} $0.00", Match.SAME, "0"),
        (NO, False, f"{A} $0.04", Match.AMOUNT, "0.04"),
        (NO, False, C, None, None),
    ],
)
def test_every_order_compares_to_the_cent(
    charge: Charge, pending: bool, listed: str, match: Match | None, difference: str | None
) -> None:
    result = reconcile([line(1, A, charge, pending=pending)], read_list(listed))
    here = [row for row in result.table.to_dict("records") if row["request_id"] == A]
    assert [row["result"] for row in here] == ([] if match is None else [match])
    if match is not None:
        assert here[0]["difference"] == (None if difference is None else Decimal(difference))
    assert result.charged == (("g1",) if match is Match.CHARGED else ())
    assert result.free == (("g1",) if match is Match.FREE else ())


def test_request_that_is_missing_here_counts_in_the_difference() -> None:
    result = reconcile([line(1, A, YES)], read_list(f"{A} $0.04\n{B} $0.08"))
    assert (result.count(Match.SAME), result.count(Match.ONLY_THERE)) == (1, 1)
    assert result.difference == Decimal("0.08")
    assert list(result.table["result"]) == [Match.ONLY_THERE, Match.SAME], "what differs is first"


@pytest.mark.parametrize(
    ("lacking", "listed", "found"),
    [
        (1, f"{B} $0.04", {"g1": B}),
        # Two possibilities are none.
        (2, f"{B} $0.04", {}),
        (1, f"{B} $0.04\n{C} $0.04", {}),
        (1, "lyria-2_00000001 $0.06", {}),
    ],
)
def test_lost_id_is_found_where_there_is_one_possibility(
    lacking: int, listed: str, found: dict[str, str]
) -> None:
    orders = [line(number, None, MAYBE) for number in range(1, lacking + 1)]
    result = reconcile([*orders, line(9, A, YES)], read_list(f"{A} $0.04\n{listed}"))
    assert dict(result.found) == found
    assert not result.charged
    if "lyria-3" in listed:
        assert not result.free, "it may be one of those that are missing here"
    else:
        assert result.free == ("g1",)


def test_nothing_compares_with_nothing() -> None:
    result = reconcile([], read_list(""))
    assert result.table.empty
    assert result.difference == 0
