from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lyria_core import MODELS
from lyria_sandbox.gateway.replies import RefusalError
from lyria_sandbox.gateway.validation import parse_json, read_request

LYRIA_3, LYRIA_2 = MODELS["lyria-3"], MODELS["lyria-2"]
IMAGE = "https://example.com/sunset.jpg"

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "prompt is required"),
        ({"prompt": None}, "prompt is required"),
        ({"prompt": ""}, "prompt is required"),
        ({"prompt": " \n\t"}, "prompt is required"),
        ({"prompt": 7}, "prompt must be a string"),
        ({"prompt": ["a"]}, "prompt must be a string"),
        ({"prompt": "x" * 101}, "longer than 100"),
        ({"prompt": "half a pair: \ud83c"}, "Unicode"),
        ({"prompt": "a", "images": None}, "array"),
        ({"prompt": "a", "images": IMAGE}, "array"),
        ({"prompt": "a", "images": [IMAGE] * 11}, "more than 10"),
        ({"prompt": "a", "images": [1]}, "URL"),
        ({"prompt": "a", "images": ["sunset.jpg"]}, "URL"),
        ({"prompt": "a", "images": ["ftp://example.com/a.jpg"]}, "URL"),
        ({"prompt": "a", "images": ["data:image/png;base64,AAAA"]}, "URL"),
        ({"prompt": "a", "images": ["https://"]}, "URL"),
        ({"prompt": "a", "images": [f"{IMAGE} {IMAGE}"]}, "URL"),
        ({"prompt": "a", "images": ["https://example.com/" + "a" * 2048]}, "URL"),
    ],
)
def test_lyria_3_refuses(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(RefusalError) as caught:
        read_request(fields, LYRIA_3, 100)

    assert caught.value.status == 400
    assert caught.value.body["error"] == "Invalid request"
    assert words in caught.value.body["message"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"seed": "42"}, "seed must be an integer"),
        ({"seed": 4.5}, "seed must be an integer"),
        ({"seed": True}, "seed must be an integer"),
        ({"seed": None}, "seed must be an integer"),
        ({"seed": 2**63}, "64 bits"),
        ({"negative_prompt": 3}, "negative_prompt must be a string"),
        ({"negative_prompt": None}, "negative_prompt must be a string"),
        ({"negative_prompt": "x" * 101}, "longer than 100"),
    ],
)
def test_lyria_2_refuses(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(RefusalError) as caught:
        read_request({"prompt": "a"} | fields, LYRIA_2, 100)

    assert words in caught.value.body["message"]


def test_each_model_takes_its_own_fields_only() -> None:
    fields = {
        "prompt": "a",
        "images": [IMAGE] * 10,
        "negative_prompt": "",
        "seed": -1,
        "tempo": 120,
    }

    assert read_request(fields, LYRIA_3, 100) == {"prompt": "a", "images": [IMAGE] * 10}
    assert read_request(fields, LYRIA_2, 100) == {"prompt": "a", "negative_prompt": "", "seed": -1}


def test_a_whole_number_is_an_integer_however_it_is_written() -> None:
    value = parse_json(b'{"prompt": "a", "seed": 42.0}', "application/json")

    assert read_request(value, LYRIA_2, 100)["seed"] == 42


@pytest.mark.parametrize("body", ["[]", '"a"', "1", "null"])
def test_the_body_is_an_object(body: str) -> None:
    with pytest.raises(RefusalError, match="400"):
        read_request(json.loads(body), LYRIA_3, 100)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"prompt=a", b'{"prompt": NaN}', b"\xff", b"[" * 100_000, b"9" * 5000]
)
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(RefusalError) as caught:
        parse_json(body, "application/json")

    assert caught.value.status == 400


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonx"]
)
def test_other_content_types_are_refused(content_type: str) -> None:
    with pytest.raises(RefusalError, match="400"):
        parse_json(b'{"prompt": "a"}', content_type)


@pytest.mark.parametrize(
    "content_type", ["application/json", "Application/JSON; charset=utf-8", "application/json;"]
)
def test_json_content_types_pass(content_type: str) -> None:
    assert parse_json(b'{"prompt": "a"}', content_type) == {"prompt": "a"}


@given(st.sampled_from(list(MODELS)), anything)
def test_whatever_comes_is_read_or_refused(model: str, value: Any) -> None:
    try:
        request = read_request(value, MODELS[model], 100)
    except RefusalError as refusal:
        assert refusal.status == 400
    else:
        assert set(request) <= set(MODELS[model].parameters)
        assert request["prompt"].strip()


@given(st.sampled_from(["prompt", "images", "negative_prompt", "seed"]), anything)
def test_one_strange_field_is_read_or_refused(name: str, value: Any) -> None:
    for one in MODELS.values():
        try:
            request = read_request({"prompt": "a"} | {name: value}, one, 100)
        except RefusalError as refusal:
            assert refusal.body["message"].startswith(name)
        else:
            json.dumps(request).encode()


@given(st.binary())
def test_any_bytes_are_parsed_or_refused(body: bytes) -> None:
    try:
        json.dumps(parse_json(body, "application/json"))
    except RefusalError as refusal:
        assert refusal.status == 400
