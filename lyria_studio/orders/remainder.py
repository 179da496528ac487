"""What a batch that ran out of credit left unmade, and ordering it once there is credit."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from lyria_core import MODELS
from lyria_studio.model.generation import Generation, take_ids
from lyria_studio.model.states import State
from lyria_studio.phrases import count


@dataclass(frozen=True)
class Remainder:
    """The part of a batch for which the wallet held too little.

    Attributes:
        total: how many the click ordered.
        missing: those that were refused or not sent.
        complete: whether all the others are made.
    """

    total: int
    missing: tuple[Generation, ...]
    complete: bool

    @property
    def price_usd(self) -> Decimal:
        """What they cost at today's prices."""
        prices = (_price(one) for one in self.missing)
        return sum(prices, Decimal(0))

    @property
    def sentence(self) -> str:
        """What became of the batch, as in `3 of 8 made. Not enough credit for 5.`."""
        sent = self.total - len(self.missing)
        if self.total == 1:
            return "Not enough credit. Nothing was charged."
        done = "made" if self.complete else "sent"
        return f"{sent} of {self.total} {done}. Not enough credit for {len(self.missing)}."

    @property
    def button(self) -> str:
        """The text of the button without its price."""
        if self.total == 1:
            return "Make it"
        if len(self.missing) == self.total:
            return f"Make {count(self.total, 'track')}"
        return f"Make the other {len(self.missing)}"

    @property
    def ids(self) -> list[str]:
        """Ids for the new order, the same at every click on the same button."""
        names = " ".join(one.id for one in self.missing)
        return take_ids(sha256(names.encode()).hexdigest()[:32], len(self.missing))


def remainder(batch: Sequence[Generation]) -> Remainder:
    """Return what credit was missing for.

    Args:
        batch: all that one click ordered.
    """
    missing = tuple(one for one in batch if one.cause == "credit")
    ready = sum(one.state is State.READY for one in batch)
    return Remainder(len(batch), missing, complete=ready + len(missing) == len(batch))


def _price(generation: Generation) -> Decimal:
    model = MODELS.get(generation.model_id)
    return generation.price_usd if model is None else model.price_usd
