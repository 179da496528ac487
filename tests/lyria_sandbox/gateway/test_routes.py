"""The endpoints of the reference on a real socket."""

from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING

import pytest
import requests
from support.sandboxes import Client, serve_sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    home: Path = tmp_path_factory.mktemp("sandbox")
    with serve_sandbox(home) as served:
        yield served


@pytest.mark.parametrize(
    ("model", "name"),
    [("lyria-3-pro", "output.mpeg"), ("lyria-3", "output.mpeg"), ("lyria-2", "output.wav")],
)
def test_submit_status_media(client: Client, model: str, name: str) -> None:
    answer = client.post("a tune", model=model)

    assert answer.status_code == 202
    accepted = answer.json()
    request_id = accepted.pop("request_id")
    assert request_id.startswith(f"{model}_")
    assert accepted == {
        "status": "QUEUED",
        "polling_url": f"{client.url}/v2/requests/status/{request_id}",
    }
    body = client.watch(request_id)
    assert body["status"] == "COMPLETED"
    assert body["model_id"] == model
    assert body["error"] is None
    (url,) = body["output"]["media_url"]
    assert url == f"{client.url}/media/v1/{request_id}/{name}"
    media = requests.get(url, timeout=10)
    assert media.headers["content-type"] == body["output"]["media_type"]
    with wave.open(io.BytesIO(media.content)) as track:
        assert track.getframerate() == 48_000
