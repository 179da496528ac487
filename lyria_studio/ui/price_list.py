"""The catalogue with its prices."""

import streamlit as st

from lyria_core import MODELS, Model
from lyria_studio.money import usd
from lyria_studio.ui import responsive_tables


def draw() -> None:
    """Draw the table under its heading."""
    with st.container(border=True, key="prices"):
        st.header("Price per track")
        table()


def table() -> None:
    """Draw one row for each model, as the gateway's reference has it."""
    responsive_tables.draw(
        [_row(model) for model in MODELS.values()], "The models and their prices"
    )
    st.caption(f"US dollars, prices of {date()}. A job that ends in ERROR is not charged.")


def date() -> str:
    """Return the day on which the prices were read."""
    day = max(model.price_date for model in MODELS.values())
    return f"{day.day} {day:%B %Y}"


def facts(model: Model) -> str:
    """Return what a model delivers, and what it takes besides a prompt."""
    return " · ".join([_file(model), *_takes(model)])


def _row(model: Model) -> dict[str, str]:
    return {
        "Model": model.name,
        "Price": usd(model.price_usd),
        "For $10": f"{int(10 / model.price_usd):,}" if model.price_usd else "any number",
        "Length": _length(model),
        "File": _file(model),
        "Voice": "sings" if model.vocals else "instrumental only",
        "Inputs": ", ".join(["prompt", *_takes(model)]),
    }


def _length(model: Model) -> str:
    low, high = model.typical_duration_s
    return f"{low:.0f} s" if low == high else f"{low:g}–{high:g} s"


def _file(model: Model) -> str:
    if model.media_extension == "wav" and model.sample_rate_hz:
        return f"WAV, {model.sample_rate_hz / 1000:g} kHz"
    return "WAV" if model.media_extension == "wav" else "MP3"


def _takes(model: Model) -> list[str]:
    offered = {
        f"up to {model.max_images} images": model.supports_images,
        "negative prompt": model.supports_negative_prompt,
        "seed": model.supports_seed,
    }
    return [name for name, taken in offered.items() if taken]
