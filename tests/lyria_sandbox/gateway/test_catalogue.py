"""Models that a file adds to the catalogue, at the sandbox."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import requests
from support.sandboxes import Client, serve_sandbox

from lyria_core import MODELS
from lyria_sandbox.gateway.catalogue import composer_model, price_cents

if TYPE_CHECKING:
    from pathlib import Path

LYRIA_4 = replace(
    MODELS["lyria-3"],
    id="lyria-4",
    name="Lyria 4",
    path="/lyria-4/v2/make",
    price_usd=Decimal("0.50"),
)


def test_added_model_is_served_charged_and_described(tmp_path: Path) -> None:
    with serve_sandbox(tmp_path, models=dict(MODELS) | {"lyria-4": LYRIA_4}) as client:
        client = Client(client.url, "sandbox-of-my-own")

        def order() -> requests.Response:
            return requests.post(
                f"{client.url}/lyria-4/v2/make",
                json={"prompt": "a tune"},
                headers={"Ocp-Apim-Subscription-Key": client.key},
                timeout=10,
            )

        job = client.watch(order().json()["request_id"])
        assert (job["status"], job["model_id"]) == ("COMPLETED", "lyria-4")
        assert job["request_id"].startswith("lyria-4_")
        assert job["output"]["media_url"][0].endswith("/output.mpeg")
        assert requests.get(job["output"]["media_url"][0], timeout=10).status_code == 200
        assert [order().status_code for _ in range(10)] == [202] * 9 + [402]
        assert order().json()["message"].endswith("Required: $0.50")
        paths = requests.get(f"{client.url}/openapi.json", timeout=10).json()["paths"]
        assert "/lyria-4/v2/make" in paths
        assert "POST /lyria-4/v2/make" in requests.get(f"{client.url}/docs", timeout=10).text


def test_job_of_a_model_that_is_no_longer_offered_ends_unpaid(tmp_path: Path) -> None:
    models = dict(MODELS) | {"lyria-4": replace(LYRIA_4, path="/lyria-4/v1/lyria-4/generate")}
    with serve_sandbox(tmp_path, models=models) as client:
        request_id = client.submit(f"wait {tmp_path / 'never'}", model="lyria-4")
    with serve_sandbox(tmp_path) as client:
        job = client.watch(request_id)
    assert (job["status"], job["error"]) == ("ERROR", "This model is no longer offered.")


@pytest.mark.parametrize(
    ("price", "cents"), [("0", 0), ("0.04", 4), ("0.045", 5), ("0.0001", 1), ("2", 200)]
)
def test_wallet_counts_whole_cents_rounded_up(price: str, cents: int) -> None:
    assert price_cents(replace(LYRIA_4, price_usd=Decimal(price))) == cents


def test_composer_gives_an_added_model_the_form_that_fits_it() -> None:
    assert {id_: composer_model(model) for id_, model in MODELS.items()} == {
        id_: id_ for id_ in MODELS
    }
    assert composer_model(LYRIA_4) == "lyria-3"
    assert composer_model(replace(LYRIA_4, typical_duration_s=(60.0, 240.0))) == "lyria-3-pro"
    still = replace(LYRIA_4, vocals=False, media_extension="wav", media_type="audio/wav")
    assert composer_model(still) == "lyria-2"
