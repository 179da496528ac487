import io

import numpy as np
import pytest
from PIL import Image

from lyria_sandbox.composer import Order, look_at
from lyria_sandbox.composer.parse import read
from lyria_sandbox.composer.pictures import Look


def picture(colour: tuple[int, int, int], kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (200, 120), colour).save(out, format=kind)
    return out.getvalue()


def moods(*looks: Look, prompt: str = "a song") -> list[str]:
    return [mood.name for mood in read(Order("lyria-3", prompt, image_looks=looks)).moods]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_brightness_saturation_and_warmth(kind: str) -> None:
    assert look_at(picture((255, 255, 255), kind)) == pytest.approx((1, 0, 0), abs=0.02)
    assert look_at(picture((0, 0, 0), kind)) == pytest.approx((0, 0, 0), abs=0.02)
    brightness, saturation, warmth = look_at(picture((250, 120, 20), kind))
    assert brightness == pytest.approx(0.55, abs=0.03)
    assert saturation > 0.8
    assert warmth > 0.8
    assert look_at(picture((20, 60, 240), kind))[2] < -0.8


def test_pictures_set_the_mood() -> None:
    assert moods(look_at(picture((250, 240, 210)))) == ["happy", "calm"]
    assert moods(look_at(picture((20, 20, 22)))) == ["sad", "calm"]
    assert moods(look_at(picture((120, 20, 10)))) == ["dark", "energetic"]
    assert moods(look_at(picture((60, 110, 160)))) == ["dreamy", "energetic"]
    assert moods() == []


def test_words_outweigh_pictures() -> None:
    assert moods(look_at(picture((20, 20, 22))), prompt="a joyful song") == ["happy"]


@pytest.mark.parametrize("data", [b"", b"no picture", picture((1, 2, 3))[:40]])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a picture"):
        look_at(data)


def test_a_picture_too_large_is_refused_before_it_is_decoded() -> None:
    out = io.BytesIO()
    Image.fromarray(np.zeros((8000, 8000), np.uint8)).save(out, format="PNG")
    with pytest.raises(ValueError, match="too many pixels"):
        look_at(out.getvalue())
