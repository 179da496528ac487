"""The models that the gateway offers, as its reference describes them (read 2026-05-22)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Offer:
    """One model of the gateway.

    Attributes:
        id: The model's name in paths and request ids.
        name: The model's name for people.
        price_cents: Price of a job in US cents.
        tells_price: Whether the answer to an empty wallet names the amount required.
        media_type: Content type of the output.
        file_name: Name of the output at the end of its URL.
        max_images: Number of image URLs that it takes; 0 where it has no such field.
        has_negative_prompt: Whether it takes ``negative_prompt``.
        has_seed: Whether it takes ``seed``.
        example: The request that the reference shows.
    """

    id: str
    name: str
    price_cents: int
    tells_price: bool
    media_type: str
    file_name: str
    max_images: int
    has_negative_prompt: bool
    has_seed: bool
    example: str

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the fields that a request for this model may have."""
        return (
            "prompt",
            *(("images",) if self.max_images else ()),
            *(("negative_prompt",) if self.has_negative_prompt else ()),
            *(("seed",) if self.has_seed else ()),
        )


_FOLK = "A calm acoustic folk song with gentle guitar and soft strings. Instrumental only."

OFFERS: Final[dict[str, Offer]] = {
    offer.id: offer
    for offer in (
        Offer(
            id="lyria-3-pro",
            name="Lyria 3 Pro",
            price_cents=8,
            tells_price=True,
            media_type="audio/mpeg",
            file_name="output.mpeg",
            max_images=10,
            has_negative_prompt=False,
            has_seed=False,
            example=_FOLK,
        ),
        Offer(
            id="lyria-3",
            name="Lyria 3",
            price_cents=4,
            # The reference prints the amount of Lyria 3 Pro in this model's example; the amount
            # that is really required is told here.
            tells_price=True,
            media_type="audio/mpeg",
            file_name="output.mpeg",
            max_images=10,
            has_negative_prompt=False,
            has_seed=False,
            example=_FOLK,
        ),
        Offer(
            id="lyria-2",
            name="Lyria 2",
            price_cents=6,
            tells_price=False,
            media_type="audio/wav",
            file_name="output.wav",
            max_images=0,
            has_negative_prompt=True,
            has_seed=True,
            example="Futuristic country music, steel guitar, huge 808s",
        ),
    )
}
