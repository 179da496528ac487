"""The whole way at the wire: order, watch, fetch."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from support.stub_gateway import StubGateway, accepted, job, media

from lyria_core import MODELS, Charge, InvalidRequest, LyriaClient, MusicRequest, Status

MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + bytes(range(256)) * 64


@pytest.mark.parametrize("model_id", list(MODELS))
def test_prompt_to_file(model_id: str, tmp_path: Path) -> None:
    request_id = f"{model_id}_019d"
    with StubGateway() as stub:
        media_url = f"{stub.url}/v1/{request_id}/output.mpeg"
        stub.script(f"POST /{model_id}/v1/{model_id}/generate", accepted(request_id))
        stub.script(
            f"GET /v2/requests/status/{request_id}",
            job(request_id, "QUEUED"),
            job(request_id, "PROCESSING"),
            job(request_id, "COMPLETED", media_url),
        )
        stub.script("GET /v1/", media(MP3))
        with LyriaClient("key-1234", stub.url, sleep=lambda _: None) as client:
            ordered = client.submit(MusicRequest(model_id, "A calm acoustic folk song"))
            seen = [seen.status for seen in client.watch(ordered.request_id)]
            done = client.status(ordered.request_id)
            path = client.download(done, tmp_path)
    assert (ordered.status, ordered.charge) == (Status.QUEUED, Charge.MAYBE)
    assert seen == [Status.QUEUED, Status.PROCESSING, Status.COMPLETED]
    assert done.charge is Charge.YES
    assert path == tmp_path / f"{request_id}.mp3"
    assert path.read_bytes() == MP3
    (post,) = stub.posts
    assert post.json == {"prompt": "A calm acoustic folk song"}
    assert post.headers["ocp-apim-subscription-key"] == "key-1234"
    assert post.headers["content-type"] == "application/json"


def test_a_client_does_not_pickle_and_does_not_show_its_key() -> None:
    with LyriaClient("key-1234") as client:
        assert repr(client) == "<LyriaClient https://gateway.pixazo.ai>"
        with pytest.raises(TypeError):
            pickle.dumps(client)


@pytest.mark.parametrize(
    "proxy", ["", "proxy.example:3128", "ftp://p.example", "http://", "http://[::1"]
)
def test_impossible_proxies(proxy: str) -> None:
    with pytest.raises(InvalidRequest):
        LyriaClient("key-1234", proxy=proxy)
