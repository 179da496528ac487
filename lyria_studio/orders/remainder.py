"""What an empty wallet or a refused key left unmade of a batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from lyria_core import MODELS, Charge, Refusal
from lyria_studio.model.generation import Generation, take_ids
from lyria_studio.model.states import State
from lyria_studio.phrases import count


@dataclass(frozen=True)
class Remainder:
    """The part of a batch that was refused or not sent, and was not charged.

    Attributes:
        total: how many the click ordered.
        missing: the unmade ones.
        complete: whether all the others are made.
        cause: why.
        told_by: id of the generation whose card tells of it.
    """

    total: int
    missing: tuple[Generation, ...]
    complete: bool
    cause: Refusal
    told_by: str

    @property
    def price_usd(self) -> Decimal:
        """What they cost at today's prices."""
        prices = (_price(one) for one in self.missing)
        return sum(prices, Decimal(0))

    @property
    def sentence(self) -> str:
        """What became of the batch, as in `3 of 8 made. Not enough credit for 5.`."""
        sent = self.total - len(self.missing)
        done = "made" if self.complete else "sent"
        return f"{sent} of {self.total} {done}. {self._why} for {len(self.missing)}."

    @property
    def toast(self) -> str:
        """The same in a few words."""
        return f"{self._why} for {len(self.missing)} of {self.total}"

    @property
    def help(self) -> str:
        """What to do before the button is pressed."""
        first = "Top up first." if self.cause is Refusal.CREDIT else "Enter a working key first."
        return f"{first} The same requests are sent again."

    @property
    def _why(self) -> str:
        return "Not enough credit" if self.cause is Refusal.CREDIT else "API key refused"

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


def remainder(batch: Sequence[Generation]) -> Remainder | None:
    """Return what was not made for want of credit or of a key; None if there is no such thing.

    Args:
        batch: all that one click ordered.
    """
    stopped = [one for one in batch if one.cause is not None]
    missing = tuple(one for one in stopped if one.charge is Charge.NO)
    if not missing:
        return None
    # The one that the gateway refused, though it may be unknown whether it was charged.
    first = next((one for one in stopped if one.state is not State.CANCELLED), stopped[0])
    ready = sum(one.state is State.READY for one in batch)
    complete = ready + len(missing) == len(batch)
    return Remainder(len(batch), missing, complete, Refusal(str(first.cause)), first.id)


def _price(generation: Generation) -> Decimal:
    model = MODELS.get(generation.model_id)
    return generation.price_usd if model is None else model.price_usd
