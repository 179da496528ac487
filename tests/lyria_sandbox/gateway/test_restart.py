"""Jobs, wallets and media outlive the process."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from decimal import Decimal
from typing import IO, TYPE_CHECKING

import pytest
import requests
from support.sandboxes import Client, serve_sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow


def test_jobs_resume_after_a_restart(tmp_path: Path) -> None:
    settings = {"opening_balance_usd": Decimal("0.24")}
    with serve_sandbox(tmp_path, **settings) as client:
        client.key = "sandbox-wallet"
        done = client.make(model="lyria-3-pro")
        audio = requests.get(done["output"]["media_url"][0], timeout=10).content
        rendering = client.submit(f"wait {tmp_path / 'go'}", model="lyria-3-pro")
        client.watch(rendering, "PROCESSING")
        waiting = client.submit("a tune", model="lyria-3-pro")

    with serve_sandbox(tmp_path, **settings) as again:
        again.key = "sandbox-wallet"
        assert again.look(waiting).json()["status"] == "QUEUED"
        (tmp_path / "go").touch()
        assert again.watch(rendering)["status"] == "COMPLETED"
        assert again.watch(waiting)["status"] == "COMPLETED"
        assert again.post(model="lyria-3-pro").status_code == 402
        body = again.look(done["request_id"]).json()
        (url,) = body["output"]["media_url"]
        assert url.startswith(again.url)  # told at the address at which it is asked for
        assert requests.get(url, timeout=10).content == audio
        body["output"] = done["output"]
        assert body == done


@contextmanager
def standalone(home: Path, *options: str) -> Iterator[tuple[Client, subprocess.Popen[str]]]:
    """Run ``python -m lyria_sandbox`` and yield a client of it."""
    command = [sys.executable, "-m", "lyria_sandbox", "--port", "0", "--home", str(home)]
    command += ["--pace", "instant", "--composer", "support.tiny_composer", *options]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            yield Client(url_of(process.stdout)), process
        finally:
            process.kill()


def url_of(stream: IO[str] | None) -> str:
    assert stream is not None
    found = re.search(r"http://[0-9.:]+", stream.readline())
    assert found is not None
    return found[0]


def test_it_runs_alone_at_the_root_and_stops_on_a_signal(tmp_path: Path) -> None:
    with standalone(tmp_path) as (client, process):
        (url,) = client.make()["output"]["media_url"]
        assert requests.get(url, timeout=10).content[:4] == b"RIFF"
        client.submit(f"wait {tmp_path / 'never'}")

        process.send_signal(signal.SIGTERM)
        process.wait(20)


def test_nothing_is_lost_when_it_is_killed(tmp_path: Path) -> None:
    with standalone(tmp_path) as (client, process):
        client.key = "sandbox-killed"
        done = client.make(model="lyria-2")
        request_id = client.submit(f"wait {tmp_path / 'go'}", model="lyria-2")
        client.watch(request_id, "PROCESSING")
        process.kill()

    (tmp_path / "go").touch()
    with standalone(tmp_path) as (client, _):
        client.key = "sandbox-killed"
        assert client.watch(request_id)["status"] == "COMPLETED"
        assert client.look(done["request_id"]).json()["status"] == "COMPLETED"
        # $5.00 pays 83 jobs at $0.06: two were taken before, 81 are left.
        answers = [client.post("[[no-media]]", model="lyria-2").status_code for _ in range(82)]
        assert answers == [202] * 81 + [402]


def test_wrong_option_is_explained(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "lyria_sandbox", "--home", str(tmp_path), "--pace", "presto"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 2
    assert "presto" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_pace_is_kept(tmp_path: Path) -> None:
    with serve_sandbox(tmp_path, pace="realistic") as client:
        assert client.look(client.submit()).json()["status"] == "QUEUED"
