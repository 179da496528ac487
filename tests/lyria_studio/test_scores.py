"""The notes of sandbox music, as the Details offer them."""

from dataclasses import replace
from pathlib import Path

import pytest
import requests
from support.comparisons import PIANO, generation, variants
from support.sandboxes import serve_sandbox
from support.tiny_composer import MIDI

from lyria_studio.scores import fetch_midi, has_midi


def test_the_notes_come_from_where_the_sandbox_is_today(tmp_path: Path) -> None:
    (variant,) = variants(PIANO)
    with serve_sandbox(tmp_path) as sandbox:
        made = replace(generation(variant), request_id=sandbox.make()["request_id"])
        assert fetch_midi(made, sandbox.url) == MIDI
        with pytest.raises(requests.RequestException):
            fetch_midi(replace(made, request_id="lyria-3_" + 36 * "0"), sandbox.url)


@pytest.mark.parametrize(
    ("gateway", "understood", "offered"),
    [("sandbox", {"midi": True}, True), ("sandbox", {}, False), ("live", {"midi": True}, False)],
)
def test_only_sandbox_music_has_notes(
    gateway: str, understood: dict[str, bool], offered: bool
) -> None:
    (variant,) = variants(PIANO)
    made = generation(variant, gateway=gateway)
    assert has_midi(replace(made, raw={"output": {"understood": understood}})) == offered
