"""The reference's own examples, with only the base URL and the key changed."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from support.sandboxes import Client

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.slow

LIVE = "https://gateway.pixazo.ai"

FOLK = "A calm acoustic folk song with gentle guitar and soft strings. Instrumental only."
EXAMPLES = [
    ("lyria-3-pro", FOLK),
    ("lyria-3", FOLK),
    ("lyria-2", "Futuristic country music, steel guitar, huge 808s"),
]

CURL = """\
curl -X POST "https://gateway.pixazo.ai/MODEL/v1/MODEL/generate" \\
  -H "Content-Type: application/json" \\
  -H "Cache-Control: no-cache" \\
  -H "Ocp-Apim-Subscription-Key: YOUR_KEY" \\
  --data-raw '{
    "prompt": "PROMPT"
  }'
"""

CURL_STATUS = """\
curl -H "Ocp-Apim-Subscription-Key: YOUR_KEY" \\
  "https://gateway.pixazo.ai/v2/requests/status/REQUEST_ID"
"""

PYTHON = """\
import requests

url = "https://gateway.pixazo.ai/MODEL/v1/MODEL/generate"
headers = {
    "Content-Type": "application/json",
    "Cache-Control": "no-cache",
    "Ocp-Apim-Subscription-Key": "YOUR_KEY"
}
data = {
    "prompt": "PROMPT"
}

response = requests.post(url, json=data, headers=headers)
print(response.json())
"""

JAVASCRIPT = """\
const url = 'https://gateway.pixazo.ai/MODEL/v1/MODEL/generate';
const headers = {
  'Content-Type': 'application/json',
  'Cache-Control': 'no-cache',
  'Ocp-Apim-Subscription-Key': 'YOUR_KEY'
};
const data = {
  prompt: 'PROMPT'
};

fetch(url, {
  method: 'POST',
  headers: headers,
  body: JSON.stringify(data)
})
.then(response => response.json())
.then(data => console.log(data))
.catch(error => console.error('Error:', error));
"""


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        assert "CI" not in os.environ, f"{name} is missing"
        pytest.skip(f"{name} is missing")
    return found


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout


def example(client: Client, text: str, model: str, prompt: str) -> str:
    text = text.replace("MODEL", model).replace("PROMPT", prompt).replace("YOUR_KEY", client.key)
    assert LIVE in text
    return text.replace(LIVE, client.url)


def check(client: Client, body: dict[str, Any], model: str) -> None:
    request_id = body["request_id"]
    assert body == {
        "request_id": request_id,
        "status": "QUEUED",
        "polling_url": f"{client.url}/v2/requests/status/{request_id}",
    }
    assert request_id.startswith(f"{model}_")
    assert client.watch(request_id)["status"] == "COMPLETED"


@pytest.mark.parametrize(("model", "prompt"), EXAMPLES)
def test_curl(client: Client, model: str, prompt: str) -> None:
    shell = tool("bash")
    tool("curl")
    body = json.loads(run(shell, "-c", example(client, CURL, model, prompt)))
    check(client, body, model)

    status = example(client, CURL_STATUS, model, prompt).replace("REQUEST_ID", body["request_id"])
    assert json.loads(run(shell, "-c", status))["status"] == "COMPLETED"


@pytest.mark.parametrize(("model", "prompt"), EXAMPLES)
def test_python(client: Client, model: str, prompt: str) -> None:
    printed = run(sys.executable, "-c", example(client, PYTHON, model, prompt))

    check(client, ast.literal_eval(printed), model)


@pytest.mark.parametrize(("model", "prompt"), EXAMPLES)
def test_javascript(client: Client, model: str, prompt: str) -> None:
    script = example(client, JAVASCRIPT, model, prompt)
    # Node prints an object in its own notation; JSON can be read here.
    script = script.replace("console.log(data)", "console.log(JSON.stringify(data))")
    printed = run(tool("node"), "-e", script)

    check(client, json.loads(printed), model)
