import asyncio
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from support.listen import Recording
from support.serve import serve

from lyria_sandbox.composer import Order, Rendered, measure_image, render
from lyria_sandbox.composer.image_moods import Look
from lyria_sandbox.composer.parse import read
from lyria_sandbox.gateway.images import Images
from lyria_sandbox.gateway.sandbox_settings import SandboxSettings


def picture(colour: tuple[int, int, int], kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (200, 120), colour).save(out, format=kind)
    return out.getvalue()


def moods(*looks: Look, prompt: str = "a song") -> list[str]:
    return [mood.name for mood in read(Order("lyria-3", prompt, image_looks=looks)).moods]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_brightness_saturation_and_warmth(kind: str) -> None:
    assert measure_image(picture((255, 255, 255), kind)) == pytest.approx((1, 0, 0), abs=0.02)
    assert measure_image(picture((0, 0, 0), kind)) == pytest.approx((0, 0, 0), abs=0.02)
    brightness, saturation, warmth = measure_image(picture((250, 120, 20), kind))
    assert brightness == pytest.approx(0.55, abs=0.03)
    assert saturation > 0.8
    assert warmth > 0.8
    assert measure_image(picture((20, 60, 240), kind))[2] < -0.8


def test_pictures_set_the_mood() -> None:
    assert moods(measure_image(picture((250, 240, 210)))) == ["happy", "calm"]
    assert moods(measure_image(picture((20, 20, 22)))) == ["sad", "calm"]
    assert moods(measure_image(picture((120, 20, 10)))) == ["dark", "energetic"]
    assert moods(measure_image(picture((60, 110, 160)))) == ["dreamy", "energetic"]
    assert moods() == []


def test_words_outweigh_pictures() -> None:
    assert moods(measure_image(picture((20, 20, 22))), prompt="a joyful song") == ["happy"]


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    files = {"beach.png": picture((250, 230, 190)), "night.png": picture((12, 14, 40))}

    def answer(request: Request) -> Response:
        return Response(files[request.path_params["name"]], media_type="image/png")

    with serve(Starlette(routes=[Route("/{name}", answer)])) as url:
        yield url


def test_fetched_pictures_change_what_is_heard(host: str, tmp_path: Path) -> None:
    images = Images(SandboxSettings(home=tmp_path, allow_loopback_images=True))

    def made(name: str) -> Rendered:
        url = f"{host}/{name}"
        looks = tuple(asyncio.run(images.looks([url])))
        prompt = "pop with piano, 10 seconds, instrumental"
        return render(Order("lyria-3", prompt, seed=3, images=(url,), image_looks=looks))

    beach, night = made("beach.png"), made("night.png")
    assert beach.understood["mode"] == "major"
    assert night.understood["mode"] in ("minor", "phrygian")
    assert beach.understood["tempo_bpm"] > night.understood["tempo_bpm"]
    assert any("images set the mood" in note for note in beach.understood["notes"])
    by_day, by_night = (Recording.of(piece.audio).bands_db()[-1] for piece in (beach, night))
    assert by_day > by_night + 0.4


@pytest.mark.parametrize("data", [b"", b"no image", picture((1, 2, 3))[:40]])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not an image"):
        measure_image(data)


def test_a_picture_too_large_is_refused_before_it_is_decoded() -> None:
    out = io.BytesIO()
    Image.fromarray(np.zeros((8000, 8000), np.uint8)).save(out, format="PNG")
    with pytest.raises(ValueError, match="too many pixels"):
        measure_image(out.getvalue())
