"""Every screen with two players on it, in Firefox and in WebKit, the engine of Safari."""

import os
from collections.abc import Iterator

import pytest
from support.compared_library import Compared, running_compared_app
from support.engines import ENGINES, Engine, engine, missing

pytestmark = [pytest.mark.engines, pytest.mark.timeout(180)]

STILL = "return !!document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]')"
# A player is drawn when its script has written its time.
DRAWN = """
const players = deep(".player, .instep");
const times = players.map((one) => one.querySelector(".time").textContent);
const drawn = times.filter((time) => /0:00 . 0:\\d\\d/.test(time));
return players.length >= args[0] && drawn.length === players.length;
"""
SOUNDS = """
const sounds = [...document.querySelectorAll("audio")];
return sounds.some((one) => !one.paused && one.currentTime > 0.3);
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compared]:
    """The app with tracks and comparisons in every state."""
    with running_compared_app(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture(scope="module", params=ENGINES)
def browser(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """One of the engines."""
    if program := missing(request.param):
        if os.environ.get("CI"):
            pytest.fail(f"{program} is not installed, and CI must run the tests in all engines")
        pytest.skip(f"{program} is not installed")
    with engine(request.param, tmp_path_factory.mktemp(request.param)) as started:
        yield started


def test_every_screen_draws_its_players_and_one_plays(browser: Engine, house: Compared) -> None:
    screens = {
        "settings": 0,
        "pricing": 0,
        f"compare?comparison={house.judged}": 1,
        f"compare?comparison={house.several}": 1,
        "history": 2,
        "": 2,
    }
    for screen, players in screens.items():
        browser.open(f"{house.app.url}/{screen}")
        browser.wait_for(STILL)
        browser.wait_for(DRAWN, players)
        assert "uninitialized" not in browser.run("return document.body.innerText"), screen
    browser.click(".player .toggle")
    browser.wait_for(SOUNDS, timeout_s=90)  # the first sound of a busy machine may take its time
    assert browser.errors() == []
