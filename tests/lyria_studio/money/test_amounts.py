from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_studio.money import InvalidAmount, parse_usd, usd


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
    ("text", "amount"),
    [
        *[("5", "5"), (" $5.00 ", "5"), (".08", "0.08"), ("$ 1.", "1"), ("0", "0")],
        *[("0,20", "0.2"), (",5", "0.5"), ("5,", "5"), ("0,250", "0.25"), ("1.125", "1.125")],
        *[("0,20 $", "0.2"), ("USD 5", "5"), ("5 usd", "5"), ("US$5", "5"), ("5 dollars", "5")],
        *[("1,250.00", "1250"), ("1.250,00", "1250"), ("1,250,000", "1250000")],
        *[("1 250,50", "1250.5"), ("1\u202f250,50", "1250.5"), ("1'250", "1250")],
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, amount: str) -> None:
    assert parse_usd(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    [
        *["", "$", "-1", "1e3", "NaN", "inf", "1_000", "0.00001", "1.2.3", "٣", "9" * 10],
        *["5 00", "5$$", "1,2,3", "1.250,000,00", "5 euros", "€5", "12 34"],
    ],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(InvalidAmount, match="not an amount"):
        parse_usd(text)


def test_amount_with_two_meanings_is_asked_about() -> None:
    with pytest.raises(InvalidAmount, match="1,250 can mean two amounts") as caught:
        parse_usd("1,250")
    assert caught.value.advice == "Write 1250 or 1.250."


def test_play_money_is_never_shown_as_real_money() -> None:
    assert usd(Decimal("0.04"), "sandbox") == "$0.04 (demo)"
    assert usd(Decimal("0.04"), "live") == "$0.04"


@given(st.decimals(0, 10**8, places=4))
def test_what_is_written_is_read_back(amount: Decimal) -> None:
    assert parse_usd(usd(amount).replace(",", "")) == amount
