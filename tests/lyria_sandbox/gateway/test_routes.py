"""The endpoints of the reference on a real socket."""

from __future__ import annotations

import io
import wave
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import requests
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from support.sandboxes import Client, make_sandbox, serve_sandbox
from support.serve import serve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = pytest.mark.slow

HEADER = "Ocp-Apim-Subscription-Key"


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


def test_a_header_seeds_what_has_no_seed_of_its_own(client: Client) -> None:
    def audio(header: str, model: str = "lyria-3", **fields: Any) -> bytes:
        body = client.make(model=model, headers={"X-Sandbox-Seed": header}, **fields)
        return requests.get(body["output"]["media_url"][0], timeout=10).content

    assert audio("12") == audio("12") != audio("13")
    assert audio("12", "lyria-2", seed=5) == audio("13", "lyria-2", seed=5)
    assert client.post(headers={"X-Sandbox-Seed": "twelve"}).status_code == 400


def test_a_job_is_queued_then_processing_then_completed(client: Client, tmp_path: Path) -> None:
    first = client.submit(f"wait {tmp_path / 'first'}")
    client.watch(first, "PROCESSING")
    second = client.submit("a tune")

    assert client.watch(second, "QUEUED")["completed_at"] is None
    (tmp_path / "first").touch()
    assert client.watch(first)["status"] == "COMPLETED"
    assert client.watch(second)["status"] == "COMPLETED"


def test_the_composer_gets_the_whole_order(client: Client) -> None:
    body = client.make(
        "[[slow 0]] tune\nin ♭", model="lyria-2", negative_prompt="drums", seed=2**40
    )
    understood = body["understood"]
    assert understood["prompt"] == "tune\nin ♭"
    assert understood["negative_prompt"] == "drums"
    assert understood["seed"] == 2**40


def test_repeats_differ_unless_they_name_a_seed(client: Client) -> None:
    def seed(**fields: Any) -> Any:
        return client.make(model="lyria-2", **fields)["understood"]["seed"]

    assert seed() != seed()
    assert seed(seed=7) == seed(seed=7) == 7
    assert seed(seed=-1) >= 0


def test_missing_key_is_401(client: Client) -> None:
    url = f"{client.url}/lyria-3/v1/lyria-3/generate"
    answer = requests.post(url, json={"prompt": "a"}, timeout=10)

    assert answer.status_code == 401
    assert answer.json()["statusCode"] == 401
    assert "missing subscription key" in answer.json()["message"]
    assert HEADER in answer.headers["www-authenticate"]


@pytest.mark.parametrize(
    "key", ["nonsense", "sandbox", "sandbox-", "Sandbox-demo", "x-sandbox-demo"]
)
def test_wrong_key_is_401(client: Client, key: str) -> None:
    wrong = Client(client.url, key)

    for answer in (wrong.post(), wrong.look("lyria-3_0")):
        assert answer.status_code == 401
        assert "invalid subscription key" in answer.json()["message"]


def test_special_keys_do_what_the_table_says(client: Client) -> None:
    empty = Client(client.url, "sandbox-empty").post()
    assert empty.status_code == 402
    assert empty.json() == {
        "error": "Insufficient Balance",
        "message": "Your wallet does not have enough balance. Required: $0.04",
    }
    forbidden = Client(client.url, "sandbox-forbidden").post()
    assert forbidden.status_code == 403
    assert forbidden.json()["error"] == "Forbidden"
    limited = Client(client.url, "sandbox-limited").post()
    assert limited.status_code == 429
    assert limited.json()["statusCode"] == 429
    assert int(limited.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("lyria-9/v1/lyria-9", "lyria-9"),
        ("lyria-3/v1/lyria-2", "lyria-2"),
        ("lyria-3/v1/Lyria-3", "Lyria-3"),
        ("Lyria-3/v1/lyria-3", "Lyria-3"),
        ("LYRIA-3-PRO/v1/LYRIA-3-PRO", "LYRIA-3-PRO"),
    ],
)
def test_unknown_model_is_named(client: Client, path: str, name: str) -> None:
    answer = requests.post(
        f"{client.url}/{path}/generate",
        json={"prompt": "a"},
        headers={HEADER: "sandbox-demo"},
        timeout=10,
    )

    assert answer.status_code == 400
    assert answer.json() == {
        "error": "Model not found",
        "message": f"Model '{name}' not found or is disabled",
    }


