"""What holds for all tests, and the fixtures that several folders use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from lyria_studio.services import Services

# Speed is measured in benchmarks, and a busy machine is no mistake in the code.
settings.register_profile("unhurried", settings(deadline=None))
settings.load_profile("unhurried")


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
