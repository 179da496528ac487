"""The screens in one process with a real library, a real worker and a real gateway on a socket."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from support.serve import serve

from lyria_sandbox import Sandbox, SandboxSettings
from lyria_studio.model.generation import Generation
from lyria_studio.model.states import StateGroup
from lyria_studio.services import Services, get_services, reset_services

SCRIPT = Path(__file__).resolve().parents[2] / "pages" / "studio.py"


@pytest.fixture(scope="session")
def sandbox_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A gateway that renders in a blink."""
    home = tmp_path_factory.mktemp("sandbox")
    settings = SandboxSettings(home=home, pace="instant", composer="support.tiny_composer")
    with serve(Sandbox(settings).app) as url:
        yield url


@pytest.fixture
def services(
    sandbox_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Services]:
    """The services that the screens of this test use, with a library of their own."""
    for name in ("PIXAZO_API_KEY", *filter(lambda name: name.startswith("LYRIA_"), os.environ)):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LYRIA_HOME", str(tmp_path / "home"))
    # No key of a test ever reaches the live gateway.
    monkeypatch.setattr("lyria_studio.keys.LIVE_BASE_URL", sandbox_url)
    monkeypatch.setattr("lyria_studio.services.LIVE_BASE_URL", sandbox_url)
    reset_services()
    services = get_services()
    services.start(sandbox_url)
    yield services
    reset_services()


@pytest.fixture
def app(services: Services) -> AppTest:
    """The Create screen as it opens."""
    return AppTest.from_file(str(SCRIPT), default_timeout=20).run()


@pytest.fixture
def settled(services: Services) -> Callable[[], list[Generation]]:
    """Waits until the worker has nothing more to do; gives all generations, newest first."""

    def wait() -> list[Generation]:
        deadline = time.monotonic() + 30
        while working := services.library.tracks.page(state=StateGroup.IN_PROGRESS).items:
            assert time.monotonic() < deadline, working
            time.sleep(0.02)
        return services.library.tracks.latest(100)

    return wait
