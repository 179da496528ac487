"""The sandbox alone, started by a command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from lyria_sandbox.__main__ import _parser


def test_lyria_home_holds_the_folder_and_adds_models(tmp_path: Path) -> None:
    (tmp_path / "models.toml").write_text("[lyria-3]\nprice_usd = 0.07\n")
    with subprocess.Popen(
        [sys.executable, "-m", "lyria_sandbox", "--port", "0"],
        env=os.environ | {"LYRIA_HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout
            url = process.stdout.readline().split()[3]
            document = requests.get(f"{url}/openapi.json", timeout=10).json()
        finally:
            process.terminate()
    assert "$0.07" in document["paths"]["/lyria-3/v1/lyria-3/generate"]["post"]["summary"]
    assert (tmp_path / "lyria-sandbox" / "media").is_dir()


def test_mistake_in_the_file_of_models_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "models.toml").write_text("[lyria-3]\nprice_usd = -1\n")
    ended = subprocess.run(
        [sys.executable, "-m", "lyria_sandbox", "--port", "0"],
        env=os.environ | {"LYRIA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    [line] = ended.stderr.splitlines()
    assert line.startswith("The sandbox cannot start: ")
    assert "models.toml: lyria-3.price_usd must be" in line


@pytest.mark.parametrize("home", [None, Path("/somewhere")])
def test_home_on_the_command_line_wins(home: Path | None) -> None:
    assert _parser(home).parse_args(["--home", "/x"]).home == Path("/x")
    usual = _parser(home).parse_args([]).home
    assert usual.name == "lyria-sandbox"
    assert (usual.parent == home) == (home is not None)
