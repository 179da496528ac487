"""What a person can do about a file that did not come, or came damaged."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest
from support.app_words import words
from support.library_rows import in_state
from support.worker_rig import sound

from lyria_core import Charge
from lyria_studio.model.generation import FetchKind, Generation
from lyria_studio.model.states import State
from lyria_studio.services import Services

Settled = Callable[[], list[Generation]]


@pytest.fixture
def history(app: AppTest) -> AppTest:
    """The History screen as it opens."""
    return app.switch_page("history.py").run()


@pytest.fixture
def damaged(services: Services, history: AppTest) -> Generation:
    """A generation whose file arrived three times and was silent each time."""
    library = services.library
    services.worker.stop()
    one = in_state(library, State.DOWNLOADING, prompt="Quiet folk")
    folder = library.home / "tracks" / one.id
    folder.mkdir(parents=True)
    (folder / "set-aside-1.mp3").write_bytes(sound())
    silent = {"index": 0, "outcome": "The file is silent throughout.", "file": "set-aside-1.mp3"}
    for _ in range(3):
        library.jobs.fetches.note(one.id, FetchKind.DAMAGED, **silent)
    library.jobs.download_failed(one.id, error="What arrived is no whole track.", advice="Keep it.")
    history.run()
    return library.tracks.generation(one.id)


def test_a_damaged_file_can_be_kept_or_fetched_again(
    history: AppTest, services: Services, damaged: Generation
) -> None:
    said = words(history)
    assert "Needs action" in said
    assert "What arrived is no whole track." in said
    assert said.count("The file is silent throughout.") == 3
    history.button(key=f"keep-history-{damaged.id}").click().run()
    kept = services.library.tracks.generation(damaged.id)
    assert (kept.state, kept.charge) == (State.DOWNLOADING, Charge.YES)
    assert kept.fetches[-1].kind is FetchKind.KEEP


def test_a_file_that_did_not_come_can_only_be_fetched_again(
    history: AppTest, services: Services
) -> None:
    services.worker.stop()
    one = in_state(services.library, State.UNDELIVERED)
    history.run()
    keys = [button.key for button in history.button]
    assert f"keep-history-{one.id}" not in keys
    history.button(key=f"fetch-history-{one.id}").click().run()
    asked = services.library.tracks.generation(one.id)
    assert (asked.state, asked.fetches[-1].kind) == (State.DOWNLOADING, FetchKind.AGAIN)
    assert "You asked to fetch again." in words(history)


def test_a_failure_that_may_be_charged_can_be_checked_again(
    history: AppTest, services: Services
) -> None:
    services.worker.stop()
    access = services.access()
    one = in_state(
        services.library,
        State.FAILED,
        gateway=access.gateway,
        base_url=access.base_url,
        fingerprint=access.fingerprint,
    )
    history.run()
    history.button(key=f"check-history-{one.id}").click().run()
    assert services.library.tracks.generation(one.id).state is State.QUEUED
