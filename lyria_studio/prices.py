"""The prices that this process uses: the catalogue's, unless the gateway asks others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from lyria_core import Model, read_models, use_models
from lyria_studio.library import Library
from lyria_studio.money.price_file import set_price

__all__ = ["PriceChange", "Prices"]


@dataclass(frozen=True)
class PriceChange:
    """A model whose price at the gateway differs from the catalogue.

    Attributes:
        model: with the price of the catalogue.
        asked_usd: what the gateway asks for one generation, in US dollars.
    """

    model: Model
    asked_usd: Decimal


class Prices:
    """Keeps `MODELS` at the prices of the live gateway.

    From the refusal (402) on that names another amount, buttons and budgets count with it.
    """

    def __init__(self, library: Library, models_file: Path, base_url: str) -> None:
        """Put the catalogue in use.

        Args:
            library: where the amounts are that the gateway named.
            models_file: what adds to the built-in catalogue; it may be missing.
            base_url: of the live gateway.

        Raises:
            CatalogueError: The file has a mistake.
        """
        self._asked = library.ledger.asked_prices
        self._file = models_file
        self._base_url = base_url
        self._listed = read_models(str(models_file))
        self._asked.changed = self._use
        self._use()

    def changes(self) -> list[PriceChange]:
        """Return the models whose price at the gateway differs from the catalogue."""
        asked = self._asked.at(self._base_url)
        return [
            PriceChange(model, asked[model.id])
            for model in self._listed.values()
            if asked.get(model.id, model.price_usd) != model.price_usd
        ]

    def accept(self, change: PriceChange, stated_on: date) -> None:
        """Write the gateway's price into the file of models.

        Args:
            change: which price.
            stated_on: the day on which the gateway asked it.

        Raises:
            CatalogueError: The file has a mistake or cannot be written; it is as it was.
        """
        set_price(self._file, change.model.id, change.asked_usd, stated_on)
        self._listed = read_models(str(self._file))
        self._asked.forget(change.model.id)

    def dismiss(self, change: PriceChange) -> None:
        """Use the catalogue's price again, until the gateway asks another one."""
        self._asked.forget(change.model.id)

    def _use(self) -> None:
        asked = {
            one.model.id: replace(one.model, price_usd=one.asked_usd) for one in self.changes()
        }
        use_models({**self._listed, **asked})
