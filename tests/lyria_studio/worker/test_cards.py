"""The sandbox's test cards for strange answers, taken to their end by the worker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.serve import serve
from support.worker_rig import rig

from lyria_core import Charge
from lyria_sandbox import Sandbox, SandboxSettings
from lyria_studio.model.states import State

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sandbox_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("sandbox")
    settings = SandboxSettings(home=home, pace="instant", composer="support.tiny_composer")
    with serve(Sandbox(settings).app) as url:
        yield url


@pytest.mark.parametrize(
    ("card", "state", "tracks"),
    [
        ("long-id", State.READY, 1),
        ("status-500", State.READY, 1),
        ("new-status", State.READY, 1),
        ("status-words", State.READY, 1),
        ("output-shapes", State.READY, 1),
        ("two-files", State.READY, 2),
        ("octet-stream", State.READY, 1),
        ("cut", State.READY, 1),
        ("expiring-media", State.READY, 1),
        ("broken-download", State.READY, 1),
        ("silent", State.UNDELIVERED, 0),
        ("lost-media", State.UNDELIVERED, 0),
        ("html-media", State.UNDELIVERED, 0),
    ],
)
def test_card(
    sandbox_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    card: str,
    state: State,
    tracks: int,
) -> None:
    monkeypatch.setattr("support.worker_rig.KEY", "sandbox-cards")
    with rig(tmp_path, sandbox_url) as studio:
        (one,) = studio.order(prompt=f"[[{card}]] Folk")
        ended = studio.ended(one)
    assert (ended.state, len(ended.tracks)) == (state, tracks), ended.error
    assert ended.charge is Charge.YES
    assert bool(ended.set_aside) == (card == "silent")
