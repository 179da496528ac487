"""The user's file of models with another price."""

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from lyria_core import CatalogueError, read_models
from lyria_studio.money.price_file import set_price

DAY = date(2026, 11, 27)
COMMENTED = """# Our prices.
[lyria-2]   # the old one
price_usd = 0.07 # as of May

[lyria-3]
# cheap
price_usd = 0.05
price_date = 2026-05-22

[lyria-3-pro]
name = "Pro"
"""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing yet\n",
        COMMENTED,
        COMMENTED.replace("\n", "\r\n"),
        "\ufeff" + COMMENTED,
        "lyria-3.price_usd = 0.05\n",
        'lyria-3 = { price_usd = 0.05, name = "Small" }\n',
        '["lyria-3"]\nprice_usd = 5e-2',
    ],
)
def test_one_price_changes_and_nothing_else(tmp_path: Path, text: str) -> None:
    path = tmp_path / "models.toml"
    path.write_bytes(text.encode())
    before = tomllib.loads(text.removeprefix("\ufeff"))
    set_price(path, "lyria-3", Decimal("0.10"), DAY)
    changed = tomllib.loads(path.read_text("utf-8"))
    assert changed.pop("lyria-3") == before.pop("lyria-3", {}) | {
        "price_usd": 0.1,
        "price_date": DAY,
    }
    assert changed == before
    assert read_models(str(path))["lyria-3"].price_usd == Decimal("0.10")
    assert [file.name for file in tmp_path.iterdir()] == ["models.toml"]


def test_comments_and_order_stay(tmp_path: Path) -> None:
    path = tmp_path / "models.toml"
    path.write_text(COMMENTED)
    set_price(path, "lyria-3", Decimal("0.10"), DAY)
    assert path.read_text() == COMMENTED.replace("0.05", "0.10").replace("2026-05-22", "2026-11-27")


def test_file_is_made_where_there_was_none(tmp_path: Path) -> None:
    path = tmp_path / "models.toml"
    set_price(path, "lyria-3", Decimal("0.125"), DAY)
    assert path.read_text() == "[lyria-3]\nprice_usd = 0.125\nprice_date = 2026-11-27\n"


@pytest.mark.parametrize("text", ["[lyria-3\n", "[lyria-3]\nprice_us = 1\n", "lyria-3 = 5\n"])
def test_file_with_a_mistake_stays_as_it_was(tmp_path: Path, text: str) -> None:
    path = tmp_path / "models.toml"
    path.write_text(text)
    with pytest.raises(CatalogueError) as caught:
        set_price(path, "lyria-3", Decimal("0.10"), DAY)
    assert str(path) in str(caught.value)
    assert path.read_text() == text
    assert [file.name for file in tmp_path.iterdir()] == ["models.toml"]


def test_folder_that_cannot_be_written_to_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="could not be changed") as caught:
        set_price(tmp_path / "missing" / "models.toml", "lyria-3", Decimal("0.10"), DAY)
    assert caught.value.advice == "Set lyria-3.price_usd to 0.10 in it."
