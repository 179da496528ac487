from collections.abc import AsyncIterator

import pytest
import requests
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from support.serve import serve

from lyria_studio.web import SecurityHeaders


async def plain(request: Request) -> Response:
    return PlainTextResponse("hello")


async def own(request: Request) -> Response:
    return PlainTextResponse("hello", headers={"Content-Security-Policy": "default-src 'none'"})


async def stream(request: Request) -> Response:
    async def parts() -> AsyncIterator[str]:
        yield "a"
        yield "b"

    return StreamingResponse(parts())


APP = Starlette(
    routes=[Route("/", plain), Route("/own", own), Route("/stream", stream)],
    middleware=[Middleware(SecurityHeaders, scripts=["'sha256-abc'"])],
)


@pytest.mark.parametrize("path", ["/", "/stream", "/nothing"])
def test_every_answer_has_the_headers(path: str) -> None:
    with serve(APP) as url:
        headers = requests.get(url + path, timeout=20).headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    assert "object-src 'none'" in policy
    assert "script-src 'self' blob: 'wasm-unsafe-eval' 'sha256-abc';" in policy
    assert "unsafe-eval'" not in policy.replace("'wasm-unsafe-eval'", "")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "microphone=()" in headers["permissions-policy"]
    assert headers["x-frame-options"] == "SAMEORIGIN"


def test_what_an_answer_says_itself_is_left_alone() -> None:
    with serve(APP) as url:
        headers = requests.get(url + "/own", timeout=20).headers
    assert headers["content-security-policy"] == "default-src 'none'"
