"""What keeps the app from starting is told in one line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.app_process import ROOT, free_port

from lyria_core import LyriaError
from lyria_studio.settings import SettingsError
from lyria_studio.startup import one_line_errors

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (SettingsError("LYRIA_HOME", "must be a folder"), "LYRIA_HOME must be a folder."),
        (LyriaError("Broken.", advice="Mend it."), "Broken. Mend it."),
        (
            OSError(28, "No space left on device", "/home/x"),
            "A file in LYRIA_HOME cannot be used (No space left on device: /home/x). Check that "
            "the folder can be written to and that the disk is not full.",
        ),
    ],
)
def test_start_error_is_one_line_with_advice_and_status_2(
    error: Exception, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended, one_line_errors():
        raise error
    assert ended.value.code == 2
    assert capsys.readouterr().err == f"Lyria Studio cannot start: {sentence}\n"


def test_mistake_in_the_file_of_models_ends_the_process_with_one_line(tmp_path: Path) -> None:
    path = tmp_path / "models.toml"
    path.write_text("[lyria-3]\nprice_us = 0.05\n")
    ended = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(free_port())],
        cwd=ROOT,
        env=os.environ | {"LYRIA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 2
    [line] = ended.stderr.splitlines()
    assert line.startswith(f"Lyria Studio cannot start: {path}: lyria-3.price_us is unknown")
