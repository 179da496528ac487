"""`constraints.txt` pins every package that an installation for users or for tests can pull in."""

import os
import re
import tomllib
from importlib.metadata import PackageNotFoundError, distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LINES = [
    line
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
PINS = {canonicalize_name(line.split("==")[0]): line.split("==")[1] for line in LINES}

# What the markers of packages ask for, on the systems that the README names.
ENVIRONMENTS = [
    {"python_version": python, "python_full_version": f"{python}.0", **system}
    for python in ("3.11", "3.12", "3.13", "3.14")
    for system in (
        {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
        {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"},
        {"sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"},
    )
]


def required() -> set[str]:
    """Return the names of all packages that the project needs, with those for its tests."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    queue = [Requirement(text) for text in project["dependencies"]]
    queue += [Requirement(text) for text in project["optional-dependencies"]["test"]]
    seen: set[tuple[str, str]] = set()
    while queue:
        needed = queue.pop()
        name = canonicalize_name(needed.name)
        for extra in needed.extras or {""}:
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            try:
                texts = requires(name) or []
            except PackageNotFoundError:  # only other systems install it
                continue
            queue += [one for one in map(Requirement, texts) if applies(one, extra)]
    return {name for name, _ in seen}


def applies(needed: Requirement, extra: str) -> bool:
    """Say whether any of the systems installs this."""
    if needed.marker is None:
        return True
    return any(needed.marker.evaluate({**one, "extra": extra}) for one in ENVIRONMENTS)


def test_every_package_is_pinned() -> None:
    assert required() - set(PINS) == set()


def test_nothing_else_is_pinned() -> None:
    assert set(PINS) - required() == set()


def test_pins_are_names_and_versions() -> None:
    shape = re.compile(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*")
    assert [line for line in LINES if not shape.fullmatch(line)] == []


@pytest.mark.skipif(not os.environ.get("CI"), reason="a developer may try newer versions")
def test_ci_tests_the_pinned_versions() -> None:
    installed = {canonicalize_name(one.name): one.version for one in distributions()}
    assert {name: installed[name] for name in PINS if name in installed} == {
        name: pin for name, pin in PINS.items() if name in installed
    }
