"""A file that adds models or changes their prices, and every mistake in it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from lyria_core import (
    MODELS,
    CatalogueError,
    Charge,
    InvalidRequest,
    MusicRequest,
    read_models,
    use_models,
)

NEW = """
[lyria-4]
name = "Lyria 4"
description = "Longer songs."
path = "lyria-4/v2/lyria-4/generate"
price_usd = 0.1
media_type = "audio/wav"
media_extension = "wav"
vocals = true
typical_duration_s = [60, 240.5]
parameters.prompt.description = "What to make."
parameters.images = { description = "Pictures.", max_items = 3 }
parameters.seed.description = "Seed."
"""


def write(folder: Path, text: str) -> str:
    path = folder / "models.toml"
    path.write_text(text)
    return str(path)


def test_new_model_stands_behind_the_built_in_ones(tmp_path: Path) -> None:
    path = write(tmp_path, NEW)
    models = read_models(path)
    assert list(models) == ["lyria-3-pro", "lyria-3", "lyria-2", "lyria-4"]
    model = models["lyria-4"]
    assert (model.id, model.name, model.price_usd) == ("lyria-4", "Lyria 4", Decimal("0.10"))
    assert model.path == "/lyria-4/v2/lyria-4/generate"
    assert model.typical_duration_s == (60.0, 240.5)
    assert (model.max_images, model.supports_seed, model.supports_negative_prompt) == (
        3,
        True,
        False,
    )
    assert model.parameters["prompt"].required
    assert model.parameters["seed"].type == "integer"
    today = datetime.fromtimestamp(Path(path).stat().st_mtime, UTC).date()
    assert model.price_date == today


def test_price_alone_is_enough_for_a_built_in_model(tmp_path: Path) -> None:
    models = read_models(write(tmp_path, "[lyria-3]\nprice_usd = 0.045\nprice_date = 2027-01-02\n"))
    assert models["lyria-3"].price_usd == Decimal("0.045")
    assert models["lyria-3"].price_date == date(2027, 1, 2)
    assert models["lyria-3"].name == "Lyria 3"
    assert models["lyria-2"] == read_models()["lyria-2"]


@pytest.mark.parametrize("price", ["0", "0.0", "0.0001", "1", "999999.9999", "1e2", "0.0800000"])
def test_price_is_exact(tmp_path: Path, price: str) -> None:
    found = read_models(write(tmp_path, f"[lyria-3]\nprice_usd = {price}\n"))["lyria-3"].price_usd
    assert found == Decimal(price)
    assert "E" not in str(found)


def test_missing_file_changes_nothing(tmp_path: Path) -> None:
    assert read_models(str(tmp_path / "models.toml")) == read_models()
    assert read_models(write(tmp_path, "# nothing\n")) == read_models()


MISTAKES = {
    "unknown key": (NEW + 'voice = "yes"\n', "lyria-4.voice is unknown"),
    "unknown top key": (NEW.replace("vocals", "voice"), "lyria-4.voice is unknown"),
    "unknown key of a built-in model": ("[lyria-3]\nprice = 1\n", "lyria-3.price is unknown"),
    "missing name": (NEW.replace('name = "Lyria 4"', ""), "lyria-4.name is missing"),
    "missing price": (NEW.replace("price_usd = 0.1", ""), "lyria-4.price_usd is missing"),
    "missing path": ("[x]\n", "x.name is missing"),
    "no prompt": (
        NEW.replace('parameters.prompt.description = "What to make."', ""),
        "lyria-4.parameters.prompt is missing",
    ),
    "unknown parameter": (
        NEW.replace("parameters.seed", "parameters.tempo"),
        "lyria-4.parameters.tempo is unknown",
    ),
    "parameter without limit": (
        NEW.replace(", max_items = 3", ""),
        "lyria-4.parameters.images.max_items is missing",
    ),
    "wrong limit": (NEW.replace("= 3", "= 0"), "lyria-4.parameters.images.max_items must be"),
    "parameter is a text": (
        NEW.replace("parameters.seed.description =", "parameters.seed ="),
        "lyria-4.parameters.seed must be a table",
    ),
    "parameters are a list": (
        "[lyria-3]\nparameters = ['prompt']\n",
        "lyria-3.parameters must be a table",
    ),
    "text for a price": ('[lyria-3]\nprice_usd = "4 cents"\n', "lyria-3.price_usd must be"),
    "quoted price": ('[lyria-3]\nprice_usd = "0.04"\n', "lyria-3.price_usd must be"),
    "true for a price": ("[lyria-3]\nprice_usd = true\n", "lyria-3.price_usd must be"),
    "negative price": ("[lyria-3]\nprice_usd = -0.01\n", "lyria-3.price_usd must be"),
    "infinite price": ("[lyria-3]\nprice_usd = inf\n", "lyria-3.price_usd must be"),
    "price that is no number": ("[lyria-3]\nprice_usd = nan\n", "lyria-3.price_usd must be"),
    "huge price": ("[lyria-3]\nprice_usd = 1e400\n", "lyria-3.price_usd must be"),
    "tiny price": ("[lyria-3]\nprice_usd = 0.00001\n", "lyria-3.price_usd must be"),
    "time for a date": (
        "[lyria-3]\nprice_date = 2026-05-22T10:00:00Z\n",
        "lyria-3.price_date must be",
    ),
    "empty name": ('[lyria-3]\nname = " "\n', "lyria-3.name must be"),
    "name of two lines": ('[lyria-3]\nname = "a\\nb"\n', "lyria-3.name must be"),
    "number for a name": ("[lyria-3]\nname = 3\n", "lyria-3.name must be"),
    "text for a flag": ('[lyria-3]\nvocals = "no"\n', "lyria-3.vocals must be"),
    "one duration": ("[lyria-3]\ntypical_duration_s = [30]\n", "lyria-3.typical_duration_s must"),
    "durations in reverse": (
        "[lyria-3]\ntypical_duration_s = [9, 3]\n",
        "lyria-3.typical_duration_s must",
    ),
    "endless duration": (
        "[lyria-3]\ntypical_duration_s = [9, nan]\n",
        "lyria-3.typical_duration_s must",
    ),
    "video": ('[lyria-3]\nmedia_type = "video/mp4"\n', "lyria-3.media_type must be"),
    "extension with a dot": ('[lyria-3]\nmedia_extension = ".wav"\n', "lyria-3.media_extension"),
    "negative sample rate": ("[lyria-2]\nsample_rate_hz = -1\n", "lyria-2.sample_rate_hz must be"),
    "path of another model": (
        '[lyria-3]\npath = "lyria-2/v1/lyria-2/generate"\n',
        "lyria-3.path is the path of lyria-2 too",
    ),
    "upper-case id": (NEW.replace("[lyria-4]", "[Lyria-4]"), "Lyria-4 is no model id"),
    "id with an underscore": (NEW.replace("[lyria-4]", "[lyria_4]"), "lyria_4 is no model id"),
    "number for a model": ("lyria-4 = 4\n", "lyria-4 must be a table"),
    "list of models": ("[[lyria-3]]\nprice_usd = 1\n", "lyria-3 must be a table"),
    "same id twice": (NEW + NEW, "lyria-4"),
    "same key twice": ("[lyria-3]\nprice_usd = 1\nprice_usd = 2\n", "at line 3"),
    "no TOML": ("{}", "line 1"),
}


@pytest.mark.parametrize(("text", "message"), MISTAKES.values(), ids=MISTAKES)
def test_mistake_is_one_line_that_names_file_and_key(
    tmp_path: Path, text: str, message: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(CatalogueError) as caught:
        read_models(path)
    said = str(caught.value)
    assert said.startswith(f"{path}: ")
    assert message in said
    assert "\n" not in said
    assert said.endswith(".")
    assert not said.endswith("..")
    assert caught.value.charge is Charge.NO


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/v1/generate",
        "evil.example:443/generate",
        "//evil.example/generate",
        "/lyria-4/generate",
        "lyria-4/../../admin",
        "..",
        ".",
        "lyria-4/./generate",
        "lyria-4//generate",
        "lyria-4/generate/",
        "lyria-4/generate?x=1",
        "lyria-4/generate#x",
        "lyria-4/%2e%2e/admin",
        "lyria-4%2fgenerate",
        "lyria-4\\\\generate",
        "lyria-4/gen erate",
        "lyria-4/generate\\n",
        "lyria-4/\\u0000",
        "lyria-4/\\u202e",
        "lyria-4/gënerate",
        "user@evil.example/generate",
        "lyria-4/;x=1",
        "",
    ],
)
def test_path_that_could_lead_elsewhere_is_a_mistake(tmp_path: Path, path: str) -> None:
    text = NEW.replace("lyria-4/v2/lyria-4/generate", path)
    with pytest.raises(CatalogueError, match=r"lyria-4\.path must be plain segments"):
        read_models(write(tmp_path, text))


def test_file_that_cannot_be_read_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="cannot be read"):
        read_models(str(tmp_path))
    path = tmp_path / "models.toml"
    path.write_bytes(b"[lyria-3]\nname = '\xff'\n")
    with pytest.raises(CatalogueError, match="not UTF-8"):
        read_models(str(path))


def test_models_in_use_are_validated_and_submitted(tmp_path: Path) -> None:
    try:
        use_models(read_models(write(tmp_path, NEW)))
        assert list(MODELS)[-1] == "lyria-4"
        assert MusicRequest("lyria-4", "A waltz", seed=4).payload() == {
            "prompt": "A waltz",
            "seed": 4,
        }
        with pytest.raises(InvalidRequest, match="at most 3 images"):
            MusicRequest("lyria-4", "A waltz", images=["https://example.com/a.png"] * 4)
    finally:
        use_models(read_models())
    assert "lyria-4" not in MODELS
    with pytest.raises(InvalidRequest):
        MusicRequest("lyria-4", "A waltz")
