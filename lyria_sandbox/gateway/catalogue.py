"""What the sandbox adds to the catalogue of models."""

from __future__ import annotations

from decimal import ROUND_CEILING
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lyria_core import Model

# In the reference, the answer of Lyria 2 to an empty wallet names no amount.
_SILENT_ABOUT_PRICE: Final = frozenset({"lyria-2"})

# The requests that the reference shows.
_EXAMPLE: Final = (
    "A calm acoustic folk song with gentle guitar and soft strings. Instrumental only."
)
_EXAMPLES: Final = {"lyria-2": "Futuristic country music, steel guitar, huge 808s"}

_CLIP_S: Final = 60.0
"""Models whose music is usually not longer than this make clips, the others songs."""


def price_cents(model: Model) -> int:
    """Return what the wallet pays for a job, in whole US cents, rounded up."""
    return int((model.price_usd * 100).to_integral_value(ROUND_CEILING))


def names_price(model: Model) -> bool:
    """Return whether the answer to an empty wallet names the amount required."""
    return model.id not in _SILENT_ABOUT_PRICE


def file_name(model: Model) -> str:
    """Return the name of the output at the end of its URL."""
    return f"output.{model.media_extension}"


def example(model: Model) -> str:
    """Return a prompt for the documentation of a model."""
    return _EXAMPLES.get(model.id, _EXAMPLE)


def composer_model(model: Model) -> str:
    """Return the model whose length, voice and file the composer gives to this one's jobs."""
    if model.media_extension == "wav" and not model.vocals:
        return "lyria-2"
    return "lyria-3" if model.typical_duration_s[1] <= _CLIP_S else "lyria-3-pro"
