"""The description is true: what the endpoints take and answer is what it says."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import jsonschema  # type: ignore[import-untyped]  # it has no stubs among our dependencies
import pytest
import requests
from support.sandboxes import Client

from lyria_core import MODELS
from lyria_sandbox import CARDS

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def document(client: Client) -> dict[str, Any]:
    answer = requests.get(f"{client.url}/openapi.json", timeout=10)
    assert answer.headers["content-type"] == "application/json"
    body: dict[str, Any] = answer.json()
    return body


def validate(document: dict[str, Any], path: str, method: str, answer: requests.Response) -> None:
    """Check an answer against what the document says about its status."""
    responses = document["paths"][path][method]["responses"]
    schema = responses[str(answer.status_code)]["content"]["application/json"]["schema"]
    whole = schema | {"components": document["components"]}
    jsonschema.Draft202012Validator(whole).validate(answer.json())


def test_every_answer_is_described(client: Client, document: dict[str, Any]) -> None:
    status_path = "/v2/requests/status/{request_id}"
    for model in MODELS:
        path = f"/{model}/v1/{model}/generate"
        answers = [client.post(model=model), client.post("", model=model)]
        answers += [client.post(f"[[{mark}]]", model=model) for mark in ("429", "500")]
        answers += [
            Client(client.url, key).post(model=model)
            for key in ("", "sandbox-empty", "sandbox-forbidden", "sandbox-limited")
        ]
        assert [answer.status_code for answer in answers] == [
            202,
            400,
            429,
            500,
            401,
            402,
            403,
            429,
        ]
        for answer in answers:
            validate(document, path, "post", answer)
    for prompt in ("a tune", "[[fail]]", "[[error]]", "[[stuck]]", "[[no-media]]"):
        request_id = client.submit(prompt)
        validate(document, status_path, "get", client.look(request_id))
        if prompt != "[[stuck]]":
            client.watch(request_id)
            validate(document, status_path, "get", client.look(request_id))
    validate(document, status_path, "get", client.look("nonsense"))
    validate(document, status_path, "get", Client(client.url, "nonsense").look("nonsense"))


@pytest.mark.parametrize("model", MODELS)
def test_fields_and_examples_are_those_of_the_model(
    client: Client, document: dict[str, Any], model: str
) -> None:
    path = f"/{model}/v1/{model}/generate"
    body = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]

    assert list(body["schema"]["properties"]) == list(MODELS[model].parameters)
    jsonschema.Draft202012Validator(body["schema"]).validate(body["example"])
    assert client.post(body["example"]["prompt"], model=model).status_code == 202


def test_the_document_is_sound(document: dict[str, Any]) -> None:
    names: set[str] = set()

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if "$ref" in node:
                names.add(node["$ref"].removeprefix("#/components/schemas/"))
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(document)
    assert names == set(document["components"]["schemas"])
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations) == 5


class _Page(HTMLParser):
    """What a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_is_complete_and_loads_nothing_from_elsewhere(client: Client) -> None:
    answer = requests.get(f"{client.url}/", timeout=10)
    assert answer.url == f"{client.url}/docs"
    page = _Page()
    page.feed(answer.text)

    for card in CARDS:
        assert card.value in page.text
        assert card.effect in page.text
    for one in MODELS.values():
        assert f"POST {one.path}" in page.text
    assert f'curl -X POST "{client.url}/' in page.text
    links = [
        value for _, attrs in page.tags for name, value in attrs.items() if name in ("href", "src")
    ]
    assert links == ["docs.css", "openapi.json"]
    for link in links:
        assert requests.get(f"{client.url}/{link}", timeout=10).status_code == 200
    assert not [tag for tag, _ in page.tags if tag in ("script", "style")]
    assert ("html", {"lang": "en"}) in page.tags


def test_a_host_name_is_not_trusted_on_the_page(client: Client) -> None:
    answer = requests.get(
        f"{client.url}/docs", headers={"Host": 'evil"><script>alert(1)</script>'}, timeout=10
    )

    assert answer.status_code in (200, 400)
    assert "<script>" not in answer.text
