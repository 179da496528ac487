"""How often an order asks the database, from the click to the track."""

from pathlib import Path

import pytest
from support.library_rows import takes
from support.stub_gateway import StubGateway
from support.transactions import counted
from support.worker_rig import Jobs, Rig, rig

from lyria_studio.model.generation import Generation

MOST = 8


def make_one(studio: Rig) -> Generation:
    """Order one track, as the Create screen does, and wait until it is here and measured."""
    (one,) = studio.library.jobs.order(
        takes(1, base_url=studio.base_url, fingerprint=studio.access.fingerprint)
    )
    studio.worker.wake([one])
    # Told once that it can be played, and once more that its levels are measured.
    studio.events.until(lambda: studio.events.heard.count((one.id, "ready")) == 2)
    return one


def test_an_order_with_one_poll_takes_few_transactions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What other processes order is looked for every few seconds, orders or not.
    monkeypatch.setattr("lyria_studio.worker.engine._RESYNC_S", 3600.0)
    with StubGateway() as stub, rig(tmp_path, stub.url) as studio:
        Jobs(stub, polls=1)
        make_one(studio)
        with counted(studio.library) as found:
            make_one(studio)
    assert len(found.statements) <= MOST, found.statements
    # The intent, SUBMITTING, the request id, DOWNLOADING, the track and, once it can be played,
    # its levels: each commits on its own.
    assert found.writes == 6
