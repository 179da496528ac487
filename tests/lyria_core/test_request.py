"""What is refused before anything is sent, and what the body is."""

from __future__ import annotations

import dataclasses
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_core import Charge, InvalidRequest, MusicRequest

IMAGE = "https://example.com/a.jpg"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"model": "lyria-9"}, "no such model"),
        ({"model": None}, "no such model"),
        ({"model": ["lyria-3"]}, "no such model"),
        ({"prompt": ""}, "prompt is empty"),
        ({"prompt": " \n\t"}, "prompt is empty"),
        ({"prompt": None}, "prompt is not a text"),
        ({"prompt": b"bytes"}, "prompt is not a text"),
        ({"prompt": "half of \ud83c"}, "cannot be sent"),
        ({"images": [IMAGE] * 11}, "at most 10 images and there are 11"),
        ({"images": IMAGE}, "list of addresses"),
        ({"images": ["example.com/a.jpg"]}, "Image 1 is not a web address"),
        ({"images": [IMAGE, "https://"]}, "Image 2 is not a web address"),
        ({"images": ["file:///etc/passwd"]}, "Image 1"),
        ({"images": ["https://example.com/a b.jpg"]}, "Image 1"),
        ({"images": ["https://example.com/\n"]}, "Image 1"),
        ({"images": ["https://[::1"]}, "Image 1"),
        ({"images": ["https://example.com:port/"]}, "Image 1"),
        ({"images": [None]}, "Image 1"),
        ({"seed": 1}, "does not take a seed"),
        ({"negative_prompt": "drums"}, "does not take a negative prompt"),
        ({"model": "lyria-2", "images": [IMAGE]}, "does not take images"),
        ({"model": "lyria-2", "seed": 1.0}, "not a whole number"),
        ({"model": "lyria-2", "seed": "1"}, "not a whole number"),
        ({"model": "lyria-2", "seed": True}, "not a whole number"),
        ({"model": "lyria-2", "seed": 2**53}, "too large"),
        ({"model": "lyria-2", "negative_prompt": 5}, "negative prompt is not a text"),
        ({"model": "lyria-2", "negative_prompt": "\udc00"}, "cannot be sent"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refused(arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        MusicRequest(**({"model": "lyria-3", "prompt": "A waltz"} | arguments))
    error = caught.value
    assert says in str(error)
    assert "nothing was sent" in str(error)
    assert error.charge is Charge.NO
    assert error.advice.endswith(".")
    assert error.__context__ is None


def test_bodies() -> None:
    assert MusicRequest("lyria-3", "A waltz").payload() == {"prompt": "A waltz"}
    assert MusicRequest("lyria-3", "A waltz", images=[IMAGE] * 10).payload() == {
        "prompt": "A waltz",
        "images": [IMAGE] * 10,
    }
    assert MusicRequest("lyria-2", "A waltz", negative_prompt="drums", seed=0).payload() == {
        "prompt": "A waltz",
        "negative_prompt": "drums",
        "seed": 0,
    }


def test_blank_options_are_none() -> None:
    request = MusicRequest("lyria-3", "A waltz", images=[], negative_prompt="  ", seed=None)
    assert request.payload() == {"prompt": "A waltz"}
    assert request == MusicRequest("lyria-3", "A waltz")


def test_a_request_is_a_value_that_does_not_show_the_prompt() -> None:
    request = MusicRequest("lyria-2", "A secret waltz", negative_prompt="hidden drums", seed=3)
    assert repr(request) == "MusicRequest(model='lyria-2', seed=3)"
    assert pickle.loads(pickle.dumps(request)) == request  # noqa: S301 - our own bytes
    assert len({request, dataclasses.replace(request), dataclasses.replace(request, seed=4)}) == 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        request.seed = 4  # type: ignore[misc]


@given(st.text())
def test_any_text_is_taken_or_refused(prompt: str) -> None:
    try:
        request = MusicRequest("lyria-3", prompt)
    except InvalidRequest:
        assert not prompt.strip()
    else:
        assert request.payload() == {"prompt": prompt}
