"""What stands in the form of the Create screen, checked and turned into requests."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lyria_core import MODELS, Charge, InvalidRequest, Model, MusicRequest

MAX_TAKES = 8
MAX_PROMPT_CHARACTERS = 20_000
# The reference says "integer" and gives no range; 64 bits is what every JSON reader keeps exactly
# or refuses, and leaves room for the takes counted up from it.
MAX_SEED = 2**53 - 1


@dataclass(frozen=True)
class Take:
    """One generation that a form orders: the n-th of the same request.

    Attributes:
        request: what goes over the wire.
        number: counted from 1 for each model.
        of: how many takes of this request there are.
    """

    request: MusicRequest
    number: int
    of: int


@dataclass(frozen=True)
class Draft:
    """The fields of the form as they were typed.

    Args:
        model: id of the chosen model in the catalogue.
        prompt: what the music should be.
        images: addresses of images, one a line (only for models that take images).
        negative_prompt: what to leave out (only for models that take one).
        seed: an integer as typed, or empty (only for models that take one).
        takes: how many generations for each model, 1 to 8.
        also: ids of further models that get the same prompt.
    """

    model: str
    prompt: str
    images: str = ""
    negative_prompt: str = ""
    seed: str = ""
    takes: int = 1
    also: tuple[str, ...] = ()

    @property
    def models(self) -> list[Model]:
        """The models that this draft orders from, the chosen one first, each once."""
        return [MODELS[id_] for id_ in dict.fromkeys((self.model, *self.also))]

    @property
    def has_text(self) -> bool:
        """Whether anything was typed."""
        return any((self.prompt, self.images, self.negative_prompt, self.seed))

    @property
    def count(self) -> int:
        """How many tracks a click orders."""
        return len(self.models) * self.takes

    def price_usd(self) -> Decimal:
        """Price of all takes in US dollars, as the catalogue has it."""
        return sum((model.price_usd * self.takes for model in self.models), Decimal(0))

    def ordered(self) -> list[Take]:
        """Return every take of every model, checked.

        With a seed, the takes count up from it: two takes with one seed would be one track paid
        twice.

        Raises:
            InvalidRequest: something is wrong with a field; nothing was sent, nothing costs.
        """
        if not 1 <= self.takes <= MAX_TAKES:
            raise _refused(
                f"Between 1 and {MAX_TAKES} takes can be ordered at once, not {self.takes}.",
                "Choose fewer takes.",
            )
        if len(self.prompt) > MAX_PROMPT_CHARACTERS:
            raise _refused(
                f"The prompt has {len(self.prompt):,} characters, and at most "
                f"{MAX_PROMPT_CHARACTERS:,} can be sent.",
                "Shorten it; what you typed is still there.",
            )
        takes = [
            Take(self._request(model, number), number + 1, self.takes)
            for model in self.models
            for number in range(self.takes)
        ]
        for take in takes:
            take.request.validate()
        return takes

    def parked(self) -> list[str]:
        """Return the names of filled-in fields that none of the models reads."""
        kept = {
            "images": bool(self.images.strip()),
            "what to leave out": bool(self.negative_prompt.strip()),
            "the seed": bool(self.seed.strip()),
        }
        taken = {
            "images": any(model.supports_images for model in self.models),
            "what to leave out": any(model.supports_negative_prompt for model in self.models),
            "the seed": any(model.supports_seed for model in self.models),
        }
        return [name for name, there in kept.items() if there and not taken[name]]

    def _request(self, model: Model, number: int) -> MusicRequest:
        seed = _seed(self.seed, self.takes) if model.supports_seed else None
        return MusicRequest(
            model=model.id,
            prompt=self.prompt.strip(),
            images=_images(self.images, model),
            negative_prompt=_negative(self.negative_prompt, model),
            seed=None if seed is None else seed + number,
        )


def _images(text: str, model: Model) -> Sequence[str]:
    return tuple(re.split(r"\s+", text.strip())) if text.strip() and model.supports_images else ()


def _negative(text: str, model: Model) -> str | None:
    return text.strip() or None if model.supports_negative_prompt else None


def _seed(text: str, takes: int) -> int | None:
    if not text.strip():
        return None
    if not re.fullmatch(r"[+-]?[0-9]{1,16}", text.strip()):
        raise _refused(
            "The seed must be a whole number such as 42.",
            "Correct it, or leave it empty to let the model choose.",
        )
    seed = int(text.strip())
    if not 0 <= seed <= MAX_SEED - takes:
        raise _refused(
            f"The seed must lie between 0 and {MAX_SEED - takes:,}.",
            "Correct it, or leave it empty to let the model choose.",
        )
    return seed


def _refused(message: str, advice: str) -> InvalidRequest:
    return InvalidRequest(f"{message} Nothing was sent.", charge=Charge.NO, advice=advice)
