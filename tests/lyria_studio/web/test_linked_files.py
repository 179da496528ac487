"""The page of the screens asks for our files; nothing else is touched."""

from collections.abc import Iterator

import pytest
import requests
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from support.serve import serve

from lyria_studio.web import LinkedFiles

SCREEN = '<html><head><title>é</title></head><body><div id="root"></div></body></html>'
LINKS = '<link rel="stylesheet" href="./assets/style.css"><link rel="modulepreload" href="./a.js">'
ETAG = '"1"'


async def screen(request: Request) -> Response:
    if request.headers.get("if-none-match") == ETAG:
        return Response(status_code=304)
    return HTMLResponse(SCREEN, headers={"etag": ETAG})


async def other(_: Request) -> Response:
    return HTMLResponse("<html><head></head><body></body></html>", headers={"etag": ETAG})


APP = Starlette(
    routes=[Route("/", screen), Route("/other", other)],
    middleware=[
        Middleware(LinkedFiles, styles=["./assets/style.css"], scripts=["./a.js"]),
        Middleware(GZipMiddleware, minimum_size=1),
    ],
)
HTML = {"accept": "text/html,*/*"}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serve(APP) as running:
        yield running


def test_a_screen_links_our_files(url: str) -> None:
    answer = requests.get(
        url, timeout=20, headers={**HTML, "accept-encoding": "gzip", "if-none-match": ETAG}
    )
    assert answer.text == SCREEN.replace("</head>", LINKS + "</head>")
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "etag" not in answer.headers


def test_other_pages_and_requests_stay_as_they_are(url: str) -> None:
    assert "<link" not in requests.get(url + "/other", timeout=20, headers=HTML).text
    assert requests.get(url + "/other", timeout=20, headers=HTML).headers["etag"] == ETAG
    assert (
        requests.get(url + "/", timeout=20, headers={"accept": "application/json"}).text == SCREEN
    )
    assert requests.head(url + "/", timeout=20, headers=HTML).status_code == 200
