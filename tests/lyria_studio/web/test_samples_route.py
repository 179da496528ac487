"""Samples of the templates, over a real socket."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from starlette.applications import Starlette
from support.serve import serve

from lyria_studio.prompts import all_templates
from lyria_studio.web.template_samples import file_name, samples_route

TEMPLATE = all_templates()[0]


class Renderer:
    """Stands for the sandbox: counts, and fails on demand."""

    def __init__(self) -> None:
        self.prompts: list[str] = []
        self.broken = False

    async def __call__(self, prompt: str) -> bytes:
        self.prompts.append(prompt)
        if self.broken:
            raise OSError("no renderer")
        return b"ID3 " + prompt.encode()


@pytest.fixture
def renderer() -> Renderer:
    return Renderer()


@pytest.fixture
def url(tmp_path: Path, renderer: Renderer) -> Iterator[str]:
    route = samples_route(lambda: tmp_path / "samples", renderer)
    with serve(Starlette(routes=[route])) as url:
        yield url


def test_ten_who_listen_at_once_are_one_rendering(url: str, renderer: Renderer) -> None:
    with ThreadPoolExecutor(10) as pool:
        answers = list(
            pool.map(lambda _: requests.get(f"{url}/samples/{TEMPLATE.id}", timeout=10), range(10))
        )
    assert {answer.content for answer in answers} == {b"ID3 " + TEMPLATE.prompt.encode()}
    assert answers[0].headers["content-type"] == "audio/mpeg"
    assert renderer.prompts == [TEMPLATE.prompt]


def test_a_part_can_be_asked_for(url: str) -> None:
    part = requests.get(f"{url}/samples/{TEMPLATE.id}", headers={"Range": "bytes=0-2"}, timeout=10)
    assert (part.status_code, part.content) == (206, b"ID3")


@pytest.mark.parametrize("name", ["nonsense", "..%2F..%2Flibrary.sqlite3", "%00"])
def test_what_is_no_template_is_not_rendered(url: str, renderer: Renderer, name: str) -> None:
    assert requests.get(f"{url}/samples/{name}", timeout=10).status_code == 404
    assert renderer.prompts == []


def test_a_failed_rendering_is_tried_again(url: str, renderer: Renderer, tmp_path: Path) -> None:
    renderer.broken = True
    assert requests.get(f"{url}/samples/{TEMPLATE.id}", timeout=10).status_code == 503
    assert not list(tmp_path.rglob("*.mp3"))
    renderer.broken = False
    assert requests.get(f"{url}/samples/{TEMPLATE.id}", timeout=10).status_code == 200
    assert (tmp_path / "samples" / file_name(TEMPLATE)).exists()
