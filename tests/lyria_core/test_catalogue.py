"""The catalogue says what the gateway's reference says."""

from __future__ import annotations

import dataclasses
import pickle
from datetime import date
from decimal import Decimal

import pytest

from lyria_core import LIVE_BASE_URL, MODELS, Parameter


def test_built_in_prices_are_those_of_the_reference() -> None:
    assert LIVE_BASE_URL == "https://gateway.pixazo.ai"
    prices = {model_id: model.price_usd for model_id, model in MODELS.items()}
    assert prices == {
        "lyria-3-pro": Decimal("0.08"),
        "lyria-3": Decimal("0.04"),
        "lyria-2": Decimal("0.06"),
    }
    assert {model.price_date for model in MODELS.values()} == {date(2026, 5, 22)}


@pytest.mark.parametrize("model_id", ["lyria-3-pro", "lyria-3"])
def test_lyria_3(model_id: str) -> None:
    model = MODELS[model_id]
    assert model.path == f"/{model_id}/v1/{model_id}/generate"
    assert list(model.parameters) == ["prompt", "images"]
    assert (model.parameters["prompt"].type, model.parameters["prompt"].required) == (
        "string",
        True,
    )
    assert (model.parameters["images"].type, model.parameters["images"].required) == (
        "array",
        False,
    )
    assert (model.max_images, model.supports_images) == (10, True)
    assert not model.supports_seed
    assert not model.supports_negative_prompt
    assert (model.media_type, model.media_extension) == ("audio/mpeg", "mpeg")
    assert model.vocals
    assert model.sample_rate_hz is None


def test_lyria_2() -> None:
    model = MODELS["lyria-2"]
    assert model.path == "/lyria-2/v1/lyria-2/generate"
    assert {name: (p.type, p.required) for name, p in model.parameters.items()} == {
        "prompt": ("string", True),
        "negative_prompt": ("string", False),
        "seed": ("integer", False),
    }
    assert (model.max_images, model.supports_images) == (0, False)
    assert model.supports_seed
    assert model.supports_negative_prompt
    assert (model.media_type, model.media_extension) == ("audio/wav", "wav")
    assert model.sample_rate_hz == 48_000
    assert not model.vocals


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_models_pickle_and_compare_by_value(model: object) -> None:
    again = pickle.loads(pickle.dumps(model))  # noqa: S301 - our own bytes
    assert again == model
    assert hash(again) == hash(model)


def test_models_cannot_be_changed() -> None:
    model = MODELS["lyria-2"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        model.price_usd = Decimal(0)  # type: ignore[misc]
    with pytest.raises(TypeError):
        model.parameters["x"] = Parameter("string", required=False, description="")  # type: ignore[index]
    with pytest.raises(TypeError):
        MODELS["x"] = model  # type: ignore[index]
