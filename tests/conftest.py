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

SLOW = (
    "journeys/",
    "lyria_core/test_answers_fuzzed.py",
    "lyria_core/test_inline.py",
    "lyria_core/test_polling.py",
    "lyria_sandbox/composer/",
    "lyria_sandbox/gateway/test_images.py",
    "lyria_sandbox/gateway/test_limits.py",
    "lyria_sandbox/gateway/test_marks.py",
    "lyria_sandbox/gateway/test_openapi.py",
    "lyria_sandbox/gateway/test_re",
    "lyria_sandbox/gateway/test_routes.py",
    "lyria_studio/audio/test_blind.py",
    "lyria_studio/audio/test_matching.py",
    "lyria_studio/evidence/test_decision_rules.py",
    "lyria_studio/evidence/test_strengths.py",
    "lyria_studio/images/test_",
    "lyria_studio/library/test_histories.py",
    "lyria_studio/library/test_listening.py",
    "lyria_studio/library/test_migrations.py",
    "lyria_studio/library/test_orders.py",
    "lyria_studio/library/test_steps.py",
    "lyria_studio/prompts/test_coach.py",
    "lyria_studio/prompts/test_merging.py",
    "lyria_studio/prompts/test_round_trip.py",
    "lyria_studio/prompts/test_templates_in_sandbox.py",
    "lyria_studio/reports/test_charts.py",
    "lyria_studio/reports/test_p",
    "lyria_studio/test_composer_notes.py",
    "lyria_studio/test_keys.py",
    "lyria_studio/test_services.py",
    "lyria_studio/test_startup.py",
    "lyria_studio/web/test_connections.py",
    "lyria_studio/web/test_listen_route.py",
    "lyria_studio/worker/test_blind_copies.py",
    "lyria_studio/worker/test_killed.py",
    "lyria_studio/worker/test_worker.py",
    "pages/test_build.py",
    "pages/test_compare",
    "pages/test_create.py",
    "pages/test_history.py",
    "pages/test_models_file.py",
    "pages/test_paying.py",
    "pages/test_refusals.py",
    "test_readme.py",
)
"""Tests that take more than about five seconds a file, as beginnings of paths in this folder."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option for the fast subset."""
    parser.addoption("--fast", action="store_true", help="less than a minute: no slow tests")


def pytest_configure(config: pytest.Config) -> None:
    """Keep away from the user's own library; try fewer examples in the fast subset."""
    home = tempfile.TemporaryDirectory(prefix="data-home-")
    config.add_cleanup(home.cleanup)
    os.environ["XDG_DATA_HOME"] = home.name
    if config.getoption("--fast"):
        settings.load_profile("fast")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the slow tests out of the fast subset."""
    path = f"{collection_path.relative_to(Path(__file__).parent).as_posix()}"
    path += "/" if collection_path.is_dir() else ""
    return True if config.getoption("--fast") and path.startswith(SLOW) else None


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
