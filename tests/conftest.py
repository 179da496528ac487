"""What holds for all tests, and the fixtures that several folders use."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from lyria_studio.services import Services

# Speed is measured in benchmarks, and a busy machine is no mistake in the code.
settings.register_profile("unhurried", settings(deadline=None))
settings.register_profile("fast", settings(deadline=None, max_examples=5))
settings.load_profile("unhurried")

SLOW_FOLDERS = {"journeys", "pages", "composer"}
"""Every test here drives a browser, draws whole screens or makes music."""
SLOW_MARK = "\npytestmark = pytest.mark.slow\n"
"""Says of a module that it starts servers, workers or processes, renders, or simulates."""
SMOKE_TEST = "test_every_screen.py"
"""The one test of the screens that is in the fast subset."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option for the fast subset."""
    parser.addoption("--fast", action="store_true", help="less than a minute: see CONTRIBUTING.md")


def pytest_configure(config: pytest.Config) -> None:
    """Keep away from the user's own library; choose the fast subset if asked to."""
    home = tempfile.TemporaryDirectory(prefix="data-home-")
    config.add_cleanup(home.cleanup)
    os.environ["XDG_DATA_HOME"] = home.name
    if config.getoption("--fast"):
        settings.load_profile("fast")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave slow folders and modules out of the fast subset, without importing them."""
    if not config.getoption("--fast") or not collection_path.name.startswith("test_"):
        return None
    if collection_path.parent.name in SLOW_FOLDERS:
        return collection_path.name != SMOKE_TEST
    return SLOW_MARK in collection_path.read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _main_module() -> Iterator[None]:
    """Streamlit makes its script the main module, and a spawned process would run that script."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The app's services with an empty library; a test can wait for their events."""
    # Imported here, because the tests of the client and the sandbox need nothing of the app.
    from support.worker_rig import HeardEvents

    from lyria_studio.services import Services
    from lyria_studio.settings import Settings

    services = Services(Settings(home=tmp_path_factory.mktemp("home")), HeardEvents())
    yield services
    services.stop()


@pytest.fixture(scope="module")
def url(services: Services) -> Iterator[str]:
    """The base URL of the app's routes, without its screens."""
    from support.listening_visitors import serving

    with serving(services) as url:
        yield url
