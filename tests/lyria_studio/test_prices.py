"""The prices that orders and budgets count with."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from support.library_rows import takes

from lyria_core import MODELS, read_models, use_models
from lyria_studio.library import Library
from lyria_studio.money import Budget, BudgetExceeded
from lyria_studio.prices import Prices

GATEWAY = "https://gateway.example"
ASKED = Decimal("0.10")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path) as library:
        yield library
    use_models(read_models())


@pytest.fixture
def prices(library: Library, tmp_path: Path) -> Prices:
    return Prices(library, tmp_path / "models.toml", GATEWAY)


def test_asked_price_counts_from_the_refusal_on(library: Library, prices: Prices) -> None:
    assert prices.changes() == []
    library.ledger.asked_prices.note("lyria-3", GATEWAY, ASKED)
    [change] = prices.changes()
    assert (change.model.price_usd, change.asked_usd) == (Decimal("0.04"), ASKED)
    assert MODELS["lyria-3"].price_usd == ASKED
    with pytest.raises(BudgetExceeded):
        library.jobs.order(takes(model="lyria-3"), Budget(total=Decimal("0.09")))
    [one] = library.jobs.order(takes(model="lyria-3"), Budget(total=ASKED))
    assert one.price_usd == ASKED


def test_asked_price_is_that_of_one_gateway_and_one_model(library: Library, prices: Prices) -> None:
    library.ledger.asked_prices.note("lyria-3", "https://other.example", ASKED)
    assert prices.changes() == []
    assert MODELS["lyria-3"].price_usd == Decimal("0.04")
    library.ledger.asked_prices.note("lyria-2", GATEWAY, ASKED)
    assert [change.model.id for change in prices.changes()] == ["lyria-2"]


def test_same_price_is_no_change(library: Library, prices: Prices) -> None:
    library.ledger.asked_prices.note("lyria-3", GATEWAY, Decimal("0.0400"))
    assert prices.changes() == []


def test_accepted_price_is_in_the_file_and_survives_a_restart(
    library: Library, prices: Prices, tmp_path: Path
) -> None:
    library.ledger.asked_prices.note("lyria-3", GATEWAY, ASKED)
    prices.accept(prices.changes()[0], date(2026, 11, 27))
    assert prices.changes() == []
    assert MODELS["lyria-3"].price_usd == ASKED
    again = Prices(library, tmp_path / "models.toml", GATEWAY)
    assert again.changes() == []
    assert MODELS["lyria-3"].price_date == date(2026, 11, 27)


def test_dismissed_price_counts_no_more(library: Library, prices: Prices) -> None:
    library.ledger.asked_prices.note("lyria-3", GATEWAY, ASKED)
    prices.dismiss(prices.changes()[0])
    assert prices.changes() == []
    assert MODELS["lyria-3"].price_usd == Decimal("0.04")


def test_asked_price_survives_a_restart(library: Library, tmp_path: Path) -> None:
    library.ledger.asked_prices.note("lyria-3", GATEWAY, ASKED)
    Prices(library, tmp_path / "models.toml", GATEWAY)
    assert MODELS["lyria-3"].price_usd == ASKED
