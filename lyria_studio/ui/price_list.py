"""The catalogue with its prices."""

import pandas as pd
import streamlit as st

from lyria_core import MODELS, Model
from lyria_studio.money import usd
from lyria_studio.wording import literal


def draw() -> None:
    """The table under its heading."""
    st.header("Prices")
    table()


def table() -> None:
    """One row a model, as the gateway's reference has it."""
    st.table(pd.DataFrame([_row(model) for model in MODELS.values()]).set_index("Model"))
    dates = {model.price_date for model in MODELS.values()}
    st.caption(
        f"US dollars for each track, as the gateway published them on {max(dates):%d %B %Y}. "
        "A job that ends in ERROR is not charged. The sandbox charges its own play money."
    )


def _row(model: Model) -> dict[str, str]:
    low, high = model.typical_duration_s
    length = f"about {low:g} s" if low == high else f"{low:g} to {high:g} s"
    takes = ["prompt"]
    if model.supports_images:
        takes.append(f"up to {model.max_images} images")
    if model.supports_negative_prompt:
        takes.append("negative prompt")
    if model.supports_seed:
        takes.append("seed")
    return {
        "Model": model.name,
        "Price": literal(usd(model.price_usd)),
        "Length": length,
        "File": "WAV, 48 kHz" if model.media_extension == "wav" else "MP3",
        "Voice": "sings" if model.vocals else "instrumental only",
        "Takes": ", ".join(takes),
    }