def test_disabled_model_is_not_found(tmp_path: Path) -> None:
    with serve_sandbox(tmp_path, disabled_models=frozenset({"lyria-2"})) as client:
        assert client.post(model="lyria-2").json()["error"] == "Model not found"
        assert client.post(model="lyria-3").status_code == 202


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"", "application/json"),
        (b'{"prompt": ""}', "application/json"),
        (b'{"prompt": "a", "images": [1]}', "application/json"),
        (b'{"prompt": "a"}', "text/plain"),
        (b"prompt=a", "application/x-www-form-urlencoded"),
    ],
)
def test_bad_request_is_400(client: Client, body: bytes, content_type: str) -> None:
    answer = requests.post(
        f"{client.url}/lyria-3/v1/lyria-3/generate",
        data=body,
        headers={HEADER: "sandbox-demo", "Content-Type": content_type},
        timeout=10,
    )

    assert answer.status_code == 400
    assert answer.json().keys() == {"error", "message"}


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Webhook-URL": "http://example.com/hook"},
        {"X-Webhook-URL": "https://10.0.0.1/hook"},
        {"X-Webhook-URL": "nonsense"},
        {"X-Webhook-URL": "https://example.com/hook", "X-Webhook-Mode": "often"},
        {"X-Webhook-Mode": "often"},
    ],
)
def test_bad_webhook_is_400(client: Client, headers: dict[str, str]) -> None:
    answer = client.post(headers=headers)

    assert answer.status_code == 400
    assert answer.json()["message"].startswith("X-Webhook-")


def test_jobs_of_another_key_are_invisible(client: Client) -> None:
    request_id = Client(client.url, "sandbox-one").submit()
    unknown = "lyria-3_00000000-0000-7000-8000-000000000000"

    for wrong in (request_id, unknown, "nonsense"):
        answer = Client(client.url, "sandbox-two").look(wrong)
        assert answer.status_code == 404
        assert answer.json() == {
            "error": "Request not found",
            "message": f"Request '{wrong}' not found",
        }


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing/here", 404),
        ("GET", "/lyria-3/v1/lyria-3/generate", 405),
        ("DELETE", "/v2/requests/status/x", 405),
        ("POST", "/lyria-3/v1/lyria-3/generate/", 404),
    ],
)
def test_unknown_path_is_404(client: Client, method: str, path: str, status: int) -> None:
    answer = requests.request(method, client.url + path, timeout=10)

    assert answer.status_code == status
    assert answer.json()["statusCode"] == status


def test_the_wallet_is_charged_and_refunded_as_the_reference_says(tmp_path: Path) -> None:
    settings = {"opening_balance_usd": Decimal("0.30")}
    with serve_sandbox(tmp_path, **settings) as client:
        client.key = "sandbox-wallet"
        client.make("a tune", model="lyria-3-pro")  # 0.22
        client.make("[[error]]", model="lyria-3-pro")  # 0.22, refunded
        client.make("[[fail]]", model="lyria-3")  # 0.18
        assert client.post("", model="lyria-3").status_code == 400
        assert client.post("[[500]]", model="lyria-3").status_code == 500
        client.make("a tune", model="lyria-3-pro")  # 0.10
        client.make("a tune", model="lyria-3-pro")  # 0.02
        for model in ("lyria-3-pro", "lyria-3", "lyria-2"):
            assert client.post(model=model).status_code == 402
        client.key = "sandbox-other"
        client.make(model="lyria-2")


def test_a_wallet_never_goes_below_zero(tmp_path: Path) -> None:
    with (
        serve_sandbox(tmp_path, opening_balance_usd=Decimal("1.00")) as client,
        ThreadPoolExecutor(50) as threads,
    ):
        client.key = "sandbox-many"
        answers = list(threads.map(lambda _: client.post(model="lyria-3-pro"), range(50)))

        statuses = [answer.status_code for answer in answers]
        assert statuses.count(202) == 12
        assert statuses.count(402) == 38
        ids = [answer.json()["request_id"] for answer in answers if answer.status_code == 202]
        assert len(set(ids)) == 12
        assert {client.watch(request_id)["status"] for request_id in ids} == {"COMPLETED"}


def test_mounted_gateway_gives_urls_below_its_prefix(tmp_path: Path) -> None:
    sandbox = make_sandbox(tmp_path)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await sandbox.start()
        yield
        await sandbox.stop()

    host = Starlette(
        routes=[Mount("/sandbox", sandbox.app)],
        middleware=[Middleware(GZipMiddleware)],
        lifespan=lifespan,
    )
    with serve(host) as url:
        client = Client(f"{url}/sandbox")
        accepted = client.post().json()
        assert accepted["polling_url"].startswith(f"{url}/sandbox/v2/requests/status/")
        (media_url,) = client.watch(accepted["request_id"])["output"]["media_url"]
        assert media_url.startswith(f"{url}/sandbox/media/v1/")
        assert requests.get(media_url, timeout=10).content[:4] == b"RIFF"
        document = requests.get(f"{url}/sandbox/openapi.json", timeout=10).json()
        assert document["servers"] == [{"url": f"{url}/sandbox"}]
        page = requests.get(f"{url}/sandbox/", timeout=10)
        assert page.url == f"{url}/sandbox/docs"
        assert page.status_code == 200
        with pytest.raises(requests.ConnectionError):
            client.post("[[drop]]")
