"""Sandboxes on real sockets, rendered by the tiny composer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests
from support.serve import serve

from lyria_sandbox import Sandbox, SandboxSettings

if TYPE_CHECKING:
    from pathlib import Path

DEADLINE_S = 30.0


@dataclass
class Client:
    """A plain client of a gateway: what another person's program does."""

    url: str
    key: str = "sandbox-demo"

    def post(
        self, prompt: Any = "a tune", *, model: str = "lyria-3", headers: Any = None, **fields: Any
    ) -> requests.Response:
        """Submit one request and return the answer as it is."""
        return requests.post(
            f"{self.url}/{model}/v1/{model}/generate",
            json={"prompt": prompt} | fields,
            headers={"Ocp-Apim-Subscription-Key": self.key} | (headers or {}),
            timeout=DEADLINE_S,
        )

    def submit(self, prompt: str = "a tune", **options: Any) -> str:
        """Submit one request and return its id."""
        answer = self.post(prompt, **options)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["request_id"])

    def look(self, request_id: str) -> requests.Response:
        """Ask for a status and return the answer as it is."""
        return requests.get(
            f"{self.url}/v2/requests/status/{request_id}",
            headers={"Ocp-Apim-Subscription-Key": self.key},
            timeout=DEADLINE_S,
        )

    def watch(self, request_id: str, *wanted: str) -> dict[str, Any]:
        """Look until the job has one of the wanted statuses (a terminal one, if none is named)."""
        deadline = time.monotonic() + DEADLINE_S
        wanted = wanted or ("COMPLETED", "FAILED", "ERROR")
        while time.monotonic() < deadline:
            body: dict[str, Any] = self.look(request_id).json()
            if body["status"] in wanted:
                return body
        raise AssertionError(f"{request_id} is not {wanted} within {DEADLINE_S} s: {body}")

    def make(self, prompt: str = "a tune", **options: Any) -> dict[str, Any]:
        """Submit one request and return its terminal body."""
        return self.watch(self.submit(prompt, **options))


def make_sandbox(home: Path, **settings: Any) -> Sandbox:
    """Return a sandbox that renders with the tiny composer, as fast as it can."""
    defaults: dict[str, Any] = {"pace": "instant", "composer": "support.tiny_composer"}
    return Sandbox(SandboxSettings(home=home, **(defaults | settings)))


@contextmanager
def serve_sandbox(home: Path, **settings: Any) -> Iterator[Client]:
    """Serve a sandbox alone, at the root path."""
    with serve(make_sandbox(home, **settings).app) as url:
        yield Client(url)
