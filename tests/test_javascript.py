"""Our own JavaScript is free of type errors: `tsc --checkJs --strict` finds nothing in it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.javascript
def test_the_compiler_finds_no_type_error_in_our_javascript() -> None:
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


def test_no_script_is_left_out_of_the_type_checks() -> None:
    settings = (ROOT / "tsconfig.json").read_text(encoding="utf-8")
    assert '"include": ["lyria_studio/**/*.js",' in settings
    assert '"exclude"' not in settings
    ignored = [
        path.name
        for path in (ROOT / "lyria_studio").rglob("*.js")
        if "@ts-nocheck" in path.read_text(encoding="utf-8")
    ]
    assert ignored == []
