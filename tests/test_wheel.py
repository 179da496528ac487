"""The wheel holds everything that the packages read at run time, not only Python."""

import subprocess
import zipfile
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[1]
PACKAGES = ("lyria_core", "lyria_sandbox", "lyria_studio")


def test_wheel_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    listed = ["git", "ls-files", *PACKAGES]
    tracked = set(
        subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True)
        .stdout.strip()
        .splitlines()
    )
    wheel = next(WheelBuilder(str(ROOT)).build(directory=str(tmp_path)))
    with zipfile.ZipFile(wheel) as opened:
        shipped = {name for name in opened.namelist() if name.startswith(PACKAGES)}
        metadata = next(name for name in opened.namelist() if name.endswith("/METADATA"))
        licenses = {Path(name).name for name in opened.namelist() if "/licenses/" in name}
        described = opened.read(metadata).decode()
    data = {name for name in tracked if not name.endswith(".py")}
    assert {Path(name).suffix for name in data} >= {
        ".css",
        ".html",
        ".js",
        ".toml",
        ".ttf",
        ".mako",
    }
    assert sorted(tracked - shipped) == []
    assert licenses >= {"LICENSE", "LICENSE-kit.txt", "LICENSE-dejavu.txt"}
    assert "Requires-Dist: streamlit" in described
