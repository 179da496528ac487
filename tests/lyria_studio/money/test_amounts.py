from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_studio.money import parse_usd, usd


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "$0.00"),
        ("0.0800", "$0.08"),
        ("0.0025", "$0.0025"),
        ("0.125", "$0.125"),
        ("1234567.5", "$1,234,567.50"),
        ("-0.04", "-$0.04"),
    ],
)
def test_amounts_are_written_as_people_write_them(amount: str, text: str) -> None:
    assert usd(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("text", "amount"), [("5", "5"), (" $5.00 ", "5"), (".08", "0.08"), ("$ 1.", "1"), ("0", "0")]
)
def test_amounts_are_read_as_people_write_them(text: str, amount: str) -> None:
    assert parse_usd(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["", "$", "-1", "1e3", "NaN", "inf", "5,00", "1_000", "0.00001", "1.2.3", "٣", "9" * 10]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        parse_usd(text)


@given(st.decimals(0, 10**8, places=4))
def test_what_is_written_is_read_back(amount: Decimal) -> None:
    assert parse_usd(usd(amount).replace(",", "")) == amount
