"""Our own JavaScript has sound types: `tsc --checkJs --strict` finds nothing in it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.javascript
def test_types_of_our_javascript_are_sound() -> None:
    local = ROOT / "node_modules" / ".bin" / "tsc"
    compiler = str(local) if local.exists() else shutil.which("tsc")
    if compiler is None:
        if os.environ.get("CI"):
            pytest.fail("TypeScript is not installed (npm install), and CI must run its checks")
        pytest.skip("TypeScript is not installed: npm install")
    found = subprocess.run(
        [compiler, "--project", str(ROOT)], capture_output=True, text=True, timeout=120, check=False
    )
    assert (found.returncode, found.stdout) == (0, "")
