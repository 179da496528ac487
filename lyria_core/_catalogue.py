"""The models as the gateway's reference describes them; a new Lyria is a new entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

LIVE_BASE_URL = "https://gateway.pixazo.ai"
"""Origin of the live gateway."""


@dataclass(frozen=True)
class Parameter:
    """One field of the request body.

    Attributes:
        type: JSON type: ``string``, ``array`` or ``integer``.
        required: Whether the gateway refuses a request without it.
        description: What it is for, in one sentence.
        max_items: Largest number of items of an array, or ``None``.
    """

    type: str
    required: bool
    description: str
    max_items: int | None = None


@dataclass(frozen=True)
class Model:
    """What a model takes, returns and costs.

    Attributes:
        id: Name of the model on the wire.
        name: Name for people.
        description: One line for people.
        price_usd: Price of one generation in US dollars.
        price_date: The day on which the reference stated that price.
        parameters: The fields of the request body by name.
        media_type: MIME type of the file it returns.
        media_extension: Extension of the file's name at the gateway, without the dot.
        vocals: Whether it can sing.
        typical_duration_s: Shortest and longest usual length of its music in seconds.
        sample_rate_hz: Sample rate of its files in hertz, where it is stated.
    """

    id: str
    name: str
    description: str
    price_usd: Decimal
    price_date: date
    parameters: Mapping[str, Parameter] = field(hash=False)
    media_type: str
    media_extension: str
    vocals: bool
    typical_duration_s: tuple[float, float]
    sample_rate_hz: int | None = None

    @property
    def path(self) -> str:
        """Path of the submit endpoint below the base URL."""
        return f"/{self.id}/v1/{self.id}/generate"

    @property
    def max_images(self) -> int:
        """Largest number of image URLs it takes; 0 if it takes none."""
        images = self.parameters.get("images")
        return 0 if images is None else images.max_items or 0

    @property
    def supports_images(self) -> bool:
        """Whether it takes image URLs."""
        return "images" in self.parameters

    @property
    def supports_negative_prompt(self) -> bool:
        """Whether it takes a description of what to leave out."""
        return "negative_prompt" in self.parameters

    @property
    def supports_seed(self) -> bool:
        """Whether it takes a seed."""
        return "seed" in self.parameters

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", MappingProxyType(dict(self.parameters)))

    def __reduce__(self) -> tuple[object, ...]:
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        # A mapping proxy does not pickle; __post_init__ makes a new one.
        values["parameters"] = dict(self.parameters)
        return (_restore, (values,))


def _restore(values: dict[str, Any]) -> Model:
    return Model(**values)


_READ_ON = date(2026, 5, 22)

_LYRIA_3_PARAMETERS = {
    "prompt": Parameter(
        "string",
        required=True,
        description=(
            "What to make: genre, instruments, mood, tempo, lyrics, structure tags such as "
            "[Verse], timestamps such as [0:00 - 0:30]."
        ),
    ),
    "images": Parameter(
        "array",
        required=False,
        description="Addresses of images to inspire the music.",
        max_items=10,
    ),
}
_LYRIA_2_PARAMETERS = {
    "prompt": Parameter("string", required=True, description="What to make."),
    "negative_prompt": Parameter("string", required=False, description="What to leave out."),
    "seed": Parameter("integer", required=False, description="Seed for a reproducible generation."),
}

MODELS: Mapping[str, Model] = MappingProxyType(
    {
        model.id: model
        for model in (
            Model(
                id="lyria-3-pro",
                name="Lyria 3 Pro",
                description="Whole songs of up to about three minutes, with voice and lyrics.",
                price_usd=Decimal("0.08"),
                price_date=_READ_ON,
                parameters=_LYRIA_3_PARAMETERS,
                media_type="audio/mpeg",
                media_extension="mpeg",
                vocals=True,
                typical_duration_s=(90.0, 180.0),
            ),
            Model(
                id="lyria-3",
                name="Lyria 3",
                description="Clips of about 30 seconds, with voice and lyrics.",
                price_usd=Decimal("0.04"),
                price_date=_READ_ON,
                parameters=_LYRIA_3_PARAMETERS,
                media_type="audio/mpeg",
                media_extension="mpeg",
                vocals=True,
                typical_duration_s=(30.0, 30.0),
            ),
            Model(
                id="lyria-2",
                name="Lyria 2",
                description="Instrumental pieces of 32.8 seconds in studio quality, repeatable.",
                price_usd=Decimal("0.06"),
                price_date=_READ_ON,
                parameters=_LYRIA_2_PARAMETERS,
                media_type="audio/wav",
                media_extension="wav",
                vocals=False,
                typical_duration_s=(32.8, 32.8),
                sample_rate_hz=48_000,
            ),
        )
    }
)
"""Every model by its id."""


def model_of_request_id(request_id: str) -> str | None:
    """Read the model off a request id (``lyria-2_019d…`` in the reference's examples).

    Returns:
        The model's id, or ``None`` if the id names no model of the catalogue.
    """
    prefix = request_id.partition("_")[0]
    return prefix if prefix in MODELS else None
