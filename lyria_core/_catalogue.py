"""The models: what each takes, returns and costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from lyria_core._catalogue_file import Entry, read_entries

LIVE_BASE_URL = "https://gateway.pixazo.ai"
"""Origin of the live gateway."""

# The reference's types; they are the same for every model that has the parameter.
_TYPES = {"prompt": "string", "images": "array", "negative_prompt": "string", "seed": "integer"}
_REQUIRED = ("prompt",)


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
        path: Path of the submit endpoint below the base URL, with a leading slash.
        price_usd: Price of one generation in US dollars.
        price_date: The day on which that price was stated.
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
    path: str
    price_usd: Decimal
    price_date: date
    parameters: Mapping[str, Parameter] = field(hash=False)
    media_type: str
    media_extension: str
    vocals: bool
    typical_duration_s: tuple[float, float]
    sample_rate_hz: int | None = None

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


class _InUse(Mapping[str, Model]):
    """The models in use; replaced as a whole, so that no thread sees a half-changed catalogue."""

    def __init__(self, models: Mapping[str, Model]) -> None:
        self._models = dict(models)

    def __getitem__(self, model_id: str) -> Model:
        return self._models[model_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._models)

    def __len__(self) -> int:
        return len(self._models)

    def replace(self, models: Mapping[str, Model]) -> None:
        self._models = dict(models)


def read_models(path: str | None = None) -> dict[str, Model]:
    """Return the built-in models, with what a TOML file of the same form adds or changes.

    Args:
        path: The file. A new model needs every key of a built-in one but ``price_date`` and
            ``sample_rate_hz``; for a built-in model the keys that differ are enough. ``None``, or
            a file that is not there, changes nothing.

    Raises:
        CatalogueError: The file has a mistake; the message names the file and the key.
    """
    return {id_: _model(id_, entry) for id_, entry in read_entries(path).items()}


def use_models(models: Mapping[str, Model]) -> None:
    """Make ``MODELS`` hold these models, for the whole process.

    Args:
        models: Every model by its id, usually from ``read_models``.
    """
    _in_use.replace(models)


def _model(model_id: str, entry: Entry) -> Model:
    parameters = {
        name: Parameter(_TYPES[name], name in _REQUIRED, **limits)
        for name, limits in entry.pop("parameters").items()
    }
    path = "/" + entry.pop("path")
    return Model(id=model_id, path=path, parameters=parameters, **entry)


_in_use = _InUse(read_models())

MODELS: Mapping[str, Model] = _in_use
"""Every model in use by its id; ``use_models`` changes it."""


def model_of_request_id(request_id: str) -> str | None:
    """Read the model off a request id (``lyria-2_019d…`` in the reference's examples).

    Returns:
        The model's id, or ``None`` if the id names no model of the catalogue.
    """
    prefix = request_id.partition("_")[0]
    return prefix if prefix in MODELS else None
