"""What the README tells a newcomer to do works as it stands there."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from lyria_core import MODELS
from lyria_sandbox import CARDS
from lyria_sandbox.composer.tables.genres import GENRES
from lyria_sandbox.composer.tables.instruments import INSTRUMENTS
from lyria_studio.money import usd

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, flags=re.DOTALL)
UNTRACKED = (".streamlit/secrets.toml", "models.toml")
CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def shell_commands() -> list[str]:
    """Every command of the README's shell blocks, one a line."""
    blocks = "\n".join(text for language, text in BLOCKS if language == "sh")
    return [line.strip() for line in blocks.splitlines() if line.strip()]


def test_one_line_starts_the_app_and_one_runs_the_tests() -> None:
    start, test = shell_commands()
    for command in (start, test):
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")
        assert " -c constraints.txt " in command
    assert start.endswith(" && .venv/bin/streamlit run app.py")
    assert test.endswith(' -e ".[test]" && .venv/bin/pytest')


def test_the_commands_for_windows_are_the_same() -> None:
    windows = [text.strip() for language, text in BLOCKS if language == "bat"]
    assert windows == [
        command.replace("python3", "py").replace(".venv/bin/", ".venv\\Scripts\\")
        for command in shell_commands()
    ]


@pytest.mark.parametrize("command", shell_commands())
def test_ci_runs_every_command_without_an_earlier_environment(command: str) -> None:
    """CI runs the very words; what starts the app goes through a function that also stops it."""
    lines = CI.splitlines()
    [place] = [at for at, line in enumerate(lines) if line in (command, f"starts '{command}'")]
    assert lines[place - 1] == "rm -rf .venv"


def test_the_client_example_runs_against_the_sandbox_alone(tmp_path: Path) -> None:
    [example] = [text for language, text in BLOCKS if language == "python"]
    assert "python -m lyria_sandbox --port 8502" in README
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "lyria_sandbox", "--port", "0"),
            *("--pace", "instant", "--home", str(tmp_path / "sandbox")),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout
        found = None
        while found is None:
            line = server.stdout.readline()
            assert line, "the sandbox ended before it named its address"
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
        script = tmp_path / "example.py"
        script.write_text(example.replace("http://127.0.0.1:8502", found[0]), encoding="utf-8")
        run = subprocess.run(
            [sys.executable, script],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        assert (tmp_path / run.stdout.strip()).read_bytes()[:4] == b"RIFF"
    finally:
        server.terminate()
        server.wait(timeout=10)
        if server.stdout:
            server.stdout.close()


def test_the_prices_are_the_catalogues() -> None:
    for model in MODELS.values():
        assert f"| {model.name} | {usd(model.price_usd)} |" in README


def test_every_test_card_is_in_the_table() -> None:
    for card in CARDS:
        assert f"| `{card.value}` | {card.effect} | {card.charge} |" in CONTRIBUTING, card


def test_the_readme_counts_genres_and_instruments() -> None:
    assert f"\n{len(GENRES)} genres, {len(INSTRUMENTS)} instruments," in README


def test_every_linked_file_is_there() -> None:
    for target in re.findall(r"\]\((?!https?://)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_version_is_in_the_changelog() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## [Unreleased]" in changelog or f"## [{version['version']}]" in changelog


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "docs/architecture.md"])
def test_every_named_path_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    paths = re.findall(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:py|md|toml|txt))`", text)
    assert paths
    for path in paths:
        assert (ROOT / path).exists() or path.startswith(UNTRACKED), path


def test_every_setting_is_documented() -> None:
    settings = (ROOT / "lyria_studio" / "settings.py").read_text(encoding="utf-8")
    for variable in set(re.findall(r'"((?:LYRIA|PIXAZO)_\w+)"', settings)):
        assert f"| `{variable}`" in README or f", `{variable}` |" in README, variable
